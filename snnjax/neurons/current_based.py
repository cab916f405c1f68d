# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky integrate-and-fire with a synaptic current."""

from typing import NamedTuple

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import Value, fired, neuron, values, zeros
from snnjax.types import Array, Cell, ResetFn, SpikeFn


class CurrentBasedParams(NamedTuple):
  current_decay: Array  # [] or [N...], in [0, 1]
  decay: Array  # [] or [N...], in [0, 1]
  threshold: Array  # [] or [N...]


class CurrentBasedState(NamedTuple):
  current: Array  # [B, N...]
  membrane: Array  # [B, N...]


def current_based_lif(
  current_decay: Value = 0.9,
  decay: Value = 0.5,
  threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
  reset: ResetFn = resets.subtract,
) -> Cell:
  """Makes a layer of current-based leaky integrate-and-fire neurons.

    R[t] = H(U[t-1] - θ)                       without gradient
    Y[t] = α·Y[t-1] + I[t]
    U[t] = reset(β·U[t-1] + Y[t], R[t], θ)
    S[t] = H(U[t] - θ)

  A reset to zero wipes out the new input too; the current is never reset.

  Args:
    current_decay: α = exp(-dt/τ_syn), a number, one per neuron, or an
      initialiser.
    decay: β = exp(-dt/τ_mem), likewise.
    threshold: θ, likewise.
    spike_fn: H and its surrogate derivative.
    reset: one of `snnjax.neurons.reset`.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023 (there `Synaptic`).
  """

  def init(key, in_shape):
    return values(
      CurrentBasedParams,
      key,
      in_shape,
      current_decay=current_decay,
      decay=decay,
      threshold=threshold,
    )

  def step(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    current = params.current_decay * state.current + x
    membrane = params.decay * state.membrane + current
    membrane = reset(membrane, has_fired, params.threshold)
    spikes = spike_fn(membrane - params.threshold)
    return CurrentBasedState(current, membrane), spikes

  return neuron(init, zeros(CurrentBasedState), step)
