# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spikes of few neurons: a group of events per neuron, tested at once.

Sums before every event are prefix sums in time y = e^((t - origin)/τ), with the
group's first event as origin; a reset lowers all of them by one number, and the
first event whose interval holds a crossing has the next spike. Squares of
e^(t_max/τ) have to be far from overflow.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from pallas_kernels import backend
from pallas_kernels.crossings import Parabola, Root, upward_root
from pallas_kernels.event_forward import Progress, Refs, record
from snnjax.types import Array


def grid(batch: int, num_outputs: int) -> tuple[int, int]:
  """How many programs it takes."""
  return batch, num_outputs


class _Group(NamedTuple):
  origin: Array  # [] (s)
  time: Array  # [GROUP] (s), inf where no event is
  end: Array  # [GROUP] (s), when the next event comes
  y: Array  # [GROUP]
  w: Array  # [GROUP], 0 where no event is


def kernel(refs: Refs, tau: float, t_max: float) -> None:
  """Finds the spikes of one neuron in one example."""
  example, neuron = pl.program_id(0), pl.program_id(1)
  c, drop = refs.c[neuron], refs.drop[neuron]
  num_events = refs.num_events[example]

  def integrate(k, carry):
    before, a, b, progress = carry
    group = _read(refs, example, neuron, k, tau, t_max)
    decay = jnp.exp((before - group.origin) / tau)
    a, b = a * decay * decay, b * decay
    quick = a + jnp.cumsum(group.w * group.y * group.y)
    slow = jnp.cumsum(group.w * group.y)

    def fire(args):
      last, b, progress, _ = args
      root, when = _next(group, Parabola(quick, b + slow, c), last, tau)
      has_fired = root.is_ahead & (progress.is_over == 0)
      progress = record(refs, example, neuron, progress, root, when, has_fired)
      b = b - jnp.where(has_fired, drop * root.z, 0)
      return jnp.maximum(last, root.z), b, progress, has_fired

    _, b, progress, _ = jax.lax.while_loop(
      lambda args: args[-1],
      fire,
      (jnp.ones_like(c), b, progress, num_events > 0),
    )
    a = a + jnp.sum(group.w * group.y * group.y)
    return group.origin, a, b + jnp.sum(group.w * group.y), progress

  zero, none = jnp.zeros_like(c), jnp.int32(0)
  num_groups = backend.num_blocks(num_events, backend.GROUP)
  start = zero, zero, zero, Progress(none, none)
  progress = jax.lax.fori_loop(0, num_groups, integrate, start)[-1]
  refs.overflown[example, neuron] = progress.is_over


def _read(refs, example, neuron, k, tau, t_max):
  """Group number k of an example's events, as a neuron sees it."""
  places = k * backend.GROUP + jnp.arange(backend.GROUP)
  num_events = refs.num_events[example]
  is_event = places < num_events

  def read(ref, places, mask, other):
    return backend.load(ref.at[example, places], mask=mask, other=other)

  origin = refs.times[example, k * backend.GROUP]
  time = read(refs.times, places, is_event, jnp.inf)
  after = read(refs.times, places + 1, places + 1 < num_events, jnp.inf)
  source = read(refs.sources, places, is_event, 0)
  w = backend.load(refs.weights.at[source, neuron], mask=is_event, other=0)
  y = jnp.exp((jnp.where(is_event, time, origin) - origin) / tau)
  return _Group(origin, time, jnp.minimum(after, t_max), y, w)


def _next(group, parabolas, last, tau):
  """The first crossing in a group, if there is one ahead, and its time.

  Args:
    group: of events.
    parabolas: after each of them, `[GROUP]`.
    last: e^((t - origin)/τ) of the spike before, `[]`.
    tau: τ (s).
  """
  roots = upward_root(parabolas, jnp.maximum(group.y, last))
  time = group.origin + tau * jnp.log(roots.z)
  is_crossing = roots.is_ahead & (time <= group.end) & (group.end > group.time)
  places = jnp.arange(backend.GROUP)
  first = jnp.min(jnp.where(is_crossing, places, backend.GROUP))

  def pick(x):
    return jnp.sum(jnp.where(places == first, x, 0))

  root = Root(pick(roots.z), pick(roots.slope), first < backend.GROUP)
  return root, pick(time)
