# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The time loop, and what it keeps for the gradient.

Two ways lead through the same cell, and they agree. `simulate` unrolls layer by
layer, each synapse over time x batch at once: training through time. `run`
scans `step` over the whole network: inference, streaming, the spatial method.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.combinators import hoist
from snnjax.types import Array, Cell, Memory, Params, PyTree, State, Trace


def store_all(*, truncate: int | None = None) -> Memory:
  """Keeps what the gradient needs, at every step.

  Args:
    truncate: truncated backpropagation through time: gradients do not pass
      from one stretch of so many steps into the one before.
  """
  if truncate is None:
    return Memory(jax.lax.scan, _as_it_is, _as_it_is, keeps_states=True)
  scan = functools.partial(_scan_in_chunks, chunk=truncate, cut=True)
  return Memory(scan, _as_it_is, _as_it_is, keeps_states=True)


def rematerialise(
  chunk: int | None = None, *, truncate: bool = False
) -> Memory:
  """Computes again, in the backward pass, what lies inside a chunk of steps.

  Of each layer the inputs and the states between chunks are kept; gradients
  are the same.

  Args:
    chunk: number of steps; by default about √T.
    truncate: whether gradients end at the chunks' borders.
  """
  scan = functools.partial(
    _scan_in_chunks, chunk=chunk, cut=truncate, wrap=_checkpoint
  )
  return Memory(scan, _checkpoint, _checkpoint, keeps_states=False)


def pack_spikes(chunk: int | None = None, *, truncate: bool = False) -> Memory:
  """As `rematerialise`, with the spikes between layers kept as bits."""
  return rematerialise(chunk, truncate=truncate)._replace(spikes=_packed)


def _as_it_is(layer):
  return layer


_checkpoint = functools.partial(jax.checkpoint, prevent_cse=False)


def _scan_in_chunks(body, carry, xs, *, chunk, cut, wrap=_as_it_is):
  """Scans over time in stretches of `chunk` steps; equal to `lax.scan`."""
  num_steps = jax.tree.leaves(xs)[0].shape[0]
  chunk = min(chunk or _near_square_root(num_steps), num_steps)
  whole = num_steps // chunk

  @wrap
  def stretch(carry, xs):
    if cut:
      carry = jax.lax.stop_gradient(carry)
    return jax.lax.scan(body, carry, xs)

  head = jax.tree.map(
    lambda x: x[: whole * chunk].reshape(whole, chunk, *x.shape[1:]), xs
  )
  carry, ys = jax.lax.scan(stretch, carry, head)
  ys = jax.tree.map(lambda y: y.reshape(-1, *y.shape[2:]), ys)
  if whole * chunk == num_steps:
    return carry, ys
  carry, rest = stretch(carry, jax.tree.map(lambda x: x[whole * chunk :], xs))
  return carry, jax.tree.map(lambda a, b: jnp.concatenate([a, b]), ys, rest)


def _near_square_root(num_steps):
  """A divisor of `num_steps` near its root, or the root rounded."""
  root = math.sqrt(num_steps)
  divisors = [
    c
    for c in range(1, num_steps + 1)
    if num_steps % c == 0 and root / 2 <= c <= 2 * root
  ]
  return min(divisors, key=lambda c: abs(c - root), default=round(root))


def _packed(layer):
  """Keeps the binary input `[B, ...]` of a layer as bits."""

  def apply(params, x):
    layer_of_bits = jax.custom_vjp(lambda params, x: layer(params, x))

    def forward(params, x):
      bits = jnp.packbits(x.reshape(x.shape[0], -1) > 0, axis=-1)
      return layer(params, x), (params, bits)

    def backward(residuals, gradient):
      params, bits = residuals
      spikes = jnp.unpackbits(bits, axis=-1, count=math.prod(x.shape[1:]))
      spikes = spikes.reshape(x.shape).astype(x.dtype)
      return jax.vjp(layer, params, spikes)[1](gradient)

    layer_of_bits.defvjp(forward, backward)
    return layer_of_bits(params, x)

  return apply


class Simulation(NamedTuple):
  """What came out.

  Attributes:
    outputs: `[T, B, ...]`.
    trace: `{layer: (states, outputs)}`; unread parts cost nothing under jit.
    state: after the last step, to go on from.
  """

  outputs: Array
  trace: Trace
  state: State


def simulate(
  cell: Cell,
  params: Params,
  xs: Array,
  *,
  num_steps: int | None = None,
  state: State | None = None,
  key: Array | None = None,
  memory: Memory = store_all(),
) -> Simulation:
  """Unrolls a cell over a sequence, layer by layer.

  Args:
    cell: a neuron, synapse or network.
    params: its parameters.
    xs: inputs `[T, B, ...]`, or `[1, B, ...]` where they are constant in time.
    num_steps: T; needed where the input is constant.
    state: to start from; by default at rest.
    key: for stochastic cells, consumed.
    memory: what is kept for the gradient.
  """
  num_steps = _length(xs, num_steps)
  if state is None:
    state = start(cell, params, xs, key=key)
  state, ys, trace = cell.unroll(params, state, xs, num_steps, memory)
  if ys.shape[0] != num_steps:
    ys = jnp.broadcast_to(ys, (num_steps, *ys.shape[1:]))
  return Simulation(ys, trace, state)


def run(
  cell: Cell,
  params: Params,
  xs: Array,
  *,
  num_steps: int | None = None,
  state: State | None = None,
  key: Array | None = None,
  record: Callable[[State, Array], PyTree] = lambda state, y: y,
) -> tuple[State, PyTree]:
  """Steps a cell through a sequence; memory does not grow with T.

  Args:
    cell: a neuron, synapse or network.
    params: its parameters.
    xs: inputs `[T, B, ...]`, or `[1, B, ...]` where they are constant in time:
      then the layers before the first neuron are computed once.
    num_steps: T; needed where the input is constant.
    state: to start from; by default at rest.
    key: for stochastic cells, consumed.
    record: `(state, output [B, ...]) -> pytree` to keep of every step.

  Returns:
    The last state, and the records stacked over time.
  """
  num_steps = _length(xs, num_steps)
  if state is None:
    state = start(cell, params, xs, key=key)
  is_constant = xs.shape[0] == 1
  if is_constant:
    front, cell = hoist(cell, state)
    xs = front.step(params, {}, xs[0])[1]

  def body(state, x):
    state, y = cell.step(params, state, xs if is_constant else x)
    return state, record(state, y)

  inputs = None if is_constant else xs
  return jax.lax.scan(body, state, inputs, length=num_steps)


def start(
  cell: Cell, params: Params, xs: Array, *, key: Array | None = None
) -> State:
  """The state before the first step, for inputs `[T, B, ...]`.

  Raises:
    ValueError: if a cell is stochastic and there is no key.
  """
  return cell.start(params, key, xs.shape[2:], xs.shape[1])


def _length(xs, num_steps):
  length = xs.shape[0]
  if num_steps is None and length == 1:
    raise ValueError(
      'an input that is constant in time, [1, B, ...], needs num_steps=; got '
      f'{xs.shape}'
    )
  if num_steps is not None and length not in (1, num_steps):
    raise ValueError(
      f'inputs must be [T, B, ...] with T = num_steps = {num_steps} or 1; got '
      f'{xs.shape}'
    )
  return length if num_steps is None else num_steps
