# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Squares of an image's spikes, each an example of a dense layer.

An image's spikes are ranked by time once; a square then only has to sort ranks.
"""

import jax.numpy as jnp

from snnjax.event.ordering import rank_events
from snnjax.event.types import Events
from snnjax.types import Array


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
