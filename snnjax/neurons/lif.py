# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky integrate-and-fire."""

from typing import NamedTuple

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import (
  Value,
  fired,
  firing_neuron,
  neuron,
  values,
  zeros,
)
from snnjax.types import Array, Cell, ResetFn, SpikeFn


class LIFParams(NamedTuple):
  decay: Array  # [] or [N...], in [0, 1]
  threshold: Array  # [] or [N...]


class LIFState(NamedTuple):
  membrane: Array  # [B, N...]


def lif(
  decay: Value = 0.5,
  threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
  reset: ResetFn = resets.subtract,
  reset_delay: bool = True,
  quantise=lambda membrane: membrane,
) -> Cell:
  """Makes a layer of leaky integrate-and-fire neurons.

    R[t]   = H(U[t-1] - θ)                  without gradient
    U[t]   = reset(β·U[t-1], R[t], θ) + I[t]
    S[t]   = H(U[t] - θ)

  The reset lands one step after the spike; the new input is never wiped out.
  Without the delay, the membrane that is passed on is reset(U[t], S[t] - R[t],
  θ), and this reset is differentiated.

  Args:
    decay: β = exp(-dt/τ), a number, one per neuron, or an initialiser.
    threshold: θ, likewise.
    spike_fn: H and its surrogate derivative.
    reset: one of `snnjax.neurons.reset`.
    reset_delay: whether the reset waits for the next step.
    quantise: applied to U before it fires; see `snnjax.neurons.quantise`.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023.
  """

  def init(key, in_shape):
    return values(LIFParams, key, in_shape, decay=decay, threshold=threshold)

  def integrate(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    membrane = params.decay * state.membrane
    membrane = quantise(reset(membrane, has_fired, params.threshold) + x)
    return LIFState(membrane)

  def fire(params, state):
    return spike_fn(state.membrane - params.threshold)

  def step_with_immediate_reset(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    state = integrate(params, state, x)
    spikes = fire(params, state)
    extra = spikes - has_fired
    membrane = reset(state.membrane, extra, params.threshold)
    return LIFState(membrane), spikes

  if reset_delay:
    return firing_neuron(init, zeros(LIFState), integrate, fire)
  return neuron(init, zeros(LIFState), step_with_immediate_reset)
