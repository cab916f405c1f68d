# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Two processes on one machine train as one with two devices does."""

import pathlib
import socket
import subprocess
import sys

import jax
import numpy as np

from snnjax import training
from tests.training import tiny
from tests.training.two_processes import task

ROOT = pathlib.Path(__file__).parents[2]


def train_together(workdir, num_steps):
  with socket.socket() as probe:
    probe.bind(('localhost', 0))
    address = f'localhost:{probe.getsockname()[1]}'
  program = [sys.executable, '-m', 'tests.training.two_processes', address]
  both = [
    subprocess.Popen(
      [*program, str(number), workdir, str(num_steps)],
      cwd=ROOT,
      stdout=subprocess.PIPE,
      stderr=subprocess.STDOUT,
      text=True,
    )
    for number in range(2)
  ]
  for process in both:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output


def test_two_processes_train_and_resume_as_two_devices_do(tmp_path):
  together, alone = tmp_path / 'together', tmp_path / 'alone'
  for num_steps in (10, 15):
    train_together(together, num_steps)
  expected = tiny.fit(alone, task=task(), num_steps=15)
  found = training.restore_latest(together, expected)
  for a, b in zip(
    *(jax.tree.leaves(state.params) for state in (found, expected)), strict=True
  ):
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
  folders = together, together / 'process_1', alone
  first, second, records = map(training.read_records, folders)
  assert len(first) == len(second) == len(records) == 9
  for one, other, own in zip(first, second, records, strict=True):
    assert one['metrics'] == other['metrics']
    for name, value in own['metrics'].items():
      np.testing.assert_allclose(one['metrics'][name], value, rtol=1e-4)
  assert not (together / 'process_1' / 'checkpoints').exists()
