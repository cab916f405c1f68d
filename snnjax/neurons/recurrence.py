# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A recurrence through time that lies where its inputs lay.

A layer of neurons computes little and moves much, so its time is that of
memory. A scan writes states, and in the backward pass the gradients of inputs,
to arrays that must first be made; here a state replaces the input that led to
it, and the input's gradient replaces the state's. That is for a CPU; a GPU is
better off with a scan, whose steps are compiled many at a time.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax.core import Tracer

from snnjax.devices import is_cpu, steps_at_once
from snnjax.types import Array, Params, State

Step = Callable[[Params, State, Array], State]


def trajectory(
  step: Step, params: Params, state: State, xs: Array
) -> tuple[State, State]:
  """Takes a state through time, as `jax.lax.scan` does.

    s[t] = step(params, s[t-1], x[t])

  Args:
    step: `(params, state, x [B, ...]) -> state`, all of it floats.
    params: what the step needs.
    state: s[-1], every leaf `[B, ...]`.
    xs: `[T, B, ...]`, of any type.

  Returns:
    The last state, and all of them, every leaf `[T, B, ...]`.

  Raises:
    TypeError: if a step makes a state of another type, since inputs are wider
      than parameters.
  """
  # Gradients are written where inputs lay, so these are floats.
  xs = xs.astype(jnp.result_type(xs, *jax.tree.leaves(state)))
  params = jax.tree.map(  # gradients of whole numbers could not be added up
    lambda leaf: (
      leaf
      if jnp.issubdtype(jnp.result_type(leaf), jnp.inexact)
      else jnp.asarray(leaf, xs.dtype)
    ),
    params,
  )
  traced = jax.make_jaxpr(step)(params, state, xs[0])
  _check_types(state, traced.out_avals, xs)
  if not is_cpu() or _holds_traced_numbers(traced.consts):
    return _scan(step, params, state, xs)
  if len(xs) == 1:
    state = step(params, state, xs[0])
    return state, jax.tree.map(lambda leaf: leaf[None], state)
  converted, constants = jax.closure_convert(step, params, state, xs[0])
  return _trajectory(
    lambda params, state, x: converted(params[0], state, x, *params[1]),
    (params, constants),
    state,
    xs,
  )


def _check_types(state, avals, xs):
  for before, after in zip(jax.tree.leaves(state), avals, strict=True):
    if before.dtype != after.dtype:
      raise TypeError(
        f'a state must keep its type, {before.dtype}; a step with inputs of '
        f'{xs.dtype} makes it {after.dtype}: give inputs and parameters the '
        'same type'
      )


def _holds_traced_numbers(constants):
  """Whether a step closes over a traced key, integer or mask.

  `closure_convert` would leave it inside.
  """
  return any(
    isinstance(constant, Tracer)
    and not jnp.issubdtype(constant.dtype, jnp.inexact)
    for constant in constants
  )


def _scan(step, params, state, xs):
  def body(state, x):
    state = step(params, state, x)
    return state, state

  at_once = steps_at_once(math.prod(xs.shape[1:]), of_states=True)
  return jax.lax.scan(body, state, xs, unroll=at_once)


def _in_place(step, params, state, xs):
  leaves, structure = jax.tree.flatten(state)
  place = _place(xs, leaves)
  states = [
    xs if k == place else jax.lax.empty((len(xs), *leaf.shape), leaf.dtype)
    for k, leaf in enumerate(leaves)
  ]

  def go_on(t, carry):
    state, states = carry
    x = _read(xs if place is None else states[place], t)
    state = step(params, state, x)
    pairs = zip(states, jax.tree.leaves(state), strict=True)
    return state, [_write(leaf, t, now) for leaf, now in pairs]

  state, states = jax.lax.fori_loop(0, len(xs), go_on, (state, states))
  return state, structure.unflatten(states)


def _forward(step, params, state, xs):
  last, states = _in_place(step, params, state, xs)
  return (last, states), (params, state, xs, states)


def _backward(step, residuals, gradient):
  params, start, xs, states = residuals
  by_last, by_states = gradient
  by_states, structure = jax.tree.flatten(by_states)
  place = _place(xs, jax.tree.leaves(start))
  by_xs = jax.lax.empty(xs.shape, xs.dtype) if place is None else None

  def through_step(t, before, carry):
    total, later, by_states, by_xs = carry
    own = [_read(array, t) for array in by_states]
    by_state = [*map(jnp.add, structure.flatten_up_to(later), own)]
    if place is not None:
      # By way of the array, for what else read it would make XLA copy it.
      by_states[place] = _write(by_states[place], t, by_state[place])
      by_state[place] = _read(by_states[place], t)
    _, pull_back = jax.vjp(step, params, before, _read(xs, t))
    by_params, earlier, by_x = pull_back(structure.unflatten(by_state))
    if place is None:
      by_xs = _write(by_xs, t, by_x)
    elif by_x is not by_state[place]:
      by_states[place] = _write(by_states[place], t, by_x)
    return jax.tree.map(jnp.add, total, by_params), earlier, by_states, by_xs

  def go_back(i, carry):
    t = len(xs) - 1 - i
    before = jax.tree.map(lambda leaf: _read(leaf, t - 1), states)
    return through_step(t, before, carry)

  nothing = jax.tree.map(jnp.zeros_like, params)
  carry = nothing, by_last, by_states, by_xs
  carry = jax.lax.fori_loop(0, len(xs) - 1, go_back, carry)
  by_params, by_start, by_states, by_xs = through_step(0, start, carry)
  return by_params, by_start, by_xs if place is None else by_states[place]


_trajectory = jax.custom_vjp(_in_place, nondiff_argnums=(0,))
_trajectory.defvjp(_forward, _backward)


def _place(xs, leaves):
  """Which leaf of a state can replace an input; None if there is none."""
  kinds = [(leaf.shape, leaf.dtype) for leaf in leaves]
  kind = xs.shape[1:], xs.dtype
  return kinds.index(kind) if kind in kinds else None


def _read(array, t):
  return jax.lax.dynamic_index_in_dim(array, t, keepdims=False)


def _write(array, t, value):
  return jax.lax.dynamic_update_index_in_dim(array, value, t, 0)
