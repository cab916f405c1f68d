# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The time loop.

Two ways lead through the same cell, and they agree. `simulate` takes blocks of
steps through the network, layer by layer, each synapse over time x batch at
once: training through time. `run` scans `step` over the whole network:
inference, streaming, the spatial method.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.combinators import hoist
from snnjax.policies import store_all
from snnjax.types import Array, Cell, Memory, Params, PyTree, State, Trace


class Simulation(NamedTuple):
  """What came out.

  Attributes:
    outputs: `[T, B, ...]`.
    trace: `(states, outputs)`, of a network `{layer: trace}`; every leaf
      `[T | 1, B, ...]`; unread parts cost nothing under jit.
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
  """Unrolls a cell over a sequence, block by block and layer by layer.

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
  before = {}
  if xs.shape[0] == 1:
    front, cell = hoist(cell, state)
    _, xs, before = front.unroll(params, {}, xs, num_steps, memory)
  state, ys, trace = _in_blocks(cell, params, state, xs, num_steps, memory)
  if ys.shape[0] != num_steps:
    ys = jnp.broadcast_to(ys, (num_steps, *ys.shape[1:]))
  return Simulation(ys, {**before, **trace} if before else trace, state)


def _in_blocks(cell, params, state, xs, num_steps, memory):
  """Unrolls block after block; equal to unrolling all steps at once."""
  block = min(memory.block(num_steps, xs), num_steps)
  whole, rest = divmod(num_steps, block)
  is_constant = xs.shape[0] == 1

  def take_through(state, xs, length=block):
    def unroll(params, state, xs):
      if memory.within is not None:
        return _in_blocks(cell, params, state, xs, length, memory.within)
      return cell.unroll(params, state, xs, length, memory)

    return memory.pass_through(unroll)(params, state, xs)

  def cut(state, is_first=False):
    if not memory.truncates:
      return state
    return jax.tree.map(
      lambda leaf: jnp.where(is_first, leaf, jax.lax.stop_gradient(leaf)), state
    )

  def body(state, block):
    is_first, x = block
    state = cut(state, is_first)
    state, *found = take_through(state, xs if is_constant else x)
    return state, found

  def join(*leaves):
    """From `[blocks, block | 1, ...]` and the rest to `[T | 1, ...]`."""
    head = leaves[0]
    if head.shape[1] < block:  # constant in time
      return head[0]
    return jnp.concatenate([head.reshape(-1, *head.shape[2:]), *leaves[1:]])

  if block == num_steps or not jax.tree.leaves(state):
    return take_through(state, xs, num_steps)
  split, blocks = whole * block, (whole, block, *xs.shape[1:])
  heads = None if is_constant else xs[:split].reshape(blocks)
  order = jnp.arange(whole) == 0
  state, found = jax.lax.scan(body, state, (order, heads))
  if not rest:
    return state, *jax.tree.map(join, found)
  state, *last = take_through(
    cut(state), xs if is_constant else xs[split:], rest
  )
  return state, *jax.tree.map(join, found, last)


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
  if length < 1 or (num_steps is not None and num_steps < 1):
    raise ValueError(
      f'a simulation has at least one step; got {xs.shape} and {num_steps=}'
    )
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
