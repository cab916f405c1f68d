# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST and the sets published in its format: Fashion-MNIST and EMNIST."""

import hashlib
import os
import pathlib
import string

import numpy as np

from snnjax import types
from snnjax.data import archive, idx, pipeline, places, tfds

DIGITS = tuple(string.digits)
FASHION = (
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
)
# Lower-case letters that look like their capitals are one class with them.
_MERGED = (*DIGITS, *string.ascii_uppercase, *'abdefghnqrt')
EMNIST = {
  'byclass': (*DIGITS, *string.ascii_uppercase, *string.ascii_lowercase),
  'bymerge': _MERGED,
  'balanced': _MERGED,
  'letters': tuple(string.ascii_lowercase),
  'digits': DIGITS,
  'mnist': DIGITS,
}

_PREFIXES = {'train': 'train', 'test': 't10k'}
_EMNIST_ZIP = 'gzip.zip'
# MNIST and Fashion-MNIST name their files alike: MD5 of the label files.
_OWNERS = {
  'a25bea736e30d166cdddb491f175f624': 'mnist',
  '27ae3e4e09519cfbb04c329615203637': 'mnist',
  '9018921c3c673c538a1fc5bad174d6f9': 'fashion_mnist',
  '15d484375f8d13e6eb1aabb0c3f46965': 'fashion_mnist',
}


def load_mnist(
  split: str, *, data_dir: str | os.PathLike | None = None
) -> types.Source:
  """Loads MNIST.

  Args:
    split: `'train'` or `'test'`.
    data_dir: a folder with `{train,t10k}-images-idx3-ubyte` and
      `...-labels-idx1-ubyte`, gzipped or not, itself or in its `mnist/`.

  Returns:
    Images uint8 `[N, 28, 28, 1]`.

  Raises:
    FileNotFoundError: no files, and no download.
    ValueError: a file is damaged or not what it should be.

  References:
    LeCun, Bottou, Bengio, Haffner. Gradient-based learning applied to document
    recognition. 1998.
  """
  return _load('mnist', split, data_dir, DIGITS)


def load_fashion_mnist(
  split: str, *, data_dir: str | os.PathLike | None = None
) -> types.Source:
  """Loads Fashion-MNIST; all is as for `load_mnist`, in `fashion_mnist/`.

  References:
    Xiao, Rasul, Vollgraf. Fashion-MNIST: a novel image dataset for
    benchmarking machine learning algorithms. 2017.
  """
  return _load('fashion_mnist', split, data_dir, FASHION)


def load_emnist(
  split: str, *, variant: str, data_dir: str | os.PathLike | None = None
) -> types.Source:
  """Loads a variant of EMNIST, upright; its files hold transposed images.

  Args:
    split: `'train'` or `'test'`.
    variant: a key of `EMNIST`.
    data_dir: a folder with `emnist-{variant}-{split}-images-idx3-ubyte` and
      `...-labels-idx1-ubyte`, gzipped or not, or with the published
      `gzip.zip`, itself or in its `emnist/` or `emnist/{variant}/`.

  Returns:
    Images uint8 `[N, 28, 28, 1]`; labels from 0 on, also of the letters, which
    the files count from 1.

  Raises:
    FileNotFoundError: no files, and no download.
    ValueError: a file is damaged or not what it should be.

  References:
    Cohen, Afshar, Tapson, van Schaik. EMNIST: an extension of MNIST to
    handwritten letters. 2017.
  """
  source = _load(f'emnist/{variant}', split, data_dir, EMNIST[variant])
  upright = np.ascontiguousarray(source.inputs.swapaxes(1, 2))
  return source._replace(inputs=upright)


def _load(name, split, data_dir, class_names) -> types.Source:
  pipeline.require_split(name, _PREFIXES, split)
  family, _, variant = name.partition('/')
  prefix = f'{family}-{variant}-{split}' if variant else _PREFIXES[split]
  files = (f'{prefix}-images-idx3-ubyte', f'{prefix}-labels-idx1-ubyte')
  first_label = int(variant == 'letters')
  folders = places.folders(name, data_dir)
  source = _read(name, folders, files, class_names, first_label) or (
    tfds.prepared(name, split, folders, class_names, first_label=first_label)
  )
  if source is not None:
    return source
  folder = tfds.download(name, looked_in=folders)
  source = _read(name, [folder], files, class_names, first_label)
  if source is None:
    raise FileNotFoundError(f'{folder}: the download lacks {files[0]}.')
  return source


def _read(
  name, folders, files, class_names, first_label
) -> types.Source | None:
  """The source, from the first folder that has one of the files, if any."""
  for folder in folders:
    found = _contents(folder, files)
    missing = [file for file in files if file not in found]
    if not found or (missing and folder == places.downloads(name)):
      continue  # to a download, which fetches what is missing
    if missing:
      raise FileNotFoundError(
        f'{folder}: {name} needs {" and ".join(files)} (or .gz), but '
        f'{missing[0]} is missing.'
      )
    paths, contents = zip(*(found[file] for file in files), strict=True)
    images, labels = (
      idx.decode(content, name=path)
      for path, content in zip(paths, contents, strict=True)
    )
    digest = hashlib.md5(contents[1], usedforsecurity=False).hexdigest()
    if (owner := _OWNERS.get(digest, name)) != name:
      raise ValueError(f'{paths[1]}: must be labels of {name}, not of {owner}.')
    return idx.join(
      images, labels, class_names, names=paths, first_label=first_label
    )
  return None


def _contents(folder: pathlib.Path, files) -> dict[str, tuple[str, bytes]]:
  """Path and decompressed content of those files that the folder has."""
  found = {}
  for file in files:
    # Some archives hold each file in a folder of its name.
    names = [f'{file}.gz', f'{file}/{file}', file]
    if path := places.find([folder], names):
      found[file] = (str(path), path.read_bytes())
  zipped = folder / _EMNIST_ZIP
  if not found and files[0].startswith('emnist') and zipped.exists():
    for member in archive.members(zipped):
      if member.path.stem in files:
        found[member.path.stem] = (f'{zipped}/{member.path}', member.read())
  return {
    file: (path, archive.decompress(content, name=path))
    for file, (path, content) in found.items()
  }
