# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of CIFAR-10 in its forms."""

import functools
import tarfile

import numpy as np
import pytest
from PIL import Image

from snnjax.data import cifar, load
from tests.data.damage import flip

SIZE = 2  # records per file here
NAMES = [f'data_batch_{i}.bin' for i in range(1, 6)] + ['test_batch.bin']
read = functools.partial(cifar.read_binary, records_per_file=SIZE)


def make(number):
  rng = np.random.default_rng(number)
  images = rng.integers(256, size=(SIZE, 32, 32, 3), dtype=np.uint8)
  return images, rng.integers(10, size=SIZE)


def write(folder):
  folder.mkdir(parents=True, exist_ok=True)
  for number, name in enumerate(NAMES):
    images, labels = make(number)
    planes = images.transpose(0, 3, 1, 2).reshape(SIZE, -1)
    records = np.column_stack([labels.astype(np.uint8), planes])
    (folder / name).write_bytes(records.tobytes())


def pack(folder, path):
  with tarfile.open(path, 'w:gz') as tar:
    tar.add(folder, 'cifar-10-batches-bin')


def expect(source, numbers):
  images, labels = zip(*map(make, numbers), strict=True)
  np.testing.assert_array_equal(source.inputs, np.concatenate(images))
  np.testing.assert_array_equal(source.labels, np.concatenate(labels))
  assert source.inputs.dtype == np.uint8
  assert source.labels.dtype == np.int32
  assert source.class_names == cifar.CLASS_NAMES


def test_binary_folder_and_tar(tmp_path):
  write(tmp_path / 'files')
  pack(tmp_path / 'files', tmp_path / 'cifar-10-binary.tar.gz')
  for path in (tmp_path / 'files', tmp_path / 'cifar-10-binary.tar.gz'):
    expect(read(path, 'train'), range(5))
    expect(read(path, 'test'), [5])


def test_every_record_has_its_place_in_the_published_layout(tmp_path):
  record = np.zeros((SIZE, 3073), np.uint8)
  record[1, 0] = 9
  record[1, 1 + 1024 + 32 * 3 + 7] = 200  # green, row 3, column 7
  (tmp_path / 'test_batch.bin').write_bytes(record.tobytes())
  source = read(tmp_path, 'test')
  assert source.labels.tolist() == [0, 9]
  assert np.argwhere(source.inputs).tolist() == [[1, 3, 7, 1]]


@pytest.mark.parametrize(
  'place', ['.', 'cifar10', 'cifar-10-batches-bin', 'tar']
)
def test_load_finds_the_binary_form(tmp_path, place):
  if place == 'tar':
    write(tmp_path / 'elsewhere')
    pack(tmp_path / 'elsewhere', tmp_path / 'cifar-10-binary.tar.gz')
  else:
    write(tmp_path / place)
  # Found, and refused for being shorter than what is published.
  with pytest.raises(ValueError, match=r'data_batch_1.bin: 10000 records'):
    load('cifar10', 'train', data_dir=tmp_path)


def test_truncated_long_or_empty_files_are_errors(tmp_path):
  write(tmp_path)
  path = tmp_path / 'data_batch_3.bin'
  whole = path.read_bytes()
  contents = [whole[:end] for end in range(0, len(whole), 61)]
  for content in [
    *contents,
    whole[:3073],
    whole[:-1],
    whole + b'\0',
    whole * 2,
  ]:
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f'data_batch_3.*byte {len(content)}'):
      read(tmp_path, 'train')
  path.unlink()
  with pytest.raises(ValueError, match=r'data_batch_3\.bin is missing'):
    read(tmp_path, 'train')
  expect(read(tmp_path, 'test'), [5])


def test_a_label_without_class_is_an_error(tmp_path):
  write(tmp_path)
  content = bytearray((tmp_path / 'test_batch.bin').read_bytes())
  content[3073] = 10
  (tmp_path / 'test_batch.bin').write_bytes(content)
  with pytest.raises(ValueError, match=r'record 1 \(byte 3073\) is 10'):
    read(tmp_path, 'test')


def test_damaged_tars_are_errors_or_right(tmp_path):
  write(tmp_path / 'files')
  path = tmp_path / 'files.tar.gz'
  pack(tmp_path / 'files', path)
  whole = path.read_bytes()
  for place in np.linspace(0, len(whole) - 1, 40).astype(int):
    path.write_bytes(whole[:place])
    with pytest.raises(ValueError, match=r'files\.tar\.gz'):
      read(path, 'train')
    path.write_bytes(flip(whole, place, 1 << place % 8))
    try:
      source = read(path, 'train')
    except ValueError:
      continue
    expect(source, range(5))


def write_images(folder, names=cifar.CLASS_NAMES, side=32):
  for number, name in enumerate(names):
    for split in ('train', 'test'):
      (folder / split / name).mkdir(parents=True)
      image = Image.new('RGB', (side, side), (number, 0, 0))
      image.save(folder / split / name / '0000.png')


@pytest.mark.parametrize('place', ['.', 'cifar10'])
@pytest.mark.parametrize('as_tar', [True, False])
def test_load_finds_images(tmp_path, place, as_tar):
  if as_tar:
    write_images(tmp_path / 'elsewhere')
    (tmp_path / place).mkdir(exist_ok=True)
    with tarfile.open(tmp_path / place / 'cifar10.tar.gz', 'w:gz') as tar:
      tar.add(tmp_path / 'elsewhere', 'cifar10')
  else:
    write_images(tmp_path / place)
  source = load('cifar10', 'test', data_dir=tmp_path)
  assert source.class_names == cifar.CLASS_NAMES
  assert source.inputs[:, 0, 0, 0].tolist() == source.labels.tolist()
  assert source.labels.tolist() == list(range(10))


@pytest.mark.parametrize(
  ('names', 'side'),
  [(('cat', 'dog'), 32), (cifar.CLASS_NAMES, 16)],
)
def test_other_images_are_refused(tmp_path, names, side):
  write_images(tmp_path, names, side)
  with pytest.raises(ValueError, match='CIFAR-10 has images'):
    load('cifar10', 'train', data_dir=tmp_path)


def test_two_archives_are_refused(tmp_path):
  for name in ('cifar10_a.tar', 'cifar10_b.zip'):
    (tmp_path / name).touch()
  with pytest.raises(ValueError, match='one archive'):
    load('cifar10', 'train', data_dir=tmp_path)


def test_no_such_split(tmp_path):
  with pytest.raises(ValueError, match="not 'validation'"):
    load('cifar10', 'validation', data_dir=tmp_path)


@pytest.mark.slow
def test_real_data(data_dir):
  for split, size in (('train', 50_000), ('test', 10_000)):
    source = load('cifar10', split, data_dir=data_dir)
    assert source.inputs.shape == (size, 32, 32, 3)
    assert np.bincount(source.labels).tolist() == [size // 10] * 10
    # Over the published images the mean is 125.3, 123.0, 113.9.
    mean = source.inputs.mean(axis=(0, 1, 2))
    np.testing.assert_allclose(mean, [125.3, 123.0, 113.9], atol=2)
