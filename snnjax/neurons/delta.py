# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky membrane that spikes where it moves."""

from typing import NamedTuple

import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons.neuron import Value, neuron, values, zeros
from snnjax.types import Array, Cell, SpikeFn


class DeltaLeakyParams(NamedTuple):
  decay: Array  # [] or [N...], in [0, 1]
  delta_threshold: Array  # [] or [N...]


class DeltaLeakyState(NamedTuple):
  membrane: Array  # [B, N...]


def delta_leaky(
  decay: Value = 0.5,
  delta_threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
) -> Cell:
  """Makes a layer of neurons that fire when their membrane jumps.

    U[t] = β·U[t-1] + I[t]                 never reset
    S[t] = H(|U[t] - U[t-1]| - δ)

  Args:
    decay: β = exp(-dt/τ), a number, one per neuron, or an initialiser.
    delta_threshold: δ, likewise.
    spike_fn: H and its surrogate derivative.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023 (its library's `DeltaLeaky`).
  """

  def init(key, in_shape):
    return values(
      DeltaLeakyParams,
      key,
      in_shape,
      decay=decay,
      delta_threshold=delta_threshold,
    )

  def step(params, state, x):
    membrane = params.decay * state.membrane + x
    move = membrane - state.membrane
    jump = move * jnp.sign(move)  # |move|, with slope 0 where nothing moves
    return DeltaLeakyState(membrane), spike_fn(jump - params.delta_threshold)

  return neuron(init, zeros(DeltaLeakyState), step)
