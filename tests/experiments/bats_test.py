# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The event-based experiment: what it reads, makes and writes."""

import shutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from configs.bats import (
  convergence_count,
  default,
  digits_count,
  mnist_conv,
  mnist_ttfs,
  yin_yang,
)
from experiments import bats, bats_data, bats_figures, bats_task
from snnjax import data, encoders, event, training
from snnjax.types import Batch


def smoke(**changes):
  config = default.get_config('smoke')
  config.update_from_flattened_dict(changes)
  return config


def test_images_in_order_are_latency_coded():
  config = digits_count.get_config()
  splits = bats_data.sources(config, None)
  inputs = splits['test'].inputs[:20]
  assert inputs.dtype == np.uint16
  found = jax.jit(lambda x: bats_data.spikes(config)(x, None))(inputs)
  plain = data.load('digits', 'test').inputs[:20]
  times = encoders.first_spike_times(plain / np.float32(16), t_max=0.1)
  expected = event.sort_events(times)
  num = found.times.shape[1]
  np.testing.assert_array_equal(found.times, expected.times[:, :num])
  assert np.isinf(expected.times[:, num:]).all()
  for example in range(20):
    is_event = np.isfinite(found.times[example])
    sources = np.asarray(found.sources[example])[is_event]
    np.testing.assert_array_equal(
      times[example, sources, 0], found.times[example][is_event]
    )


def test_points_fire_between_the_first_and_the_last_time_with_a_bias():
  config = yin_yang.get_config()
  splits = bats_data.sources(config, None)
  events = bats_data.spikes(config)(jnp.asarray(splits['train'].inputs), None)
  assert (np.diff(events.times, axis=1) >= 0).all()
  assert (np.sort(events.sources, axis=1) == np.arange(5)).all()
  is_bias = np.asarray(events.sources) == 4
  times = np.asarray(events.times)
  np.testing.assert_allclose(times[is_bias], 0.9 * 0.13, rtol=1e-6)
  assert times.min() >= 0.15 * 0.13 - 1e-7
  assert times.max() <= 2 * 0.13 + 1e-7


def test_elastic_moves_training_images_only():
  config = mnist_conv.get_config('smoke')
  images = data.load('digits', 'test').inputs[:4]
  to_spikes = bats_data.spikes(config)
  still = to_spikes(jnp.asarray(images), None)
  moved = to_spikes(jnp.asarray(images), jax.random.key(1))
  assert still.shape == moved.shape == (4, 8, 8, 1, 1)
  assert not np.array_equal(still, moved)


def test_run_resumes_and_exports(tmp_path):
  config = mnist_ttfs.get_config('smoke')
  config.train.num_epochs = 2
  config.evaluate.losses = 'count', 'decay'
  config.evaluate.num_drawn = 10
  bats.train(config, tmp_path / 'straight', None)
  config.train.num_epochs = 1
  bats.train(config, tmp_path / 'extended', None)
  config.train.num_epochs = 2
  bats.train(config, tmp_path / 'extended', None)
  weights = {}
  for name in ('straight', 'extended'):
    folder = tmp_path / name
    with np.load(folder / 'output_metrics' / 'accuracy_test.npz') as file:
      assert set(file) == {'epochs', 'values'}
      np.testing.assert_array_equal(file['epochs'], [0, 1, 2])
    for cross in ('count', 'ttfs', 'decay'):
      for measure in ('loss', 'accuracy'):
        file = f'train_ttfs_{measure}_{cross}_test.npz'
        assert (folder / 'output_metrics' / file).exists()
    weights[name] = np.load(folder / 'best_model/Output layer_weights.npy')
    assert weights[name].shape == (10, 12)
    assert weights[name].dtype == np.float32
  np.testing.assert_array_equal(*weights.values())

  # The best model's weights, in the source's layout.
  source = bats_data.sources(config, None)['train']
  experiment = bats_task.make(config, source, 1)
  template = jax.eval_shape(
    lambda key: experiment.network.init(key, (64,)), jax.random.key(0)
  )
  best = training.load_params(folder, template)
  for layer, leaves in best.items():
    file = f'{bats_figures.title(layer)}_weights.npy'
    np.testing.assert_array_equal(
      np.load(folder / 'best_model' / file), leaves['kernel'].T
    )

  # Drawn again where the first checkpoint is gone.
  steps = sorted((folder / 'checkpoints').iterdir(), key=lambda p: int(p.name))
  for path in (steps[0], folder / 'spike_trains'):
    shutil.rmtree(path)
  bats.train(config, folder, None)
  pictures = (folder / 'spike_trains').glob('*.png')
  assert [path.name for path in pictures] == ['test_0_002.png']


def test_padding_is_not_learnt_from():
  config = smoke()
  source = bats_data.sources(config, None)['train']
  task = bats_task.make(config, source, 1).task
  size = config.train.batch_size
  batch = Batch(
    source.inputs[:size],
    source.labels[:size],
    mask=np.arange(size, dtype=np.float32) < size // 3,
    index=np.arange(size),
  )
  state = task.init(jax.random.key(0))
  expected = jax.jit(task.evaluate)(state, (), batch)['loss']
  _, sums = jax.jit(task.update)(state, batch)
  np.testing.assert_allclose(sums['loss'], expected, rtol=1e-5)


@pytest.mark.parametrize(
  ('setting', 'value'),
  [('train.loss', 'nonsense'), ('evaluate.losses', ('nonsense',))],
)
def test_unknown_choice_names_the_choices(setting, value, tmp_path):
  config = smoke(**{setting: value})
  with pytest.raises(ValueError, match=f'config.{setting} must be one of'):
    bats.train(config, tmp_path, None)


def test_a_grid_knows_the_same_choices(tmp_path):
  config = convergence_count.get_config('smoke')
  config.train.loss = 'nonsense'
  with pytest.raises(ValueError, match=r'train\.loss must be one of'):
    bats.train(config, tmp_path, None)


def test_a_grid_of_one_point_is_refused_before_it_trains(tmp_path):
  config = convergence_count.get_config('smoke')
  config.grid.num = 1
  with pytest.raises(ValueError, match=r'grid\.num must be at least 2'):
    bats.train(config, tmp_path, None)
  assert not list(tmp_path.iterdir())


def test_every_layer_needs_a_threshold(tmp_path):
  config = smoke(**{'model.thresholds': (1.0,)})
  with pytest.raises(ValueError, match='each of the 2 layers'):
    bats.train(config, tmp_path, None)
