# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Counts the synapses that leave each neuron of a plan."""

import jax
import jax.numpy as jnp

from snnjax.conversion import execute
from snnjax.conversion.sites import Plan, Site
from snnjax.types import Array, Params

_SYNAPSES = {'conv_general_dilated', 'dot_general'}
_WEIGHTS = {'mul', 'div'}


def count_fan_outs(plan: Plan, params: Params, x: Array) -> dict[str, Array]:
  """Counts how many weights a spike of each neuron meets.

  Weights are the entries of kernels and, in a product of two signals, the
  other's values. What lies between, such as sums and means, costs nothing.

  Args:
    plan: of a batch of one example.
    params: of its program, for their shapes.
    x: that example `[1, ...]`.

  Returns:
    For each site, by name, one number per neuron `[...]`.
  """
  avals = plan.program.avals
  fixed = execute.still_values(plan, params, x)

  def synapses(reached):
    """Adds up, over all kernels, what reaches them times their ones."""
    total, reach = jnp.zeros(()), {}
    for item in plan.moving:
      if isinstance(item, Site):
        reach[item.value] = reached[item.name]
        continue
      places = [k for k, n in enumerate(item.inputs) if n in reach]
      if not places or not plan.is_synaptic(item):
        continue
      if item.primitive in _SYNAPSES:
        for place in places:
          (y,) = _through(item, reach, fixed, avals, [place])
          total += y.sum()
      else:
        results = _through(item, reach, fixed, avals, places)
        reach |= zip(item.outputs, results, strict=True)
    return total

  ones = {site.name: _full(avals[site.value], 1) for site in plan.sites}
  counts = jax.grad(synapses)(ones)
  return {
    site.name: site.by_example(counts[site.name], 1)[0] for site in plan.sites
  }


def _through(operation, reach, fixed, avals, places):
  """Applies an operation to reaches, all its weights being one."""
  name = operation.primitive
  if name in {'neg', 'stop_gradient'}:
    return [reach[operation.inputs[0]]]
  if name == 'sub':
    operation = operation._replace(apply=lambda a, b: [a + b])
  arrays = []
  for place, n in enumerate(operation.inputs):
    if place in places:
      arrays.append(reach[n])
    elif jnp.issubdtype(avals[n].dtype, jnp.floating):
      fill = 1 if name in _SYNAPSES | _WEIGHTS else 0
      arrays.append(_full(avals[n], fill))
    else:
      arrays.append(fixed[n])  # indices and predicates
  return operation.apply(*arrays)


def _full(aval, value):
  # Behind a barrier, so that no compiler folds convolutions of constants.
  return jax.lax.optimization_barrier(jnp.full(aval.shape, value, aval.dtype))
