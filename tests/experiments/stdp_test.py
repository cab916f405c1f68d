# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The STDP experiment: folders of images, and every choice of its settings."""

import json

import numpy as np
import pytest
from PIL import Image

from configs.stdp import default
from experiments import stdp, stdp_data, stdp_task

SIDE = 12


def save_textures(folder, num=60, seed=0):
  """Writes noisy stripes: some lie, twice as many stand."""
  rng = np.random.default_rng(seed)
  for name, count in (('lying', num), ('standing', 2 * num)):
    (folder / name).mkdir(parents=True)
    for k in range(count):
      stripes = (np.arange(SIDE) + rng.integers(4)) % 4 < 2
      image = np.broadcast_to(stripes[:, None], (SIDE, SIDE))
      image = image if name == 'lying' else image.T
      pixels = 200 * image + rng.integers(55, size=(SIDE, SIDE))
      Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f'{k}.png')


def settings(**changes):
  config = default.get_config('smoke')
  config.update(changes)
  return config


def folder_settings():
  return settings(
    task='MAMMO',
    n_classes=2,
    input_size=SIDE,
    time=60.0,
    norm=0.0,
    tc_theta_decay=2e3,
    n_samples=0,
    epochs=2,
    test_every=0,
    validation=0.2,
  )


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
  monkeypatch.setenv('SNNJAX_CACHE_DIR', str(tmp_path / 'cache'))
  monkeypatch.delenv('SNNJAX_DATA_DIR', raising=False)


def test_textures_in_a_folder_are_learnt(tmp_path, capsys):
  save_textures(tmp_path / 'images')
  workdir = tmp_path / 'run'
  stdp.train(folder_settings(), workdir, str(tmp_path / 'images'))
  results = json.loads((workdir / 'results.json').read_text())['last']
  assert results['balanced_accuracy'] > 0.9
  assert len(results['recalls']) == 2
  printed = capsys.readouterr().out
  assert 'test images: lying 12, standing 24' in printed

  network = np.load(workdir / 'network_last.npz')
  assert network['w'].shape == (SIDE**2, 16)
  assert set(network['assignments']) == {0, 1}
  lines = (workdir / 'parameters.txt').read_text().splitlines()
  assert 'n_classes: 2' in lines


def test_a_task_that_is_no_data_set_is_named(tmp_path):
  with pytest.raises(ValueError, match='must hold images') as caught:
    stdp_data.sources(settings(task='mnist'), str(tmp_path))
  assert "config.task is 'mnist', none of MNIST" in caught.value.__notes__[0]


def test_a_damaged_image_is_named(tmp_path):
  save_textures(tmp_path, num=3)
  (tmp_path / 'standing' / '1.png').write_bytes(b'\x89PNG\r\n')
  with pytest.raises(ValueError, match=r'standing/1\.png'):
    stdp_data.sources(folder_settings(), str(tmp_path))


def test_a_folder_may_have_validation_images_of_its_own(tmp_path):
  for num, split in enumerate(('train', 'validation', 'test'), start=2):
    save_textures(tmp_path / split, num=num)
  config = folder_settings()
  config.validation = 0.0
  found = stdp_data.sources(config, str(tmp_path))
  sizes = {name: len(source.labels) for name, source in found.items()}
  assert sizes == {'train': 6, 'validation': 9, 'test': 12}


def test_another_number_of_classes_is_refused(tmp_path):
  save_textures(tmp_path, num=3)
  config = folder_settings()
  config.n_classes = 10
  with pytest.raises(ValueError, match=r'n_classes must be 2.*lying, standing'):
    stdp_data.sources(config, str(tmp_path))


@pytest.mark.parametrize(
  ('name', 'value', 'message'),
  [
    ('reduction', 'median', r"reduction must be one of \['max', 'mean', 'sum'"),
    ('network', 'v3', 'network must be one of'),
    ('label_mode', 'vote', 'label_mode must be one of'),
    ('encoder', 'latency', 'encoder must be one of'),
    ('exc', 17.5, 'at least 20'),
  ],
)
def test_settings_that_choose_nothing_are_refused(
  name, value, message, tmp_path
):
  config = settings(network='three_population')
  config[name] = value
  with pytest.raises(ValueError, match=message):
    stdp.train(config, tmp_path, None)


def test_other_choices_run(tmp_path):
  changes = {
    'network': 'three_population',
    'reduction': 'mean',
    'encoder': 'bernoulli',
    'label_mode': 'linear',
    'ngram': 2,
  }
  stdp.train(settings(**changes), tmp_path, None)
  results = json.loads((tmp_path / 'results.json').read_text())['last']
  assert 0 <= results['accuracy'] <= 1
  assert 0 <= results['accuracy_ngram'] <= 1


@pytest.mark.parametrize(
  ('n_samples', 'test_every', 'expected'),
  [
    (60000, 20000, (3750, 1250)),
    (60000, 0, (3750, 3750)),
    (0, 0, (3438, 3438)),
    (0, 20000, (3750, 1250)),  # an epoch, and on to the next test
    (10, 5, (1, 1)),  # fewer than a batch
  ],
)
def test_a_run_shows_all_images_asked_for_and_ends_with_a_test(
  n_samples, test_every, expected
):
  config = default.get_config()
  config.update(n_samples=n_samples, test_every=test_every)
  assert stdp_task.length(config, steps_per_epoch=3438) == expected


def test_a_run_is_extended_only_with_constant_learning_rates():
  config = default.get_config()
  assert 'epochs' in stdp_task.may_change(config, False)
  config.nu_final = 0.0
  assert 'epochs' not in stdp_task.may_change(config, False)


def test_labels_are_read_otherwise_only_once_all_is_learnt():
  config = default.get_config()
  for is_finished in (True, False):
    names = stdp_task.may_change(config, is_finished)
    assert ('label_mode' in names) == ('n_assign' in names) == is_finished
    assert 'ngram' in names


def test_a_finished_run_is_drawn_again(tmp_path):
  stdp.train(settings(reduction='max'), tmp_path, None)
  parameters = (tmp_path / 'parameters.txt').read_text()
  with pytest.raises(ValueError, match='must resume with the settings'):
    stdp.train(settings(reduction='max', norm=1.0), tmp_path, None)
  assert (tmp_path / 'parameters.txt').read_text() == parameters
  before = (tmp_path / 'results.json').read_text()
  (tmp_path / 'results.json').unlink()
  stdp.train(settings(reduction='max'), tmp_path, None)
  assert (tmp_path / 'results.json').read_text() == before
  stdp.train(
    settings(reduction='max', n_assign=16, label_mode='linear'), tmp_path, None
  )
  assert (tmp_path / 'results.json').read_text() != before
