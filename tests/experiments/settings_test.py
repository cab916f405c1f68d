# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Which settings an experiment takes."""

import pathlib
import runpy

import pytest

from experiments import settings

EXAMPLES = {
  'bats': 'configs/bats/default.py',
  'conversion': 'configs/conversion/signgd.py',
  'csnn': 'configs/csnn/default.py',
  'stdp': 'configs/stdp/mnist.py',
  'suite': 'configs/suite/digits.py',
}
FILES = sorted(
  str(path)
  for folder in EXAMPLES
  for path in pathlib.Path('configs', folder).glob('*.py')
)


@pytest.mark.parametrize('path', FILES)
def test_settings_are_of_one_experiment(path):
  config = runpy.run_path(path)['get_config']()
  for folder, example in EXAMPLES.items():
    if folder in path:
      settings.require_kind(config, path, example)
      continue
    with pytest.raises(ValueError, match=f'{path} is of another experiment'):
      settings.require_kind(config, path, example)


def test_a_variant_must_change_something():
  path, example = 'configs/stdp/digits.py', EXAMPLES['stdp']
  get_config = runpy.run_path(path)['get_config']
  settings.require_kind(get_config('smoke'), f'{path}:smoke', example)
  with pytest.raises(ValueError, match="knows no variant 'smok'"):
    settings.require_kind(get_config('smok'), f'{path}:smok', example)
