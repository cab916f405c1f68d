# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The fast solver: a few events at a time, spikes in rounds.

It works in exponential time; where a simulation lasts too long for that, the
solver in local time takes over.

On a CPU it takes a few examples at a time, too: what they need stays in a
core's cache, and none of them waits for an example of another block that has
more events or spikes. So it is fastest where examples with about as many events
are neighbours (`quiet_first`).
"""

import jax
import jax.numpy as jnp

from snnjax.event.chunk_backward import trace_back
from snnjax.event.chunk_forward import find_spikes
from snnjax.event.scan_solver import solve_by_scan
from snnjax.event.sweep import sweep_slots
from snnjax.event.types import (
  Crossings,
  EventNeuron,
  Events,
  SpikeSolver,
  is_long,
)
from snnjax.types import Array

_NEURONS_PER_BLOCK = 4000  # of all its examples together


def _forward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
) -> Crossings:
  if is_long(neuron, t_max):
    return solve_by_scan.forward(weights, events, neuron, max_spikes, t_max)

  num_outputs = weights.shape[1]

  def find(events):
    return find_spikes(weights, events, neuron, max_spikes, t_max)

  def by_blocks():
    found = jax.lax.map(find, _blocks(events, num_outputs))
    return _join(found, len(events.times))

  return _by_blocks_on_cpu(
    by_blocks, lambda: find(events), len(events.times) * num_outputs
  )


def _backward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  t_max: float,
  times: Array,
  factors: Array,
) -> tuple[Array, Array]:
  if is_long(neuron, t_max):
    return solve_by_scan.backward(
      weights, events, neuron, t_max, times, factors
    )
  examples = events, times, factors
  num_outputs = weights.shape[1]
  zeros = jnp.zeros_like(weights)

  def trace(by_weights, examples):
    events, times, factors = examples
    return trace_back(weights, events, neuron, times, factors, by_weights)

  def by_blocks():
    blocks = _blocks(examples, num_outputs)
    by_weights, by_times = jax.lax.scan(trace, zeros, blocks)
    return by_weights, _join(by_times, len(times))

  return _by_blocks_on_cpu(
    by_blocks, lambda: trace(zeros, examples), len(times) * num_outputs
  )


def _by_blocks_on_cpu(by_blocks, whole, num_neurons):
  if num_neurons <= _NEURONS_PER_BLOCK:
    return whole()
  return jax.lax.platform_dependent(cpu=by_blocks, default=whole)


def _blocks(tree, num_outputs):
  """Cuts leaves `[B, ...]` into `[blocks, examples, ...]`.

  The last block is filled up with examples without spikes.
  """

  def cut(x):
    num_blocks = -(-len(x) // max(1, _NEURONS_PER_BLOCK // num_outputs))
    missing = -len(x) % num_blocks
    none = jnp.inf if jnp.issubdtype(x.dtype, jnp.floating) else 0
    padding = ((0, missing), *[(0, 0)] * (x.ndim - 1))
    padded = jnp.pad(x, padding, constant_values=none) if missing else x
    return padded.reshape(num_blocks, -1, *x.shape[1:])

  return jax.tree.map(cut, tree)


def _join(tree, num_examples):
  return jax.tree.map(
    lambda x: x.reshape(-1, *x.shape[2:])[:num_examples], tree
  )


solve_by_chunks = SpikeSolver(_forward, _backward, sweep_slots)
