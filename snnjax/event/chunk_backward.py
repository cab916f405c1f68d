# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Errors from spikes to their inputs, the latest first.

In exponential time, y = e^(t/τ), the factors of the spikes k after an event i
are sums that grow towards the past,

  ∂L/∂W[i] = τ·(yᵢ²·Σ factor/yₖ² - yᵢ·Σ factor/yₖ)
  ∂L/∂tᵢ   = W[i]·(2·yᵢ²·Σ factor/yₖ² - yᵢ·Σ factor/yₖ)

and what an example adds to ∂L/∂W goes where it belongs chunk by chunk: nothing
is held per example and weight.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.event.chunks import cutter
from snnjax.event.types import EventNeuron, Events
from snnjax.types import Array

_EVENTS_PER_CHUNK = 12


def trace_back(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  times: Array,
  factors: Array,
  by_weights: Array,
) -> tuple[Array, Array]:
  """Takes spikes' errors to their inputs; see `SpikeSolver.backward`.

  ∂L/∂weights is added to `by_weights` `[I, O]`.
  """
  tau = neuron.tau
  times, factors = (jnp.moveaxis(x, -1, 0) for x in (times, factors))
  is_spike = jnp.isfinite(times)
  until = jnp.max(jnp.where(is_spike, times, -jnp.inf), axis=(0, 2))
  num_chunks, last, cut = cutter(
    weights, events, neuron, until, 'left', _EVENTS_PER_CHUNK
  )
  y = jnp.exp(jnp.where(is_spike, times, 0) / tau)
  slow = jnp.where(is_spike, factors / y, 0)
  is_after = is_spike & (y > last[None])
  later = jnp.where(is_after, slow, 0)
  latest = _latest_first(jnp.where(is_spike, y, 0), slow)

  def go_back(i, args):
    sums, by_weights, by_times = args
    k = num_chunks - 1 - i
    chunk = cut(k)
    sums, slow, fast = _add_later(sums, chunk, latest)
    strength = chunk.strength[..., None]
    slow, fast = strength * slow, strength**2 * fast
    by_weights = by_weights.at[chunk.sources].add(tau * (fast - slow))
    errors = jnp.sum(chunk.weights * (2 * fast - slow), axis=-1)
    by_times = jax.lax.dynamic_update_slice_in_dim(
      by_times, errors, k * _EVENTS_PER_CHUNK, axis=1
    )
    return sums, by_weights, by_times

  batch, num_events = events.times.shape
  start = (
    _Later(
      slow=later.sum(0),
      fast=(later / y).sum(0),
      left=jnp.sum(is_spike & ~is_after, axis=0, dtype=jnp.int32),
    ),
    by_weights,
    jnp.zeros((batch, num_events + _EVENTS_PER_CHUNK), weights.dtype),
  )
  _, by_weights, by_times = jax.lax.fori_loop(0, num_chunks, go_back, start)
  return by_weights, by_times[:, :num_events]


class _Later(NamedTuple):
  """Sums over the spikes after the event at hand, and how many are not in."""

  slow: Array  # [B, O], Σ factor/yₖ
  fast: Array  # [B, O], Σ factor/yₖ²
  left: Array  # int32 [B, O]


def _latest_first(y, slow):
  """Makes `(left, start) -> (y, slow, fast)` of the last spike that is left.

  All are 0 where there is none after the start `[B, 1]`.

  Args:
    y: of the spikes `[K, B, O]`, ascending along K; 0 for none.
    slow: factor/y, likewise.
  """
  size = y[0].size
  lanes = jnp.arange(size).reshape(y.shape[1:])
  y, slow = y.ravel(), slow.ravel()

  def latest(left, start):
    place = lanes + size * jnp.maximum(left - 1, 0)
    is_one = (left > 0) & (y[place] > start)
    found = jnp.where(is_one, y[place], 0)
    of_slow = jnp.where(is_one, slow[place], 0)
    return found, of_slow, of_slow / jnp.where(is_one, found, 1)

  return latest


def _add_later(sums, chunk, latest):
  """Adds the spikes after a chunk's start.

  Returns:
    The sums at its start, and slow and fast `[B, C, O]` at each of its events.
  """
  start = chunk.y[:, :1]

  def add(args):
    (y, slow, fast), sums, slows, fasts = args
    is_later = chunk.y[..., None] < y[:, None]
    slows = slows + jnp.where(is_later, slow[:, None], 0)
    fasts = fasts + jnp.where(is_later, fast[:, None], 0)
    sums = _Later(sums.slow + slow, sums.fast + fast, sums.left - (y > 0))
    return latest(sums.left, start), sums, slows, fasts

  shape = chunk.weights.shape
  _, sums, slows, fasts = jax.lax.while_loop(
    lambda args: jnp.any(args[0][0] > 0),
    add,
    (
      latest(sums.left, start),
      sums,
      jnp.broadcast_to(sums.slow[:, None], shape),
      jnp.broadcast_to(sums.fast[:, None], shape),
    ),
  )
  return sums, slows, fasts
