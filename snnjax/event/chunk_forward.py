# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spikes in rounds.

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

from snnjax.event.chunks import cutter
from snnjax.event.types import Crossings, EventNeuron, Events, resolve
from snnjax.types import Array

_EVENTS_PER_CHUNK = 6  # unrolled


class _Layer(NamedTuple):
  tau: float
  c: Array  # [B, O], θ/τ
  drop: Array  # [B, O], Δθ/τ
  max_spikes: int


class _Carry(NamedTuple):
  b: Array  # [B, O]
  count: Array  # int32 [B, O]
  times: Array  # [K, B·O]
  slopes: Array  # [K, B·O]


def find_spikes(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
) -> Crossings:
  """Finds the spikes; see `SpikeSolver.forward`."""
  tau = neuron.tau
  shape = events.times.shape[0], weights.shape[1]
  c, drop = (
    jnp.broadcast_to(x / tau, shape) for x in (neuron.threshold, neuron.reset)
  )
  layer = _Layer(tau, c, drop, max_spikes)
  until = jnp.full(shape[:1], t_max, weights.dtype)
  num_chunks, last, cut = cutter(
    weights, events, neuron, until, 'right', _EVENTS_PER_CHUNK
  )

  def integrate(args):
    k, a, carry = args
    chunk = cut(k)

    def find(carry):
      return _root(layer, carry, *_first_crossing(a, carry.b, c, chunk))

    def a_before(y):
      return a + sum(
        jnp.where(chunk.y[:, i, None] < y, w * s * s, 0)
        for i, w, s in _inputs(chunk)
      )

    carry = _fire(layer, carry, find, a_before)
    b = carry.b + sum(w * s for _, w, s in _inputs(chunk))
    a = a + sum(w * s * s for _, w, s in _inputs(chunk))
    return k + 1, a, carry._replace(b=b)

  zeros = jnp.zeros(shape, weights.dtype)
  carry = _Carry(
    b=zeros,
    count=jnp.zeros(shape, jnp.int32),
    times=jnp.full((max_spikes, zeros.size), jnp.inf, weights.dtype),
    slopes=jnp.ones((max_spikes, zeros.size), weights.dtype),
  )
  _, a, carry = jax.lax.while_loop(
    lambda args: (args[0] < num_chunks) & jnp.any(args[2].count <= max_spikes),
    integrate,
    (0, zeros, carry),
  )
  end = jnp.exp(jnp.asarray(t_max / tau, weights.dtype))

  def find_last(carry):
    is_crossed = _crosses(a, carry.b, c, last, end)
    return _root(layer, carry, a, carry.b, is_crossed)

  carry = _fire(layer, carry, find_last, lambda y: a)
  times, slopes = (
    jnp.moveaxis(slots.reshape(max_spikes, *shape), 0, -1)
    for slots in (carry.times, carry.slopes)
  )
  return Crossings(times, slopes, carry.count > max_spikes)


def _fire(layer, carry, find, a_before):
  """Records spikes in rounds, with their resets, until there are none.

  Args:
    layer: its constants.
    carry: what came before.
    find: `carry -> y [B, O]`, the next spike of each neuron, inf for none.
    a_before: `y -> a` at the spike.
  """
  lanes = jnp.arange(carry.b.size)

  def fire(args):
    carry, y = args
    is_spike = jnp.isfinite(y)
    safe = jnp.where(is_spike, y, 1)
    slope = resolve(a_before(y) / safe**2 - layer.c, layer.c)
    slot = jnp.where(is_spike, carry.count, layer.max_spikes).ravel()

    def record(slots, values):
      return slots.at[slot, lanes].set(
        values.ravel(), mode='drop', unique_indices=True
      )

    carry = _Carry(
      b=carry.b - jnp.where(is_spike, layer.drop * safe, 0),
      count=carry.count + is_spike,
      times=record(carry.times, layer.tau * jnp.log(safe)),
      slopes=record(carry.slopes, slope),
    )
    return carry, find(carry)

  return jax.lax.while_loop(
    lambda args: jnp.any(jnp.isfinite(args[1])), fire, (carry, find(carry))
  )[0]


def _root(layer, carry, a, b, is_crossed):
  """The spike y of neurons that cross and have not overflown; else inf."""
  is_crossed &= (a > 0) & (b > 0) & (carry.count <= layer.max_spikes)
  a, b = jnp.where(is_crossed, a, 1), jnp.where(is_crossed, b, 1)
  x = jnp.sqrt(jnp.maximum(b * b - 4 * layer.c * a, 0))
  return jnp.where(is_crossed, 2 * a / (b + x), jnp.inf)


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
