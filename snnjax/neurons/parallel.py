# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Neurons without a reset, all their time steps at once."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons.neuron import (
  Value,
  neuron,
  over_batch,
  over_time,
  values,
  zeros,
)
from snnjax.types import Array, Cell, SpikeFn


class LeakyFilterParams(NamedTuple):
  decay: Array  # [] or [N...], in [0, 1]
  threshold: Array  # [] or [N...]


class LeakyFilterState(NamedTuple):
  membrane: Array  # [B, N...]


def leaky_filter(
  decay: Value = 0.5,
  threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
) -> Cell:
  """Makes a layer of leaky neurons without a reset: a linear filter, then H.

    U[t] = Σ βᵏ·I[t-k] = β·U[t-1] + I[t]
    S[t] = H(U[t] - θ)

  Without a reset the steps need not wait for each other: `unroll` takes about
  2·log₂ T vectorised operations instead of T (a win on accelerators).

  snnTorch's StateLeaky(β) is `leaky_filter(exp(β - 1))`; its LinearLeaky has a
  dense layer before.

  Args:
    decay: β = exp(-dt/τ), a number, one per neuron, or an initialiser.
    threshold: θ, likewise.
    spike_fn: H and its surrogate derivative.

  References: Blelloch, "Prefix sums and their applications", 1990.
  """

  def init(key, in_shape):
    return values(
      LeakyFilterParams, key, in_shape, decay=decay, threshold=threshold
    )

  def step(params, state, x):
    membrane = params.decay * state.membrane + x
    return LeakyFilterState(membrane), spike_fn(membrane - params.threshold)

  def unroll(params, state, xs, num_steps, memory):
    del memory
    dtype = jnp.promote_types(xs.dtype, state.membrane.dtype)
    drives = over_time(xs, num_steps).astype(dtype)
    decay, threshold = over_batch(params, xs.ndim)
    drives = drives.at[0].add(decay[0] * state.membrane)
    decays = jnp.broadcast_to(decay, (num_steps, *decay.shape[1:]))
    _, membranes = jax.lax.associative_scan(_join, (decays, drives))
    states, ys = LeakyFilterState(membranes), spike_fn(membranes - threshold)
    return LeakyFilterState(membranes[-1]), ys, (states, ys)

  return neuron(init, zeros(LeakyFilterState), step)._replace(unroll=unroll)


def _join(early, late):
  """Composes two stretches of U -> decay·U + drive."""
  (early_decay, early_drive), (late_decay, late_drive) = early, late
  return early_decay * late_decay, late_decay * early_drive + late_drive
