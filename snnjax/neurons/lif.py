# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky integrate-and-fire."""

from typing import NamedTuple

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import Value, fired, neuron, values, zeros
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
    quantise: applied to U before it fires, e.g. `snnjax.neurons.quantise`.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023.
  """

  def init(key, in_shape):
    return values(LIFParams, key, in_shape, decay=decay, threshold=threshold)

  def step(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    membrane = params.decay * state.membrane
    membrane = quantise(reset(membrane, has_fired, params.threshold) + x)
    spikes = spike_fn(membrane - params.threshold)
    if not reset_delay:
      membrane = reset(membrane, spikes - has_fired, params.threshold)
    return LIFState(membrane), spikes

  return neuron(init, zeros(LIFState), step)
