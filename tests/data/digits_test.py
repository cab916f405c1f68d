# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the bundled digits."""

import numpy as np
import pytest
from sklearn import datasets

from snnjax.data import digits

SIZES = {'train': 1258, 'validation': 180, 'test': 359}


def test_parts_are_the_whole_once_and_stratified():
  images, labels = datasets.load_digits(return_X_y=True)
  parts = [digits.load(split) for split in SIZES]
  assert [len(part.labels) for part in parts] == list(SIZES.values())
  rows = [
    np.column_stack([part.labels, part.inputs.reshape(-1, 64)])
    for part in parts
  ]
  found = np.unique(np.concatenate(rows), axis=0, return_counts=True)
  whole = np.column_stack([labels, images.astype(int)])
  expected = np.unique(whole, axis=0, return_counts=True)
  for one, other in zip(found, expected, strict=True):
    np.testing.assert_array_equal(one, other)
  for part in parts:
    shares = np.bincount(part.labels) / len(part.labels)
    np.testing.assert_allclose(shares, np.bincount(labels) / 1797, atol=0.01)


def test_format_and_golden_values():
  train = digits.load('train')
  assert train.inputs.shape == (1258, 8, 8, 1)
  assert train.inputs.dtype == np.uint8
  assert (train.inputs.min(), train.inputs.max()) == (0, 16)
  assert train.labels.dtype == np.int32
  assert train.class_names == tuple('0123456789')
  assert train.labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 9, 0, 1, 2]
  assert train.inputs[0, 0, :, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
  test = digits.load('test').labels
  assert test[:12].tolist() == [9, 1, 7, 1, 8, 0, 1, 2, 6, 6, 9, 7]


def test_no_such_split():
  with pytest.raises(ValueError, match="not 'valid'"):
    digits.load('valid')
