# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky membrane that is never negative and never reset."""

from typing import NamedTuple

import jax

from snnjax import surrogate
from snnjax.neurons.neuron import Value, neuron, values, zeros
from snnjax.types import Array, Cell, SpikeFn


class RectifiedLeakyParams(NamedTuple):
  decay: Array  # [] or [N...], in [0, 1]
  threshold: Array  # [] or [N...]


class RectifiedLeakyState(NamedTuple):
  membrane: Array  # [B, N...]


def rectified_leaky(
  decay: Value = 0.5,
  threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
) -> Cell:
  """Makes a layer of rectified leaky neurons.

    U[t] = max(0, β·U[t-1] + I[t])         never reset
    S[t] = H(U[t] - θ)

  With a dense layer before it, this is snnTorch's LeakyParallel.

  Args:
    decay: β = exp(-dt/τ), a number, one per neuron, or an initialiser.
    threshold: θ, likewise.
    spike_fn: H and its surrogate derivative.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023.
  """

  def init(key, in_shape):
    return values(
      RectifiedLeakyParams, key, in_shape, decay=decay, threshold=threshold
    )

  def step(params, state, x):
    membrane = jax.nn.relu(params.decay * state.membrane + x)
    return RectifiedLeakyState(membrane), spike_fn(membrane - params.threshold)

  return neuron(init, zeros(RectifiedLeakyState), step)
