# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Squares of an image: the same as if each had been sorted and simulated."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import event
from snnjax.event import patches

SIZE = 3
SHAPE = BATCH, HEIGHT, WIDTH, CHANNELS, ROOM = 2, 5, 6, 2, 3


def images(share, seed=0):
  rng = np.random.default_rng(seed)
  times = rng.uniform(0, 0.15, SHAPE).astype(np.float32)
  times[rng.random(SHAPE) >= share] = np.inf
  return np.sort(times, axis=-1)


def squares(times):
  """The trains `[B·H'·W', S²·C, K]` of every square, by loops."""
  return np.stack(
    [
      image[y : y + SIZE, x : x + SIZE].reshape(-1, ROOM)
      for image in times
      for y in range(HEIGHT - SIZE + 1)
      for x in range(WIDTH - SIZE + 1)
    ]
  )


@pytest.mark.parametrize('share', [0.0, 0.05, 0.6, 1.0])
def test_squares_are_sorted(share):
  times = images(share)
  events = jax.jit(patches.sort_patches, static_argnums=1)(times, SIZE)
  expected = jax.jit(event.sort_events)(squares(times))
  np.testing.assert_array_equal(events.times, expected.times)
  np.testing.assert_array_equal(events.sources, expected.sources)


def test_gradients_reach_every_square_of_a_spike():
  times = images(0.6)
  weights = np.random.default_rng(1).normal(size=(24, 54)).astype(np.float32)

  def total(sort):
    def of_times(times):
      found = sort(times).times
      return jnp.sum(jnp.where(jnp.isfinite(found), weights * found, 0))

    return jax.jit(jax.grad(of_times))

  gradient = total(lambda times: patches.sort_patches(times, SIZE))(times)
  of_squares = total(event.sort_events)(squares(times))
  places = squares(np.arange(times.size).reshape(SHAPE))
  expected = np.zeros(times.size)
  np.add.at(expected, places.ravel(), np.asarray(of_squares).ravel())
  np.testing.assert_allclose(gradient.ravel(), expected, rtol=1e-5, atol=1e-6)
