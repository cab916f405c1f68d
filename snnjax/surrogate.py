# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spikes with a gradient: one `custom_vjp`, many shapes of derivative.

Forward, every spike function is the step S = H(z) of z = membrane - threshold,
0 or 1. Backward, dS/dz is replaced by a surrogate. Each factory below returns a
`SpikeFn`; its parameters may be traced (and are not trained). Your own
derivative takes one line:

  spike_fn = surrogate(lambda z: jnp.exp(-jnp.abs(z)))

References: Neftci, Mostafa, Zenke, "Surrogate gradient learning in spiking
neural networks", 2019. Eshraghian et al., "Training spiking neural networks
using lessons from deep learning", 2023.
"""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.types import Array, ArrayLike, SpikeFn

Derivative = Callable[..., Array]  # (z, *parameters) -> dS/dz


@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _spike(derivative, fires, z, parameters):
  del derivative, parameters
  return fires(z, 0).astype(z.dtype)


def _spike_forward(derivative, fires, z, parameters):
  return _spike(derivative, fires, z, parameters), (z, parameters)


def _spike_backward(derivative, fires, residuals, gradient):
  del fires
  z, parameters = residuals
  return (gradient * derivative(z, *parameters)).astype(z.dtype), None


_spike.defvjp(_spike_forward, _spike_backward)


def surrogate(
  derivative: Derivative, *parameters: ArrayLike, fires=jnp.greater
) -> SpikeFn:
  """Makes a spike function S = H(z) with dS/dz = derivative(z, *parameters).

  Args:
    derivative: elementwise function of z `[...]` and of the parameters.
    *parameters: numbers, arrays or keys that the derivative needs.
    fires: `jnp.greater` (z = 0 is silent) or `jnp.greater_equal`.

  Returns:
    The spike function `z [...] -> {0, 1} [...]`, of z's type.
  """
  return lambda z: _spike(derivative, fires, z, parameters)


def heaviside(z: Array) -> Array:
  """Fires where z > 0; the gradient is zero everywhere."""
  return (z > 0).astype(z.dtype)


def fast_sigmoid(slope: ArrayLike = 25.0, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = 1 / (slope·|z| + 1)².

  References: Zenke, Ganguli, "SuperSpike", 2018.
  """
  return surrogate(
    lambda z, k: 1.0 / jnp.square(k * jnp.abs(z) + 1.0), slope, fires=fires
  )


def super_spike(slope: ArrayLike = 100.0, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = slope / (slope·|z| + 1)²: the fast sigmoid with area 2.

  References: Zenke, Vogels, "The remarkable robustness of surrogate gradient
  learning", 2021.
  """
  return surrogate(
    lambda z, k: k / jnp.square(k * jnp.abs(z) + 1.0), slope, fires=fires
  )


def arctan(alpha: ArrayLike = 2.0, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = (α/2) / (1 + (π/2·α·z)²).

  References: Fang et al., "Incorporating learnable membrane time constant",
  2021.
  """
  return surrogate(
    lambda z, a: a / 2 / (1.0 + jnp.square(jnp.pi / 2 * a * z)),
    alpha,
    fires=fires,
  )


def sigmoid(slope: ArrayLike = 25.0, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = slope·s·(1 - s), s = 1 / (1 + exp(-slope·z)); finite for any z."""

  def derivative(z, k):
    return k * jax.nn.sigmoid(k * z) * jax.nn.sigmoid(-k * z)

  return surrogate(derivative, slope, fires=fires)


def straight_through(*, fires=jnp.greater) -> SpikeFn:
  """dS/dz = 1.

  References: Bengio, Léonard, Courville, "Estimating or propagating gradients
  through stochastic neurons", 2013.
  """
  return surrogate(jnp.ones_like, fires=fires)


def signed_threshold(
  threshold: ArrayLike = 1.0, *, fires=jnp.greater
) -> SpikeFn:
  """dS/dz = +threshold for z < 0, -threshold for z ≥ 0.

  What snnTorch calls `triangular`, kept for comparisons; `triangular` here is
  a triangle.
  """
  return surrogate(
    lambda z, thr: jnp.where(z < 0, thr, -thr).astype(z.dtype),
    threshold,
    fires=fires,
  )


def triangular(width: ArrayLike = 1.0, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = max(0, 1 - |z|/width).

  References: Bellec et al., "Long short-term memory and learning-to-learn in
  networks of spiking neurons", 2018.
  """
  return surrogate(
    lambda z, w: jnp.maximum(0.0, 1.0 - jnp.abs(z) / w), width, fires=fires
  )


def step_derivative(*, fires=jnp.greater) -> SpikeFn:
  """dS/dz = 1 for z > 0, else 0 (snnTorch's `heaviside`)."""
  return surrogate(heaviside, fires=fires)


def boxcar(width: ArrayLike = 1.0, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = [|z| < width/2] / width: the slope of a piecewise-linear ramp.

  References: Wu et al., "Spatio-temporal backpropagation", 2018.
  """
  return surrogate(
    lambda z, w: (jnp.abs(z) < w / 2).astype(z.dtype) / w, width, fires=fires
  )


def gaussian(sigma: ArrayLike = 0.5, *, fires=jnp.greater) -> SpikeFn:
  """dS/dz = exp(-z²/(2σ²)) / (σ√(2π)).

  References: Yin, Corradi, Bohté, "Effective and efficient computation with
  multiple-timescale spiking recurrent neural networks", 2020.
  """
  return surrogate(_normal_density, sigma, fires=fires)


def multi_gaussian(
  sigma: ArrayLike = 0.5,
  scale: ArrayLike = 6.0,
  height: ArrayLike = 0.15,
  *,
  fires=jnp.greater,
) -> SpikeFn:
  """dS/dz = (1+h)·N(z; 0, σ) - h·N(z; σ, s·σ) - h·N(z; -σ, s·σ).

  References: Yin, Corradi, Bohté, "Accurate and efficient time-domain
  classification with adaptive spiking recurrent neural networks", 2021.
  """

  def derivative(z, sigma, s, h):
    side = _normal_density(z - sigma, s * sigma)
    side += _normal_density(z + sigma, s * sigma)
    return (1.0 + h) * _normal_density(z, sigma) - h * side

  return surrogate(derivative, sigma, scale, height, fires=fires)


def spike_rate_escape(
  beta: ArrayLike = 1.0, slope: ArrayLike = 25.0, *, fires=jnp.greater
) -> SpikeFn:
  """dS/dz = slope·exp(-β·|z - 1|).

  References: Gerstner, Kistler, "Spiking neuron models", 2002.
  """
  return surrogate(
    lambda z, b, k: k * jnp.exp(-b * jnp.abs(z - 1.0)),
    beta,
    slope,
    fires=fires,
  )


def stochastic_spike_operator(
  key: Array,
  mean: ArrayLike = 0.0,
  variance: ArrayLike = 0.2,
  *,
  fires=jnp.greater,
) -> SpikeFn:
  """dS/dz = 1 for z > 0, else (u - 1/2 + mean)·variance, u ~ U[0, 1).

  A neuron's draw is a pure function of the key and of its own z, so that it
  differs from step to step without a key in the neuron's state.
  """

  def derivative(z, key, mean, variance):
    bits = jax.lax.bitcast_convert_type(z.astype(jnp.float32), jnp.uint32)

    def draw(bits):
      return jax.random.uniform(jax.random.fold_in(key, bits), (), z.dtype)

    noise = jnp.vectorize(draw)(bits)
    return jnp.where(z > 0, 1.0, (noise - 0.5 + mean) * variance)

  return surrogate(derivative, key, mean, variance, fires=fires)


def leaky_spike_operator(
  slope: ArrayLike = 0.1, *, fires=jnp.greater
) -> SpikeFn:
  """dS/dz = 1 for z > 0, else slope."""
  return surrogate(
    lambda z, k: jnp.where(z > 0, 1.0, k).astype(z.dtype), slope, fires=fires
  )


def sparse_fast_sigmoid(
  slope: ArrayLike = 25.0,
  bound: ArrayLike = 1.0,
  *,
  inside=lambda z, bound: jnp.abs(z) < bound,
  fires=jnp.greater,
) -> SpikeFn:
  """dS/dz = [inside(z, bound)] / (slope·|z| + 1)².

  The default keeps the gradient near the threshold, |z| < bound, as the paper
  intends; `inside=jnp.greater` gives snnTorch's SFS, z > bound.

  References: Perez-Nieves, Goodman, "Sparse spiking gradient descent", 2021.
  """

  def derivative(z, k, b):
    return inside(z, b) / jnp.square(k * jnp.abs(z) + 1.0)

  return surrogate(derivative, slope, bound, fires=fires)


def inhibit(spike_fn: SpikeFn) -> SpikeFn:
  """Lets only the neuron furthest above its threshold fire, per example.

  Lateral inhibition within a dense layer: S = spike_fn(z)·[n = argmax z]. A
  neuron that is held back neither spikes nor resets.

  Args:
    spike_fn: a spike function of z `[B, N]`.
  """

  def winner_takes_all(z):
    winner = jax.nn.one_hot(jnp.argmax(z, axis=-1), z.shape[-1], dtype=z.dtype)
    return spike_fn(z) * winner

  return winner_takes_all


def _normal_density(z, sigma):
  return jnp.exp(-0.5 * jnp.square(z / sigma)) / (
    sigma * jnp.sqrt(2 * jnp.pi).astype(z.dtype)
  )
