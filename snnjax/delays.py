# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Synaptic delays that can be learnt.

Delays are counted in steps and need not be whole: a spike is spread over the
steps around d, by a kernel of the distance in time, and that makes d
differentiable. Keep it within [0, max_delay] by projection after an update;
outside, a spike is lost.

References: Hammouamri, Khalfaoui-Hassani, Masquelier, "Learning delays in
spiking neural networks using dilated convolutions with learnable spacings",
2024.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.neurons.neuron import Value, over_batch, unroll_by, value
from snnjax.synapses import Init, uniform
from snnjax.types import Array, Cell

Spread = Callable[[Array], Array]  # distance [K+1, ...] -> weight [K+1, ...]


class DelayState(NamedTuple):
  past: Array  # [B, K, ...], the inputs of the last K steps, newest first


def linear(distance: Array) -> Array:
  """max(0, 1 - |k - d|): interpolates between two neighbouring steps."""
  return jnp.maximum(0.0, 1.0 - jnp.abs(distance))


def gaussian(sigma: float) -> Spread:
  """exp(-(k - d)²/(2σ²)), its sum 1: wide while learning, narrow at the end."""
  return lambda distance: jax.nn.softmax(
    -0.5 * jnp.square(distance / sigma), axis=0
  )


def delay(
  max_delay: int, *, initial: Value | None = None, spread: Spread = linear
) -> Cell:
  """Makes axons, one delay per neuron: y[t] = Σ spread(k - d)·x[t - k].

  Args:
    max_delay: K, in steps.
    initial: d, a number, one per neuron, or an initialiser; by default uniform
      in [0, K].
    spread: `linear` or `gaussian(σ)`.
  """
  initial = _anywhere(max_delay) if initial is None else initial

  def init(key, in_shape):
    return {'delay': value(initial, key, in_shape)}

  def kernel(params, ndim):
    return spread(_distance(max_delay, over_batch(params['delay'], ndim - 1)))

  def apply(kernel, taps):
    return jnp.sum(kernel[None] * taps, axis=1)

  return _tapped(init, kernel, apply, max_delay)


def delayed_dense(
  features: int,
  max_delay: int,
  *,
  kernel_init: Init = uniform,
  initial: Value | None = None,
  spread: Spread = linear,
) -> Cell:
  """Makes all-to-all synapses, each with its own weight and delay.

    y[t, o] = Σ W[i, o]·spread(k - d[i, o])·x[t - k, i]

  Args:
    features: O, number of outputs.
    max_delay: K, in steps.
    kernel_init: of W `[I, O]`.
    initial: d, a number, `[I, O]`, or an initialiser; by default uniform in
      [0, K].
    spread: `linear` or `gaussian(σ)`.
  """
  initial = _anywhere(max_delay) if initial is None else initial

  def init(key, in_shape):
    kernel_key, delay_key = jax.random.split(key)
    shape = (*in_shape, features)
    return {
      'kernel': kernel_init(kernel_key, shape, in_shape[0]),
      'delay': value(initial, delay_key, shape),
    }

  def kernel(params, ndim):
    del ndim
    delays = jnp.broadcast_to(params['delay'], params['kernel'].shape)
    weights = params['kernel'][None] * spread(_distance(max_delay, delays))
    return weights.reshape(-1, features)

  def apply(kernel, taps):
    return taps.reshape(taps.shape[0], -1) @ kernel

  return _tapped(init, kernel, apply, max_delay)


def _anywhere(max_delay):
  return lambda key, shape: jax.random.uniform(key, shape, maxval=max_delay)


def _distance(max_delay, delays):
  """K - d: `[...] -> [K+1, ...]`."""
  steps = jnp.arange(max_delay + 1, dtype=delays.dtype)
  return jnp.expand_dims(steps, range(1, delays.ndim + 1)) - delays[None]


def _tapped(init, kernel, apply, max_delay):
  """A cell of the last K+1 inputs; the kernel is made once per sequence."""

  def start(params, key, in_shape, batch):
    del params, key
    return DelayState(jnp.zeros((batch, max_delay, *in_shape)))

  def move(kernel, state, x):
    taps = jnp.concatenate([x[:, None], state.past], axis=1)
    return DelayState(taps[:, :-1]), apply(kernel, taps)

  def step(params, state, x):
    return move(kernel(params, x.ndim), state, x)

  def unroll(params, state, xs, num_steps, memory):
    made = kernel(params, xs.ndim - 1)
    return unroll_by(move)(made, state, xs, num_steps, memory)

  return Cell(init, start, step, unroll)
