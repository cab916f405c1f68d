# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Leaky integrator: a readout that does not spike."""

from typing import NamedTuple

from snnjax.neurons.neuron import Value, neuron, values, zeros
from snnjax.types import Array, Cell


class LeakyIntegratorParams(NamedTuple):
  decay: Array  # [] or [N...], in [0, 1]


class LeakyIntegratorState(NamedTuple):
  membrane: Array  # [B, N...]


def leaky_integrator(decay: Value = 0.9) -> Cell:
  """Makes a layer of leaky integrators: y[t] = U[t] = β·U[t-1] + I[t].

  Args:
    decay: β = exp(-dt/τ), a number, one per neuron, or an initialiser; 1 adds
      up without a leak.

  References: Bellec et al., "Long short-term memory and learning-to-learn in
  networks of spiking neurons", 2018.
  """

  def init(key, in_shape):
    return values(LeakyIntegratorParams, key, in_shape, decay=decay)

  def step(params, state, x):
    membrane = params.decay * state.membrane + x
    return LeakyIntegratorState(membrane), membrane

  return neuron(init, zeros(LeakyIntegratorState), step, is_binary=False)
