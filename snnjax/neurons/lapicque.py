# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Lapicque's circuit: a resistance beside a capacitance."""

from typing import NamedTuple

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import Value, fired, neuron, values, zeros
from snnjax.types import Array, Cell, ResetFn, SpikeFn


class LapicqueParams(NamedTuple):
  resistance: Array  # [] or [N...], ohm
  capacitance: Array  # [] or [N...], farad
  threshold: Array  # [] or [N...], volt


class LapicqueState(NamedTuple):
  membrane: Array  # [B, N...], volt


def lapicque(
  resistance: Value = 5.0,
  capacitance: Value = 2.0,
  threshold: Value = 1.0,
  *,
  dt: float = 1.0,
  spike_fn: SpikeFn = surrogate.arctan(),
  reset: ResetFn = resets.subtract,
) -> Cell:
  """Makes a layer of Lapicque's neurons: an Euler step of RC dU/dt = RI - U.

    R[t] = H(U[t-1] - θ)                                     without gradient
    U[t] = reset((1 - dt/(R·C))·U[t-1] + dt/C·I[t], R[t], θ)
    S[t] = H(U[t] - θ)

  A reset to zero wipes out the new input too. What snnTorch makes of β alone
  is a resistance of 1 and a capacitance of dt/ln(1/β).

  Args:
    resistance: R (ohm), a number, one per neuron, or an initialiser.
    capacitance: C (farad), likewise.
    threshold: θ (volt), likewise.
    dt: length of a time step (seconds).
    spike_fn: H and its surrogate derivative.
    reset: one of `snnjax.neurons.reset`.

  References: Lapicque, "Recherches quantitatives sur l'excitation électrique
  des nerfs traitée comme une polarisation", 1907.
  """

  def init(key, in_shape):
    return values(
      LapicqueParams,
      key,
      in_shape,
      resistance=resistance,
      capacitance=capacitance,
      threshold=threshold,
    )

  def step(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    leak = dt / (params.resistance * params.capacitance)
    membrane = (1.0 - leak) * state.membrane + dt / params.capacitance * x
    membrane = reset(membrane, has_fired, params.threshold)
    return LapicqueState(membrane), spike_fn(membrane - params.threshold)

  return neuron(init, zeros(LapicqueState), step)
