# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The handwritten digits that scikit-learn carries: real data, no download."""

import os

import numpy as np

from snnjax import types
from snnjax.data import pipeline

_SEED = 0


def load(
  split: str, *, data_dir: str | os.PathLike | None = None
) -> types.Source:
  """Loads one of three fixed parts of the 1,797 images.

  The parts are stratified: a fifth for test, a tenth for validation.

  Args:
    split: `'train'` (1,258), `'validation'` (180) or `'test'` (359).
    data_dir: not used; the images come with scikit-learn.

  Returns:
    Images uint8 `[N, 8, 8, 1]`, values 0 to 16 as in the original.

  Raises:
    ValueError: there is no such split.

  References:
    Alpaydin, Kaynak. Optical recognition of handwritten digits. 1998.
  """
  from sklearn import datasets  # slow to import

  del data_dir
  images, labels = datasets.load_digits(return_X_y=True)
  whole = types.Source(
    inputs=images.astype(np.uint8).reshape(-1, 8, 8, 1),
    labels=labels.astype(np.int32),
    class_names=tuple('0123456789'),
  )
  rest, test = pipeline.split_off(whole, 0.2, _SEED)
  train, validation = pipeline.split_off(rest, 0.125, _SEED)
  parts = {'train': train, 'validation': validation, 'test': test}
  pipeline.require_split('digits', parts, split)
  return parts[split]
