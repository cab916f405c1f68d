# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Gradients of weights and input times; no array of batch, post and pre.

For an input event at tᵢ both need sums over a neuron's later spikes tₖ,

  slow = Σ fₖ·e^(-(tₖ - tᵢ)/τ),   fast = Σ fₖ·e^(-2(tₖ - tᵢ)/τ),

with the factors f of `SpikeSolver`: ∂L/∂W[i] = τ·Σ (fast - slow) over the
batch, ∂L/∂tᵢ = Σ W[i]·(2·fast - slow) over neurons. The plain twin is
`snnjax.event.solve_by_scan`.
"""

import functools

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from pallas_kernels import backend
from snnjax.types import Array


def weight_gradient(
  num_inputs: int,
  times: Array,
  sources: Array,
  num_events: Array,
  spikes: Array,
  factors: Array,
  *,
  tau: float,
) -> Array:
  """Finds ∂L/∂W; a program sums over the batch, and alone writes its place.

  Args:
    num_inputs: I.
    times: ascending `[B, E]` (s).
    sources: int32 `[B, E]`.
    num_events: int32 `[B]`, how many of the times are spikes.
    spikes: of the layer `[B, S, O]` (s), padded with inf.
    factors: `[B, S, O]`.
    tau: τ (s).

  Returns:
    ∂L/∂W `[I, O]`.
  """
  num_outputs, num_places = spikes.shape[-1], times.shape[-1]
  order, starts, stops = _by_source(num_inputs, sources, num_events)
  tiles = backend.num_blocks(num_outputs, backend.COLUMNS)
  parts = backend.num_blocks(backend.PROGRAMS, num_inputs * tiles)
  kernel = functools.partial(
    _weight_kernel, num_places=num_places, parts=parts, tau=tau
  )
  shape = parts, num_inputs, num_outputs
  return backend.launch(
    kernel,
    (num_inputs, tiles, parts),
    (order, starts, stops, times.reshape(-1), spikes, factors),
    jax.ShapeDtypeStruct(shape, spikes.dtype),
  ).sum(0)


def _by_source(num_inputs, sources, num_events):
  """Where in `[B·E]` the events of each source are, in turn.

  Returns:
    The places int32 `[B·E]`, and where those of each source start and stop
    among them, int32 `[I]`; 0 and 0 of a source without events.
  """
  is_event = jnp.arange(sources.shape[1])[None] < num_events[:, None]
  keys = jnp.where(is_event, sources, num_inputs).reshape(-1)
  places = jnp.arange(keys.size, dtype=jnp.int32)
  keys, order = jax.lax.sort((keys, places), num_keys=1)
  is_border = jnp.pad(keys[1:] != keys[:-1], 1, constant_values=True)

  def of_sources(is_chosen, places):
    chosen = jnp.where(is_chosen, keys, num_inputs)
    nothing = jnp.zeros(num_inputs, jnp.int32)
    return nothing.at[chosen].set(places, mode='drop')

  starts = of_sources(is_border[:-1], places)
  stops = of_sources(is_border[1:], places + 1)
  return order, starts, stops


def _weight_kernel(
  order_ref,
  starts_ref,
  stops_ref,
  times_ref,
  spikes_ref,
  factors_ref,
  by_weights_ref,
  *,
  num_places,
  parts,
  tau,
):
  source, part = pl.program_id(0), pl.program_id(2)
  columns = pl.program_id(1) * backend.COLUMNS + jnp.arange(backend.COLUMNS)
  start, stop = starts_ref[source], stops_ref[source]
  share = backend.num_blocks(stop - start, parts)
  start = start + part * share
  stop = jnp.minimum(start + share, stop)

  def add(k, total):
    rows = start + k * backend.ROWS + jnp.arange(backend.ROWS)
    is_event = rows < stop
    place = backend.load(order_ref.at[rows], mask=is_event, other=0)
    time = backend.load(times_ref.at[place], mask=is_event, other=jnp.inf)
    slow, fast = _later(
      spikes_ref, factors_ref, place // num_places, time, columns, tau
    )
    return total + tau * (fast - slow)

  zeros = jnp.zeros((backend.ROWS, backend.COLUMNS), by_weights_ref.dtype)
  num_steps = backend.num_blocks(jnp.maximum(stop - start, 0), backend.ROWS)
  total = jax.lax.fori_loop(0, num_steps, add, zeros)
  backend.store(
    by_weights_ref.at[part, source, columns],
    jnp.sum(total, axis=0),
    mask=columns < by_weights_ref.shape[-1],
  )


def time_gradient(
  weights: Array,
  times: Array,
  sources: Array,
  num_events: Array,
  spikes: Array,
  factors: Array,
  *,
  tau: float,
) -> Array:
  """Finds ∂L/∂times `[B, E]`; see `weight_gradient`."""
  batch, num_places = times.shape
  programs = min(
    backend.num_blocks(num_places, backend.ROWS),
    backend.num_blocks(backend.PROGRAMS, batch),
  )
  kernel = functools.partial(_time_kernel, programs=programs, tau=tau)
  return backend.launch(
    kernel,
    (batch, programs),
    (weights, times, sources, num_events, spikes, factors),
    jax.ShapeDtypeStruct(times.shape, weights.dtype),
    preset={0: jnp.zeros(times.shape, weights.dtype)},
  )


def _time_kernel(
  weights_ref,
  times_ref,
  sources_ref,
  num_events_ref,
  spikes_ref,
  factors_ref,
  by_times_ref,
  *,
  programs,
  tau,
):
  example, program = pl.program_id(0), pl.program_id(1)
  num_events, num_outputs = num_events_ref[example], weights_ref.shape[1]
  tiles = backend.num_blocks(num_outputs, backend.COLUMNS)

  def trace(k, _):
    rows = (k * programs + program) * backend.ROWS + jnp.arange(backend.ROWS)
    is_event = rows < num_events
    time = backend.load(
      times_ref.at[example, rows], mask=is_event, other=jnp.inf
    )
    source = backend.load(sources_ref.at[example, rows], mask=is_event, other=0)
    examples = jnp.full_like(rows, example)

    def add(tile, total):
      columns = tile * backend.COLUMNS + jnp.arange(backend.COLUMNS)
      slow, fast = _later(spikes_ref, factors_ref, examples, time, columns, tau)
      w = backend.load(
        weights_ref.at[source[:, None], columns[None]],
        mask=is_event[:, None] & (columns < num_outputs)[None],
        other=0,
      )
      return total + jnp.sum(w * (2 * fast - slow), axis=1)

    zeros = jnp.zeros(backend.ROWS, weights_ref.dtype)
    total = jax.lax.fori_loop(0, tiles, add, zeros)
    backend.store(by_times_ref.at[example, rows], total, mask=is_event)

  num_steps = backend.num_blocks(num_events, programs * backend.ROWS)
  jax.lax.fori_loop(0, num_steps, trace, None)


def _later(spikes_ref, factors_ref, examples, time, columns, tau):
  """The sums `slow` and `fast` of events and neurons, `[ROWS, COLUMNS]`.

  Args:
    spikes_ref: `[B, S, O]` (s).
    factors_ref: `[B, S, O]`.
    examples: of the events `[ROWS]`.
    time: of the events `[ROWS]` (s), inf for none.
    columns: neurons `[COLUMNS]`.
    tau: τ (s).
  """
  _, room, num_outputs = spikes_ref.shape
  examples, time, columns = examples[:, None], time[:, None], columns[None]
  exists = (columns < num_outputs) & (time < jnp.inf)
  zeros = jnp.zeros(exists.shape, spikes_ref.dtype)

  def add(args):
    k, slow, fast, _ = args
    spike = backend.load(
      spikes_ref.at[examples, k, columns], mask=exists, other=jnp.inf
    )
    factor = backend.load(
      factors_ref.at[examples, k, columns], mask=exists, other=0
    )
    is_spike = exists & (spike < jnp.inf)
    is_later = is_spike & (spike > time)
    gap = jnp.where(is_later, spike, 0) - jnp.where(is_later, time, 0)
    decay = jnp.where(is_later, jnp.exp(-gap / tau), 0)
    slow, fast = slow + factor * decay, fast + factor * decay * decay
    return k + 1, slow, fast, jnp.sum(is_spike.astype(jnp.int32)) > 0

  def goes_on(args):
    k, _, _, was_spike = args
    return (k < room) & was_spike

  start = jnp.int32(0), zeros, zeros, jnp.bool_(True)
  _, slow, fast, _ = jax.lax.while_loop(goes_on, add, start)
  return slow, fast
