# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Finds a schedule of its own for every site, for a number of steps."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import numpy as np

from snnjax.conversion import rules
from snnjax.conversion.convert import SpikingNetwork
from snnjax.conversion.decoding import Rule
from snnjax.conversion.search import Choice, square_error, ternary
from snnjax.types import Array, Params

_FACTORS = 1.25, 1.1
_NUM_SWEEPS = 4  # with each


class Tuned(NamedTuple):
  """A schedule with a dead zone for each site, and what they leave.

  Attributes:
    sites: names.
    settings: η > 0, γ > 0 and the dead zone of each, `[S, 3]`.
    stagger: steps by which each layer starts later than the one before.
    error: at the output.
  """

  sites: tuple[str, ...]
  settings: np.ndarray
  stagger: int
  error: float

  def rule(self) -> Rule:
    """The recommended neurons, with these schedules."""
    return _rule(self.sites, self.settings, self.stagger)


def tune_sites(
  snn: SpikingNetwork,
  params: Params,
  batches: Sequence[Array],
  start: Choice,
  *,
  steps: int,
) -> Tuned:
  """Gives each site an exponential schedule η·γ^(t-1) and dead zone of its own.

  After a few steps only a few values can be decoded. Where they should lie
  depends on how a site's values are distributed and on what follows. So all
  sites' numbers are tuned together by the error at the output, one number at a
  time (`descend`); this takes about 30 runs over the batches per site.

  Args:
    snn: a converted network; its rule is replaced.
    params: of the trained function.
    batches: training inputs `[B, ...]` of one size, some hundred in all.
    start: what all sites begin with, from `search_schedule`; the stagger
      stays.
    steps: T.
  """
  sites = tuple(site.name for site in snn.plan(params, batches[0]).sites)
  trained = [snn.fn(params, x) for x in batches]

  @jax.jit
  def batch_error(params, x, trained, settings):
    network = snn._replace(rule=_rule(sites, settings, start.stagger))
    outputs = network(params, x, steps=steps, count=False).outputs
    return square_error(outputs, trained)[0]

  def error(settings):
    pairs = zip(batches, trained, strict=True)
    errors = [batch_error(params, x, y, settings) for x, y in pairs]
    return float(np.mean(jax.device_get(errors)))

  first = (start.eta, start.gamma, start.dead_zone)
  settings, least = descend(
    error,
    np.tile(np.asarray(first, np.float32), (len(sites), 1)),
    factors=_FACTORS,
    num_sweeps=_NUM_SWEEPS,
  )
  return Tuned(sites, settings, start.stagger, least)


def descend(
  error: Callable[[np.ndarray], float],
  start: np.ndarray,
  *,
  factors: Sequence[float],
  num_sweeps: int,
) -> tuple[np.ndarray, float]:
  """Lowers an error one positive number at a time.

  Each is multiplied by a factor, or else divided by it, for as long as the
  error falls; a factor is done with when a sweep over all numbers finds nothing
  better.

  Args:
    error: to be lowered.
    start: the first numbers.
    factors: > 1, from coarse to fine.
    num_sweeps: at most so many with each factor.

  Returns:
    The numbers, and their error.
  """
  point, least = start, error(start)
  for factor in factors:
    for _ in range(num_sweeps):
      before = least
      for place in np.ndindex(start.shape):
        point, least = _along(error, point, least, place, factor)
      if least == before:
        break
  return point, least


def _along(error, point, least, place, factor):
  """Moves one number for as long as that pays."""
  for ratio in (factor, 1 / factor):
    before = least
    while True:
      moved = point.copy()
      moved[place] *= ratio
      found = error(moved)
      if not found < least:
        break
      point, least = moved, found
    if least < before:
      break
  return point, least


def _rule(sites, settings, stagger):
  return rules.by_site(
    {
      name: ternary(eta, gamma, dead_zone, stagger)
      for name, (eta, gamma, dead_zone) in zip(sites, settings, strict=True)
    }
  )
