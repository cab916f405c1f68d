# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Events in chunks, a few at a time of every example."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.event.types import EventNeuron, Events
from snnjax.types import Array


class Chunk(NamedTuple):
  """Some consecutive events of every example, in time y = e^(t/τ)."""

  weights: Array  # [B, C, O]
  sources: Array  # int32 [B, C]
  y: Array  # [B, C], where no event is, that of the last one
  strength: Array  # [B, C], y, or 0 where no event is
  end: Array  # [B, C], y at the next event, at the last one its own


def cutter(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  until: Array,
  side: str,
  size: int,
) -> tuple[Array, Array, Callable[[Array], Chunk]]:
  """Cuts the events up to a time into chunks.

  Args:
    weights: W `[I, O]`.
    events: of the inputs.
    neuron: for its τ.
    until: a time `[B]` (s).
    side: 'left' leaves the events at that time out, 'right' does not.
    size: C, events per chunk.

  Returns:
    The number of chunks, y at the last event `[B, 1]`, and how to cut a chunk.
  """
  tau = neuron.tau
  num_events = jax.vmap(
    lambda times, until: jnp.searchsorted(times, until, side=side)
  )(events.times, until)[:, None]
  last = jnp.take_along_axis(events.times, jnp.maximum(num_events - 1, 0), 1)
  last = jnp.where(num_events > 0, last, 0)

  def cut(k):
    places = k * size + jnp.arange(size + 1)
    is_event = places[None] < num_events
    times = events.times.at[:, places].get(mode='fill', fill_value=jnp.inf)
    sources = events.sources.at[:, places[:-1]].get(mode='fill', fill_value=0)
    y = jnp.exp(jnp.where(is_event, times, last) / tau)
    strength = jnp.where(is_event, y, 0)[:, :-1]
    return Chunk(weights[sources], sources, y[:, :-1], strength, y[:, 1:])

  return -(-jnp.max(num_events) // size), jnp.exp(last / tau), cut
