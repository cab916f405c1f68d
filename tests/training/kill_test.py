# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A run that is killed again and again is the run that never was."""

import os
import pathlib
import random
import signal
import subprocess
import sys

from snnjax.training import restore_latest

ROOT = pathlib.Path(__file__).parents[2]


def end_of_run(workdir, *, step=-1, access=-1) -> int:
  """Runs it, to be killed at a step or at an access to a checkpoint."""
  program = [sys.executable, '-m', 'tests.training.tiny', workdir]
  run = subprocess.run(
    [*program, str(step), str(access)],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=False,
  )
  assert run.returncode in (0, -signal.SIGKILL), run.stderr
  return run.returncode


def test_killed_run_ends_as_if_it_had_not_been(
  tmp_path, uninterrupted, assert_same_run
):
  chance = random.Random(os.environ.get('SNNJAX_TEST_SEED', '0'))
  for first in (0, 11):
    step = chance.randrange(first, first + 5)
    assert end_of_run(tmp_path, step=step) == -signal.SIGKILL
  for _ in range(3):
    access = chance.randrange(1, 55)  # of a checkpoint and a best
    assert end_of_run(tmp_path, access=access) == -signal.SIGKILL
  assert end_of_run(tmp_path) == 0
  assert_same_run(tmp_path, restore_latest(tmp_path, uninterrupted[1]))
