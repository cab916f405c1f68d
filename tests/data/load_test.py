# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the table of data sets and of where their files are looked for."""

import inspect

import numpy as np
import pytest

from snnjax import data
from snnjax.data import places, saccades


@pytest.mark.parametrize('name', data.LOADERS)
def test_every_loader_takes_the_same_call(name):
  parameters = inspect.signature(data.LOADERS[name]).parameters
  first, *others = parameters.values()
  assert first.name == 'split'
  assert 'data_dir' in parameters
  kinds = {other.kind for other in others}
  assert kinds <= {first.KEYWORD_ONLY, first.VAR_KEYWORD}


@pytest.mark.parametrize('name', ['digits', 'yin_yang'])
@pytest.mark.parametrize('split', ['train', 'validation', 'test'])
def test_sets_without_files(name, split):
  source = data.load(name, split)
  assert len(source.inputs) == len(source.labels) > 0
  assert source.labels.dtype == np.int32
  assert set(source.labels) == set(range(len(source.class_names)))


def test_saccades_record_the_image_set_that_is_named(monkeypatch):
  asked = []

  def record(images, **options):
    asked.append(options)
    return images

  monkeypatch.setattr(saccades, 'record', record)
  images = data.load('saccades', 'test', seed=3)
  expected = data.load('digits', 'test')
  np.testing.assert_array_equal(images.inputs, expected.inputs)
  assert images.split == 'test'
  images = data.load('saccades', 'test', images='yin_yang')
  assert images.inputs.shape == (1000, 4)
  assert asked == [{'seed': 3}, {}]


@pytest.mark.parametrize('name', ['MNIST', 'emnist', 'emnist/balance', ''])
def test_unknown_names_are_refused_with_those_known(name):
  with pytest.raises(ValueError, match=r'emnist/balanced.*but got'):
    data.load(name, 'train')


def test_unknown_options_are_refused():
  with pytest.raises(TypeError, match='num_step'):
    data.load('digits', 'train', num_step=1)


def test_folders_from_the_likeliest_on(tmp_path):
  expected = [
    tmp_path / 'emnist' / 'balanced',
    tmp_path / 'emnist',
    tmp_path,
    places.downloads('emnist/balanced'),
  ]
  assert places.folders('emnist/balanced', tmp_path) == [tmp_path]
  for folder in expected:
    folder.mkdir(parents=True, exist_ok=True)
  assert places.folders('emnist/balanced', tmp_path) == expected
  assert places.folders('emnist/balanced', None) == expected[3:]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path, monkeypatch):
  with pytest.raises(FileNotFoundError, match='data_dir must name'):
    data.load('mnist', 'train', data_dir=tmp_path / 'missing')
  monkeypatch.setenv('SNNJAX_DATA_DIR', str(tmp_path / 'missing'))
  with pytest.raises(FileNotFoundError, match='SNNJAX_DATA_DIR must name'):
    data.load('mnist', 'train')


def test_home_is_understood(tmp_path, monkeypatch):
  monkeypatch.setenv('HOME', str(tmp_path))
  assert places.data_dir_or_default('~') == tmp_path
  monkeypatch.setenv('SNNJAX_DATA_DIR', '~')
  assert places.data_dir_or_default(None) == tmp_path
