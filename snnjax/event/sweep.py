# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Errors from a neuron's spikes to its earlier ones, through their resets.

With the slope u' and the error e of each spike, from the last one back,

  later[m] = Σ f[k]·e^(-(t[k] - t[m])/τ) over k > m
  f[m] = (e[m] + Δθ/τ·later[m])/u'[m],   ∂L/∂Δθ = Σ later[m]
"""

import jax
import jax.numpy as jnp

from snnjax.event.types import Crossings
from snnjax.types import Array


def sweep_slots(
  crossings: Crossings,
  errors: Array,
  drop: Array,
  tau: float,
  min_slope: float,
) -> tuple[Array, Array]:
  """Sweeps back over the slots of all neurons; see `SpikeSolver.sweep`."""
  times, slopes, errors = (
    jnp.moveaxis(x, -1, 0) for x in (crossings.times, crossings.slopes, errors)
  )
  is_spike = jnp.isfinite(times)
  most = jnp.max(jnp.sum(is_spike, axis=0))

  def back(i, carry):
    after, later, by_reset, factors = carry
    k = most - 1 - i
    time = jnp.where(is_spike[k], times[k], after)
    later = later * jnp.exp((time - after) / tau)
    slope = jnp.maximum(slopes[k], min_slope)
    is_steep = is_spike[k] & (slope > 0)
    total = errors[k] + drop[None] * later
    factor = jnp.where(is_steep, total / jnp.where(is_steep, slope, 1), 0)
    by_reset = by_reset + jnp.where(is_spike[k], later, 0)
    return time, later + factor, by_reset, factors.at[k].set(factor)

  zeros = jnp.zeros_like(times[0])
  # Nothing is carried yet, so any late time will do; inf - inf is NaN.
  never = jnp.full_like(zeros, jnp.finfo(zeros.dtype).max)
  start = never, zeros, zeros, jnp.zeros_like(times)
  _, _, by_reset, factors = jax.lax.fori_loop(0, most, back, start)
  return jnp.moveaxis(factors, 0, -1), by_reset.sum(0)
