# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The event solver made of kernels, for GPUs."""

import jax.numpy as jnp

from pallas_kernels import backend, event_group, event_lanes
from pallas_kernels.event_backward import time_gradient, weight_gradient
from pallas_kernels.event_forward import find
from pallas_kernels.event_sweep import sweep_by_lanes
from snnjax.event.types import (
  Crossings,
  EventNeuron,
  Events,
  SpikeSolver,
  count_events,
  is_long,
)
from snnjax.types import Array


def _forward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
) -> Crossings:
  tau = neuron.tau
  batch, num_outputs = len(events.times), weights.shape[1]
  is_wide = num_outputs >= backend.LEAST_FOR_LANES
  by_lanes = is_wide or is_long(neuron, t_max)
  chosen = event_lanes if by_lanes else event_group
  inputs = (
    weights,
    *events,
    count_events(events, t_max),
    jnp.asarray(neuron.threshold) / tau,
    jnp.asarray(neuron.reset) / tau,
  )
  times, slopes, overflown = find(
    chosen.kernel,
    chosen.grid(batch, num_outputs),
    inputs,
    max_spikes=max_spikes,
    tau=tau,
    t_max=t_max,
    warps=1 if by_lanes else backend.GROUP_WARPS,
  )
  return Crossings(
    jnp.moveaxis(times, 1, -1), jnp.moveaxis(slopes, 1, -1), overflown != 0
  )


def _backward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  t_max: float,
  times: Array,
  factors: Array,
) -> tuple[Array, Array]:
  args = (
    events.times,
    events.sources,
    count_events(events, t_max),
    jnp.moveaxis(times, -1, 1),
    jnp.moveaxis(factors, -1, 1),
  )
  tau = neuron.tau
  return (
    weight_gradient(len(weights), *args, tau=tau),
    time_gradient(weights, *args, tau=tau),
  )


solve_by_pallas = SpikeSolver(_forward, _backward, sweep_by_lanes)
