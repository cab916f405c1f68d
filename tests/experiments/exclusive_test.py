# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A folder takes one run at a time."""

import errno
import subprocess
import sys

import pytest

from experiments import exclusive as module
from experiments.exclusive import exclusive


def test_another_process_is_kept_out_until_this_one_is_done(tmp_path):
  folder = tmp_path / 'new'
  script = (
    'import pathlib, sys; from experiments.exclusive import exclusive\n'
    'with exclusive(pathlib.Path(sys.argv[1])): print("in")'
  )
  command = [sys.executable, '-c', script, str(folder)]
  with exclusive(folder):
    other = subprocess.run(command, capture_output=True, text=True, check=False)
  assert other.returncode
  assert f'another process works in {folder}' in other.stderr
  assert subprocess.check_output(command, text=True) == 'in\n'


def test_it_lets_go_when_the_run_fails(tmp_path):
  for _ in range(2):
    with pytest.raises(KeyError), exclusive(tmp_path):
      raise KeyError


@pytest.mark.parametrize('lock', [None, OSError(errno.ENOTSUP, 'no locks')])
def test_without_locks_nothing_is_kept_out(tmp_path, monkeypatch, lock):
  if lock is None:
    monkeypatch.setattr(module, 'fcntl', None)
  else:

    def refuse(*_):
      raise lock

    monkeypatch.setattr(module.fcntl, 'flock', refuse)
  with exclusive(tmp_path), exclusive(tmp_path):
    assert (tmp_path / '.lock').exists()
