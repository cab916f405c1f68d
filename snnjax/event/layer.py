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

from snnjax.event.scan_solver import solve_by_scan
from snnjax.event.types import (
  Crossings,
  EventNeuron,
  Events,
  SpikeSolver,
  sort_events,
)
from snnjax.types import Array


def event_layer(
  weights: Array,
  times: Array,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
  solver: SpikeSolver = solve_by_scan,
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
  events = sort_events(jnp.asarray(times))
  return event_crossings(
    weights, events, neuron, max_spikes, t_max, solver
  ).times


def event_crossings(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
  solver: SpikeSolver = solve_by_scan,
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
    none on.

  Raises:
    ValueError: if the arrays do not fit each other.
  """
  if max_spikes < 1 or weights.ndim != 2:
    raise ValueError(
      'an event layer needs weights [I, O] and room for at least one spike; '
      f'got weights {weights.shape} and max_spikes={max_spikes}'
    )
  if events.times.ndim != 2 or events.times.shape != events.sources.shape:
    raise ValueError(
      'events must be times [B, E] and sources [B, E]; got '
      f'{events.times.shape} and {events.sources.shape}'
    )
  weights = jnp.asarray(weights)
  threshold, reset = (
    jnp.broadcast_to(jnp.asarray(x, weights.dtype), weights.shape[1:])
    for x in (neuron.threshold, neuron.reset)
  )
  static = float(neuron.tau_syn), max_spikes, t_max, solver, min_slope
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
  tau_syn, _, _, solver, min_slope = static
  (weights, times, sources, threshold, reset), crossings = residuals
  tau = 2 * tau_syn
  drop = jnp.broadcast_to(reset / tau, crossings.times.shape[:2])
  factors, earlier = _sweep(crossings, gradient.times, drop, tau, min_slope)
  by_weights, by_times = solver.backward(
    weights,
    Events(times, sources),
    EventNeuron(tau_syn, threshold, reset),
    crossings.times,
    factors,
  )
  by_threshold = factors.sum((0, 2))
  by_reset = (factors * earlier).sum((0, 2))
  return by_weights, by_times, None, by_threshold, by_reset


_crossings.defvjp(_forward, _backward)


def _sweep(crossings, errors, drop, tau, min_slope):
  """Adds to each error what a spike does to the later ones of its neuron.

  Returns:
    The total errors over the slopes `[B, O, K]`, and Σ e^(-(tₖ - tₘ)/τ) over
    the earlier spikes of the same neuron.
  """
  times = jnp.moveaxis(crossings.times, -1, 0)
  slopes = jnp.moveaxis(crossings.slopes, -1, 0)
  is_spike = jnp.isfinite(times)
  slopes = jnp.maximum(slopes, min_slope)
  is_steep = is_spike & (slopes > jnp.finfo(slopes.dtype).tiny ** 0.5)
  inverse = jnp.where(is_steep, 1 / jnp.where(is_steep, slopes, 1), 0)
  times = jnp.where(is_spike, times, 0)
  gaps = jnp.diff(times, axis=0, append=times[-1:])
  decays = jnp.exp(-jnp.maximum(gaps, 0) / tau)  # to the next spike
  errors = jnp.where(is_spike, jnp.moveaxis(errors, -1, 0), 0)

  def back(later, slot):
    error, inverse, decay = slot
    later = later * decay
    factor = (error + later) * inverse
    return later + drop * factor, factor

  def onward(earlier, slot):
    is_spike, decay = slot
    return (earlier + is_spike) * decay, earlier

  zeros = jnp.zeros_like(drop)
  slots = errors, inverse, decays
  _, factors = jax.lax.scan(back, zeros, slots, reverse=True)
  _, earlier = jax.lax.scan(onward, zeros, (is_spike, decays))
  return jnp.moveaxis(factors, 0, -1), jnp.moveaxis(earlier, 0, -1)
