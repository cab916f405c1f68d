# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Functions whose plain form is infinite, or has a useless gradient.

`jnp.where` over a branch that is not finite passes NaN to the gradient: 0 * inf
in the chain rule. So the safe functions first move their argument to a harmless
place and only then select.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.types import Array, ArrayLike


def holds(check: Callable[..., ArrayLike], *xs: ArrayLike) -> bool:
  """Whether a check is true of all values; of those that are traced it is.

  Args:
    check: `(*xs) -> bool [...]`, in numpy.
    xs: numbers or arrays of shapes that the check can take together.
  """
  try:
    return bool(np.all(check(*map(np.asarray, xs))))
  except jax.errors.TracerArrayConversionError:
    return True


def safe_sqrt(x: ArrayLike) -> Array:
  """Takes √x for x > 0; 0 with gradient 0 elsewhere.

  Args:
    x: floats of any shape.

  Returns:
    Floats of the same shape.
  """
  x = jnp.asarray(x)
  positive = x > 0
  return jnp.where(positive, jnp.sqrt(jnp.where(positive, x, 1)), 0)


def safe_divide(numerator: ArrayLike, denominator: ArrayLike) -> Array:
  """Divides; 0 with gradient 0 where the denominator is 0.

  Args:
    numerator: floats of any shape.
    denominator: floats that broadcast against it.

  Returns:
    The quotient, of the broadcast shape.
  """
  denominator = jnp.asarray(denominator)
  divides = denominator != 0
  return jnp.where(divides, numerator / jnp.where(divides, denominator, 1), 0)


def masked_sum(values: Array, weights: Array) -> Array:
  """Takes the sum Σ wᵢvᵢ.

  A value of weight 0 may be NaN or infinite; it receives gradient 0.

  Args:
    values: `[B]`.
    weights: `[B]`, not negative; a batch's mask, or that times class weights.

  Returns:
    The sum `[]`.

  Raises:
    ValueError: if there is not one value for each weight.
  """
  if jnp.shape(values) != jnp.shape(weights):
    raise ValueError(
      f'there must be a value for each of the examples {jnp.shape(weights)}, '
      f'such as a loss that is not yet averaged; got {jnp.shape(values)}'
    )
  return jnp.sum(jnp.where(weights > 0, values, 0) * weights)


def masked_mean(values: Array, weights: Array) -> Array:
  """Takes the mean Σ wᵢvᵢ / Σ wᵢ; 0 if all weights are 0.

  Args:
    values: `[B]`, as in `masked_sum`.
    weights: `[B]`, as there.

  Returns:
    The mean `[]`.

  Raises:
    ValueError: if there is not one value for each weight.
  """
  return safe_divide(masked_sum(values, weights), jnp.sum(weights))


def leading_range(num: int, ndim: int) -> Array:
  """Counts 0 … num - 1 along a leading axis, before `ndim` others of length 1.

  Args:
    num: length of the leading axis; of time, T.
    ndim: how many axes follow.

  Returns:
    int `[num, 1, ...]`.
  """
  return jnp.expand_dims(jnp.arange(num), range(1, ndim + 1))


def spike_steps(spikes: Array, num_spikes: int = 1) -> Array:
  """Finds the steps fₖ at which each neuron's first spikes fall.

    fₖ = min({t : Σ_{s ≤ t} [Sₛ ≠ 0] ≥ k} ∪ {T − 1}),   k = 1 … K
    ∂fₖ/∂Sₜ := −[t = fₖ]

  The derivative estimates a sign only: more drive at that step brings the
  spike forward. A silent neuron takes part through its last step.

  Args:
    spikes: `[T, ...]`.
    num_spikes: K.

  Returns:
    `[K, ...]` whole numbers from 0 to T - 1 as floats; T - 1 if there are
    fewer than k spikes.
  """
  return _spike_steps(spikes, jnp.arange(1, num_spikes + 1))


@jax.custom_vjp
def _spike_steps(spikes, order):
  so_far = jnp.cumsum(spikes != 0, axis=0)
  order = jnp.expand_dims(order, range(1, spikes.ndim + 1))
  steps = jnp.sum(so_far[None] < order, axis=1)
  dtype = jnp.promote_types(spikes.dtype, jnp.float32)
  return jnp.minimum(steps, spikes.shape[0] - 1).astype(dtype)


def _spike_steps_forward(spikes, order):
  steps = _spike_steps(spikes, order)
  return steps, (steps, spikes)


def _spike_steps_backward(residuals, cotangent):
  steps, spikes = residuals
  times = leading_range(spikes.shape[0], spikes.ndim - 1)
  at_step = steps[:, None] == times[None]
  gradient = -jnp.sum(jnp.where(at_step, cotangent[:, None], 0), axis=0)
  return gradient.astype(spikes.dtype), None


_spike_steps.defvjp(_spike_steps_forward, _spike_steps_backward)
