# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A layer of event-based neurons, with the exact derivative of each spike time.

A spike k of a neuron is where u(tₖ) = θ. By the implicit function theorem, with
the slope u'ₖ and the response ε(s) = τ(e^(-s/τ) - e^(-2s/τ)) to an input,

  ∂tₖ/∂W[i]  = -Σ ε(tₖ - tᵢ)/u'ₖ          ∂tₖ/∂tᵢ  = W[i]·ε'(tₖ - tᵢ)/u'ₖ
  ∂tₖ/∂θ     = 1/u'ₖ                       ∂tₖ/∂tₘ  = Δθ/τ·e^(-(tₖ - tₘ)/τ)/u'ₖ
  ∂tₖ/∂Δθ    = Σ e^(-(tₖ - tₘ)/τ)/u'ₖ

for inputs tᵢ < tₖ and own spikes tₘ < tₖ.

Where spikes appear or vanish the derivative is that of the spikes there are.

References: Bacho, Chu, "Exploring trade-offs in spiking neural networks", 2023.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.event.chunk_solver import solve_by_chunks
from snnjax.event.ordering import sort_events
from snnjax.event.types import Crossings, EventNeuron, Events, SpikeSolver
from snnjax.numerics import holds
from snnjax.types import Array


def event_layer(
  weights: Array,
  times: Array,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
  solver: SpikeSolver = solve_by_chunks,
) -> Array:
  """Finds the spike times of all-to-all connected neurons.

  Args:
    weights: W `[I, O]`.
    times: of the inputs' spikes `[B, I, K]` (s), inf for none.
    neuron: τₛ, θ and Δθ.
    max_spikes: S, room per neuron; a neuron that has filled it is silent.
    t_max: no spike is later (s).
    solver: how crossings are found.

  Returns:
    Ascending spike times `[B, O, S]` (s), padded with inf. `event_crossings`
    tells of neurons that ran out of room.

  Raises:
    ValueError: if the arrays do not fit each other.
  """
  weights, times = jnp.asarray(weights), jnp.asarray(times)
  if times.ndim != 3 or times.shape[1] != weights.shape[0]:
    raise ValueError(
      'an event layer needs spike times [B, I, K] for weights [I, O]; got '
      f'{times.shape} and {weights.shape}'
    )
  events = sort_events(times)
  return event_crossings(
    weights, events, neuron, max_spikes, t_max, solver
  ).times


def event_crossings(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
  solver: SpikeSolver = solve_by_chunks,
  *,
  min_slope: float = 0.0,
) -> Crossings:
  """Finds spike times from inputs that are already in order of time.

  Args:
    weights: W `[I, O]`.
    events: of the inputs.
    neuron: τₛ, θ and Δθ.
    max_spikes: S, room per neuron.
    t_max: no spike is later (s).
    solver: how crossings are found.
    min_slope: gradients take slopes u' (1/s) at least as large as this: bounded
      where a membrane only grazes its threshold, and no longer exact.

  Returns:
    The crossings; only their times have a gradient. A spike with slope 0 passes
    none on, unless `min_slope` is larger.

  Raises:
    ValueError: if the arrays do not fit each other, or a constant of the neuron
      is not positive.
  """
  weights, events = jnp.asarray(weights), Events(*map(jnp.asarray, events))
  if max_spikes < 1 or weights.ndim != 2:
    raise ValueError(
      'an event layer needs weights [I, O] and room for at least one spike; '
      f'got weights {weights.shape} and max_spikes={max_spikes}'
    )
  if events.times.shape != events.sources.shape or not events.times.size:
    raise ValueError(
      'events must be times [B, E] and sources [B, E], with B and E at least '
      f'1; got {events.times.shape} and {events.sources.shape}'
    )
  num_inputs = len(weights)
  if not holds(
    lambda i, t: ((i >= 0) & (i < num_inputs)) | np.isinf(t),
    events.sources,
    events.times,
  ):
    raise ValueError(
      f'events must come from the {num_inputs} inputs of weights '
      f'{weights.shape}, 0 to {num_inputs - 1}; got sources from '
      f'{events.sources.min()} to {events.sources.max()}'
    )
  dtype, of_times = weights.dtype, events.times.dtype
  if dtype != of_times or dtype not in (jnp.float32, jnp.float64):
    raise ValueError(
      'weights and spike times must be floats of one type, of 32 or 64 bits; '
      f'got {dtype} and {of_times}'
    )
  for name, constant in neuron._asdict().items():
    if not holds(lambda value: value > 0, constant):
      raise ValueError(
        f'an event neuron must have {name} > 0 everywhere; got {constant}'
      )
  threshold, reset = (
    jnp.broadcast_to(jnp.asarray(x, dtype), weights.shape[1:])
    for x in (neuron.threshold, neuron.reset)
  )
  static = float(neuron.tau_syn), max_spikes, float(t_max), solver, min_slope
  return _crossings(static, weights, *events, threshold, reset)


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _crossings(static, weights, times, sources, threshold, reset):
  tau_syn, max_spikes, t_max, solver, _ = static
  neuron = EventNeuron(tau_syn, threshold, reset)
  events = Events(times, sources)
  return solver.forward(weights, events, neuron, max_spikes, t_max)


def _forward(static, *args):
  crossings = _crossings(static, *args)
  return crossings, (args, crossings)


def _backward(static, residuals, gradient):
  tau_syn, _, t_max, solver, min_slope = static
  (weights, times, sources, threshold, reset), crossings = residuals
  neuron = EventNeuron(tau_syn, threshold, reset)
  factors, by_reset = solver.sweep(
    crossings, gradient.times, reset / neuron.tau, neuron.tau, min_slope
  )
  events = Events(times, sources)
  by_weights, by_times = solver.backward(
    weights, events, neuron, t_max, crossings.times, factors
  )
  by_threshold = factors.sum((0, 2))
  return by_weights, by_times, None, by_threshold, by_reset


_crossings.defvjp(_forward, _backward)
