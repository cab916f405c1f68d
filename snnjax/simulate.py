# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The time loop, and what it keeps for the gradient.

Two ways lead through the same cell, and they agree. `simulate` takes blocks of
steps through the network, layer by layer, each synapse over time x batch at
once: training through time. `run` scans `step` over the whole network:
inference, streaming, the spatial method.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.combinators import hoist
from snnjax.convolution import WINNER
from snnjax.synapses import BLOCK
from snnjax.types import Array, Cell, Memory, Params, PyTree, State, Trace


def _as_it_is(function):
  return function


def _cut(pass_through):
  return lambda params, state, xs: pass_through(
    params, jax.lax.stop_gradient(state), xs
  )


def _fit_into_cache(num_steps, xs):
  return max(1, BLOCK // xs.shape[1]) if xs.ndim > 3 else num_steps


def _near_square_root(num_steps, xs):
  """A divisor of `num_steps` near its root, or the root rounded."""
  del xs
  root = math.sqrt(num_steps)
  divisors = [
    c
    for c in range(1, num_steps + 1)
    if num_steps % c == 0 and root / 2 <= c <= 2 * root
  ]
  return min(divisors, key=lambda c: abs(c - root), default=round(root))


def _keep_bits(synapse):
  """Makes a synapse's function keep its binary input `[B, ...]` as bits.

  Of what else it computes, only which input wins a maximum is kept: that would
  take the convolution before it again.
  """

  @functools.partial(
    jax.checkpoint,
    policy=jax.checkpoint_policies.save_only_these_names(WINNER),
    prevent_cse=False,
  )
  def apply(params, bits, x):
    return synapse(params, _restore(bits, x))

  return lambda params, x: apply(params, _pack(x), x)


@jax.custom_vjp
def _restore(bits, x):
  """The value of what was packed, with the gradient of x."""
  return _unpack(bits, x.shape).astype(x.dtype)


_restore.defvjp(lambda *args: (_restore(*args), None), lambda _, g: (None, g))


def _pack(x):
  """`[B, ...] -> uint8 [B, N]`: eighths of an example lie over one another."""
  flat = x.reshape(x.shape[0], -1) > 0
  flat = jnp.pad(flat, ((0, 0), (0, -flat.shape[1] % 8)))
  eighths = flat.reshape(x.shape[0], 8, -1).astype(jnp.uint8)
  return functools.reduce(
    jnp.bitwise_or, (eighths[:, k] << k for k in range(8))
  )


def _unpack(bits, shape):
  eighths = jnp.stack([bits >> k & 1 for k in range(8)], axis=1)
  flat = eighths.reshape(shape[0], -1)
  return flat[:, : math.prod(shape[1:])].reshape(shape)


def store_all(*, block: int | None = None, truncate: bool = False) -> Memory:
  """Keeps what the gradient needs, at every step.

  Args:
    block: steps that pass through all layers before the next ones do; by
      default of images about 128, which stay in cache, and else all steps.
    truncate: truncated backpropagation through time: gradients do not pass
      from one block into the one before.
  """
  choose = _fit_into_cache if block is None else lambda num_steps, xs: block
  cut = _cut if truncate else _as_it_is
  return Memory(choose, cut, _as_it_is)


def rematerialise(
  *, block: int | None = None, truncate: bool = False
) -> Memory:
  """Keeps the states between blocks and computes again what lies inside.

  Args:
    block: number of steps; by default about √T.
    truncate: whether gradients end at the blocks' borders.
  """
  memory = store_all(block=block, truncate=truncate)
  if block is None:
    memory = memory._replace(block=_near_square_root)
  return memory._replace(
    pass_through=lambda function: jax.checkpoint(
      memory.pass_through(function), prevent_cse=False
    )
  )


def pack_spikes(*, block: int | None = None, truncate: bool = False) -> Memory:
  """As `store_all`, with the spikes that reach synapses kept as bits.

  Spikes are 0 or 1 then: not for neurons with a smooth function in their place.

  Args:
    block: see there.
    truncate: see there.
  """
  return store_all(block=block, truncate=truncate)._replace(
    of_spikes=_keep_bits
  )


class Simulation(NamedTuple):
  """What came out.

  Attributes:
    outputs: `[T, B, ...]`.
    trace: `{layer: (states, outputs)}`, every leaf `[T | 1, B, ...]`; unread
      parts cost nothing under jit.
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
    pass_through = memory.pass_through(
      lambda params, state, xs: cell.unroll(params, state, xs, length, memory)
    )
    return pass_through(params, state, xs)

  def body(state, x):
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
  split = whole * block
  heads = None if is_constant else _split(xs[:split], block)
  state, found = jax.lax.scan(body, state, heads, length=whole)
  if not rest:
    return state, *jax.tree.map(join, found)
  state, *last = take_through(state, xs if is_constant else xs[split:], rest)
  return state, *jax.tree.map(join, found, last)


def _split(xs, block):
  """Cuts time into blocks: `[T, B, ...] -> [T / block, block, B, ...]`."""
  return xs.reshape(-1, block, *xs.shape[1:])


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
