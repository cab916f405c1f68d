# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The other encoders that BindsNET's users know; all give bool `[T, ...]`."""

import jax
import jax.numpy as jnp

from snnjax.numerics import leading_range, safe_divide
from snnjax.types import Array


def bernoulli(
  key: Array, values: Array, *, num_steps: int, largest: float = 1.0
) -> Array:
  """Draws a spike with a probability in proportion to the value.

  Args:
    key: consumed.
    values: `[...]`, not negative; divided by their largest if that exceeds 1.
    num_steps: T.
    largest: probability of value 1.
  """
  top = jnp.maximum(jnp.max(values), 1)
  prob = (largest * values / top)[None]
  return jax.random.bernoulli(key, prob, (num_steps, *values.shape))


def approximate_poisson(key: Array, rates: Array, *, num_steps: int) -> Array:
  """Draws a spike where |z|^((0.11 r + 5)/50) < 0.6, z standard normal.

  Args:
    key: consumed.
    rates: r `[...]` (hertz).
    num_steps: T, of a millisecond each.
  """
  rates = jnp.asarray(rates, jnp.result_type(rates, jnp.float32))
  z = jnp.abs(jax.random.normal(key, (num_steps, *rates.shape), rates.dtype))
  return z ** ((rates[None] * 0.11 + 5) / 50) < 0.6


def repeat(spikes: Array, *, num_steps: int) -> Array:
  """Shows the same at every step."""
  return jnp.repeat(spikes.astype(bool)[None], num_steps, axis=0)


def silence(values: Array, *, num_steps: int) -> Array:
  """Shows nothing."""
  return jnp.zeros((num_steps, *values.shape), bool)


def single(values: Array, *, num_steps: int, sparsity: float = 0.5) -> Array:
  """Lets the largest values fire, once and at the first step.

  Args:
    values: `[...]`, one example.
    num_steps: T.
    sparsity: share that fires, as BindsNET has it.
  """
  fires = values > jnp.quantile(values, 1 - sparsity)
  return fires[None] & (leading_range(num_steps, values.ndim) == 0)


def rank_order(values: Array, *, num_steps: int) -> Array:
  """Lets each value fire once, the earlier the larger.

    t = ⌈T · (1/v) / max(1/v)⌉;   a spike in step t - 1 if 0 < t < T

  Args:
    values: v `[...]`, one example, not negative; 0 never fires.
    num_steps: T.
  """
  wait = safe_divide(1.0, values)
  time = jnp.ceil(num_steps * safe_divide(wait, jnp.max(wait)))
  fires = (time > 0) & (time < num_steps)
  steps = leading_range(num_steps, values.ndim)
  return fires[None] & (steps == time[None] - 1)
