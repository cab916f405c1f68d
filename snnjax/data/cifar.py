# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10: its binary form, in a folder or tar, or a tree of image files.

A record of the binary form is one byte of label and 3072 of image: three
channels (red, green, blue) of 32 rows of 32 pixels.
"""

import os
import pathlib

import numpy as np

from snnjax import types
from snnjax.data import archive, image_folder, pipeline, places, tfds

CLASS_NAMES = (
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
)

_IMAGE = (3, 32, 32)
_RECORD = 1 + 3 * 32 * 32  # bytes
_FILES = {
  'train': tuple(f'data_batch_{i}.bin' for i in range(1, 6)),
  'test': ('test_batch.bin',),
}
_BINARY = ('cifar-10-binary.tar.gz', 'cifar-10-batches-bin')
_FOREIGN = ('cifar-10-python.tar.gz', 'cifar-10-matlab.tar.gz')


def load(
  split: str, *, data_dir: str | os.PathLike | None = None
) -> types.Source:
  """Loads CIFAR-10, whichever of its forms lies in the data directory.

  Args:
    split: `'train'` or `'test'`.
    data_dir: a folder with, itself or in its `cifar10/`, one of
      `cifar-10-binary.tar.gz`, `cifar-10-batches-bin/`, the `.bin` files,
      `{train,test}/<class>/` of images, or an archive `cifar*` of such a tree.

  Returns:
    Images uint8 `[N, 32, 32, 3]`. Image files come in the order of
    `image_folder`; if they are JPEG, they are not the published data.

  Raises:
    FileNotFoundError: no files, and no download.
    ValueError: a file is damaged or not what it should be.

  References:
    Krizhevsky. Learning multiple layers of features from tiny images. 2009.
  """
  pipeline.require_split('cifar10', _FILES, split)
  folders = places.folders('cifar10', data_dir)
  for folder in folders:
    if path := places.find([folder], [*_BINARY, *_FILES[split]]):
      return read_binary(folder if path.suffix == '.bin' else path, split)
    if path := _image_tree(folder):
      return _read_images(path, split)
  if source := tfds.prepared('cifar10', split, folders, CLASS_NAMES):
    return source
  downloads = tfds.download('cifar10', looked_in=folders)
  return read_binary(downloads / _BINARY[0], split)


def read_binary(
  path: str | os.PathLike, split: str, *, records_per_file: int = 10_000
) -> types.Source:
  """Reads the published binary form.

  Args:
    path: the folder of the `.bin` files, or an archive of it.
    split: `'train'` (five files) or `'test'` (one).
    records_per_file: what each file must hold.

  Returns:
    Images uint8 `[N, 32, 32, 3]`, in the files' order.

  Raises:
    ValueError: a file is missing, of another length, or has a label above 9.
  """
  path = pathlib.Path(path)
  names = _FILES[split]
  if path.is_dir():
    contents = {
      name: (path / name).read_bytes()
      for name in names
      if (path / name).exists()
    }
  else:
    contents = {
      member.path.name: member.read()
      for member in archive.members(path)
      if member.path.name in names
    }
  if missing := [name for name in names if name not in contents]:
    raise ValueError(
      f'{path}: the split {split!r} needs {", ".join(names)}, but '
      f'{", ".join(missing)} is missing.'
    )
  records = [
    _decode(contents[name], f'{path}/{name}', records_per_file)
    for name in names
  ]
  joined = np.concatenate(records)
  images = joined[:, 1:].reshape(-1, *_IMAGE).transpose(0, 2, 3, 1)
  return types.Source(
    inputs=np.ascontiguousarray(images),
    labels=joined[:, 0].astype(np.int32),
    class_names=CLASS_NAMES,
  )


def _decode(content: bytes, name: str, num_records: int) -> np.ndarray:
  """Records `[num_records, 3073]`."""
  if len(content) != num_records * _RECORD:
    raise ValueError(
      f'{name}: {num_records} records of {_RECORD} bytes must take '
      f'{num_records * _RECORD} bytes, but the file ends at byte '
      f'{len(content)}.'
    )
  records = np.frombuffer(content, np.uint8).reshape(-1, _RECORD)
  wrong = np.flatnonzero(records[:, 0] >= len(CLASS_NAMES))
  if wrong.size:
    raise ValueError(
      f'{name}: labels must be 0 to {len(CLASS_NAMES) - 1}, but that of record '
      f'{wrong[0]} (byte {wrong[0] * _RECORD}) is {records[wrong[0], 0]}.'
    )
  return records


def _image_tree(folder: pathlib.Path) -> pathlib.Path | None:
  """The folder itself if it has both splits, else an archive in it."""
  if (folder / 'train').is_dir() and (folder / 'test').is_dir():
    return folder
  found = [
    path
    for path in image_folder.archives_in(folder)
    if path.name.startswith('cifar') and path.name not in _FOREIGN
  ]
  if len(found) > 1:
    raise ValueError(
      f'{folder}: must hold one archive of CIFAR-10, but holds '
      f'{", ".join(path.name for path in found)}.'
    )
  return found[0] if found else None


def _read_images(path: pathlib.Path, split: str) -> types.Source:
  source = image_folder.load(split, data_dir=path)
  found = (source.inputs.shape[1:], source.class_names)
  if found != ((32, 32, 3), CLASS_NAMES):
    raise ValueError(
      f'{path}: CIFAR-10 has images of shape (32, 32, 3) and the classes '
      f'{", ".join(CLASS_NAMES)}, but this tree has {found[0]} and '
      f'{", ".join(found[1])}.'
    )
  return source
