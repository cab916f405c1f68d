# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky integrate-and-fire with a threshold that rises with each spike."""

from typing import NamedTuple

import jax

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import Value, neuron, values, zeros
from snnjax.types import Array, Cell, ResetFn, SpikeFn


class AdaptiveParams(NamedTuple):
  decay: Array  # [] or [N...], in [0, 1]
  threshold: Array  # [] or [N...]
  adaptation_decay: Array  # [] or [N...], in [0, 1]
  adaptation_strength: Array  # [] or [N...]


class AdaptiveState(NamedTuple):
  membrane: Array  # [B, N...]
  adaptation: Array  # [B, N...]


def adaptive_lif(
  decay: Value = 0.9,
  threshold: Value = 1.0,
  adaptation_decay: Value = 0.99,
  adaptation_strength: Value = 0.2,
  *,
  spike_fn: SpikeFn = surrogate.triangular(),
  reset: ResetFn = resets.subtract,
) -> Cell:
  """Makes a layer of adaptive neurons (ALIF), the memory of an LSNN.

    S[t-1] = H(U[t-1] - θ - b·A[t-1])
    A[t]   = ρ·A[t-1] + S[t-1]
    U[t]   = reset(β·U[t-1], S[t-1], θ) + I[t]     the reset without gradient
    S[t]   = H(U[t] - θ - b·A[t])

  The gradient passes through the adaptation, which is what lets it learn to
  remember.

  Args:
    decay: β = exp(-dt/τ_mem), a number, one per neuron, or an initialiser.
    threshold: θ, the threshold at rest; likewise.
    adaptation_decay: ρ = exp(-dt/τ_a), likewise.
    adaptation_strength: b, by how much a spike raises the threshold; likewise.
    spike_fn: H and its surrogate derivative.
    reset: one of `snnjax.neurons.reset`.

  References: Bellec et al., "Long short-term memory and learning-to-learn in
  networks of spiking neurons", 2018. Bellec et al., "A solution to the learning
  dilemma for recurrent networks of spiking neurons", 2020 (this form).
  """

  def init(key, in_shape):
    return values(
      AdaptiveParams,
      key,
      in_shape,
      decay=decay,
      threshold=threshold,
      adaptation_decay=adaptation_decay,
      adaptation_strength=adaptation_strength,
    )

  def fire(params, membrane, adaptation):
    barrier = params.threshold + params.adaptation_strength * adaptation
    return spike_fn(membrane - barrier)

  def step(params, state, x):
    before = fire(params, state.membrane, state.adaptation)
    adaptation = params.adaptation_decay * state.adaptation + before
    has_fired = jax.lax.stop_gradient(before)
    membrane = params.decay * state.membrane
    membrane = reset(membrane, has_fired, params.threshold) + x
    spikes = fire(params, membrane, adaptation)
    return AdaptiveState(membrane, adaptation), spikes

  return neuron(init, zeros(AdaptiveState), step)
