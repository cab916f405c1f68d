# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every data set by its name."""

import functools
import os
from collections.abc import Callable

from snnjax import types
from snnjax.data import (
  cifar,
  digits,
  image_folder,
  mnist,
  nmnist,
  places,
  saccades,
  yin_yang,
)


def _load_saccades(
  split: str,
  *,
  data_dir: str | os.PathLike | None = None,
  images: str = 'digits',
  **options,
) -> types.Source:
  """Records the image set named `images`; `saccades.record` says how."""
  return saccades.record(load(images, split, data_dir=data_dir), **options)


# `(split, *, data_dir, **options) -> Source`
LOADERS: dict[str, Callable[..., types.Source]] = {
  'digits': digits.load,
  'mnist': mnist.load_mnist,
  'fashion_mnist': mnist.load_fashion_mnist,
  **{
    f'emnist/{variant}': functools.partial(mnist.load_emnist, variant=variant)
    for variant in mnist.EMNIST
  },
  'cifar10': cifar.load,
  'image_folder': image_folder.load,
  'nmnist': nmnist.load,
  'saccades': _load_saccades,
  'yin_yang': yin_yang.load,
}


def load(
  name: str,
  split: str,
  *,
  data_dir: str | os.PathLike | None = None,
  **options,
) -> types.Source:
  """Loads a split of a data set.

  Args:
    name: a key of `LOADERS`.
    split: `'train'` or `'test'`, of some sets also `'validation'`.
    data_dir: folder with the set's files under their published names, itself
      or in a folder called as the set; default `SNNJAX_DATA_DIR`. Images that
      are not there come by TensorFlow Datasets, to the cache.
    **options: of the set's own loader.

  Returns:
    Inputs, labels and the classes' names; images as uint8 `[N, H, W, C]`.

  Raises:
    FileNotFoundError: the files are neither there nor to be downloaded; the
      message says what to do.
    ValueError: an unknown name or split, or a file that is damaged or not what
      it should be.
  """
  if name not in LOADERS:
    raise ValueError(
      f'A data set is one of {", ".join(LOADERS)}, but got {name!r}.'
    )
  root = places.data_dir_or_default(data_dir)
  source = LOADERS[name](split, data_dir=root, **options)
  return source._replace(split=split)
