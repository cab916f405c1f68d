# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Cells from cells."""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.neurons.neuron import float_type, out_shape, unroll_by
from snnjax.synapses import is_image, join_time_and_batch
from snnjax.types import Array, Cell, State


def serial(cells: Mapping[str, Cell] | None = None, /, **named: Cell) -> Cell:
  """Makes a network of layers in a row; params and state are dicts by name.

  `unroll` goes layer by layer; synapses that follow each other go through
  time x batch together, so that between a convolution and its pooling nothing
  is written to memory. Layers without parameters or without state have no
  entry.

  Args:
    cells: the layers in order, by name.
    **named: the same, as keywords.
  """
  parts = tuple({**(cells or {}), **named}.items())

  def init(key, in_shape):
    params = {}
    for k, (name, cell) in zip(
      jax.random.split(key, len(parts)), parts, strict=True
    ):
      params[name] = cell.init(k, in_shape)
      in_shape = out_shape(cell, params[name], in_shape)
    return _occupied(params)

  def start(params, key, in_shape, batch):
    params, state = _entries(params), {}
    for k, (name, cell) in zip(_split(key, len(parts)), parts, strict=True):
      own = params.get(name, ())
      state[name] = cell.start(own, k, in_shape, batch)
      in_shape = out_shape(cell, own, in_shape)
    return _occupied(state)

  def step(params, state, x):
    params, state, states = _entries(params), _entries(state), {}
    for name, cell in parts:
      own = params.get(name, ()), state.get(name, ())
      states[name], x = cell.step(*own, x)
    return _occupied(states), x

  def unroll(params, state, xs, num_steps, memory):
    params, state = _entries(params), _entries(state)
    states, trace = {}, {}
    rest = list(parts)
    while rest:
      run = _synapses_in_front(rest, params, state, xs)
      if len(run) > 1:
        own = {name: params.get(name, ()) for name, _ in run}
        outputs = join_time_and_batch(memory.wrap(_in_a_row(run)))(own, xs)
        trace |= {name: ((), ys) for name, ys in outputs.items()}
        xs = outputs[run[-1][0]]
      else:
        run = rest[:1]
        name, cell = run[0]
        states[name], xs, trace[name] = cell.unroll(
          params.get(name, ()), state.get(name, ()), xs, num_steps, memory
        )
      for _, cell in run:
        is_binary = cell.is_binary(memory.inputs_are_binary)
        memory = memory._replace(inputs_are_binary=is_binary)
      rest = rest[len(run) :]
    return _occupied(states), xs, trace

  def is_binary(inputs_are_binary):
    for _, cell in parts:
      inputs_are_binary = cell.is_binary(inputs_are_binary)
    return inputs_are_binary

  return Cell(init, start, step, unroll, is_binary, parts)


def _split(key, num):
  """Keys for the parts of a cell; none if there is none."""
  return [None] * num if key is None else jax.random.split(key, num)


def _entries(by_name):
  """Params or state by name; nothing, where there is none."""
  return by_name if isinstance(by_name, Mapping) else {}


def _occupied(entries):
  return {k: v for k, v in entries.items() if jax.tree.leaves(v)}


def _synapses_in_front(parts, params, state, xs):
  """The leading synapses that share a pass: all of images, or of vectors."""
  x = jax.ShapeDtypeStruct(xs.shape[1:], xs.dtype)
  run, of_images = [], is_image(x.shape[1:])
  for name, cell in parts:
    is_alike = is_image(x.shape[1:]) == of_images
    if name in state or cell.parts or not is_alike:
      break
    run.append((name, cell))
    _, x = jax.eval_shape(cell.step, params.get(name, ()), (), x)
  return run


def _in_a_row(run):
  def apply(params, x):
    outputs = {}
    for name, cell in run:
      _, x = cell.step(params[name], (), x)
      outputs[name] = x
    return outputs

  return apply


class RecurrentState(NamedTuple):
  neuron: State
  feedback: State
  outputs: Array  # [B, N...], of the previous step


def recurrent(neuron: Cell, feedback: Cell) -> Cell:
  """Feeds a layer's spikes back into it: I'[t] = I[t] + feedback(S[t-1]).

  Wraps the neurons only, so that the synapses from the layer below stay on the
  fast path of `serial`. What a reset does is the neurons' affair: `lif` with
  `to_zero` keeps the new input, where other libraries' recurrent cells do not.

  Args:
    neuron: the neurons, `[B, N...] -> [B, N...]`.
    feedback: one_to_one, dense or a convolution with padding 'SAME'.

  Raises:
    ValueError: if the feedback does not have the neurons' shape.
  """

  def init(key, in_shape):
    neuron_key, feedback_key = jax.random.split(key)
    params = {
      'neuron': neuron.init(neuron_key, in_shape),
      'feedback': feedback.init(feedback_key, in_shape),
    }
    got = out_shape(feedback, params['feedback'], in_shape)
    if got != tuple(in_shape):
      raise ValueError(
        f'feedback must have the shape of its neurons {in_shape}; got {got}'
      )
    return params

  def start(params, key, in_shape, batch):
    neuron_key, feedback_key = _split(key, 2)
    return RecurrentState(
      neuron.start(params['neuron'], neuron_key, in_shape, batch),
      feedback.start(params['feedback'], feedback_key, in_shape, batch),
      jnp.zeros((batch, *in_shape), float_type(params)),
    )

  def step(params, state, x):
    fed_back, current = feedback.step(
      params['feedback'], state.feedback, state.outputs
    )
    inner, outputs = neuron.step(params['neuron'], state.neuron, x + current)
    return RecurrentState(inner, fed_back, outputs), outputs

  # What reaches the neurons is a sum, and so not binary.
  return Cell(
    init, start, step, unroll_by(step), lambda _: neuron.is_binary(False)
  )


class RefractoryState(NamedTuple):
  neuron: State
  steps_left: Array  # [B, N...]


def refractory(neuron: Cell, *, num_steps: int) -> Cell:
  """Freezes a neuron for `num_steps` steps after each of its spikes.

  While it is frozen its state stands still, its input is lost and it is
  silent; the reset that the spike calls for comes when it thaws.

  Args:
    neuron: the neurons; every leaf of their state `[B, N...]`.
    num_steps: length of the refractory period, in steps.
  """

  def start(params, key, in_shape, batch):
    return RefractoryState(
      neuron.start(params, key, in_shape, batch),
      jnp.zeros((batch, *in_shape)),
    )

  def step(params, state, x):
    is_free = state.steps_left <= 0
    moved, outputs = neuron.step(params, state.neuron, x)
    inner = jax.tree.map(
      lambda new, old: jnp.where(is_free, new, old), moved, state.neuron
    )
    outputs = jnp.where(is_free, outputs, 0)
    has_fired = jax.lax.stop_gradient(outputs) > 0
    steps_left = jnp.where(
      has_fired, num_steps, jnp.maximum(state.steps_left - 1, 0)
    )
    return RefractoryState(inner, steps_left), outputs

  return Cell(neuron.init, start, step, unroll_by(step), neuron.is_binary)


def residual(block: Cell) -> Cell:
  """Adds a block's input to its output: y = x + block(x).

  In its trace the block's own stands in place of states; among synapses in a
  row it has none of its own.

  Raises:
    ValueError: where it is run, if the block's outputs are not of the shape of
      its inputs.
  """

  def add(x, y):
    if x.shape[1:] != y.shape[1:]:  # over time, one of them may be constant
      raise ValueError(
        f'a residual block must keep the shape of its inputs, {x.shape[1:]}; '
        f'got {y.shape[1:]}'
      )
    return x + y

  def step(params, state, x):
    state, y = block.step(params, state, x)
    return state, add(x, y)

  def unroll(params, state, xs, num_steps, memory):
    state, ys, trace = block.unroll(params, state, xs, num_steps, memory)
    ys = add(xs, ys)
    return state, ys, (trace, ys)

  return Cell(block.init, block.start, step, unroll)


class CountedState(NamedTuple):
  neuron: State
  counts: Array  # [B, N...], the outputs added up


def counted(neuron: Cell) -> Cell:
  """Adds up a layer's outputs over time, in its state."""

  def start(params, key, in_shape, batch):
    inner = neuron.start(params, key, in_shape, batch)
    shape = out_shape(neuron, params, in_shape)
    return CountedState(inner, jnp.zeros((batch, *shape)))

  def step(params, state, x):
    inner, outputs = neuron.step(params, state.neuron, x)
    return CountedState(inner, state.counts + outputs), outputs

  return Cell(neuron.init, start, step, unroll_by(step), neuron.is_binary)


def hoist(cell: Cell, state: State) -> tuple[Cell, Cell]:
  """Splits a network before its first layer with a state.

  Both halves take the parameters of the whole. A constant input passes through
  the first half once, and only the second has to be stepped.
  """
  front = []
  for name, part in cell.parts:
    if name in state:
      break
    front.append((name, part))
  rest = cell.parts[len(front) :]
  if not front or not rest:
    return serial(), cell
  return serial(dict(front)), serial(dict(rest))
