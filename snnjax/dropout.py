# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Dropout with one mask per example, kept over time."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.synapses import stateless
from snnjax.types import Array, Cell


class DropoutState(NamedTuple):
  mask: Array  # [B, N...], 0 or 1 / (1 - rate)


def dropout(rate: float) -> Cell:
  """Silences a share of the neurons, the same ones at every step.

    y[t] = x[t]·M / (1 - rate),   M ~ Bernoulli(1 - rate), drawn in `start`

  Neither cell has parameters, so a network with `dropout(0.0)`, the identity,
  evaluates what one with `dropout(0.2)` has learnt.

  Args:
    rate: in [0, 1).

  References: Srivastava et al., "Dropout", 2014. Lee et al., "Enabling
  spike-based backpropagation for training deep neural network architectures",
  2020.
  """
  if not 0 <= rate < 1:
    raise ValueError(f'a dropout rate must be in [0, 1); got {rate}')
  if rate == 0:
    return stateless(_no_params, lambda params, x: x, keeps_binary=True)

  def start(params, key, in_shape, batch):
    del params
    if key is None:
      raise ValueError('dropout draws its masks in start: give it a key')
    mask = jax.vmap(lambda k: jax.random.bernoulli(k, 1 - rate, in_shape))(
      jax.random.split(key, batch)
    )
    return DropoutState(mask / jnp.asarray(1 - rate, jnp.result_type(float)))

  def step(params, state, x):
    del params
    return state, x * state.mask

  def unroll(params, state, xs, num_steps, memory):
    del params, num_steps, memory
    ys = xs * state.mask[None]
    states = DropoutState(jnp.broadcast_to(state.mask, ys.shape))
    return state, ys, (states, ys)

  return Cell(_no_params, start, step, unroll)


def _no_params(key, in_shape):
  del key, in_shape
  return ()
