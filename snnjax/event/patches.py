# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Squares of an image's spikes, each an example of a dense layer.

An image's spikes are ranked by time once; a square then only has to sort ranks.
Squares see very different numbers of spikes, and those that are simulated
together take as long as the one with the most: on a CPU they are taken in small
blocks of about equal numbers.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.event.ordering import rank_events
from snnjax.event.types import Crossings, Events
from snnjax.types import Array

_NEURONS = 2560  # to a block; what they need fits a core's cache


def sort_patches(times: Array, size: int) -> Events:
  """Puts the spikes of every square of an image in the order of time.

  Args:
    times: `[B, H, W, C, K]`, ascending along their last axis (s), padded with
      inf; gradients find their way back.
    size: S, side of a square.

  Returns:
    Events `[B·H'·W', S²·C·K]`, with H' = H - S + 1, W' = W - S + 1; the source
    of one is its input's flat place in `[S, S, C]`.
  """
  batch, height, width, channels, room = times.shape
  events, ranks = rank_events(times.reshape(batch, -1, room))
  ranks = jnp.sort(_patches(ranks.reshape(times.shape), size), axis=-1)
  rows, columns = height - size + 1, width - size + 1
  image = jnp.repeat(jnp.arange(batch), rows * columns)[:, None]
  found = events.times.at[image, ranks].get(mode='fill', fill_value=jnp.inf)
  sources = events.sources.at[image, ranks].get(mode='fill', fill_value=0)
  corner = jnp.arange(len(ranks))[:, None] % (rows * columns)
  pixel, channel = sources // channels, sources % channels
  y = pixel // width - corner // columns
  x = pixel % width - corner % columns
  sources = (y * size + x) * channels + channel
  return Events(found, jnp.where(jnp.isfinite(found), sources, 0))


def by_blocks(
  find: Callable[[Events], Crossings], events: Events, num_outputs: int
) -> Crossings:
  """Simulates examples in blocks of about as many events each, on a CPU.

  Args:
    find: the crossings `[B, O, K]` of events `[B, E]`, for any B.
    events: of all examples.
    num_outputs: O.
  """
  size = max(1, _NEURONS // num_outputs)
  num_examples = len(events.times)
  if num_examples <= size:
    return find(events)

  def blocks(events):
    missing = -num_examples % size
    padded = Events(
      jnp.pad(events.times, ((0, missing), (0, 0)), constant_values=jnp.inf),
      jnp.pad(events.sources, ((0, missing), (0, 0))),
    )
    order = jnp.argsort(jnp.sum(jnp.isfinite(padded.times), axis=1))
    parts = [x[order].reshape(-1, size, x.shape[1]) for x in padded]
    found = jax.lax.map(find, Events(*parts))
    back = jnp.argsort(order)[:num_examples]
    return jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:])[back], found)

  return jax.lax.platform_dependent(events, cpu=blocks, default=find)


def _patches(values, size):
  """Cuts `[B, H, W, C, K]` into `[B·H'·W', size²·C·K]`."""
  _, height, width, channels, room = values.shape
  rows, columns = height - size + 1, width - size + 1
  squares = [
    values[:, y : y + rows, x : x + columns]
    for y in range(size)
    for x in range(size)
  ]
  patches = jnp.stack(squares, axis=3)
  return patches.reshape(-1, size * size * channels * room)
