# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From labels to what each output neuron should do.

`class_targets` says what the right class and the others should do; that may be
a number (a membrane, a spike step) or a time course, such as

* a spike train of a given rate: `regular_train`, `uniform_train`,
  `poisson_train`;
* a single spike: `snnjax.encoders.latency(5.0, num_steps=T)`;
* a membrane that rises towards each spike of one of those: `ramps`.

One-hot labels are `correct=1, incorrect=0`, their inverse is
`correct=0, incorrect=1`.
"""

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.numerics import leading_range, safe_divide
from snnjax.types import Array, ArrayLike


def class_targets(
  labels: Array,
  *,
  num_classes: int,
  correct: ArrayLike = 1.0,
  incorrect: ArrayLike = 0.0,
) -> Array:
  """Gives the right class one target and all other classes another.

  Args:
    labels: int `[B]`.
    num_classes: C.
    correct: `[]`, `[T]`, or `[T | 1, B | 1, C | 1]`.
    incorrect: likewise.

  Returns:
    Targets `[T, B, C]`; `[1, B, C]` if neither changes in time.
  """
  is_right = jax.nn.one_hot(labels, num_classes, dtype=bool)
  return jnp.where(is_right[None], _course(correct), _course(incorrect))


def regular_train(
  rate: float, *, num_steps: int, first_spike_time: int = 0
) -> Array:
  """Spaces spikes evenly: at ⌊first + k / rate⌋, k = 0, 1, …

  Args:
    rate: spikes per step, from 0 to 1.
    num_steps: T.
    first_spike_time: the first spike's step.

  Returns:
    Spikes `[T]`.
  """
  _check_rate(rate, num_steps, first_spike_time)
  num_spikes = np.ceil((num_steps - first_spike_time) * rate)
  # Seven spikes at a rate of 0.28 take 25 steps, if not to the last bit.
  steps = first_spike_time + np.arange(num_spikes) / rate + 1e-6
  steps = steps[steps < num_steps].astype(int)
  return jnp.zeros(num_steps).at[steps].set(1)


def uniform_train(
  key: Array, rate: float, *, num_steps: int, first_spike_time: int = 0
) -> Array:
  """Scatters the spikes of a regular train over its steps at random.

  Args:
    key: consumed.
    rate: spikes per step, from 0 to 1.
    num_steps: T.
    first_spike_time: step before which nothing fires.

  Returns:
    Spikes `[T]`, as many as `regular_train` has.
  """
  train = regular_train(
    rate, num_steps=num_steps, first_spike_time=first_spike_time
  )
  before, after = train[:first_spike_time], train[first_spike_time:]
  return jnp.concatenate([before, jax.random.permutation(key, after)])


def poisson_train(
  key: Array, rate: float, *, num_steps: int, first_spike_time: int = 0
) -> Array:
  """Draws a spike with probability `rate` at every step.

  Args:
    key: consumed.
    rate: spikes per step, from 0 to 1.
    num_steps: T.
    first_spike_time: step before which nothing fires.

  Returns:
    Spikes `[T]`.
  """
  _check_rate(rate, num_steps, first_spike_time)
  fired = jax.random.bernoulli(key, rate, (num_steps,))
  return jnp.where(jnp.arange(num_steps) >= first_spike_time, fired, 0.0)


def ramps(spikes: Array, *, on: float = 1.0, off: float = 0.0) -> Array:
  """Lets a membrane rise linearly from `off` to `on` up to every spike.

    uₜ = off + (on − off) · (t − p) / (n − p)

  with n the next spike (t itself included) and p the step after the last one,
  or 0; `on` at every spike, and `off` after the last one.

  Args:
    spikes: `[T, ...]`; for a latency target one spike per neuron.
    on: value at a spike.
    off: value a step after a spike, and at the start.

  Returns:
    Membranes `[T, ...]`.
  """
  num_steps = spikes.shape[0]
  fired = spikes != 0
  t = leading_range(num_steps, spikes.ndim - 1)
  following = jax.lax.cummin(
    jnp.where(fired, t, num_steps), axis=0, reverse=True
  )
  restart = jax.lax.cummax(jnp.where(fired, t + 1, 0), axis=0)
  restart = jnp.concatenate([jnp.zeros_like(restart[:1]), restart[:-1]])
  dtype = jnp.promote_types(spikes.dtype, jnp.float32)
  rise = safe_divide((t - restart).astype(dtype), following - restart)
  rise = jnp.where(following < num_steps, rise, 0)
  return off + (on - off) * jnp.where(fired, 1, rise)


def _course(target: ArrayLike) -> Array:
  target = jnp.asarray(target)
  if target.ndim not in (0, 1, 3):
    raise ValueError(
      f'a target is [], [T] or [T, B, C]; got {target.shape}; '
      'name the missing axes with None'
    )
  return jnp.expand_dims(target, range(target.ndim, 3))


def _check_rate(rate: float, num_steps: int, first_spike_time: int) -> None:
  if not (0 <= rate <= 1 and 0 <= first_spike_time < num_steps):
    raise ValueError(
      'a spike train needs 0 <= rate <= 1 and 0 <= first_spike_time < '
      f'num_steps; got {rate}, {first_spike_time} and {num_steps}'
    )
