# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of class folders of images."""

import shutil
import tarfile

import numpy as np
import pytest
from PIL import Image

from snnjax.data import image_folder, load
from tests.data.damage import flip

CLASSES = ('cat', 'dog', 'owl')


def pixels(number, side=6):
  rng = np.random.default_rng(number)
  return rng.integers(256, size=(side, side + 1, 3), dtype=np.uint8)


def write(folder, *, splits=('',), per_class=2, side=6):
  """Classes of images that are numbered over the whole tree."""
  numbers = iter(range(100))
  for split in splits:
    for name in CLASSES:
      place = folder / split / name
      place.mkdir(parents=True)
      for i in range(per_class):
        image = Image.fromarray(pixels(next(numbers), side))
        image.save(place / f'{i}.png')


def pack(folder, path, mode='w'):
  with tarfile.open(path, mode) as tar:
    for file in sorted(folder.rglob('*.png')):
      tar.add(file, f'top/{file.relative_to(folder)}')


def expect(source, numbers):
  np.testing.assert_array_equal(source.inputs, [pixels(n) for n in numbers])
  assert source.inputs.dtype == np.uint8
  assert source.labels.tolist() == [0, 1, 2] * (len(numbers) // 3)
  assert source.labels.dtype == np.int32
  assert source.class_names == CLASSES


@pytest.mark.parametrize('form', ['folder', 'tar', 'tar.gz', 'zip'])
def test_splits_in_every_form(tmp_path, form):
  write(tmp_path / 'tree', splits=('train', 'test'))
  path = tmp_path / f'tree.{form}'
  match form:
    case 'folder':
      path = tmp_path / 'tree'
    case 'zip':
      shutil.make_archive(tmp_path / 'tree', 'zip', tmp_path, 'tree')
    case _:
      pack(tmp_path / 'tree', path, 'w:gz' if form == 'tar.gz' else 'w')
  # Dealt out class by class, so that the first few hold all.
  expect(load('image_folder', 'train', data_dir=path), [0, 2, 4, 1, 3, 5])
  expect(load('image_folder', 'test', data_dir=path), [6, 8, 10, 7, 9, 11])
  with pytest.raises(ValueError, match=r"splits .'train', 'test'.* not 'val'"):
    load('image_folder', 'val', data_dir=path)


@pytest.mark.parametrize('name', ['validation', 'val', 'valid'])
def test_the_validation_split_has_several_names(tmp_path, name):
  write(tmp_path, splits=('train', name))
  found = load('image_folder', 'validation', data_dir=tmp_path)
  expect(found, [6, 8, 10, 7, 9, 11])


@pytest.mark.parametrize('place', ['.', 'image_folder', 'deep/in'])
def test_plain_classes_are_all_of_train(tmp_path, place):
  write(tmp_path / place)
  (tmp_path / 'README.txt').touch()
  expect(load('image_folder', 'train', data_dir=tmp_path), [0, 2, 4, 1, 3, 5])
  with pytest.raises(ValueError, match='split_off'):
    load('image_folder', 'test', data_dir=tmp_path)


def test_an_archive_alone_in_its_folder(tmp_path):
  write(tmp_path / 'tree')
  (tmp_path / 'alone').mkdir()
  pack(tmp_path / 'tree', tmp_path / 'alone' / 'images.tar')
  source = load('image_folder', 'train', data_dir=tmp_path / 'alone')
  expect(source, [0, 2, 4, 1, 3, 5])


def test_size_and_grey(tmp_path):
  (tmp_path / 'a').mkdir()
  Image.new('RGB', (9, 5), (255, 0, 0)).save(tmp_path / 'a' / '0.png')
  Image.new('L', (4, 4), 100).save(tmp_path / 'a' / '1.bmp')
  colour = load('image_folder', 'train', data_dir=tmp_path, size=(3, 2))
  assert colour.inputs.shape == (2, 3, 2, 3)
  assert (colour.inputs == np.array([[[[255, 0, 0]]], [[[100] * 3]]])).all()
  grey = load(
    'image_folder', 'train', data_dir=tmp_path, size=(3, 2), grey=True
  )
  assert grey.inputs.shape == (2, 3, 2, 1)
  # ITU-R 601: luminance is 0.299 R + 0.587 G + 0.114 B.
  assert grey.inputs[:, 0, 0, 0].tolist() == [76, 100]
  with pytest.raises(ValueError, match=r'1.bmp.*\(4, 4\).*choose a size'):
    load('image_folder', 'train', data_dir=tmp_path)


def test_the_second_time_nothing_is_decoded(tmp_path, monkeypatch):
  write(tmp_path)
  first = load('image_folder', 'train', data_dir=tmp_path)

  def fail(*_):
    raise AssertionError('decoded again')

  with monkeypatch.context() as patched:
    patched.setattr(Image, 'open', fail)
    second = load('image_folder', 'train', data_dir=tmp_path)
  np.testing.assert_array_equal(first.inputs, second.inputs)
  Image.fromarray(pixels(50)).save(tmp_path / 'cat' / '0.png')
  changed = load('image_folder', 'train', data_dir=tmp_path)
  expect(changed, [50, 2, 4, 1, 3, 5])


def attempt(path):
  """Images and labels, or none for a clean error that names the file."""
  try:
    arrays = image_folder._read(path, None, False)
  except ValueError as error:
    return None if str(path) in str(error) else 'unnamed'
  return (arrays['train_inputs'].shape, arrays['train_labels'].tolist())


WHOLE = ((6, 6, 7, 3), [0, 1, 2, 0, 1, 2])


@pytest.mark.parametrize('mode', ['w', 'w:gz'])
def test_damaged_archives_are_errors_or_keep_all(tmp_path, mode):
  write(tmp_path / 'tree')
  path = tmp_path / 'tree.tar'
  pack(tmp_path / 'tree', path, mode)
  whole = path.read_bytes()
  used = 6 * 1024 if mode == 'w' else len(whole)
  for place in range(0, used, 37):
    path.write_bytes(whole[:place])
    assert attempt(path) is None
    path.write_bytes(flip(whole, place, 1 << place % 8))
    assert attempt(path) in (None, WHOLE)


@pytest.mark.parametrize('ending', ['png', 'jpg', 'bmp', 'gif', 'ppm', 'tif'])
def test_damaged_images_are_errors_or_images(tmp_path, ending):
  write(tmp_path)
  path = tmp_path / 'cat' / f'0.{ending}'
  (tmp_path / 'cat' / '0.png').unlink()
  Image.fromarray(pixels(0)).save(path)
  whole = path.read_bytes()
  assert attempt(tmp_path) == WHOLE
  for place in range(0, len(whole), 7):
    path.write_bytes(whole[:place])
    assert attempt(tmp_path) in (None, WHOLE)
    path.write_bytes(flip(whole, place, 1 << place % 8))
    assert attempt(tmp_path) in (None, WHOLE)
  path.write_bytes(whole[: len(whole) // 2])
  assert attempt(tmp_path) is None


@pytest.mark.parametrize(
  ('name', 'complaint'),
  [
    ('empty.png', 'empty.png: must be a whole image .* 0 bytes'),
    ('notes.txt', 'notes.txt: a class must hold only images'),
  ],
)
def test_what_is_no_image_is_an_error(tmp_path, name, complaint):
  write(tmp_path)
  (tmp_path / 'cat' / name).touch()
  with pytest.raises(ValueError, match=complaint):
    load('image_folder', 'train', data_dir=tmp_path)


@pytest.mark.parametrize(
  ('name', 'complaint'),
  [
    ('stray.png', 'one outside any folder'),
    ('more/cat/0.png', r'there are classes in \., more'),
    ('train/cat/0.png', r'there are classes in \., train'),
  ],
)
def test_a_tree_of_another_shape_is_an_error(tmp_path, name, complaint):
  write(tmp_path)
  (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
  Image.fromarray(pixels(0)).save(tmp_path / name)
  with pytest.raises(ValueError, match=complaint):
    load('image_folder', 'train', data_dir=tmp_path)


def test_a_class_without_images_is_an_error(tmp_path):
  write(tmp_path, splits=('train', 'test'))
  shutil.rmtree(tmp_path / 'test' / 'dog')
  with pytest.raises(ValueError, match='test/dog has none'):
    load('image_folder', 'train', data_dir=tmp_path)


def test_a_member_twice_is_an_error(tmp_path):
  write(tmp_path / 'tree')
  with tarfile.open(tmp_path / 'tree.tar', 'w') as tar:
    for _ in range(2):
      tar.add(tmp_path / 'tree', 'tree')
  with pytest.raises(ValueError, match=r'but tree/cat/0\.png twice'):
    load('image_folder', 'train', data_dir=tmp_path / 'tree.tar')


def test_more_than_8_bits_are_refused(tmp_path):
  (tmp_path / 'a').mkdir()
  deep = Image.fromarray(np.full((4, 4), 1000, np.uint16))
  deep.save(tmp_path / 'a' / '0.png')
  with pytest.raises(ValueError, match=r'8 bits per channel.*mode is I;16'):
    load('image_folder', 'train', data_dir=tmp_path)


def test_nothing_there(tmp_path):
  with pytest.raises(ValueError, match='holds none'):
    load('image_folder', 'train', data_dir=tmp_path)
  with pytest.raises(FileNotFoundError, match='SNNJAX_DATA_DIR'):
    load('image_folder', 'train')
  with pytest.raises(FileNotFoundError, match='must name an existing'):
    load('image_folder', 'train', data_dir=tmp_path / 'missing')
