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


class Tuned(NamedTuple):
  """A schedule with a dead zone for each site, and what they leave.

  Attributes:
    sites: names.
    settings: η > 0, γ > 0 and the dead zone of each, `[S, 3]`.
    error: at the output.
  """

  sites: tuple[str, ...]
  settings: np.ndarray
  error: float

  def rule(self) -> Rule:
    """The recommended neurons, with these schedules."""
    return _rule(self.sites, self.settings)


def tune_sites(
  snn: SpikingNetwork,
  params: Params,
  batches: Sequence[Array],
  start: Choice,
  *,
  steps: int,
  factors: Sequence[float] = (1.25, 1.1),
  num_sweeps: int = 4,
  score: Callable[[Array, Array], Array] = square_error,
) -> Tuned:
  """Gives each site an exponential schedule η·γ^(t-1) and dead zone of its own.

  A few steps are few values: where a site's lie matters, and the best place
  depends on how its values are distributed and on what follows. All are found
  together by the error at the output, one number at a time (`descend`), which
  takes some 30 runs over the batches per site.

  Args:
    snn: a converted network; its rule is replaced.
    params: of the trained function.
    batches: training inputs `[B, ...]` of one size, some hundred in all.
    start: what all sites begin with, from `search_schedule`.
    steps: T.
    factors: as for `descend`.
    num_sweeps: as for `descend`.
    score: `(outputs [1, B, ...], trained [B, ...]) -> errors [1]`.
  """
  sites = tuple(site.name for site in snn.plan(params, batches[0]).sites)
  trained = [snn.fn(params, x) for x in batches]

  @jax.jit
  def batch_error(params, x, trained, settings):
    network = snn._replace(rule=_rule(sites, settings))
    outputs = network(params, x, steps=steps, count=False).outputs
    return score(outputs, trained)[0]

  def error(settings):
    pairs = zip(batches, trained, strict=True)
    errors = [batch_error(params, x, y, settings) for x, y in pairs]
    return float(np.mean(jax.device_get(errors)))

  first = (start.eta, start.gamma, start.dead_zone)
  settings, least = descend(
    error,
    np.tile(np.asarray(first, np.float32), (len(sites), 1)),
    factors=factors,
    num_sweeps=num_sweeps,
  )
  return Tuned(sites, settings, least)


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


def _rule(sites, settings):
  return rules.by_site(
    {
      name: ternary(*own, stagger=0)
      for name, own in zip(sites, settings, strict=True)
    }
  )
