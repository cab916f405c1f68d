# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs that are ended from outside."""

import os
import signal
import subprocess
import sys

import pytest

from experiments import launch, provenance

SCRIPT = """
import time
from experiments import launch

def train(config, workdir, data_dir):
  print('at work', flush=True)
  time.sleep(60)

launch.launch(train, 'configs/csnn/digits.py')
"""


def test_a_run_told_to_end_records_what_it_took(tmp_path):
  command = [sys.executable, '-c', SCRIPT, f'--workdir={tmp_path}']
  with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
    assert process.stdout.readline() == 'at work\n'
    process.send_signal(signal.SIGTERM)
    process.communicate()
  assert process.returncode
  assert provenance.read(tmp_path).peak_mib > 0


@pytest.mark.parametrize(
  ('seen', 'expected'), [(None, '1'), ('4,6', '6'), ('4', '')]
)
def test_a_gpu_is_chosen_for_children_too(seen, expected, monkeypatch):
  monkeypatch.delenv('CUDA_VISIBLE_DEVICES', raising=False)
  monkeypatch.setenv('JAX_PLATFORMS', 'cpu')
  if seen is not None:
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', seen)
  monkeypatch.setattr(launch.jax.config, 'update', lambda name, value: None)
  launch._choose_gpu(1)
  assert os.environ['CUDA_VISIBLE_DEVICES'] == expected
  assert os.environ['JAX_PLATFORMS'] == 'cuda'
