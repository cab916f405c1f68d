# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Errors from a neuron's spikes to its earlier ones: a lane per neuron.

The plain twin is `snnjax.event.sweep.sweep_slots`.
"""

import functools

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from pallas_kernels import backend
from snnjax.event.types import Crossings
from snnjax.types import Array


def sweep_by_lanes(
  crossings: Crossings,
  errors: Array,
  drop: Array,
  tau: float,
  min_slope: float,
) -> tuple[Array, Array]:
  """Sweeps back over each neuron's spikes; see `SpikeSolver.sweep`."""
  times, slopes, errors = (
    jnp.moveaxis(x, -1, 1) for x in (crossings.times, crossings.slopes, errors)
  )
  counts = jnp.sum(jnp.isfinite(times), axis=1, dtype=jnp.int32)
  batch, _, num_outputs = times.shape
  like = jax.ShapeDtypeStruct(times.shape, times.dtype)
  factors, by_reset = backend.launch(
    functools.partial(_kernel, tau=tau, min_slope=min_slope),
    (batch, backend.num_blocks(num_outputs, backend.LANES)),
    (times, slopes, errors, counts, drop),
    (like, jax.ShapeDtypeStruct((batch, num_outputs), times.dtype)),
    preset={0: jnp.zeros(like.shape, like.dtype)},
  )
  return jnp.moveaxis(factors, 1, -1), by_reset.sum(0)


def _kernel(
  times_ref,
  slopes_ref,
  errors_ref,
  counts_ref,
  drop_ref,
  factors_ref,
  by_reset_ref,
  *,
  tau,
  min_slope,
):
  num_outputs = times_ref.shape[-1]
  example = pl.program_id(0)
  lanes = pl.program_id(1) * backend.LANES + jnp.arange(backend.LANES)
  is_neuron = lanes < num_outputs
  count = backend.load(counts_ref.at[example, lanes], mask=is_neuron, other=0)
  drop = backend.load(drop_ref.at[lanes], mask=is_neuron, other=0)
  most = jnp.max(count)

  def back(i, carry):
    after, later, by_reset = carry
    k = most - 1 - i
    is_spike = k < count
    at = example, k, lanes
    time = backend.load(times_ref.at[at], mask=is_spike, other=0)
    slope = backend.load(slopes_ref.at[at], mask=is_spike, other=1)
    error = backend.load(errors_ref.at[at], mask=is_spike, other=0)
    slope = jnp.maximum(slope, min_slope)
    is_steep = is_spike & (slope > 0)
    later = later * jnp.where(k + 1 < count, jnp.exp(-(after - time) / tau), 0)
    total = error + drop * later
    factor = jnp.where(is_steep, total / jnp.where(is_steep, slope, 1), 0)
    backend.store(factors_ref.at[at], factor, mask=is_spike)
    return time, later + factor, by_reset + later

  zeros = jnp.zeros_like(drop)
  start = zeros, zeros, zeros
  by_reset = jax.lax.fori_loop(0, most, back, start)[-1]
  backend.store(by_reset_ref.at[example, lanes], by_reset, mask=is_neuron)
