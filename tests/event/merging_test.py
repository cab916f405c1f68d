# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spike trains merged and averaged, and where their gradients go."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import event

INF = np.inf


def trains(*shape):
  rng = np.random.default_rng(0)
  times = rng.uniform(0, 1, shape).astype(np.float32)
  times[rng.random(shape) < 0.3] = INF
  return np.sort(times, axis=-1)


def test_merge_pool_sorts_the_spikes_of_each_square():
  times = trains(2, 5, 4, 3, 2)
  merged = event.merge_pool(times)
  assert merged.shape == (2, 2, 2, 3, 8)
  for h in range(2):
    for w in range(2):
      square = times[:, 2 * h : 2 * h + 2, 2 * w : 2 * w + 2]
      square = np.moveaxis(square, 3, 1).reshape(2, 3, 8)
      np.testing.assert_array_equal(merged[:, h, w], np.sort(square, axis=-1))


def test_merge_pool_sends_each_error_to_its_spike():
  times = trains(1, 3, 2, 1, 2)
  weights = np.arange(1.0, 9.0, dtype=np.float32)

  def loss(times):
    merged = event.merge_pool(times)[0, 0, 0, 0]
    return jnp.sum(jnp.where(jnp.isfinite(merged), weights * merged, 0))

  gradient = jax.grad(loss)(times)
  np.testing.assert_array_equal(gradient[:, 2], 0)  # the odd row
  flat, errors = times[:, :2].ravel(), gradient[:, :2].ravel()
  order = np.argsort(flat, kind='stable')
  expected = np.where(np.isfinite(flat[order]), weights, 0)
  np.testing.assert_array_equal(errors[order], expected)


def test_a_window_that_does_not_fit_is_an_error():
  with pytest.raises(ValueError, match='must fit into the image; got 4'):
    event.merge_pool(trains(1, 3, 5, 1, 1), 4)


def test_average_takes_what_there_is():
  times = np.array([[[0.2, 0.4, INF, INF]]], np.float32)
  earlier = np.array([[[0.4, INF, 0.1, INF]]], np.float32)
  averaged, gradients = jax.value_and_grad(
    lambda *args: jnp.sum(
      jnp.where(
        jnp.isfinite(event.average_spikes(*args)),
        event.average_spikes(*args),
        0,
      )
    ),
    (0, 1),
  )(times, earlier)
  np.testing.assert_allclose(averaged, 0.3 + 0.4 + 0.1, rtol=1e-6)
  np.testing.assert_allclose(gradients[0][0, 0], [0.5, 1, 0, 0])
  np.testing.assert_allclose(gradients[1][0, 0], [0.5, 0, 1, 0])


def test_averaged_layers_must_be_equal():
  with pytest.raises(ValueError, match='append_spikes'):
    event.average_spikes(jnp.ones((1, 2, 1)), jnp.ones((1, 2, 3)))


def test_appended_layers_keep_their_trains_and_their_errors():
  times = jnp.asarray([[[1.0, 2.0, jnp.inf], [3.0, 4.0, 5.0]]])
  earlier = jnp.asarray([[[6.0]]])
  found, back = jax.vjp(event.append_spikes, times, earlier)
  expected = [[*times[0], [6.0, jnp.inf, jnp.inf]]]
  np.testing.assert_array_equal(found, np.asarray(expected))
  to_times, to_earlier = back(jnp.arange(9.0).reshape(1, 3, 3))
  np.testing.assert_array_equal(to_times, np.arange(6.0).reshape(1, 2, 3))
  np.testing.assert_array_equal(to_earlier, [[[6.0]]])


def test_bias_is_one_more_input_at_the_beginning():
  times = trains(2, 3, 2)
  found = event.with_bias(times)
  np.testing.assert_array_equal(found[:, :3], times)
  np.testing.assert_array_equal(found[:, 3], [[0, INF]] * 2)
