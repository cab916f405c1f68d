# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What values a site has seen."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from snnjax.types import Array

NUM_BINS = 2048


class SiteStats(NamedTuple):
  """Of the values of a site, over all calibration examples; on the host.

  Attributes:
    low: the least of each element, `[...]`.
    high: the greatest.
    histogram: numbers of values `[C, NUM_BINS]` between the least and the
      greatest of all, for each channel (the last axis).
  """

  low: np.ndarray
  high: np.ndarray
  histogram: np.ndarray

  def quantile(self, q: float, *, per_channel: bool) -> np.ndarray:
    """The value `[C]` or `[]` below which a part q lies, to a bin's width."""
    is_apart = per_channel and self.low.ndim
    counts = self.histogram if is_apart else self.histogram.sum(0)
    below = np.cumsum(counts, axis=-1, dtype=np.float64)
    wanted = q * below[..., -1:]
    place = np.sum(below < wanted, axis=-1, keepdims=True)
    inside = np.take_along_axis(counts, place, axis=-1)
    before = np.take_along_axis(below, place, axis=-1) - inside
    bins = place + (wanted - before) / np.maximum(inside, 1)
    low, high = self.low.min(), self.high.max()
    return (low + bins / NUM_BINS * (high - low))[..., 0]


def histogram(values: Array, low: Array, high: Array) -> Array:
  """Counts values `[B, ..., C]` per channel and bin, `[C, NUM_BINS]`."""
  channels = values.shape[-1] if values.ndim > 1 else 1
  by_channel = values.reshape(-1, channels)
  width = jnp.where(high > low, high - low, 1.0)
  bins = ((by_channel - low) / width * NUM_BINS).astype(jnp.int32)
  places = (
    jnp.clip(bins, 0, NUM_BINS - 1) + NUM_BINS * jnp.arange(channels)[None]
  )
  counts = jnp.zeros(channels * NUM_BINS).at[places.ravel()].add(1.0)
  return counts.reshape(channels, NUM_BINS)
