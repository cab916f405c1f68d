# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of splits, orders and batches."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from snnjax import types
from snnjax.data import pipeline


def make(size, num_classes=3):
  """A source whose every input is its own place."""
  labels = np.random.default_rng(size).integers(num_classes, size=size)
  return types.Source(
    inputs=np.arange(size, dtype=np.uint16)[:, None, None, None],
    labels=labels.astype(np.int32),
    class_names=tuple('abcdefgh'[:num_classes]),
  )


def shown(batch):
  """Places of the examples, padding left out."""
  return batch.index[batch.mask > 0].tolist()


def expect_valid(batch, source, batch_size):
  for leaf in batch:
    assert len(leaf) == batch_size
  np.testing.assert_array_equal(batch.inputs, source.inputs[batch.index])
  np.testing.assert_array_equal(batch.labels, source.labels[batch.index])
  assert batch.inputs.dtype == source.inputs.dtype
  assert batch.labels.dtype == batch.index.dtype == np.int32
  assert batch.mask.dtype == np.float32
  assert set(batch.mask.tolist()) <= {0.0, 1.0}
  assert (np.diff(batch.mask) <= 0).all()  # padding at the end
  padding = batch.index[batch.mask == 0]
  if batch_size <= len(source.labels):  # distinct, as in any other batch
    assert len(set(batch.index.tolist())) == batch_size
  assert padding.size < batch_size


SIZES = st.integers(1, 40)


@hypothesis.given(SIZES, SIZES, st.integers(0, 2**32))
def test_every_epoch_shows_every_example_once(size, batch_size, seed):
  source = make(size)
  stream = pipeline.training_stream(source, batch_size, seed=seed)
  assert stream.steps_per_epoch == -(-size // batch_size)
  for epoch in range(3):
    seen = []
    for place in range(stream.steps_per_epoch):
      batch = stream.batch(epoch * stream.steps_per_epoch + place)
      expect_valid(batch, source, batch_size)
      seen += shown(batch)
    assert sorted(seen) == list(range(size))


@hypothesis.given(SIZES, SIZES)
def test_evaluation_shows_every_example_once_in_order(size, batch_size):
  source = make(size)
  batches = pipeline.evaluation_batches(source, batch_size)
  for _ in range(2):
    seen = []
    for batch in batches():
      expect_valid(batch, source, batch_size)
      seen += shown(batch)
    assert seen == list(range(size))


def test_stream_is_a_function_of_the_step():
  source = make(23)
  first = pipeline.training_stream(source, 4, seed=7)
  straight = [first.batch(step) for step in range(40)]
  other = pipeline.training_stream(source, 4, seed=7)
  for step in np.random.default_rng(0).permutation(40):
    for one, two in zip(straight[step], other.batch(step), strict=True):
      np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
  'labels', [[1, 2, 3], [-1, 0, 1], [[0], [1], [2]], np.eye(3, dtype=int)]
)
def test_labels_without_a_class_are_refused(labels):
  source = make(3)._replace(labels=np.asarray(labels))
  with pytest.raises(ValueError, match='from 0 to 2 for the 3 class names'):
    pipeline.training_stream(source, 2, seed=0)
  with pytest.raises(ValueError, match='from 0 to 2 for the 3 class names'):
    pipeline.evaluation_batches(source, 2)


def test_order_changes_with_epoch_and_seed():
  source = make(1000)

  def order(seed, epoch):
    stream = pipeline.training_stream(source, 1000, seed=seed)
    return stream.batch(epoch).index

  orders = [order(0, 0), order(0, 1), order(1, 0), order(1, 1)]
  for i, one in enumerate(orders):
    for two in [np.arange(1000), *orders[:i]]:
      assert (one == two).mean() < 0.01


def test_order_is_that_of_other_releases():
  stream = pipeline.training_stream(make(8), 8, seed=3)
  assert stream.batch(0).index.tolist() == [6, 7, 2, 1, 4, 5, 3, 0]
  assert stream.batch(1).index.tolist() == [2, 1, 4, 0, 5, 7, 6, 3]


@pytest.mark.parametrize('step', [-1, 1.5])
def test_no_such_step(step):
  stream = pipeline.training_stream(make(8), 8, seed=3)
  with pytest.raises((TypeError, ValueError)):
    stream.batch(step)


@pytest.mark.parametrize(
  ('source', 'batch_size'),
  [
    (make(0), 4),
    (make(4), 0),
    (make(4)._replace(inputs=make(3).inputs), 4),
  ],
)
def test_nothing_to_batch(source, batch_size):
  with pytest.raises(ValueError, match='Batches need'):
    pipeline.training_stream(source, batch_size, seed=0)
  with pytest.raises(ValueError, match='Batches need'):
    pipeline.evaluation_batches(source, batch_size)


@hypothesis.given(
  st.integers(2, 300), st.floats(0.01, 0.99), st.integers(0, 99)
)
def test_split_off_is_a_stratified_partition(size, fraction, seed):
  source = make(size)
  num_held = round(fraction * size)
  hypothesis.assume(0 < num_held < size)
  rest, held = pipeline.split_off(source, fraction, seed)
  assert len(held.labels) == num_held
  places = [part.inputs.ravel() for part in (rest, held)]
  assert sorted(np.concatenate(places)) == list(range(size))
  for part, place in zip((rest, held), places, strict=True):
    assert (np.diff(place.astype(int)) > 0).all()
    np.testing.assert_array_equal(part.labels, source.labels[place])
    assert part.class_names == source.class_names
  for label in range(3):
    expected = num_held / size * (source.labels == label).sum()
    assert abs((held.labels == label).sum() - expected) < 1


def test_split_off_is_a_function_of_the_seed():
  source = make(200)
  one, two, other = (pipeline.split_off(source, 0.1, s)[1] for s in (5, 5, 6))
  np.testing.assert_array_equal(one.inputs, two.inputs)
  assert not np.array_equal(one.inputs, other.inputs)


@pytest.mark.parametrize('fraction', [0, 1, -0.5, 2, 0.001])
def test_split_off_leaves_no_part_empty(fraction):
  with pytest.raises(ValueError, match='Both parts'):
    pipeline.split_off(make(100), fraction, 0)


def test_subset_takes_the_first():
  source = make(25)
  for factor in (1, 2, 10, 25):
    part = pipeline.subset(source, factor)
    assert part.inputs.ravel().tolist() == list(range(25 // factor))
    np.testing.assert_array_equal(part.labels, source.labels[: 25 // factor])
    assert np.shares_memory(part.inputs, source.inputs)


@pytest.mark.parametrize('factor', [0, 26, -1, 1.5])
def test_no_such_subset(factor):
  with pytest.raises(ValueError, match='from 1 to the number of examples, 25'):
    pipeline.subset(make(25), factor)
