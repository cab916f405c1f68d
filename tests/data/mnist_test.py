# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of MNIST and its relatives, from files."""

import gzip
import hashlib
import zipfile

import numpy as np
import pytest

from snnjax.data import load, mnist
from tests.data.damage import flip

SIDE = 5


def encode(array):
  shape = np.array(array.shape, '>u4').tobytes()
  return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


def make(size, *, first=0, num_classes=10):
  rng = np.random.default_rng(size)
  images = rng.integers(256, size=(size, SIDE, SIDE), dtype=np.uint8)
  labels = (first + np.arange(size) % num_classes).astype(np.uint8)
  return images, labels


def write(folder, prefix, images, labels, *, ending='.gz'):
  folder.mkdir(parents=True, exist_ok=True)
  pack = gzip.compress if ending else bytes
  for kind, array in (('images-idx3', images), ('labels-idx1', labels)):
    path = folder / f'{prefix}-{kind}-ubyte{ending}'
    path.write_bytes(pack(encode(array)))


def expect(source, images, labels, first=0):
  np.testing.assert_array_equal(source.inputs[..., 0], images)
  np.testing.assert_array_equal(source.labels, labels.astype(int) - first)
  assert source.inputs.dtype == np.uint8
  assert source.labels.dtype == np.int32


@pytest.mark.parametrize('ending', ['', '.gz'])
@pytest.mark.parametrize('place', ['.', 'own'])
@pytest.mark.parametrize('name', ['mnist', 'fashion_mnist'])
def test_files_are_found(tmp_path, name, place, ending):
  folder = tmp_path / place.replace('own', name)
  train, test = make(12), make(7)
  write(folder, 'train', *train, ending=ending)
  write(folder, 't10k', *test, ending=ending)
  expect(load(name, 'train', data_dir=tmp_path), *train)
  expect(load(name, 'test', data_dir=str(tmp_path)), *test)


def test_files_may_lie_in_folders_of_their_names(tmp_path):
  write(tmp_path / 'flat', 'train', *make(12), ending='')
  for path in (tmp_path / 'flat').iterdir():
    (tmp_path / path.name).mkdir()
    path.rename(tmp_path / path.name / path.name)
  expect(load('mnist', 'train', data_dir=tmp_path), *make(12))


def test_environment_names_the_folder_and_the_argument_goes_first(
  tmp_path, monkeypatch
):
  write(tmp_path / 'one' / 'mnist', 'train', *make(12))
  write(tmp_path / 'two', 'train', *make(7))
  monkeypatch.setenv('SNNJAX_DATA_DIR', str(tmp_path / 'one'))
  expect(load('mnist', 'train'), *make(12))
  expect(load('mnist', 'train', data_dir=tmp_path / 'two'), *make(7))


@pytest.mark.parametrize('variant', mnist.EMNIST)
def test_emnist_is_upright_and_counts_from_zero(tmp_path, variant):
  first = int(variant == 'letters')
  num_classes = len(mnist.EMNIST[variant])
  images, labels = make(80, first=first, num_classes=num_classes)
  write(tmp_path / 'emnist', f'emnist-{variant}-test', images, labels)
  source = load(f'emnist/{variant}', 'test', data_dir=tmp_path)
  expect(source, images.swapaxes(1, 2), labels, first)
  assert set(source.labels.tolist()) == set(range(num_classes))
  assert len(source.class_names) == num_classes


def test_emnist_classes():
  names = mnist.EMNIST['balanced']
  assert len(set(names)) == len(names) == 47
  assert ''.join(names[8:12] + names[35:]) == '89ABZabdefghnqrt'
  assert len(mnist.EMNIST['byclass']) == 62
  assert len(mnist.EMNIST['letters']) == 26


def test_emnist_in_its_published_zip(tmp_path):
  images, labels = make(50, num_classes=47)
  write(tmp_path / 'gzip', 'emnist-balanced-train', images, labels)
  write(tmp_path / 'gzip', 'emnist-digits-train', *make(20))
  (tmp_path / 'emnist').mkdir()
  with zipfile.ZipFile(tmp_path / 'emnist' / 'gzip.zip', 'w') as zipped:
    for path in sorted((tmp_path / 'gzip').iterdir()):
      zipped.write(path, f'gzip/{path.name}')
  source = load('emnist/balanced', 'train', data_dir=tmp_path)
  expect(source, images.swapaxes(1, 2), labels)


def test_every_truncation_is_an_error(tmp_path):
  write(tmp_path, 'train', *make(4))
  for path in sorted(tmp_path.iterdir()):
    whole = path.read_bytes()
    for end in range(len(whole)):
      path.write_bytes(whole[:end])
      with pytest.raises(ValueError, match=path.name):
        load('mnist', 'train', data_dir=tmp_path)
    path.write_bytes(whole)
  expect(load('mnist', 'train', data_dir=tmp_path), *make(4))


def test_flips_are_errors_or_change_no_count(tmp_path):
  write(tmp_path, 'train', *make(4), ending='')
  num_errors = 0
  for path in sorted(tmp_path.iterdir()):
    whole = path.read_bytes()
    for place in range(len(whole)):
      path.write_bytes(flip(whole, place, 0x90))
      try:
        source = load('mnist', 'train', data_dir=tmp_path)
      except ValueError:
        num_errors += 1
      else:
        assert source.inputs.shape == (4, SIDE, SIDE, 1)
    path.write_bytes(whole)
  assert num_errors == 16 + 8 + 4  # headers and labels


@pytest.mark.parametrize(
  ('images', 'labels', 'complaint'),
  [
    (make(4)[0], make(3)[1], 'one label for each of the 4'),
    (make(4)[0], make(4, first=7)[1], 'label number 3 .byte 11. is 10'),
    (*make(0), 'holds no image'),
    (make(4)[1], make(4)[1], 'each other’s place'),
  ],
)
def test_wrong_content_is_an_error(tmp_path, images, labels, complaint):
  write(tmp_path, 'train', images, labels)
  with pytest.raises(ValueError, match=complaint):
    load('mnist', 'train', data_dir=tmp_path)


def test_half_of_a_pair_is_an_error(tmp_path):
  write(tmp_path, 'train', *make(4))
  (tmp_path / 'train-labels-idx1-ubyte.gz').unlink()
  with pytest.raises(FileNotFoundError, match=r'train-labels.* is missing'):
    load('mnist', 'train', data_dir=tmp_path)


def test_no_such_split(tmp_path):
  with pytest.raises(ValueError, match='split_off'):
    load('mnist', 'validation', data_dir=tmp_path)


FIRST = {
  'mnist': {'train': [5, 0, 4], 'test': [7, 2, 1]},
  'fashion_mnist': {'train': [9, 0, 0], 'test': [9, 2, 1]},
}
MD5 = {
  'mnist/train-images-idx3-ubyte.gz': '6bbc9ace898e44ae57da46a324031adb',
  'mnist/train-labels-idx1-ubyte.gz': 'a25bea736e30d166cdddb491f175f624',
  'mnist/t10k-images-idx3-ubyte.gz': '2646ac647ad5339dbf082846283269ea',
  'mnist/t10k-labels-idx1-ubyte.gz': '27ae3e4e09519cfbb04c329615203637',
}


@pytest.mark.parametrize('split', ['train', 'test'])
@pytest.mark.parametrize('name', FIRST)
def test_real_data(data_dir, name, split):
  source = load(name, split, data_dir=data_dir)
  size = {'train': 60_000, 'test': 10_000}[split]
  assert source.inputs.shape == (size, 28, 28, 1)
  assert source.labels[:3].tolist() == FIRST[name][split]


def test_real_images_are_the_published_ones(data_dir):
  for split, prefix in (('train', 'train'), ('test', 't10k')):
    source = load('mnist', split, data_dir=data_dir)
    for kind, array in (
      ('images-idx3', source.inputs[..., 0]),
      ('labels-idx1', source.labels.astype(np.uint8)),
    ):
      digest = hashlib.md5(encode(array), usedforsecurity=False).hexdigest()
      assert digest == MD5[f'mnist/{prefix}-{kind}-ubyte.gz']


@pytest.mark.parametrize(
  ('asked', 'there'),
  [('mnist', 'fashion_mnist'), ('fashion_mnist', 'mnist')],
)
def test_one_set_is_not_taken_for_the_other(data_dir, asked, there):
  with pytest.raises(ValueError, match=f'labels of {asked}, not of {there}'):
    load(asked, 'test', data_dir=data_dir / there)
