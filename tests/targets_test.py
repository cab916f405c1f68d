# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Targets: golden trains and ramps, and their counts."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snnjax import encoders, targets

LABELS = jnp.array([1, 0])
PLANNED = settings(max_examples=25)


@pytest.mark.parametrize(
  ('correct', 'incorrect', 'expected'),
  [
    (1.0, 0.2, [[0.2, 1, 0.2], [1, 0.2, 0.2]]),
    (5.0, 100.0, [[100, 5, 100], [5, 100, 100]]),
    (1.0, 0.0, [[0, 1, 0], [1, 0, 0]]),
    (0.0, 1.0, [[1, 0, 1], [0, 1, 1]]),
  ],
)
def test_class_targets_golden(correct, incorrect, expected):
  with jax.enable_x64(True):
    result = targets.class_targets(
      LABELS, num_classes=3, correct=correct, incorrect=incorrect
    )
    np.testing.assert_array_equal(result, [expected])


def test_class_targets_take_spike_trains():
  result = targets.class_targets(
    LABELS,
    num_classes=3,
    correct=targets.regular_train(0.5, num_steps=4),
    incorrect=encoders.latency(3, num_steps=4),
  )
  assert result.shape == (4, 2, 3)
  np.testing.assert_array_equal(result[:, 0, 1], [1, 0, 1, 0])
  np.testing.assert_array_equal(result[:, 0, 0], [0, 0, 0, 1])
  np.testing.assert_array_equal(result[:, 1, 0], [1, 0, 1, 0])


def test_class_targets_refuse_two_axes():
  with pytest.raises(ValueError, match='None'):
    targets.class_targets(LABELS, num_classes=3, correct=jnp.ones((2, 3)))


@pytest.mark.parametrize(
  ('first', 'rate', 'expected'),
  [
    (0, 0.3, [0, 3, 6]),
    (2, 0.4, [2, 4, 7, 9]),
    (0, 0, []),
    (9, 1, [9]),
    (0, 0.7, [0, 1, 2, 4, 5, 7, 8]),
  ],
)
def test_regular_train_golden(first, rate, expected):
  train = targets.regular_train(rate, num_steps=10, first_spike_time=first)
  assert np.flatnonzero(train).tolist() == expected


@pytest.mark.parametrize(
  ('rate', 'num_steps', 'number'), [(0.28, 25, 7), (0.56, 25, 14)]
)
def test_a_rounded_rate_adds_no_spike(rate, num_steps, number):
  assert targets.regular_train(rate, num_steps=num_steps).sum() == number


@given(
  rate=st.floats(0, 1),
  first=st.sampled_from([0, 5]),
  seed=st.integers(0, 2**31 - 1),
)
@PLANNED
def test_random_trains_start_late_and_keep_the_rate(rate, first, seed):
  key = jax.random.key(seed)
  options = {'num_steps': 12, 'first_spike_time': first}
  regular = targets.regular_train(rate, **options)
  uniform = targets.uniform_train(key, rate, **options)
  poisson = targets.poisson_train(key, rate, **options)
  assert uniform.sum() == regular.sum()
  assert abs(regular.sum() - (12 - first) * rate) <= 1
  for train in (regular, uniform, poisson):
    assert train.shape == (12,)
    assert set(np.unique(train)) <= {0, 1}
    assert not np.asarray(train)[:first].any()


def test_random_trains_are_random():
  keys = jax.random.split(jax.random.key(0), 300)
  options = {'rate': 0.25, 'num_steps': 8, 'first_spike_time': 4}
  for train, spread in [
    (targets.uniform_train, 0),
    (targets.poisson_train, np.sqrt(4 * 0.25 * 0.75)),
  ]:
    trains = np.asarray(
      jax.vmap(lambda key, train=train: train(key, **options))(keys)
    )
    np.testing.assert_allclose(trains[:, 4:].mean(0), 0.25, atol=0.08)
    np.testing.assert_allclose(trains.sum(1).std(), spread, atol=0.1)


@pytest.mark.parametrize(
  ('rate', 'first'), [(1.1, 0), (-0.1, 0), (0.5, 10), (0.5, -1)]
)
def test_trains_refuse_what_does_not_fit(rate, first):
  with pytest.raises(ValueError, match='0 <= rate <= 1'):
    targets.regular_train(rate, num_steps=10, first_spike_time=first)


@pytest.mark.parametrize(
  ('steps', 'expected'),
  [
    ([0, 4], [1, 0, 1 / 3, 2 / 3, 1]),
    ([0], [1, 0, 0, 0, 0]),
    ([4], [0, 0.25, 0.5, 0.75, 1]),
    ([1, 2], [0, 1, 1, 0, 0]),
    ([], [0, 0, 0, 0, 0]),
  ],
)
def test_ramps_golden(steps, expected):
  spikes = np.zeros((5, 1), np.float32)
  spikes[steps] = 1
  np.testing.assert_allclose(targets.ramps(spikes)[:, 0], expected, rtol=1e-6)


@pytest.mark.parametrize('dtype', [bool, np.uint8, np.int32])
def test_ramps_of_spikes_that_are_no_floats(dtype):
  spikes = np.array([1, 0, 0, 0, 1], dtype)
  np.testing.assert_allclose(
    targets.ramps(spikes), [1, 0, 1 / 3, 2 / 3, 1], rtol=1e-6
  )


@given(st.lists(st.booleans(), min_size=9, max_size=9))
@PLANNED
def test_ramps_peak_at_spikes_and_nowhere_else(fired):
  fired = np.array(fired)
  ramp = np.asarray(targets.ramps(fired.astype(np.float32), on=3.0, off=-1.0))
  np.testing.assert_array_equal(ramp == 3, fired)
  assert (ramp >= -1).all()


def test_ramps_of_one_step():
  np.testing.assert_array_equal(targets.ramps(jnp.array([[1.0, 0]])), [[1, 0]])
