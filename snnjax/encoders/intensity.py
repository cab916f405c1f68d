# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From intensities to spikes `[T, B, ...]` or spike times.

An intensity is a float from 0 to 1. What does not change in time has a leading
axis of length 1, so that `rate(key, constant(images), num_steps=T)` encodes a
still image and `rate(key, frames, num_steps=T)` a film.

References:
  J. K. Eshraghian et al., Training spiking neural networks using lessons from
  deep learning, 2023.
"""

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.numerics import leading_range, safe_divide
from snnjax.types import Array, ArrayLike


def constant(intensity: Array) -> Array:
  """Feeds the intensities themselves, as a current, at every step.

  Args:
    intensity: `[B, ...]`.

  Returns:
    `[1, B, ...]`.
  """
  return _floats(intensity)[None]


def rate(
  key: Array,
  intensity: Array,
  *,
  num_steps: int,
  gain: ArrayLike = 1.0,
  offset: ArrayLike = 0.0,
  first_spike_time: int = 0,
) -> Array:
  """Draws spikes with the probability that the intensity gives, every step.

    P(Sₜ = 1) = clip(gain · xₜ + offset, 0, 1)   for t ≥ first_spike_time

  Args:
    key: consumed.
    intensity: `[T | 1, B, ...]`.
    num_steps: T.
    gain: scalar.
    offset: scalar.
    first_spike_time: step before which nothing fires.

  Returns:
    Spikes `[T, B, ...]`.
  """
  prob = gain * _floats(intensity) + offset
  return _bernoulli(key, prob, num_steps, first_spike_time)


def poisson(
  key: Array,
  rates: Array,
  *,
  num_steps: int,
  dt: float,
  first_spike_time: int = 0,
) -> Array:
  """Draws Poisson spike trains of given rates, thinned to a time grid.

    P(Sₜ = 1) = min(rₜ · dt, 1)

  A step holds one spike at most and the mean rate is kept up to 1 / dt.

  Args:
    key: consumed.
    rates: `[T | 1, B, ...]` (hertz).
    num_steps: T.
    dt: length of a step (seconds).
    first_spike_time: step before which nothing fires.

  Returns:
    Spikes `[T, B, ...]`.
  """
  return _bernoulli(key, _floats(rates) * dt, num_steps, first_spike_time)


def log_latency_times(
  intensity: Array,
  *,
  tau: float = 1.0,
  threshold: float = 0.01,
  epsilon: float = 1e-7,
  first_spike_time: float = 0.0,
  last_spike_time: float | None = None,
  clip: bool = False,
) -> Array:
  """Finds when a neuron charged by the intensity reaches the threshold.

    t = first + τ · ln(x / (x − θ)),   x ← max(x, θ + ε)

  Args:
    intensity: `[B, ...]`.
    tau: time constant of the membrane (steps).
    threshold: θ; what lies below fires as late as θ + ε, or never.
    epsilon: distance from the threshold that bounds the latest time.
    first_spike_time: added to every time (steps).
    last_spike_time: if given, τ is chosen for each example so that its latest
      spike, clipped or not, falls here (steps).
    clip: whether intensities below the threshold never fire.

  Returns:
    Times `[B, ...]` (steps), not rounded; `inf` for no spike.

  Raises:
    ValueError: if θ + ε is θ in the intensities' precision.
  """
  intensity = _floats(intensity)
  dtype = intensity.dtype
  floor = np.asarray(threshold + epsilon, dtype)
  if not floor > np.asarray(threshold, dtype):
    raise ValueError(
      f'threshold + epsilon must exceed the threshold in {dtype}; got '
      f'{threshold} + {epsilon}; take a larger epsilon'
    )
  charged = jnp.maximum(intensity, floor)
  times = tau * jnp.log(charged / (charged - threshold))
  if last_spike_time is not None:
    axes = tuple(range(1, times.ndim))
    latest = jnp.max(times, axis=axes, keepdims=True)
    times = (last_spike_time - first_spike_time) * safe_divide(times, latest)
  return _clipped(intensity, first_spike_time + times, threshold, clip)


def linear_latency_times(
  intensity: Array,
  *,
  tau: float = 1.0,
  threshold: float = 0.01,
  first_spike_time: float = 0.0,
  last_spike_time: float | None = None,
  clip: bool = False,
) -> Array:
  """Lets the spike be the later the lower the intensity, linearly.

    t = first + τ · (1 − x),   x ← clip(x, θ, 1)

  Args:
    intensity: `[B, ...]`.
    tau: time from intensity 1 to 0 (steps).
    threshold: θ; what lies below fires as late as θ, or never.
    first_spike_time: time of intensity 1 (steps).
    last_spike_time: if given, the time of intensity 0, instead of tau (steps).
    clip: whether intensities below the threshold never fire.

  Returns:
    Times `[B, ...]` (steps), not rounded; `inf` for no spike.
  """
  intensity = _floats(intensity)
  if last_spike_time is not None:
    tau = last_spike_time - first_spike_time
  times = first_spike_time + tau * (1 - jnp.clip(intensity, threshold, 1))
  return _clipped(intensity, times, threshold, clip)


def latency(times: ArrayLike, *, num_steps: int) -> Array:
  """Puts each spike at its time, rounded half to even.

  Args:
    times: `[...]` (steps); `inf`, or later than the last step, for no spike.
    num_steps: T.

  Returns:
    Spikes `[T, ...]`.
  """
  times = jnp.asarray(times)
  # In halves neighbouring steps would be equal.
  times = times.astype(jnp.promote_types(times.dtype, jnp.float32))
  spikes = leading_range(num_steps, times.ndim) == jnp.round(times)[None]
  return spikes.astype(times.dtype)


def delta(
  signal: Array,
  *,
  threshold: float = 0.1,
  padding: bool = False,
  off_spikes: bool = False,
) -> Array:
  """Fires where the signal has risen by the threshold since the last step.

    Sₜ = [xₜ − xₜ₋₁ ≥ θ] − [xₜ − xₜ₋₁ ≤ −θ],   x₋₁ = 0 or x₀

  Args:
    signal: `[T, ...]`.
    threshold: θ.
    padding: whether x₋₁ is x₀, so that the first step is silent.
    off_spikes: whether a fall gives -1; else the second term is left out.

  Returns:
    Spikes `[T, ...]`.
  """
  signal = _floats(signal)
  before = signal[:1] if padding else jnp.zeros_like(signal[:1])
  change = jnp.diff(signal, axis=0, prepend=before)
  spikes = (change >= threshold).astype(signal.dtype)
  return spikes - (change <= -threshold) if off_spikes else spikes


def first_spike_times(intensity: Array, *, t_max: float) -> Array:
  """Gives event layers one spike per input, the earlier the brighter.

    t = t_max · (1 − x) for x > 0; no spike for x = 0

  Args:
    intensity: `[B, ...]`.
    t_max: end of the coding window (seconds).

  Returns:
    Times `[B, N, 1]` (seconds), all other axes joined; `inf` for no spike.

  References:
    F. Bacho and D. Chu, Exact error backpropagation through spikes for precise
    training of spiking neural networks, 2022.
  """
  x = _floats(intensity)
  times = jnp.where(x > 0, t_max * (1 - jnp.minimum(x, 1)), jnp.inf)
  return times.reshape(x.shape[0], -1, 1)


def _floats(values: ArrayLike) -> Array:
  values = jnp.asarray(values)
  if not jnp.issubdtype(values.dtype, jnp.floating):
    raise TypeError(
      f'an encoder takes floats; got {values.dtype} {values.shape}; convert '
      'first (grey levels: divide by 255)'
    )
  return values


def _bernoulli(key, prob, num_steps, first_spike_time):
  if prob.shape[0] not in (1, num_steps):
    raise ValueError(
      'axis 0 is time and has length 1 or num_steps; got '
      f'{prob.shape} for {num_steps} steps; wrap still input in constant()'
    )
  # Half precision would draw too coarsely for small probabilities.
  fine = prob.astype(jnp.promote_types(prob.dtype, jnp.float32))
  fired = jax.random.bernoulli(
    key, jnp.clip(fine, 0, 1), (num_steps, *prob.shape[1:])
  )
  started = leading_range(num_steps, prob.ndim - 1) >= first_spike_time
  return (fired & started).astype(prob.dtype)


def _clipped(intensity, times, threshold, clip):
  return jnp.where(intensity < threshold, jnp.inf, times) if clip else times
