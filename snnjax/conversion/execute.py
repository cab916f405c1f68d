# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs a plan: once, or step by step with neurons at its sites."""

import math
from collections.abc import Callable, Iterable

import jax

from snnjax import convolution
from snnjax.conversion.program import Operation
from snnjax.conversion.sites import Plan, Site
from snnjax.types import Array, Params

Values = dict[int, Array]


def still_values(plan: Plan, params: Params, x: Array) -> Values:
  """The values that depend on no site."""
  program = plan.program
  values = program.constants | {program.x: x}
  values |= zip(program.params, jax.tree.leaves(params), strict=True)
  run(plan.still, values)
  return values


def run(
  items: Iterable[Operation | Site],
  values: Values,
  at_site: Callable[[Site, Values], Array] | None = None,
) -> None:
  """Carries out operations in order, and adds what they make to `values`.

  Args:
    items: operations and sites.
    values: all that they need.
    at_site: `(site, values) -> value` that all that follows is to read.
  """
  for item in items:
    if isinstance(item, Operation):
      results = _fast(item)(*(values[n] for n in item.inputs))
      values |= zip(item.outputs, results, strict=True)
    elif at_site is not None:
      values[item.value] = at_site(item, values)


def _fast(operation):
  """What applies an operation without ruinous convolutions.

  Of images with fewer places than the kernel XLA's take a CPU up to a hundred
  times as long as `convolution.general`, which knows no forward mode; of others
  they are as fast or faster.
  """
  if operation.primitive != 'conv_general_dilated':
    return operation.apply

  def convolve(x, kernel):
    if math.prod(x.shape[1:3]) >= math.prod(kernel.shape[:2]):
      return operation.apply(x, kernel)
    return [convolution.general(x, kernel, **operation.options)]

  return convolve


def site_values(plan: Plan, params: Params, x: Array) -> dict[str, Array]:
  """The trained network's values at all sites, by name, `[B, ...]`."""
  values = still_values(plan, params, x)
  run(plan.moving, values)
  return {
    site.name: site.by_example(values[site.value], len(x))
    for site in plan.sites
  }
