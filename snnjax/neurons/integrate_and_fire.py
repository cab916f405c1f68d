# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Integrate-and-fire, without a leak."""

from typing import NamedTuple

import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import Value, fired, firing_neuron, values
from snnjax.types import Array, Cell, ResetFn, SpikeFn


class IntegrateAndFireParams(NamedTuple):
  threshold: Array  # [] or [N...]
  charge: Array  # [] or [N...], in units of the threshold


class IntegrateAndFireState(NamedTuple):
  membrane: Array  # [B, N...]


def integrate_and_fire(
  threshold: Value = 1.0,
  *,
  charge: Value = 0.0,
  spike_fn: SpikeFn = surrogate.arctan(),
  reset: ResetFn = resets.subtract,
) -> Cell:
  """Makes a layer of integrate-and-fire neurons.

    U[-1] = charge·θ
    R[t]  = H(U[t-1] - θ)                  without gradient
    U[t]  = reset(U[t-1], R[t], θ) + I[t]
    S[t]  = H(U[t] - θ)

  With the subtracting reset, T steps of a constant input I give
  clip(T·I/θ + charge, 0, T) spikes, rounded down (a membrane exactly at θ does
  not fire: whole numbers lose one): a ReLU in units of θ/T. A charge of 1/2
  makes that the nearest number.

  Args:
    threshold: θ, a number, one per neuron, or an initialiser.
    charge: what the membrane starts from, in units of θ; likewise.
    spike_fn: H and its surrogate derivative.
    reset: one of `snnjax.neurons.reset`.

  References: Bu et al., "Optimized potential initialization for low-latency
  spiking neural networks", 2022.
  """

  def init(key, in_shape):
    return values(
      IntegrateAndFireParams, key, in_shape, threshold=threshold, charge=charge
    )

  def at_rest(params, shape):
    membrane = params.charge * params.threshold
    return IntegrateAndFireState(jnp.broadcast_to(membrane, shape))

  def integrate(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    membrane = reset(state.membrane, has_fired, params.threshold) + x
    return IntegrateAndFireState(membrane)

  def fire(params, state):
    return spike_fn(state.membrane - params.threshold)

  return firing_neuron(init, at_rest, integrate, fire)
