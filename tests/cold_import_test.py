# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Importing any of it is silent, and needs neither TensorFlow nor torch."""

import os
import subprocess
import sys

import pytest

from tests.architecture_test import MODULES, ROOT, within

HEAVY = ('tensorflow', 'torch')
# ml_collections 1.1 loads a config by a method that Python means to drop.
WARNINGS = ('-Werror', '-Wignore:the load_module:DeprecationWarning')
SCRIPT = """
import importlib, sys
for name in sys.argv[1:]:
  importlib.import_module(name)
"""


def import_without_heavy(modules, planted) -> subprocess.CompletedProcess:
  """Imports where both are missing, even if they are installed here."""
  for heavy in HEAVY:
    (planted / f'{heavy}.py').write_text(f'raise ImportError("no {heavy}")')
  return subprocess.run(
    [sys.executable, *WARNINGS, '-c', SCRIPT, *modules],
    env=os.environ | {'PYTHONPATH': f'{planted}{os.pathsep}{ROOT}'},
    capture_output=True,
    text=True,
    check=False,
  )


@pytest.mark.parametrize(
  'tops', [('snnjax', 'pallas_kernels'), ('experiments',)], ids=lambda x: x[0]
)
def test_import_is_light_and_silent(tops, tmp_path):
  names = [name for name in MODULES if within(name, tops)]
  done = import_without_heavy(names, tmp_path)
  assert done.returncode == 0, done.stderr


@pytest.mark.parametrize('heavy', HEAVY)
def test_heavy_import_is_found(heavy, tmp_path):
  assert f'no {heavy}' in import_without_heavy([heavy], tmp_path).stderr
