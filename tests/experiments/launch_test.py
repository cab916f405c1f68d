# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs that are ended from outside."""

import signal
import subprocess
import sys

from experiments import provenance

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
