# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Losses of spike times: golden vectors, conventions, silence."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.event import losses

INF = np.inf


@pytest.fixture(autouse=True)
def _x64():
  with jax.enable_x64(True):
    yield


FIRST = np.array([[[0.1], [0.2], [INF], [0.3]]])
TRAINS = np.array([[[0.05, 0.12], [0.08, INF], [INF, INF]]])


def value_and_gradient(loss, times):
  return jax.value_and_grad(lambda times: loss(times).sum())(times)


def test_g5_first_spike_cross_entropy():
  value, gradient = value_and_gradient(
    lambda t: losses.first_spike_cross_entropy(t, jnp.array([3]), tau=0.2),
    FIRST,
  )
  np.testing.assert_allclose(value, 1.680269670642, atol=1e-11)
  np.testing.assert_allclose(
    gradient[0, :, 0],
    [-2.532401955278, -1.535979428592, 0, 4.068381383871],
    atol=1e-10,
  )


def test_first_spike_cross_entropy_is_stable_where_exponentials_vanish():
  labels = jnp.array([0])
  value, gradient = value_and_gradient(
    lambda t: losses.first_spike_cross_entropy(t, labels, tau=1e-4),
    FIRST + 5.0,
  )
  np.testing.assert_allclose(value, 0, atol=1e-12)
  assert np.isfinite(gradient).all()
  value, gradient = value_and_gradient(
    lambda t: losses.first_spike_cross_entropy(t, jnp.array([3]), tau=1e-4),
    FIRST + 5.0,
  )
  np.testing.assert_allclose(value, 2000)
  np.testing.assert_allclose(gradient[0, :, 0], [-1e4, 0, 0, 1e4], atol=1e-6)


def test_silence_beside_late_spikes_makes_no_nan():
  times = jnp.asarray([[[0.9], [INF], [0.95]]])
  with jax.debug_nans(True):
    _, gradient = value_and_gradient(
      lambda t: losses.first_spike_cross_entropy(t, jnp.array([0]), tau=0.005),
      times,
    )
  share = 1 / (1 + np.exp(0.05 / 0.005)) / 0.005
  np.testing.assert_allclose(gradient[0, :, 0], [share, 0, -share], rtol=1e-6)


def test_a_silent_label_is_lost_unless_silence_has_a_time():
  def loss(silent_time):
    return lambda t: losses.first_spike_cross_entropy(
      t, jnp.array([2]), tau=0.2, silent_time=silent_time
    )

  value, gradient = value_and_gradient(loss(INF), FIRST)
  assert np.isinf(value)
  shares = np.exp(-np.array([0.1, 0.2, 0.3]) / 0.2)
  expected = -shares / shares.sum() / 0.2
  np.testing.assert_allclose(gradient[0, [0, 1, 3], 0], expected)
  value, gradient = value_and_gradient(loss(1.0), FIRST)
  np.testing.assert_allclose(value, np.log(shares.sum() * np.exp(5) + 1))
  assert gradient[0, 2, 0] == 0
  assert (gradient[0, [0, 1, 3], 0] < 0).all()


@pytest.mark.parametrize('silent_time', [INF, 1.0])
def test_where_nobody_fires_all_outputs_are_alike(silent_time):
  value, gradient = value_and_gradient(
    lambda t: losses.first_spike_cross_entropy(
      t, jnp.array([1]), tau=0.01, silent_time=silent_time
    ),
    jnp.full((1, 4, 2), INF),
  )
  np.testing.assert_allclose(value, np.log(4))
  np.testing.assert_array_equal(gradient, 0)


def test_g5_decayed_count():
  labels = jnp.array([1])
  scores = losses.decayed_counts(TRAINS, rate=6.0)
  expected = [1.227570476642, 0.618783391806, 0]
  np.testing.assert_allclose(scores[0], expected, atol=1e-11)

  def loss(exact):
    return lambda t: losses.decayed_count_loss(
      t, labels, rate=6.0, target_true=10, target_false=0.7, exact=exact
    )

  value, gradient = value_and_gradient(loss(False), TRAINS)
  np.testing.assert_allclose(value, 44.387777828838, atol=1e-10)
  expected = [[-0.527570476642] * 2, [9.381216608194, 0], [0, 0]]
  np.testing.assert_allclose(gradient[0], expected, atol=1e-10)
  value, gradient = value_and_gradient(loss(True), TRAINS)
  np.testing.assert_allclose(value, 44.387777828838, atol=1e-10)
  expected = [[-2.345002930739, -1.540776718099], [34.829646192518, 0], [0, 0]]
  np.testing.assert_allclose(gradient[0], expected, atol=1e-10)


def test_count_errors_are_those_of_the_convention():
  value, gradient = value_and_gradient(
    lambda t: losses.spike_count_loss(t, jnp.array([[3.0, 15.0, 1.0]])), TRAINS
  )
  assert value == (1 + 14**2 + 1) / 2
  np.testing.assert_array_equal(gradient[0], [[1, 1], [14, 0], [0, 0]])
  by_class = losses.class_spike_count_loss(
    TRAINS, jnp.array([1]), target_true=15, target_false=3
  )
  assert by_class[0] == (1 + 14**2 + 9) / 2


def test_spike_time_loss_is_of_first_spikes():
  value, gradient = value_and_gradient(
    lambda t: losses.spike_time_loss(t, jnp.array([[0.1, INF, 0.5]])), TRAINS
  )
  np.testing.assert_allclose(value, (0.05**2 + 0.92**2 + 0.5**2) / 2)
  expected = [[-0.05, 0], [-0.92, 0], [0, 0]]
  np.testing.assert_allclose(gradient[0], expected)


def test_predictions():
  silent = jnp.full_like(TRAINS, INF)
  times = jnp.concatenate([TRAINS, TRAINS[:, ::-1], silent])
  np.testing.assert_array_equal(losses.predict_first_spike(times), [0, 2, 0])
  np.testing.assert_array_equal(losses.predict_count(times), [0, 2, 0])
  np.testing.assert_array_equal(
    losses.predict_decayed_count(times, rate=6.0), [0, 2, 0]
  )
  late = np.array([[[0.1, INF], [0.4, 0.5]]])
  assert losses.predict_first_spike(late) == 0
  assert losses.predict_count(late) == 1
  assert losses.predict_decayed_count(late, rate=10.0) == 0


def test_a_silent_label_scales_the_weights_of_its_output_up():
  kernel = jnp.array([[0.5, -2.0], [1.0, 3.0]])
  times = jnp.array([[[0.1], [INF]], [[0.1], [0.2]], [[INF], [0.2]]])
  labels = jnp.array([1, 1, 1])  # silent in the first example only

  def total(kernel):
    return losses.revive_silent_labels(kernel, times, labels, factor=0.1).sum()

  value, gradient = jax.value_and_grad(total)(kernel)
  assert value == 0
  np.testing.assert_allclose(gradient, [[0, -0.2], [0, -0.3]])


def test_a_late_label_is_pulled_earlier():
  times = jnp.array([[[0.1, 0.2], [0.3, INF]], [[INF, INF], [0.2, INF]]])
  labels = jnp.array([0, 0])  # silent in the second example

  def total(times):
    return losses.late_label_loss(times, labels, tau=0.2).sum()

  value, gradient = jax.value_and_grad(total)(times)
  np.testing.assert_allclose(value, np.expm1(0.5), rtol=1e-6)
  expected = np.zeros(times.shape)
  expected[0, 0, 0] = np.exp(0.5) / 0.2
  np.testing.assert_allclose(gradient, expected, rtol=1e-6)


def test_a_silent_label_may_spare_the_others():
  times = jnp.array([[[0.1], [INF]], [[0.1], [0.2]]])

  def total(times, spare_others):
    return losses.first_spike_cross_entropy(
      times,
      jnp.array([1, 1]),
      tau=0.1,
      silent_time=1.0,
      spare_others=spare_others,
    ).sum()

  value, pushing = jax.value_and_grad(total)(times, False)
  same, sparing = jax.value_and_grad(total)(times, True)
  assert value == same
  assert pushing[0, 0, 0] < 0
  np.testing.assert_array_equal(sparing[0], 0)
  np.testing.assert_array_equal(sparing[1], pushing[1])
