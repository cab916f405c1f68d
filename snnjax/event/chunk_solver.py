# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The fast solver: a few events at a time, spikes in rounds.

It counts in exponential time; where a simulation lasts too long for that, the
solver in local time takes over.
"""

from snnjax.event.chunk_backward import trace_back
from snnjax.event.chunk_forward import find_spikes
from snnjax.event.scan_solver import solve_by_scan
from snnjax.event.types import Crossings, EventNeuron, Events, SpikeSolver
from snnjax.types import Array

_LONGEST = 20.0  # t_max/τ; squares of e^(t/τ) have to be far from overflow


def _forward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
) -> Crossings:
  find = solve_by_scan.forward if _is_long(neuron, t_max) else find_spikes
  return find(weights, events, neuron, max_spikes, t_max)


def _backward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  t_max: float,
  times: Array,
  factors: Array,
) -> tuple[Array, Array]:
  if _is_long(neuron, t_max):
    return solve_by_scan.backward(
      weights, events, neuron, t_max, times, factors
    )
  return trace_back(weights, events, neuron, times, factors)


def _is_long(neuron: EventNeuron, t_max: float) -> bool:
  return t_max / (2 * neuron.tau_syn) > _LONGEST


solve_by_chunks = SpikeSolver(_forward, _backward)
