# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From spike trains to one sequence of events in the order of time."""

import jax
import jax.numpy as jnp

from snnjax.event.types import Events, count_events
from snnjax.types import Array

# One in so many slots may hold a spike; the fewest that fit are sorted.
_SHARES = (64, 40, 24, 16, 4, 1)
_FEWEST = 64  # slots, below which all are sorted


def sort_events(times: Array) -> Events:
  """Puts the spikes `[B, I, K]` of a layer's inputs in the order of time.

  Few of a layer's slots hold a spike, so these are gathered before they are
  sorted.

  Args:
    times: ascending along their last axis (s), padded with inf, so that a
      spike after an inf is not seen; gradients find their way back.

  Returns:
    Events with E = I·K.

  Raises:
    ValueError: if there is no spike train, or times are no floats.
  """
  return _sorted(times)[0]


def rank_events(times: Array) -> tuple[Events, Array]:
  """Sorts likewise, and tells where each spike went.

  Args:
    times: `[B, I, K]` (s); see `sort_events`.

  Returns:
    The events `[B, E]`, and the place int32 `[B, I, K]` of each spike among
    those of its example; E where there is none.
  """
  events, slots = _sorted(times)
  batch, inputs, room = times.shape
  places = jnp.arange(inputs * room, dtype=jnp.int32)
  ranks = jnp.full(times.size, inputs * room, jnp.int32)
  ranks = ranks.at[slots].set(places[None], mode='drop')
  return events, jnp.moveaxis(ranks.reshape(room, batch, inputs), 0, -1)


def quiet_first(events: Events) -> Array:
  """Orders examples by their number of events.

  A solver may take neighbours at a time, and is faster where they have about as
  many events.

  Args:
    events: times and sources `[B, E]`, padded with inf.

  Returns:
    The places of examples, int `[B]`, that of the one with the fewest events
    first.
  """
  return jnp.argsort(count_events(events))


@jax.custom_vjp
def _sorted(times):
  return _sort(times)


def _sort(times):
  """The events, and the flat places in `[K, B, I]` they came from."""
  is_floating = jnp.issubdtype(times.dtype, jnp.floating)
  if times.ndim != 3 or not times.size or not is_floating:
    raise ValueError(
      'spike times must be floats [B, I, K], with B, I and K at least 1; got '
      f'{times.dtype} {times.shape}'
    )
  _, inputs, room = times.shape
  num_slots = inputs * room
  flat = jnp.moveaxis(times, -1, 0)
  counts = jnp.sum(jnp.isfinite(flat), axis=0, dtype=jnp.int32)
  flat = flat.reshape(-1)
  most = jnp.max(jnp.sum(counts, axis=1))
  capacities = sorted(
    {min(num_slots, max(-(-num_slots // share), _FEWEST)) for share in _SHARES}
  )

  def sort(capacity):
    slots = _occupied(counts, capacity, none=flat.size)
    found = flat.at[slots].get(mode='fill', fill_value=jnp.inf)
    found, slots = jax.lax.sort((found, slots), num_keys=1)
    padding = ((0, 0), (0, num_slots - capacity))
    return (
      jnp.pad(found, padding, constant_values=jnp.inf),
      jnp.pad(slots, padding, constant_values=flat.size),
    )

  which = jnp.sum(jnp.asarray(capacities) < most)
  found, slots = jax.lax.switch(
    which, [lambda c=c: sort(c) for c in capacities]
  )
  return Events(found, slots % inputs), slots


def _occupied(counts, capacity, none):
  """Where in `[K, B, I]`, flat, the spikes are, `[B, capacity]`, or `none`.

  Args:
    counts: spikes per lane `[B, I]`.
    capacity: at least the spikes of an example.
    none: what stands for no place.
  """
  batch, inputs = counts.shape
  ends = jnp.cumsum(counts, axis=1, dtype=jnp.int32)
  starts = ends - counts
  rows = jnp.arange(batch, dtype=jnp.int32)[:, None]
  # The lane of a place is the last one that starts there or before.
  first = jnp.where(counts > 0, starts, capacity)
  lanes = jnp.zeros((batch, capacity), jnp.int32)
  lanes = lanes.at[rows, first].set(
    jnp.arange(inputs, dtype=jnp.int32), mode='drop'
  )
  lanes = jax.lax.cummax(lanes, axis=1)
  place = jnp.arange(capacity, dtype=jnp.int32)[None]
  slot = place - jnp.take_along_axis(starts, lanes, axis=1)
  flat = (slot * batch + rows) * inputs + lanes
  return jnp.where(place < ends[:, -1:], flat, none)


def _forward(times):
  events, slots = _sort(times)
  return (events, slots), (slots, times)


def _backward(residuals, gradient):
  slots, times = residuals
  batch, inputs, room = times.shape
  flat = jnp.zeros(times.size, times.dtype)
  flat = flat.at[slots].set(gradient[0].times, mode='drop')
  return (jnp.moveaxis(flat.reshape(room, batch, inputs), 0, -1),)


_sorted.defvjp(_forward, _backward)
