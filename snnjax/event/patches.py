# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Squares of an image's spikes, each an example of a dense layer.

An image's spikes are ranked by time once; a square then only has to sort ranks.
"""

import jax.numpy as jnp

from snnjax.event.ordering import rank_events
from snnjax.event.types import Events
from snnjax.types import Array, Shape


def places(in_shape: Shape, size: int) -> tuple[int, int]:
  """How many squares fit below and beside each other.

  Args:
    in_shape: `(H, W, C)`.
    size: S, side of a square.

  Returns:
    H' = H - S + 1 and W' = W - S + 1.

  Raises:
    ValueError: if none fits.
  """
  height, width, _ = in_shape
  if size > min(height, width):
    raise ValueError(
      f'a kernel must fit into the image; got a side of {size} for '
      f'[H, W, C] = {tuple(in_shape)}'
    )
  return height - size + 1, width - size + 1


def sort_patches(times: Array, size: int) -> Events:
  """Puts the spikes of every square of an image in the order of time.

  Args:
    times: `[B, H, W, C, K]`, ascending along their last axis (s), padded with
      inf; gradients find their way back.
    size: S, side of a square.

  Returns:
    Events `[B·H'·W', S²·C·K]`, with H' and W' of `places`; the source of one is
    its input's flat place in `[S, S, C]`.
  """
  batch, _, width, channels, room = times.shape
  events, ranks = rank_events(times.reshape(batch, -1, room))
  rows, columns = places(times.shape[1:-1], size)
  ranks = ranks.reshape(times.shape)
  squares = [
    ranks[:, y : y + rows, x : x + columns]
    for y in range(size)
    for x in range(size)
  ]
  squares = jnp.stack(squares, axis=3).reshape(batch * rows * columns, -1)
  ranks = jnp.sort(squares, axis=-1)
  image = jnp.repeat(jnp.arange(batch), rows * columns)[:, None]
  found = events.times.at[image, ranks].get(mode='fill', fill_value=jnp.inf)
  sources = events.sources.at[image, ranks].get(mode='fill', fill_value=0)
  corner = jnp.arange(len(ranks))[:, None] % (rows * columns)
  pixel, channel = sources // channels, sources % channels
  y = pixel // width - corner // columns
  x = pixel % width - corner % columns
  sources = (y * size + x) * channels + channel
  return Events(found, jnp.where(jnp.isfinite(found), sources, 0))
