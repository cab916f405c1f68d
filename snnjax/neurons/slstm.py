# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A long short-term memory whose output spikes."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import (
  Value,
  fired,
  float_type,
  out_shape,
  over_batch,
  unroll_by,
  value,
)
from snnjax.types import Array, Cell, Params, ResetFn, SpikeFn


class SLSTMParams(NamedTuple):
  recurrence: Params
  threshold: Array  # [] or [N]


class SLSTMState(NamedTuple):
  memory: Array  # [B, ..., N]
  membrane: Array  # [B, ..., N]


def slstm(
  recurrence: Cell,
  threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
  reset: ResetFn = resets.none,
  pool: Callable[[Array], Array] = lambda membrane: membrane,
) -> Cell:
  """Makes a layer of spiking LSTM units.

    R[t]       = H(U[t-1] - θ)                         without gradient
    i, f, g, o = I[t] + recurrence(U[t-1])             along the last axis
    C[t]       = σ(f)·C[t-1] + σ(i)·tanh(g)
    U[t]       = reset(σ(o)·tanh(C[t]), R[t], θ)
    S[t]       = H(pool(U[t]) - θ)

  The four gates come from the layer before, so that it stays on the fast path:

    serial(gates=dense(4 * N), units=slstm(dense(4 * N)))

  and with convolutions of padding 'SAME' for images.

  Args:
    recurrence: synapses `[B, ..., N] -> [B, ..., 4·N]`, without a state.
    threshold: θ, a number, one per unit `[N]`, or an initialiser.
    spike_fn: H and its surrogate derivative.
    reset: one of `snnjax.neurons.reset`; published: none.
    pool: applied to the membrane before it fires, e.g. `max_pool` of images;
      the state stays as large as it is.

  References: Hochreiter, Schmidhuber, "Long short-term memory", 1997. Shi et
  al., "Convolutional LSTM network", 2015. Eshraghian et al., "Training spiking
  neural networks using lessons from deep learning", 2023.
  """

  def init(key, in_shape):
    recurrence_key, threshold_key = jax.random.split(key)
    shape = _units(in_shape)
    synapses = recurrence.init(recurrence_key, shape)
    got = out_shape(recurrence, synapses, shape)
    if got != tuple(in_shape):
      raise ValueError(
        f'recurrence must have the shape of the gates {in_shape}; got {got}'
      )
    return SLSTMParams(synapses, value(threshold, threshold_key, shape[-1:]))

  def start(params, key, in_shape, batch):
    del key
    nothing = jnp.zeros((batch, *_units(in_shape)), float_type(params))
    return SLSTMState(nothing, nothing)

  def step(params, state, x):
    theta = over_batch(params.threshold, x.ndim)
    has_fired = fired(spike_fn, state.membrane, theta)
    _, current = recurrence.step(params.recurrence, (), state.membrane)
    i, f, g, o = jnp.split(x + current, 4, axis=-1)
    memory = jax.nn.sigmoid(f) * state.memory + jax.nn.sigmoid(i) * jnp.tanh(g)
    membrane = jax.nn.sigmoid(o) * jnp.tanh(memory)
    membrane = reset(membrane, has_fired, theta)
    return SLSTMState(memory, membrane), spike_fn(pool(membrane) - theta)

  return Cell(init, start, step, unroll_by(step), lambda _: True)


def _units(in_shape):
  if in_shape[-1] % 4:
    raise ValueError(
      f'a spiking LSTM needs its four gates [B, ..., 4·N]; got {in_shape}'
    )
  return (*in_shape[:-1], in_shape[-1] // 4)
