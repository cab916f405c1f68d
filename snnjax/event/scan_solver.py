# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The readable solver: events in the order of time, all neurons at once.

Sums are kept in local time, relative to the event at hand, so that nothing
overflows however long the simulation.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.event.sweep import sweep_slots
from snnjax.event.types import (
  Crossings,
  EventNeuron,
  Events,
  SpikeSolver,
  count_events,
  resolve,
)
from snnjax.numerics import safe_sqrt
from snnjax.types import Array


class _Carry(NamedTuple):
  origin: Array  # [B, 1] (s), the time of the event at hand
  a: Array  # [B, O], Σ w·e^(-(t - tᵢ)/τₛ)
  b: Array  # [B, O], Σ w·e^(-(t - tᵢ)/τ) - Δθ/τ·Σ e^(-(t - tₖ)/τ)
  last: Array  # [B, O], e^((t - origin)/τ) of the last spike after the origin
  count: Array  # int32 [B, O]
  crossings: Crossings


def _forward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  max_spikes: int,
  t_max: float,
) -> Crossings:
  tau = neuron.tau
  shape = (events.times.shape[0], weights.shape[1])
  c = jnp.broadcast_to(neuron.threshold / tau, shape)
  drop = jnp.broadcast_to(neuron.reset / tau, shape)
  zeros = jnp.zeros(shape, weights.dtype)
  full = (*shape, max_spikes)
  upcoming = jnp.pad(
    events.times[:, 1:], ((0, 0), (0, 1)), constant_values=jnp.inf
  )

  def integrate(e, carry):
    origin = events.times[:, e, None]
    is_event = jnp.isfinite(origin)
    decay = jnp.exp((carry.origin - jnp.where(is_event, origin, 0)) / tau)
    decay = jnp.where(is_event, decay, 1)
    w = jnp.where(is_event, weights[events.sources[:, e]], 0)
    carry = carry._replace(
      origin=jnp.where(is_event, origin, carry.origin),
      a=carry.a * decay**2 + w,
      b=carry.b * decay + w,
      last=jnp.ones_like(zeros),
    )
    end = jnp.minimum(upcoming[:, e, None], t_max)
    end = jnp.where(is_event, end, -jnp.inf)

    def fire(args):
      carry = _emit(args[0], args[1], drop)
      return carry, _solve(carry, c, tau, end)

    return jax.lax.while_loop(
      lambda args: jnp.any(args[1].is_valid),
      fire,
      (carry, _solve(carry, c, tau, end)),
    )[0]

  carry = _Carry(
    origin=jnp.zeros((shape[0], 1), events.times.dtype),
    a=zeros,
    b=zeros,
    last=zeros,
    count=jnp.zeros(shape, jnp.int32),
    crossings=Crossings(
      times=jnp.full(full, jnp.inf, weights.dtype),
      slopes=jnp.ones(full, weights.dtype),
      has_overflown=jnp.zeros(shape, bool),
    ),
  )
  num_events = jnp.max(count_events(events))
  return jax.lax.fori_loop(0, num_events, integrate, carry).crossings


class _Candidate(NamedTuple):
  z: Array  # [B, O], e^((t* - origin)/τ)
  time: Array  # [B, O] (s)
  slope: Array  # [B, O]
  is_valid: Array  # bool [B, O]


def _solve(carry, c, tau, end):
  """The upward root of c·z² - b·z + a = 0, if it lies before `end`."""
  discriminant = carry.b**2 - 4 * carry.a * c
  may_cross = (discriminant >= 0) & (carry.a > 0) & (carry.b > 0)
  root = safe_sqrt(discriminant)
  z = jnp.where(may_cross, 2 * carry.a, 1) / jnp.where(
    may_cross, carry.b + root, 1
  )
  # Below the threshold at first, the membrane is not yet past the way down. A
  # root before the start is rounding: the interval before just missed it.
  is_ahead = carry.b + root > 2 * c * carry.last
  z = jnp.maximum(z, carry.last)
  time = carry.origin + tau * jnp.log(z)
  is_valid = may_cross & is_ahead & (time <= end) & (end > carry.origin)
  is_valid &= ~carry.crossings.has_overflown
  return _Candidate(z, time, resolve(carry.a / z**2 - c, c), is_valid)


def _emit(carry, candidate, drop):
  """Records the valid candidates and resets their neurons."""
  times, slopes, has_overflown = carry.crossings
  valid = candidate.is_valid
  here = jax.nn.one_hot(carry.count, times.shape[-1], dtype=bool)
  here &= valid[..., None]
  return carry._replace(
    b=carry.b - jnp.where(valid, drop * candidate.z, 0),
    last=jnp.where(valid, candidate.z, carry.last),
    count=carry.count + valid,
    crossings=Crossings(
      times=jnp.where(here, candidate.time[..., None], times),
      slopes=jnp.where(here, candidate.slope[..., None], slopes),
      has_overflown=has_overflown | (valid & (carry.count == times.shape[-1])),
    ),
  )


class _Suffix(NamedTuple):
  now: Array  # [B, 1] (s), the time of the event at hand
  slow: Array  # [B, O], Σ factor·e^(-(tₖ - now)/τ) over own spikes tₖ > now
  fast: Array  # [B, O], the same with 2/τ
  left: Array  # int32 [B, O], own spikes that are not yet in the sums


def _backward(
  weights: Array,
  events: Events,
  neuron: EventNeuron,
  t_max: float,
  times: Array,
  factors: Array,
) -> tuple[Array, Array]:
  del t_max
  tau = neuron.tau
  num_events = jnp.max(count_events(events))

  def trace_back(i, carry):
    suffix, by_weights, by_times = carry
    e = num_events - 1 - i
    t = events.times[:, e, None]
    is_event = jnp.isfinite(t)
    t = jnp.where(is_event, t, suffix.now)
    suffix = _go_back(suffix, t, is_event, times, factors, tau)
    sources = events.sources[:, e]
    rows = jnp.where(is_event, tau * (suffix.fast - suffix.slow), 0)
    slopes = 2 * suffix.fast - suffix.slow
    errors = jnp.where(is_event, weights[sources] * slopes, 0).sum(-1)
    by_weights = by_weights.at[sources].add(rows)
    return suffix, by_weights, by_times.at[:, e].set(errors)

  is_spike = jnp.isfinite(times)
  latest = jnp.maximum(
    jnp.max(jnp.where(is_spike, times, 0), axis=(1, 2)),
    jnp.max(jnp.where(jnp.isfinite(events.times), events.times, 0), axis=1),
  )
  zeros = jnp.zeros(times.shape[:2], weights.dtype)
  suffix = _Suffix(
    now=latest[:, None],
    slow=zeros,
    fast=zeros,
    left=jnp.sum(is_spike, axis=-1, dtype=jnp.int32),
  )
  start = suffix, jnp.zeros_like(weights), jnp.zeros_like(events.times)
  return jax.lax.fori_loop(0, num_events, trace_back, start)[1:]


def _go_back(suffix, t, is_event, times, factors, tau):
  """Moves the sums to an earlier time and adds the spikes after it."""
  decay = jnp.exp((t - suffix.now) / tau)

  def is_pending(suffix):
    time = _take(times, suffix.left - 1)
    return is_event & (suffix.left > 0) & (time > t), time

  def add(suffix):
    is_next, time = is_pending(suffix)
    factor = jnp.where(is_next, _take(factors, suffix.left - 1), 0)
    decay = jnp.exp((t - jnp.where(is_next, time, t)) / tau)
    return suffix._replace(
      slow=suffix.slow + factor * decay,
      fast=suffix.fast + factor * decay**2,
      left=suffix.left - is_next,
    )

  return jax.lax.while_loop(
    lambda suffix: jnp.any(is_pending(suffix)[0]),
    add,
    suffix._replace(
      now=t, slow=suffix.slow * decay, fast=suffix.fast * decay**2
    ),
  )


def _take(slots, index):
  """Slot number `index` [B, O] (at least the first) of `[B, O, K]`."""
  index = jnp.maximum(index, 0)[..., None]
  return jnp.take_along_axis(slots, index, axis=-1)[..., 0]


solve_by_scan = SpikeSolver(_forward, _backward, sweep_slots)
