# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Layers without weights: spike trains merged, joined, averaged, delayed.

Each output spike is an input spike, later perhaps, or a mean of two, so
gradients go back to where the spikes came from.
"""

import jax.numpy as jnp

from snnjax import convolution
from snnjax.types import Array


def merge_pool(times: Array, window: int = 2) -> Array:
  """Merges the trains of every `window` x `window` square; odd sizes floor.

  Args:
    times: `[B, H, W, C, K]` (s), inf for none.
    window: side of a square, and the stride.

  Returns:
    Ascending times `[B, H // window, W // window, C, window²·K]` (s).

  Raises:
    ValueError: if no square fits.

  References: Bacho, Chu, "Exploring trade-offs in spiking neural networks",
  2023.
  """
  squares = convolution.squares(times, window)
  squares = jnp.transpose(squares, (0, 1, 3, 5, 2, 4, 6))
  merged = squares.reshape(*squares.shape[:4], -1)
  return jnp.sort(merged, axis=-1)


def average_spikes(times: Array, earlier: Array) -> Array:
  """Averages two layers spike by spike; a residual connection of equal layers.

  Args:
    times: `[B, N, K]` (s), inf for none.
    earlier: likewise, of the layer that is jumped from.

  Returns:
    The mean (tₖ + t'ₖ)/2 where both k-th spikes exist, else the one that does;
    ascending.

  Raises:
    ValueError: if the layers are of different sizes or rooms.
  """
  if times.shape != earlier.shape:
    raise ValueError(
      f'spikes of equal layers are averaged; got {times.shape} and '
      f'{earlier.shape}: `append_spikes` joins unequal ones'
    )
  alone = jnp.minimum(times, earlier)
  both = jnp.isfinite(times) & jnp.isfinite(earlier)
  a, b = (jnp.where(both, x, 0) for x in (times, earlier))
  return jnp.sort(jnp.where(both, (a + b) / 2, alone), axis=-1)


def append_spikes(times: Array, earlier: Array) -> Array:
  """Puts two layers side by side; a residual connection of unequal ones.

  Args:
    times: `[B, N, K]` (s).
    earlier: `[B, M, L]` (s), of the layer that is jumped from.

  Returns:
    `[B, N + M, max(K, L)]` (s), padded with inf.
  """
  slots = max(times.shape[-1], earlier.shape[-1])
  padded = [
    jnp.pad(
      x, ((0, 0), (0, 0), (0, slots - x.shape[-1])), constant_values=jnp.inf
    )
    for x in (times, earlier)
  ]
  return jnp.concatenate(padded, axis=1)


def with_delays(times: Array, delays: Array) -> Array:
  """Lets every spike of an input arrive later: t + max(delay, 0).

  Args:
    times: `[B, I, K]` (s).
    delays: axonal delays `[I]` (s), with a derivative where positive or 0.
  """
  delays = jnp.where(delays < 0, 0, delays)
  return times + delays[None, :, None]


def with_bias(times: Array) -> Array:
  """Adds an input that fires once, at 0 s: `[B, I, K] -> [B, I + 1, K]`."""
  always = jnp.full_like(times[:, :1], jnp.inf).at[..., 0].set(0)
  return jnp.concatenate([times, always], axis=1)
