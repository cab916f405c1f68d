# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The fast solver: a few events at a time, spikes in rounds.

In exponential time, y = e^(t/τ), the membrane is a parabola between events,

  u(t) ≥ θ  ⇔  c·y² - b·y + a ≤ 0,   c = θ/τ
  a = Σ W[i]·yᵢ²,   b = Σ W[i]·yᵢ - Δθ/τ·Σ yₖ

so a neuron that was below the threshold crosses it in (y₁, y₂] where the
parabola is negative at y₂, or dips below zero in between: no square root and no
logarithm where nothing happens. A spike lowers b for good, and with it the
membrane of the past, which therefore need not be told from the future: each
round looks for a crossing in all the intervals of a chunk, until none is left.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.event.scan_solver import solve_by_scan
from snnjax.event.types import (
  Crossings,
  EventNeuron,
  Events,
  SpikeSolver,
  resolve,
)
from snnjax.types import Array

_LONGEST = 20.0  # t_max/τ; squares of e^(t/τ) have to be far from overflow
_CHUNK_FORWARD = 6  # events; unrolled
_CHUNK_BACKWARD = 12


class _Chunk(NamedTuple):
  weights: Array  # [B, C, O]
  sources: Array  # int32 [B, C]
  y: Array  # [B, C], where no event is, that of the last one
  strength: Array  # [B, C], y, or 0 where no event is
  end: Array  # [B, C], y at the next event


def _cutter(weights, events, neuron, until, side, size):
  """Cuts the events before a time `[B]` into chunks; 'right': or at it.

  Returns:
    The number of chunks, y at the last event `[B, 1]`, and how to cut a chunk.
  """
  tau = 2 * neuron.tau_syn
  num_events = jax.vmap(
    lambda times, until: jnp.searchsorted(times, until, side=side)
  )(events.times, until)[:, None]
  last = jnp.take_along_axis(events.times, jnp.maximum(num_events - 1, 0), 1)
  last = jnp.where(num_events > 0, last, 0)

  def cut(k):
    places = k * size + jnp.arange(size + 1)
    is_event = places[None] < num_events
    times = events.times.at[:, places].get(mode='fill', fill_value=jnp.inf)
    sources = events.sources.at[:, places[:-1]].get(mode='fill', fill_value=0)
    y = jnp.exp(jnp.where(is_event, times, last) / tau)
    strength = jnp.where(is_event, y, 0)[:, :-1]
    return _Chunk(weights[sources], sources, y[:, :-1], strength, y[:, 1:])

  return -(-jnp.max(num_events) // size), jnp.exp(last / tau), cut


class _Carry(NamedTuple):
  b: Array  # [B, O]
  count: Array  # int32 [B, O]
  times: Array  # [K, B·O]
  slopes: Array  # [K, B·O]


def _forward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
) -> Crossings:
  if _is_long(neuron, t_max):
    return solve_by_scan.forward(weights, events, neuron, max_spikes, t_max)
  tau = 2 * neuron.tau_syn
  shape = events.times.shape[0], weights.shape[1]
  lanes = shape[0] * shape[1]
  c = jnp.broadcast_to(neuron.threshold / tau, shape)
  drop = jnp.broadcast_to(neuron.reset / tau, shape)
  num_chunks, last, cut = _cutter(
    weights,
    events,
    neuron,
    jnp.full(shape[:1], t_max, weights.dtype),
    'right',
    _CHUNK_FORWARD,
  )

  def fire(carry, y, a_of, find):
    """Records spikes in rounds, and resets, until there are none."""

    def round_(args):
      carry, y = args
      is_spike = jnp.isfinite(y)
      safe = jnp.where(is_spike, y, 1)
      slot = jnp.where(is_spike, carry.count, max_spikes).ravel()
      where = slot, jnp.arange(lanes)

      def record(slots, values):
        return slots.at[where].set(
          values.ravel(), mode='drop', unique_indices=True
        )

      carry = _Carry(
        carry.b - jnp.where(is_spike, drop * safe, 0),
        carry.count + is_spike,
        record(carry.times, tau * jnp.log(safe)),
        record(carry.slopes, resolve(a_of(y) / safe**2 - c, c)),
      )
      return carry, find(carry)

    return jax.lax.while_loop(
      lambda args: jnp.any(jnp.isfinite(args[1])), round_, (carry, y)
    )[0]

  def root(carry, a, b, is_crossed):
    is_crossed &= (a > 0) & (b > 0) & (carry.count <= max_spikes)
    a, b = jnp.where(is_crossed, a, 1), jnp.where(is_crossed, b, 1)
    x = jnp.sqrt(jnp.maximum(b * b - 4 * c * a, 0))
    return jnp.where(is_crossed, 2 * a / (b + x), jnp.inf)

  def integrate(args):
    k, a, carry = args
    chunk = cut(k)

    def find(carry):
      return root(carry, *_first_crossing(a, carry.b, c, chunk))

    def a_of(y):
      return a + sum(
        jnp.where(chunk.y[:, i, None] < y, w * s * s, 0)
        for i, w, s in _inputs(chunk)
      )

    carry = fire(carry, find(carry), a_of, find)
    b = carry.b + sum(w * s for _, w, s in _inputs(chunk))
    a = a + sum(w * s * s for _, w, s in _inputs(chunk))
    return k + 1, a, carry._replace(b=b)

  zeros = jnp.zeros(shape, weights.dtype)
  carry = _Carry(
    zeros,
    jnp.zeros(shape, jnp.int32),
    jnp.full((max_spikes, lanes), jnp.inf, weights.dtype),
    jnp.ones((max_spikes, lanes), weights.dtype),
  )
  _, a, carry = jax.lax.while_loop(
    lambda args: (args[0] < num_chunks) & jnp.any(args[2].count <= max_spikes),
    integrate,
    (0, zeros, carry),
  )
  end = jnp.exp(jnp.asarray(t_max / tau, weights.dtype))

  def find(carry):
    return root(carry, a, carry.b, _crosses(a, carry.b, c, last, end))

  carry = fire(carry, find(carry), lambda y: a, find)
  times, slopes = (
    jnp.moveaxis(slots.reshape(max_spikes, *shape), 0, -1)
    for slots in (carry.times, carry.slopes)
  )
  return Crossings(times, slopes, carry.count > max_spikes)


def _crosses(a, b, c, start, end):
  """Whether the parabola gets to zero in (start, end], positive at first."""
  is_beyond = (c * end - b) * end + a <= 0
  dips = (b * b >= 4 * c * a) & (b > 2 * c * start) & (b <= 2 * c * end)
  return (is_beyond | dips) & (end > start)


def _first_crossing(a, b, c, chunk):
  """The sums a and b of the first interval with a crossing, and if any has."""
  found = jnp.zeros(a.shape, bool)
  first_a, first_b = a, b
  for i, w, s in _inputs(chunk):
    a = a + w * s * s
    b = b + w * s
    new = _crosses(a, b, c, chunk.y[:, i, None], chunk.end[:, i, None]) & ~found
    first_a, first_b = jnp.where(new, a, first_a), jnp.where(new, b, first_b)
    found |= new
  return first_a, first_b, found


def _inputs(chunk):
  """Per event of a chunk: its number, weights [B, O] and strength [B, 1]."""
  for i in range(chunk.weights.shape[1]):
    yield i, chunk.weights[:, i], chunk.strength[:, i, None]


def _is_long(neuron, t_max):
  return t_max / (2 * neuron.tau_syn) > _LONGEST


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
  tau = 2 * neuron.tau_syn
  batch, outputs, _ = times.shape
  lanes = batch * outputs
  size = _CHUNK_BACKWARD
  times = jnp.moveaxis(times, -1, 0)
  is_spike = jnp.isfinite(times)
  num_chunks, last, cut = _cutter(
    weights,
    events,
    neuron,
    jnp.max(jnp.where(is_spike, times, -jnp.inf), axis=(0, 2)),
    'left',
    size,
  )
  y = jnp.exp(jnp.where(is_spike, times, 0) / tau)
  slow = jnp.where(is_spike, jnp.moveaxis(factors, -1, 0) / y, 0)
  is_after = is_spike & (y > last[None])
  later = jnp.where(is_after, slow, 0)
  left = jnp.sum(is_spike & ~is_after, axis=0, dtype=jnp.int32)
  flat_y, flat_slow = y.reshape(-1), slow.reshape(-1)
  lane = jnp.arange(lanes).reshape(batch, outputs)

  def latest(left, start):
    """The last spike not yet accounted for, if it is after the start."""
    place = lane + lanes * jnp.maximum(left - 1, 0)
    y, slow = flat_y[place], flat_slow[place]
    y = jnp.where((left > 0) & (y > start), y, 0)
    return y, jnp.where(y > 0, slow, 0), jnp.where(y > 0, slow / y, 0)

  def trace_back(i, args):
    slow, fast, left, by_weights, by_times = args
    k = num_chunks - 1 - i
    chunk = cut(k)
    start = chunk.y[:, :1]

    def add(args):
      (y, s, f), slow, fast, left, within_slow, within_fast = args
      is_later = chunk.y[..., None] < y[:, None]
      within_slow = within_slow + jnp.where(is_later, s[:, None], 0)
      within_fast = within_fast + jnp.where(is_later, f[:, None], 0)
      left = left - (y > 0)
      found = latest(left, start)
      return found, slow + s, fast + f, left, within_slow, within_fast

    none = jnp.zeros_like(chunk.weights)
    _, now_slow, now_fast, left, within_slow, within_fast = jax.lax.while_loop(
      lambda args: jnp.any(args[0][0] > 0),
      add,
      (latest(left, start), slow, fast, left, none, none),
    )
    strength = chunk.strength[..., None]
    of_slow = strength * (slow[:, None] + within_slow)
    of_fast = strength**2 * (fast[:, None] + within_fast)
    by_weights = by_weights.at[chunk.sources].add(tau * (of_fast - of_slow))
    errors = jnp.sum(chunk.weights * (2 * of_fast - of_slow), axis=-1)
    by_times = jax.lax.dynamic_update_slice_in_dim(
      by_times, errors, k * size, axis=1
    )
    return now_slow, now_fast, left, by_weights, by_times

  num_events = events.times.shape[1]
  start = (
    later.sum(0),
    (later / y).sum(0),
    left,
    jnp.zeros_like(weights),
    jnp.zeros((batch, num_events + size), weights.dtype),
  )
  *_, by_weights, by_times = jax.lax.fori_loop(0, num_chunks, trace_back, start)
  return by_weights, by_times[:, :num_events]


solve_by_chunks = SpikeSolver(_forward, _backward)
