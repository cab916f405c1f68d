# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Finds the schedule that suits a number of steps."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.conversion import rules, schedules
from snnjax.conversion.convert import SpikingNetwork
from snnjax.conversion.decoding import Rule
from snnjax.types import Array, Params


class Choice(NamedTuple):
  """An exponential schedule with a dead zone, and its error at the output."""

  eta: float
  gamma: float
  dead_zone: float
  stagger: int
  error: float


def ternary(
  eta: Array, gamma: Array, dead_zone: Array, stagger: int = 0
) -> Rule:
  """The recommended rule: `signgd` with an exponential schedule."""
  schedule = schedules.exponential(eta, gamma)
  return rules.signgd(schedule, dead_zone=dead_zone, stagger=stagger)


def square_error(outputs: Array, trained: Array) -> Array:
  """Outputs' mean square error over their mean square, `[R, B, ...] -> [R]`."""
  axes = tuple(range(1, outputs.ndim))
  square = jnp.square(outputs - trained[None]).mean(axes)
  return square / jnp.square(trained).mean()


def search_schedule(
  snn: SpikingNetwork,
  params: Params,
  x: Array,
  *,
  record: Sequence[int],
  etas: Sequence[float] = (0.4, 0.5, 0.6),
  gammas: Sequence[float] = (0.4, 0.5, 0.6, 0.7),
  dead_zones: Sequence[float] = (0.4, 0.5),
  staggers: Sequence[int] = (0,),
) -> dict[int, Choice]:
  """Tries a grid of exponential schedules, each with a dead zone.

  Args:
    snn: a converted network; its rule is replaced.
    params: of the trained function.
    x: training inputs `[B, ...]`, some hundred.
    record: numbers of steps to choose for, ascending.
    etas: first rates.
    gammas: factors per step.
    dead_zones: in steps, above 0.
    staggers: steps by which each layer starts later than the one before.

  Returns:
    For each number of steps the schedule with the least square error.
  """

  def errors(params, x, trained, eta, gamma, dead_zone, stagger):
    network = snn._replace(rule=ternary(eta, gamma, dead_zone, stagger))
    outcome = network(params, x, steps=record[-1], record=record, count=False)
    return square_error(outcome.outputs, trained)

  compiled = jax.jit(errors, static_argnums=6)
  trained = snn.fn(params, x)
  grid = list(itertools.product(etas, gammas, dead_zones, staggers))
  table = np.stack(
    [np.asarray(compiled(params, x, trained, *point)) for point in grid]
  )
  return {
    steps: Choice(*grid[k], float(table[k, column]))
    for column, steps in enumerate(record)
    for k in [int(np.nanargmin(table[:, column]))]
  }
