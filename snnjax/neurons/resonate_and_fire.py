# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Resonate-and-fire: a damped oscillator that spikes."""

from typing import NamedTuple

import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons.neuron import Value, fired, neuron, values, zeros
from snnjax.types import Array, Cell, SpikeFn


class ResonateAndFireParams(NamedTuple):
  damping: Array  # [] or [N...], 1/s, negative
  frequency: Array  # [] or [N...], rad/s
  threshold: Array  # [] or [N...]


class ResonateAndFireState(NamedTuple):
  current: Array  # [B, N...], the real part
  voltage: Array  # [B, N...], the imaginary part


def resonate_and_fire(
  damping: Value = -1.0,
  frequency: Value = 10.0,
  threshold: Value = 1.0,
  *,
  dt: float = 0.01,
  spike_fn: SpikeFn = surrogate.arctan(),
) -> Cell:
  """Makes a layer of resonators: dz/dt = (b + iω)·z + I, exactly over a step.

    R[t] = H(Im z[t-1] - θ)                               without gradient
    z[t] = exp((b + iω)·dt)·(R[t] ? iθ : z[t-1]) + I[t]
    S[t] = H(Im z[t] - θ)

  An input is a pulse to the current, the real part; it reaches the voltage,
  the imaginary part, with the rotation. Inputs in phase with it add up.

  Args:
    damping: b (1/s), negative; a number, one per neuron, or an initialiser.
    frequency: ω (rad/s), likewise.
    threshold: θ, likewise.
    dt: length of a time step (seconds).
    spike_fn: H and its surrogate derivative.

  References: Izhikevich, "Resonate-and-fire neurons", 2001.
  """

  def init(key, in_shape):
    return values(
      ResonateAndFireParams,
      key,
      in_shape,
      damping=damping,
      frequency=frequency,
      threshold=threshold,
    )

  def step(params, state, x):
    has_fired = fired(spike_fn, state.voltage, params.threshold)
    current = (1.0 - has_fired) * state.current
    voltage = (1.0 - has_fired) * state.voltage + has_fired * params.threshold
    radius = jnp.exp(params.damping * dt)
    cos = radius * jnp.cos(params.frequency * dt)
    sin = radius * jnp.sin(params.frequency * dt)
    state = ResonateAndFireState(
      current=cos * current - sin * voltage + x,
      voltage=sin * current + cos * voltage,
    )
    return state, spike_fn(state.voltage - params.threshold)

  return neuron(init, zeros(ResonateAndFireState), step)
