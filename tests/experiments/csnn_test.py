# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The launcher, from outside and from within."""

import subprocess
import sys

import jax
import numpy as np
import pytest
from PIL import Image

from configs.csnn import default
from experiments import csnn, csnn_data, csnn_task
from snnjax import data, training


def _smoke(**changes):
  config = default.get_config('smoke')
  config.update_from_flattened_dict(changes)
  return config


def _launch(*arguments):
  return subprocess.run(
    [sys.executable, '-m', 'experiments.csnn', *arguments],
    capture_output=True,
    text=True,
    timeout=300,
    check=False,
  )


def test_mistyped_setting_is_an_error_before_anything_happens(tmp_path):
  workdir = tmp_path / 'run'
  done = _launch('--config.train.lrr=2', f'--workdir={workdir}')
  assert done.returncode != 0
  assert 'Did you mean "lr"' in done.stderr
  assert not workdir.exists()


def test_missing_data_is_one_clear_error(tmp_path):
  done = _launch(
    '--config=configs/csnn/nmnist.py',
    f'--workdir={tmp_path / "run"}',
    f'--data_dir={tmp_path}',
  )
  assert done.returncode != 0
  assert 'Train.zip' in done.stderr


@pytest.mark.parametrize(
  'setting',
  [
    'model.neuron',
    'model.pool',
    'model.surrogate',
    'train.method',
    'train.loss',
    'train.memory',
    'train.schedule',
  ],
)
def test_unknown_choice_names_the_choices(setting, tmp_path):
  with pytest.raises(ValueError, match=f'config.{setting} must be one of'):
    csnn.train(_smoke(**{setting: 'nonsense'}), tmp_path, None)


def test_run_resumes_extends_and_starts_from_a_checkpoint(tmp_path):
  config = _smoke()
  config.train.num_epochs = 2
  csnn.train(config, tmp_path / 'straight', None)
  config.train.num_epochs = 1
  csnn.train(config, tmp_path / 'extended', None)
  config.train.num_epochs = 2
  csnn.train(config, tmp_path / 'extended', None)
  straight, extended = (
    _last_params(config, tmp_path / name) for name in ('straight', 'extended')
  )
  jax.tree.map(np.testing.assert_array_equal, straight, extended)

  config.model.checkpoint = str(tmp_path / 'straight')
  config.train.lr = 0.0
  csnn.train(config, tmp_path / 'still', None)
  still = _last_params(config, tmp_path / 'still')
  best = training.load_params(tmp_path / 'straight', still)
  jax.tree.map(np.testing.assert_array_equal, still, best)


@pytest.mark.parametrize(
  'changes',
  [
    {'train.method': 'spatial'},
    {'data.name': 'saccades', 'evaluate.num_steps': (1, 2)},
    {'evaluate.num_steps': (0,)},
    {'data.fold': 5},
  ],
)
def test_settings_that_do_not_go_together_are_refused(changes, tmp_path):
  with pytest.raises(ValueError, match='config'):
    csnn.train(_smoke(**changes), tmp_path, None)


def test_folds_test_every_example_once():
  config = _smoke(**{'data.subset': 1})
  inputs = []
  for fold in range(5):
    config.data.fold = fold
    config.data.validation = 0.1
    splits = csnn_data.sources(config, None)
    inputs.append(splits['test'].inputs)
    sizes = {len(splits[name].labels) for name in ('train', 'test')}
    assert min(sizes) > 0
  config.data.fold = -1
  config.data.validation = 0.0
  splits = csnn_data.sources(config, None)
  whole = [splits[name].inputs for name in ('train', 'test')]
  assert _rows(inputs) == _rows(whole)


def test_only_kernels_and_biases_are_trained():
  experiment = _experiment(_smoke())
  state = experiment.task.init(jax.random.key(0))
  source = csnn_data.sources(_smoke(), None)['train']
  batch = data.training_stream(source, 8, seed=0).batch(0)
  after, _ = jax.jit(experiment.task.update)(state, batch)
  moved = jax.tree.map(
    lambda a, b: not np.array_equal(a, b), state.params, after.params
  )
  assert moved['conv1'] == {'kernel': True, 'bias': True}
  assert not any(jax.tree.leaves([moved['neuron1'], moved['out']]))


def _experiment(config):
  source = csnn_data.sources(config, None)['train']
  return csnn_task.make(config, source, steps_per_epoch=3)


def _last_params(config, workdir):
  state = _experiment(config).task.init(jax.random.key(0))
  return training.restore_latest(workdir, state).params


def _rows(arrays):
  return sorted(row.tobytes() for array in arrays for row in array)


def test_of_classes_that_fire_as_often_the_method_chooses():
  counts, membranes = np.array([[2, 2, 1]]), np.array([[0.1, 0.5, 0.9]])
  for method, expected in (('spatial', 1), ('through_time', 0)):
    config = _smoke(**{'train.method': method})
    assert csnn_task.predict(config, counts, membranes) == expected


def test_images_of_several_sizes_are_brought_to_one(tmp_path):
  for split, side in (('train', 9), ('validation', 10), ('test', 11)):
    for name in ('dark', 'light'):
      folder = tmp_path / split / name
      folder.mkdir(parents=True)
      Image.new('RGB', (side, side)).save(folder / '0.png')
  config = _smoke()
  config.data.update(name='image_folder', size=8, subset=1, validation=0.0)
  for source in csnn_data.sources(config, str(tmp_path)).values():
    assert source.inputs.shape[1:3] == (8, 8)
