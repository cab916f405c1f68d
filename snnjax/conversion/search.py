# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Finds the schedule that suits a number of steps."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.conversion import rules, schedules
from snnjax.conversion.convert import SpikingNetwork
from snnjax.types import Array, Params


class Choice(NamedTuple):
  """An exponential schedule and its relative error at the output."""

  eta: float
  gamma: float
  stagger: int
  error: float


def ternary(eta: Array, gamma: Array, stagger: int) -> rules.Rule:
  """The recommended neurons."""
  return rules.signgd(schedules.exponential(eta, gamma), stagger=stagger)


def search_schedule(
  snn: SpikingNetwork,
  params: Params,
  x: Array,
  *,
  record: Sequence[int],
  etas: Sequence[float] = (0.2, 0.3, 0.4, 0.5, 0.6),
  gammas: Sequence[float] = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95),
  staggers: Sequence[int] = (0,),
  make_rule: Callable[[Array, Array, int], rules.Rule] = ternary,
) -> dict[int, Choice]:
  """Tries a grid of exponential schedules.

  Args:
    snn: a converted network; its rule is replaced.
    params: of the trained function.
    x: training inputs `[B, ...]`, some hundred.
    record: numbers of steps to choose for.
    etas: first rates.
    gammas: factors per step.
    staggers: steps by which each layer starts later than the one before.
    make_rule: `(eta, gamma, stagger) -> rule`.

  Returns:
    For each number of steps the schedule with the least mean square error of
    the outputs, in units of their mean square.
  """

  def errors(params, x, eta, gamma, stagger):
    network = snn._replace(rule=make_rule(eta, gamma, stagger))
    outputs = network(
      params, x, steps=record[-1], record=record, count=False
    ).outputs
    trained = snn.fn(params, x)[None]
    axes = tuple(range(1, outputs.ndim))
    square = jnp.square(outputs - trained).mean(axes)
    return square / jnp.square(trained).mean()

  compiled = jax.jit(errors, static_argnums=4)
  grid = [(e, g, s) for s in staggers for e in etas for g in gammas]
  table = np.stack([np.asarray(compiled(params, x, *point)) for point in grid])
  return {
    steps: Choice(*grid[k], float(table[k, column]))
    for column, steps in enumerate(record)
    for k in [int(np.nanargmin(table[:, column]))]
  }
