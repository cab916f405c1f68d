# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Events in order: what a full sort says, however many slots are filled."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import event
from snnjax.event import types

SHAPE = BATCH, INPUTS, ROOM = 3, 40, 16


def trains(share, seed=0):
  """Ascending trains in which a share of all slots holds a spike."""
  rng = np.random.default_rng(seed)
  times = rng.uniform(0, 1, SHAPE).astype(np.float32)
  times[rng.random(SHAPE) >= share] = np.inf
  return np.sort(times, axis=-1)


@pytest.mark.parametrize('share', [0.0, 0.01, 0.03, 0.05, 0.2, 0.9, 1.0])
def test_events_are_all_spikes_in_order(share):
  times = trains(share)
  events = jax.jit(event.sort_events)(times)
  assert events.times.shape == events.sources.shape == (BATCH, INPUTS * ROOM)
  np.testing.assert_array_equal(
    events.times, np.sort(times.reshape(BATCH, -1), axis=1)
  )
  for example in range(BATCH):
    for time, source in zip(
      events.times[example], events.sources[example], strict=True
    ):
      assert np.isinf(time) or time in times[example, source]


@pytest.mark.parametrize(
  ('until', 'expected'), [(0.4, 1), (0.5, 2), (np.inf, 2)]
)
def test_padding_is_not_counted(until, expected):
  events = event.Events(
    times=jnp.array([[0.1, 0.5, np.inf]]), sources=jnp.zeros((1, 3), int)
  )
  assert types.count_events(events, until) == expected


@pytest.mark.parametrize('share', [0.01, 0.2, 1.0])
def test_gradients_go_back_to_where_spikes_came_from(share):
  times = trains(share)

  def total(times):
    events = event.sort_events(times)
    is_event = jnp.isfinite(events.times)
    place = jnp.arange(events.times.shape[1], dtype=jnp.float32)
    weights = 1 + place[None] + 1000 * events.sources
    return jnp.sum(jnp.where(is_event, weights * events.times, 0))

  gradient = jax.jit(jax.grad(total))(times)
  order = np.argsort(np.argsort(times.reshape(BATCH, -1), axis=1), axis=1)
  sources = np.arange(INPUTS)[None, :, None]
  expected = 1 + order.reshape(SHAPE) + 1000 * sources
  np.testing.assert_array_equal(
    gradient, np.where(np.isfinite(times), expected, 0)
  )
