# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Izhikevich's simple model: two equations, twenty kinds of firing."""

from typing import NamedTuple

import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons.neuron import Value, fired, neuron, values
from snnjax.types import Array, Cell, SpikeFn

PEAK = 30.0  # mV


class IzhikevichParams(NamedTuple):
  a: Array  # [] or [N...], 1/ms, rate of the recovery
  b: Array  # [] or [N...], its sensitivity to the membrane
  c: Array  # [] or [N...], mV, the membrane after a spike
  d: Array  # [] or [N...], what a spike adds to the recovery


class IzhikevichState(NamedTuple):
  membrane: Array  # [B, N...], mV
  recovery: Array  # [B, N...]


def izhikevich(
  a: Value = 0.02,
  b: Value = 0.2,
  c: Value = -65.0,
  d: Value = 8.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(fires=jnp.greater_equal),
) -> Cell:
  """Makes a layer of Izhikevich's neurons, by default regular spiking.

    where v ≥ 30:  v = c,  u = u + d
    v = v + ½·(0.04·v² + 5·v + 140 - u + I)      twice, for stability
    u = u + a·(b·v - u)
    S = H(v/30 - 1)

  A step is a millisecond.

  Others of the paper: fast spiking a = 0.1, d = 2; chattering c = -50, d = 2;
  intrinsically bursting c = -55, d = 4; resonator a = 0.1, b = 0.26, d = 2.

  Args:
    a: rate of the recovery u (1/ms); a number, one per neuron, or an
      initialiser.
    b: its sensitivity to the membrane v, likewise.
    c: the membrane after a spike (mV), likewise.
    d: what a spike adds to the recovery, likewise.
    spike_fn: H and its surrogate derivative.

  References: Izhikevich, "Simple model of spiking neurons", 2003.
  """

  def init(key, in_shape):
    return values(IzhikevichParams, key, in_shape, a=a, b=b, c=c, d=d)

  def at_rest(params, shape):
    return IzhikevichState(
      membrane=jnp.broadcast_to(params.c, shape),
      recovery=jnp.broadcast_to(params.b * params.c, shape),
    )

  def step(params, state, x):
    has_fired = fired(spike_fn, state.membrane / PEAK, 1.0)
    v = (1.0 - has_fired) * state.membrane + has_fired * params.c
    u = state.recovery + has_fired * params.d
    for _ in range(2):
      v += 0.5 * (0.04 * jnp.square(v) + 5.0 * v + 140.0 - u + x)
    u += params.a * (params.b * v - u)
    return IzhikevichState(v, u), spike_fn(v / PEAK - 1.0)

  return neuron(init, at_rest, step)
