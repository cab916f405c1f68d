# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A run that is killed again and again is the run that never was."""

import contextlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

from snnjax.training import restore_latest

ROOT = pathlib.Path(__file__).parents[2]


@contextlib.contextmanager
def started(workdir, kill_at=-1):
  """Starts the run, and sees that it ends well or by the signal."""
  run = subprocess.Popen(
    [sys.executable, '-m', 'tests.training.tiny', workdir, str(kill_at)],
    cwd=ROOT,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.PIPE,
    text=True,
  )
  with run:
    yield run
    told = run.communicate()[1]
  assert run.returncode in (0, -signal.SIGKILL), told


def kill_in_write(workdir, run, delay) -> None:
  """Kills a run soon after it begins to write a checkpoint."""
  while run.poll() is None and not list(workdir.glob('*/*tmp*')):
    time.sleep(0.0005)
  time.sleep(delay)
  run.kill()


def test_killed_run_ends_as_if_it_had_not_been(
  tmp_path, uninterrupted, assert_same_run
):
  workdir, state = tmp_path, uninterrupted[1]
  chance = random.Random(os.environ.get('SNNJAX_TEST_SEED', '0'))
  for first in (0, 6, 11):
    with started(workdir, chance.randrange(first, first + 5)) as run:
      pass
  was_cut = []
  for _ in range(3):
    with started(workdir) as run:
      kill_in_write(workdir, run, chance.uniform(0, 0.03))
    was_cut += list(workdir.glob('*/*tmp*'))
  with started(workdir) as run:
    pass
  assert run.returncode == 0
  assert was_cut, 'no kill fell into the writing of a checkpoint'
  assert_same_run(workdir, restore_latest(workdir, state))
