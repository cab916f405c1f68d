# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Synaptic delays that can be learnt.

Delays are counted in steps and need not be whole: a spike is spread over the
steps around d, by a kernel of the distance in time, and that makes d
differentiable. Keep it within [0, max_delay] by projection after an update:
outside, `linear` loses spikes.

References: Hammouamri, Khalfaoui-Hassani, Masquelier, "Learning delays in
spiking neural networks using dilated convolutions with learnable spacings",
2024.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.neurons.neuron import (
  Value,
  float_type,
  over_batch,
  unroll_by,
  value,
)
from snnjax.numerics import leading_range
from snnjax.synapses import uniform, vector_size
from snnjax.types import Array, Cell

# Distance k - d for k = 0 … K, `[K+1, ...]`, to weight `[K+1, ...]`.
Spread = Callable[[Array], Array]


class DelayState(NamedTuple):
  past: Array  # [B, K, ...], the inputs of the last K steps, newest first


def linear(distance: Array) -> Array:
  """max(0, 1 - |k - d|): interpolates between two neighbouring steps.

  The slope at a whole d is that towards the next step; at d = K, from the last.
  """
  steps = leading_range(len(distance), distance.ndim - 1)
  delays = -distance[:1]
  low = jnp.floor(delays) - (delays == len(distance) - 1)
  share = delays - low  # of the later step
  return (steps == low) * (1 - share) + (steps == low + 1) * share


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
  if initial is None:
    initial = functools.partial(jax.random.uniform, maxval=max_delay)

  def init(key, in_shape):
    return {'delay': value(initial, key, in_shape)}

  def kernel(params, ndim):
    return spread(_distance(max_delay, over_batch(params['delay'], ndim - 1)))

  def apply(kernel, taps):
    return jnp.sum(kernel[None] * taps, axis=1)

  return _tapped(init, kernel, apply, max_delay)


def delayed_dense(
  features: int, max_delay: int, *, spread: Spread = linear
) -> Cell:
  """Makes all-to-all synapses, each with its own weight and delay.

    y[t, o] = Σ W[i, o]·spread(k - d[i, o])·x[t - k, i]

  Args:
    features: O, number of outputs.
    max_delay: K, in steps; d starts uniform in [0, K].
    spread: `linear` or `gaussian(σ)`.
  """

  def init(key, in_shape):
    kernel_key, delay_key = jax.random.split(key)
    size = vector_size(in_shape)
    return {
      'kernel': uniform(kernel_key, (size, features), size),
      'delay': jax.random.uniform(
        delay_key, (size, features), maxval=max_delay
      ),
    }

  def kernel(params, ndim):
    del ndim
    share = spread(_distance(max_delay, params['delay']))
    return (params['kernel'][None] * share).reshape(-1, features)

  def apply(kernel, taps):
    return taps.reshape(taps.shape[0], -1) @ kernel

  return _tapped(init, kernel, apply, max_delay)


def _distance(max_delay, delays):
  """The distance k - d for k = 0 … K: `[...] -> [K+1, ...]`."""
  return leading_range(max_delay + 1, delays.ndim) - delays[None]


def _tapped(init, kernel, apply, max_delay):
  """A cell of the last K+1 inputs; the kernel is made once per sequence."""

  def start(params, key, in_shape, batch):
    del key
    shape = batch, max_delay, *in_shape
    return DelayState(jnp.zeros(shape, float_type(params)))

  def move(kernel, state, x):
    taps = jnp.concatenate([x[:, None], state.past], axis=1)
    return DelayState(taps[:, :-1]), apply(kernel, taps)

  def step(params, state, x):
    return move(kernel(params, x.ndim), state, x)

  def unroll(params, state, xs, num_steps, memory):
    made = kernel(params, xs.ndim - 1)
    return unroll_by(move)(made, state, xs, num_steps, memory)

  return Cell(init, start, step, unroll)
