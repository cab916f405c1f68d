# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spikes of many neurons: a lane per neuron, event after event.

Sums are kept in time z = e^((t - origin)/τ), whose origin moves on now and
then, so that nothing overflows however long the simulation; seldom, since
rounding then hits all that was summed.
"""

import jax
import jax.numpy as jnp
from jax.experimental import pallas as pl

from pallas_kernels import backend
from pallas_kernels.crossings import Parabola, may_reach, upward_root
from pallas_kernels.event_forward import Progress, Refs, record

_FARTHEST = 4.0  # time constants from the origin to an event


def grid(batch: int, num_outputs: int) -> tuple[int, int]:
  """How many programs it takes."""
  return batch, backend.num_blocks(num_outputs, backend.LANES)


def kernel(refs: Refs, tau: float, t_max: float) -> None:
  """Finds the spikes of some neurons in one example."""
  example = pl.program_id(0)
  lanes = pl.program_id(1) * backend.LANES + jnp.arange(backend.LANES)
  is_neuron = lanes < refs.c.shape[0]
  c = backend.load(refs.c.at[lanes], mask=is_neuron, other=1)
  drop = backend.load(refs.drop.at[lanes], mask=is_neuron, other=0)
  num_events = refs.num_events[example]

  def integrate(e, carry):
    origin, a, b, progress = carry
    time = refs.times[example, e]
    source = refs.sources[example, e]
    w = backend.load(refs.weights.at[source, lanes], mask=is_neuron, other=0)
    after = backend.load(
      refs.times.at[example, e + 1], mask=e + 1 < num_events, other=jnp.inf
    )
    end = jnp.minimum(after, t_max)
    is_far = time - origin > _FARTHEST * tau
    decay = jnp.where(is_far, jnp.exp((origin - time) / tau), 1)
    origin = jnp.where(is_far, time, origin)
    y = jnp.exp((time - origin) / tau)
    a, b = a * decay * decay + w * y * y, b * decay + w * y
    z_end = jnp.exp((end - origin) / tau)

    def search(last, b, progress):
      may = may_reach(Parabola(a, b, c), last, z_end)
      return (may & (end > time) & (progress.is_over == 0)).astype(jnp.int32)

    def fire(args):
      last, b, progress, is_open = args
      root = upward_root(Parabola(a, b, c), last)
      when = origin + tau * jnp.log(root.z)
      is_spike = (is_open == 1) & root.is_ahead & (when <= end)
      progress = record(refs, example, lanes, progress, root, when, is_spike)
      b = b - jnp.where(is_spike, drop * root.z, 0)
      last = jnp.where(is_spike, root.z, last)
      is_open = is_spike.astype(jnp.int32) * search(last, b, progress)
      return last, b, progress, is_open

    last = jnp.full_like(a, y)
    _, b, progress, _ = jax.lax.while_loop(
      lambda args: jnp.sum(args[-1]) > 0,
      fire,
      (last, b, progress, search(last, b, progress)),
    )
    return origin, a, b, progress

  zeros, none = jnp.zeros_like(c), jnp.zeros(lanes.shape, jnp.int32)
  start = jnp.zeros((), c.dtype), zeros, zeros, Progress(none, none)
  progress = jax.lax.fori_loop(0, num_events, integrate, start)[-1]
  at = refs.overflown.at[example, lanes]
  backend.store(at, progress.is_over, mask=is_neuron)
