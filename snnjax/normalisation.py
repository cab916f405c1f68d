# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Batch normalisation through time: each step has its own statistics.

Training and evaluation are two cells over one tree of parameters;
`update_running` carries the statistics over. Leave `mean` and `variance` out
of what the optimiser trains.

References: Kim, Panda, "Revisiting batch normalization for training low-latency
deep spiking neural networks from scratch", 2021.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.neurons.neuron import over_time
from snnjax.types import Array, Cell, Trace

EPSILON = 1e-5  # ε, added to a variance


class BatchNormParams(NamedTuple):
  scale: Array  # [T, C]
  mean: Array  # [T, C], running
  variance: Array  # [T, C], running


class BatchNormState(NamedTuple):
  step: Array  # int32 [B], number of steps taken


class BatchNormTrace(NamedTuple):
  step: Array  # int32 [T, B], number of steps taken
  mean: Array  # [T, 1 | B, C], what was subtracted
  variance: Array  # [T, 1 | B, C]


def batch_norm_train(num_steps: int) -> Cell:
  """Normalises by the batch's statistics, at each step by itself.

    y[t] = γ[t]·(x[t] - mean x[t]) / √(var x[t] + ε)

  The mean runs over the batch and, of images, over places. There is no bias:
  the threshold does its work. Steps after the T-th share the last row.

  Args:
    num_steps: T.
  """

  def of_batch(params, row, xs):
    del params, row
    axes = range(1, xs.ndim - 1)
    return jnp.mean(xs, axes)[:, None], jnp.var(xs, axes)[:, None]

  return _batch_norm(num_steps, of_batch)


def batch_norm_evaluate(num_steps: int) -> Cell:
  """Normalises by the running statistics; takes `batch_norm_train`'s params.

  Args:
    num_steps: T.
  """

  def running(params, row, xs):
    del xs
    return jax.lax.stop_gradient((params.mean[row], params.variance[row]))

  return _batch_norm(num_steps, running)


def update_running(
  params: BatchNormParams, trace: Trace, *, momentum: float = 0.9
) -> BatchNormParams:
  """Moves the running statistics towards a batch's.

    mean = momentum·mean + (1 - momentum)·batch's mean,   variance likewise

  Args:
    params: of a batch normalisation.
    trace: that layer's entry of a simulation with `batch_norm_train`.
    momentum: share that is kept.

  Returns:
    The new parameters; rows of steps that were not simulated stay.
  """
  states, _ = trace
  row = _row(states.step[:, 0], params)
  count = jnp.zeros(params.mean.shape[:1]).at[row].add(1)[:, None]

  def moved(old, batch):
    batch = jnp.zeros_like(old).at[row].add(batch[:, 0])
    new = momentum * old + (1 - momentum) * batch / jnp.maximum(count, 1)
    return jnp.where(count > 0, new, old)

  return params._replace(
    mean=moved(params.mean, states.mean),
    variance=moved(params.variance, states.variance),
  )


def _row(step, params):
  """The row of a step that is the `step`-th, counted from 1."""
  return jnp.minimum(step, params.scale.shape[0]) - 1


def _batch_norm(num_rows, statistics):
  def init(key, in_shape):
    del key
    shape = (num_rows, in_shape[-1])
    return BatchNormParams(jnp.ones(shape), jnp.zeros(shape), jnp.ones(shape))

  def start(params, key, in_shape, batch):
    del params, key, in_shape
    return BatchNormState(jnp.zeros(batch, jnp.int32))

  def unroll(params, state, xs, num_steps, memory):
    del memory
    xs = over_time(xs, num_steps)
    steps = jnp.arange(1, num_steps + 1, dtype=state.step.dtype)
    step = state.step[None] + steps[:, None]
    row = _row(step, params)
    mean, variance = statistics(params, row, xs)
    gain = params.scale[row] / jnp.sqrt(variance + EPSILON)
    places = range(2, xs.ndim - 1)
    centred = xs - jnp.expand_dims(mean, places)
    ys = jnp.expand_dims(gain, places) * centred
    states = BatchNormTrace(step, mean, variance)
    return BatchNormState(step[-1]), ys, (states, ys)

  def step(params, state, x):
    state, ys, _ = unroll(params, state, x[None], 1, None)
    return state, ys[0]

  return Cell(init, start, step, unroll)
