# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the equation of one time step to a cell."""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.devices import steps_at_once
from snnjax.neurons.recurrence import trajectory
from snnjax.types import (
  Array,
  ArrayLike,
  Cell,
  Params,
  Shape,
  SpikeFn,
  State,
)

Value = ArrayLike | Callable[[Array, Shape], Array]


def value(what: Value, key: Array, shape: Shape) -> Array:
  """Makes a parameter leaf.

  Args:
    what: a number, an array that broadcasts to `shape`, or an initialiser
      `(key, shape) -> array` for a value per neuron.
    key: consumed by an initialiser.
    shape: the layer's shape, without time and batch.

  Raises:
    ValueError: if an array does not broadcast to the layer.
  """
  if callable(what):
    return what(key, shape)
  leaf = jnp.asarray(what, jnp.result_type(float))
  pairs = zip(leaf.shape[::-1], shape[::-1], strict=False)
  if leaf.ndim > len(shape) or any(n not in (1, m) for n, m in pairs):
    raise ValueError(
      f'a parameter must broadcast to its layer {shape}; got {leaf.shape}: '
      'give a number, or one per neuron'
    )
  return leaf


def over_batch(params: Params, ndim: int) -> Params:
  """Gives leaves leading axes of length 1, to rank `ndim`: `[1, N...]`."""
  return jax.tree.map(
    lambda leaf: jnp.expand_dims(leaf, range(ndim - jnp.ndim(leaf))), params
  )


def out_shape(cell: Cell, params: Params, in_shape: Shape) -> Shape:
  """The shape of a cell's output, without time and batch."""

  def one_step(params, key, x):
    return cell.step(params, cell.start(params, key, in_shape, 1), x)[1]

  x = jax.ShapeDtypeStruct((1, *in_shape), jnp.result_type(float))
  return jax.eval_shape(one_step, params, jax.random.key(0), x).shape[1:]


def values(kind: type, key: Array, shape: Shape, **whats: Value) -> Params:
  """Makes the parameters of a neuron: a `kind`, a NamedTuple of leaves."""
  keys = jax.random.split(key, len(whats))
  return kind(
    **{
      name: value(what, k, shape)
      for k, (name, what) in zip(keys, whats.items(), strict=True)
    }
  )


def float_type(params: Params) -> jnp.dtype:
  """The type of a layer's states and outputs: that of its parameters."""
  return jnp.result_type(float, *jax.tree.leaves(params))


def zeros(kind: type) -> Callable[[Params, Shape], State]:
  """Makes the state at rest: every field of `kind` is 0 `[B, ...]`."""

  def at_rest(params, shape):
    dtype = float_type(params)
    return kind(*(jnp.zeros(shape, dtype) for _ in kind._fields))

  return at_rest


def neuron(
  init: Callable[[Array, Shape], Params],
  at_rest: Callable[[Params, Shape], State],
  step: Callable[[Params, State, Array], tuple[State, Array]],
  *,
  is_binary: bool = True,
) -> Cell:
  """Makes a cell from the equation of one step.

  Args:
    init: `(key, in_shape) -> params`.
    at_rest: `(params, [B, *in_shape]) -> state` before the first input.
    step: `(params, state, x [B, ...]) -> (state, y [B, ...])`.
    is_binary: whether y is 0 or 1.

  Returns:
    The cell; `at_rest` and `step` get its parameters with a leading axis for
    the batch, and its `unroll` is the scan of `step`.
  """

  def start(params, key, in_shape, batch):
    del key
    shape = (batch, *in_shape)
    return at_rest(over_batch(params, len(shape)), shape)

  def batched(params, state, x):
    return step(over_batch(params, x.ndim), state, x)

  return Cell(init, start, batched, unroll_by(batched), lambda _: is_binary)


def firing_neuron(
  init: Callable[[Array, Shape], Params],
  at_rest: Callable[[Params, Shape], State],
  integrate: Callable[[Params, State, Array], State],
  fire: Callable[[Params, State], Array],
) -> Cell:
  """Makes a cell whose spikes can be read from its state.

  `unroll` scans the state only. Spikes, and the surrogate derivative in the
  backward pass, are computed for all steps at once, on all cores.

  Args:
    init: `(key, in_shape) -> params`.
    at_rest: `(params, [B, *in_shape]) -> state` before the first input.
    integrate: `(params, state, x [B, ...]) -> state`.
    fire: `(params, state) -> spikes [B, ...]`.
  """

  def step(params, state, x):
    state = integrate(params, state, x)
    return state, fire(params, state)

  cell = neuron(init, at_rest, step)

  def unroll(params, state, xs, num_steps, memory):
    del memory
    xs = over_time(xs, num_steps)
    batched = over_batch(params, xs.ndim - 1)
    state, states = trajectory(integrate, batched, state, xs)
    ys = fire(over_batch(params, xs.ndim), states)
    return state, ys, (states, ys)

  return cell._replace(unroll=unroll)


def unroll_by(
  step: Callable[[Params, State, Array], tuple[State, Array]],
) -> Callable:
  """Makes the `unroll` of a cell from its `step`: the plain scan over time.

  Args:
    step: `(params, state, x [B, ...]) -> (state, y [B, ...])`.
  """

  def unroll(params, state, xs, num_steps, memory):
    del memory
    xs = over_time(xs, num_steps)

    def body(state, x):
      state, y = step(params, state, x)
      return state, (state, y)

    at_once = steps_at_once(math.prod(xs.shape[1:]), of_states=False)
    state, (states, ys) = jax.lax.scan(body, state, xs, unroll=at_once)
    return state, ys, (states, ys)

  return unroll


def over_time(xs: Array, num_steps: int) -> Array:
  """Repeats a sequence that is constant in time: `[1, ...] -> [T, ...]`."""
  return jnp.broadcast_to(xs, (num_steps, *xs.shape[1:]))


def fired(spike_fn: SpikeFn, membrane: Array, threshold: ArrayLike) -> Array:
  """The reset flag H(U - θ) of the incoming membrane, without a gradient.

  Args:
    spike_fn: H.
    membrane: U `[B, ...]`, before the step.
    threshold: θ, broadcasting to it.
  """
  return jax.lax.stop_gradient(spike_fn(membrane - threshold))
