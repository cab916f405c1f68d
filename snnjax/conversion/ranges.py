# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The values expected at a site, from its statistics.

A *ranging* `(site, stats) -> Range` gives the scale of a neuron's steps, or its
threshold, and the bounds of what it is to track.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from snnjax.conversion.sites import Site
from snnjax.conversion.statistics import SiteStats
from snnjax.types import Array, ArrayLike

_UNUSED = 1e-5  # the largest value of a channel that counts as unused
_MARGIN = 0.1  # beyond the values seen, in parts of what they span


class Range(NamedTuple):
  """Of a site's values; all broadcast to them, batch and all.

  Attributes:
    scale: > 0.
    low: the least value to track; those below are raised to it.
    high: the greatest.
  """

  scale: Array
  low: Array
  high: Array


Ranging = Callable[[Site, SiteStats | None], Range]


def unit(site: Site, stats: SiteStats | None) -> Range:
  """Scale 1, without bounds; needs no statistics."""
  del site, stats
  return _unbounded(1.0)


def given(scales: Mapping[str, ArrayLike]) -> Ranging:
  """Scales by the names of sites, without bounds."""

  def ranging(site, stats):
    del stats
    if site.name not in scales:
      raise ValueError(
        f'no scale is given for {site.name}; got {sorted(scales)}'
      )
    return _unbounded(_used(jnp.asarray(scales[site.name])))

  return ranging


def maximum(per: str = 'channel', factor: float = 1.0) -> Ranging:
  """The largest absolute value seen.

  Args:
    per: 'element', 'channel' (the last axis) or 'layer'.
    factor: times that.
  """

  def ranging(site, stats):
    stats = _needed(site, stats)
    low = _reduce(stats.low, per, np.min)
    high = _reduce(stats.high, per, np.max)
    scale = _used(factor * np.maximum(np.abs(low), np.abs(high)))
    margin = _MARGIN * (high - low)
    return Range(*map(jnp.asarray, (scale, low - margin, high + margin)))

  return ranging


def quantile(q: float, per: str = 'channel') -> Ranging:
  """The value that a part q of all stays below, zeros included.

  Args:
    q: in (0, 1].
    per: 'channel' (the last axis) or 'layer'.
  """
  if per not in ('channel', 'layer'):
    raise ValueError(f"quantiles are per 'channel' or 'layer'; got {per!r}")
  if not 0 < q <= 1:
    raise ValueError(f'a quantile is a part of all values, in (0, 1]; got {q}')

  def ranging(site, stats):
    scale = _needed(site, stats).quantile(q, per_channel=per == 'channel')
    return _unbounded(_used(scale))

  return ranging


def recommended(site: Site, stats: SiteStats | None) -> Range:
  """The maximum: per channel for ReLU, per element for all else.

  Normalisation and softmax divide by sums, in which the small ones count.
  """
  return maximum('channel' if site.is_rectified else 'element')(site, stats)


def _reduce(values, per, over):
  if per == 'layer' or values.ndim == 0:
    return over(values)
  if per == 'channel':
    return over(values, axis=tuple(range(values.ndim - 1)))
  if per == 'element':
    return values
  raise ValueError(f"per must be 'element', 'channel' or 'layer'; got {per!r}")


def _used(scale):
  return jnp.where(scale > _UNUSED, scale, 1.0)


def _unbounded(scale):
  return Range(jnp.asarray(scale), jnp.asarray(-jnp.inf), jnp.asarray(jnp.inf))


def _needed(site, stats):
  if stats is None:
    raise ValueError(
      f'no statistics of {site.name}: pass stats=calibrate(fn, params, batches)'
      ', with the same pool_first'
    )
  return stats
