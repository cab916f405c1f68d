# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the Yin-Yang set."""

import numpy as np
import pytest

from snnjax.data import yin_yang


@pytest.mark.parametrize(
  ('point', 'label'),
  [
    ((0.25, 0.5), 2),
    ((0.75, 0.5), 2),
    ((0.66, 0.5), 2),
    ((0.36, 0.5), 1),  # the ring about the left dot
    ((0.64, 0.5), 0),  # the ring about the right dot
    ((0.25, 0.3), 1),
    ((0.75, 0.7), 0),
    ((0.5, 0.9), 1),
    ((0.5, 0.1), 0),
    ((0.1, 0.1), None),
  ],
)
def test_class_of_points(point, label):
  assert yin_yang.class_of(*point) == label


def test_halves_mirror_each_other():
  # Turning the disc by half a circle swaps yin and yang, and dot with dot.
  for x, y in np.random.default_rng(0).uniform(size=(500, 2)):
    label = yin_yang.class_of(x, y)
    swapped = {0: 1, 1: 0}.get(label, label)
    assert yin_yang.class_of(1 - x, 1 - y) == swapped


def test_published_splits():
  test = yin_yang.load('test')
  # The first points of the published test set (seed 40).
  expected = [[0.23409665, 0.40172496, 0.76590335, 0.598275]]
  np.testing.assert_allclose(test.inputs[:1], expected, rtol=1e-6)
  assert test.labels[:8].tolist() == [2, 2, 1, 1, 1, 2, 2, 0]
  assert len(yin_yang.load('validation').labels) == 1000


def test_points_are_of_their_class_and_classes_balanced():
  inputs, labels = yin_yang.yin_yang(900, seed=3)
  assert inputs.dtype == np.float32
  assert labels.dtype == np.int32
  np.testing.assert_allclose(inputs[:, 2:], 1 - inputs[:, :2], atol=1e-7)
  found = [yin_yang.class_of(*point[:2]) for point in inputs.astype(float)]
  assert found == labels.tolist()
  assert np.bincount(labels).min() > 250


def test_points_are_a_function_of_the_seed():
  first, _ = yin_yang.yin_yang(20, seed=1)
  again, _ = yin_yang.yin_yang(30, seed=1)
  other, _ = yin_yang.yin_yang(20, seed=2)
  np.testing.assert_array_equal(first, again[:20])
  assert not np.array_equal(first, other)


def test_unknown_split_is_refused():
  with pytest.raises(ValueError, match='validation'):
    yin_yang.load('dev')
