# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Thresholds that minimise what clipping at them loses."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp

from snnjax.conversion import execute
from snnjax.conversion.calibrate import check_batches
from snnjax.conversion.placement import place
from snnjax.types import Array, Params


def local_thresholds(
  fn: Callable[[Params, Array], Array],
  params: Params,
  batches: Sequence[Array],
  *,
  num_rounds: int = 1,
  pool_first: bool = True,
) -> dict[str, Array]:
  """Balances the threshold of each channel against the values it clips.

  Starts from θ = 0 and updates, for every batch and site in order,

    θ ← θ + 2·mean(max(x - θ, 0))

  where x has passed the clipped sites before: descent on the mean of
  (clip(x, 0, θ) - max(x, 0))², each channel (the last axis) for itself.

  Args:
    fn: `(params, x [B, ...]) -> y [B, ...]`.
    params: its trained parameters.
    batches: inputs `[B, ...]` of training examples, as a list.
    num_rounds: how often they are gone through.
    pool_first: as for `convert`.

  Returns:
    θ `[C]` by the names of sites, for `ranges.given`; `[]` of a site that has
    one value per example.

  References: Bu, Li, Yu, "Inference-scale complexity in ANN-SNN conversion for
  high-performance and low-power applications", 2025.
  """
  check_batches(batches)

  @jax.jit
  def update(thresholds, params, x):
    plan = place(fn, params, x, pool_first=pool_first)
    values = execute.still_values(plan, params, x)
    thresholds = dict(thresholds)

    def clip(site, values):
      value = site.by_example(values[site.value], len(x))
      own = thresholds.get(site.name, jnp.zeros(value.shape[1:][-1:]))
      others = tuple(range(value.ndim - own.ndim))
      lost = jnp.maximum(value - jnp.expand_dims(own, others), 0).mean(others)
      thresholds[site.name] = own + 2 * lost
      beside = site.beside(own, plan.shape(site), len(x))
      return jnp.clip(values[site.value], 0, beside)

    execute.run(plan.moving, values, clip)
    return thresholds

  thresholds = {}
  for _ in range(num_rounds):
    for x in batches:
      thresholds = update(thresholds, params, x)
  return thresholds
