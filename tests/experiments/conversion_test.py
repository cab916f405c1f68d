# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What the settings of `experiments.conversion` do."""

import importlib
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from configs.conversion import default
from experiments.conversion import images, networks

IMAGES = np.random.default_rng(0).integers(1, 255, (8, 32, 32, 3), np.uint8)


def _config(**changes):
  config = default.get_config()
  off = {'crop': 0, 'flip': False, 'auto_augment': False, 'cutout': 0}
  config.data.update(off | changes)
  return config


@pytest.mark.parametrize(
  'change', [{'crop': 4}, {'flip': True}, {'auto_augment': True}, {'cutout': 8}]
)
def test_every_augmentation_is_for_training_only(change):
  prepare = images.inputs(_config(**change))
  plain = images.inputs(_config())(jnp.asarray(IMAGES), jax.random.key(0))
  evaluated = prepare(jnp.asarray(IMAGES), None)
  np.testing.assert_array_equal(evaluated, plain)
  trained = prepare(jnp.asarray(IMAGES), jax.random.key(0))
  assert trained.shape == plain.shape
  assert not np.array_equal(trained, plain)


@pytest.mark.parametrize(
  ('setting', 'value', 'needed'),
  [
    ('schedule', 'inverse', "'exponential'"),
    ('stagger', 1, 'stagger.: 0'),
    ('dead_zone', 0.0, 'dead_zone above 0'),
  ],
)
def test_only_what_has_a_grid_is_searched(setting, value, needed):
  config = default.get_config()
  config.rule.update({'search': 4, setting: value})
  with pytest.raises(ValueError, match=f'needs .*{needed}.*got .*{value}'):
    networks.convert(config, None, config.rule)


def test_a_missing_run_is_told_apart_from_where_results_go(tmp_path):
  config = default.get_config()
  config.evaluate.checkpoint = str(tmp_path / 'nowhere')
  with pytest.raises(FileNotFoundError, match='nowhere; train first'):
    networks.load(config, None)


def test_only_what_can_follow_the_network_is_compared():
  for path in Path(default.__file__).parent.glob('*.py'):
    module = importlib.import_module(f'configs.conversion.{path.stem}')
    config = module.get_config()
    names = {rule.name for rule in config.compare.values()}
    assert config.model.activation == 'relu' or names <= {'signgd'}, path


def test_pixels_are_normalised():
  config = _config()
  x = images.inputs(config)(jnp.full((1, 2, 2, 3), 255, jnp.uint8), None)
  expected = (1 - np.array(config.data.mean)) / np.array(config.data.std)
  np.testing.assert_allclose(x[0, 0, 0], expected, rtol=1e-5)
