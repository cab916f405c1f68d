# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Layers with weights and names, and networks of them.

A layer takes spike trains `[B, ..., K]` (s), or the `Events` that a data set
keeps in order; a network gives the crossings of every layer by name.
"""

import math
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.event import merging, patches
from snnjax.event.chunk_solver import solve_by_chunks
from snnjax.event.layer import event_crossings
from snnjax.event.ordering import quiet_first, sort_events
from snnjax.event.types import Crossings, EventNeuron, Events, SpikeSolver
from snnjax.types import Array, Params, Shape

KernelInit = Callable[[Array, Shape], Array]  # (key, shape) -> kernel
Spikes = Array | Events
# What may be learnt, and the bounds for `snnjax.training.project`.
LEARNABLE = {
  'threshold': (1e-6, math.inf),
  'reset': (1e-6, math.inf),
  'delay': (0.0, math.inf),
}


class EventLayer(NamedTuple):
  """A layer of an event network.

  Attributes:
    name: of the layer, and of its parameters.
    init: `(key, in_shape) -> params`, shapes without batch and slots.
    out_shape: `in_shape -> out_shape`.
    apply: `(params, spikes) -> (times [B, *out_shape, K], crossings or None)`.
  """

  name: str
  init: Callable[[Array, Shape], Params]
  out_shape: Callable[[Shape], Shape]
  apply: Callable[[Params, Spikes], tuple[Array, Crossings | None]]


class EventNetwork(NamedTuple):
  """Layers one after the other.

  Attributes:
    init: `(key, in_shape) -> {layer: params}`.
    apply: `(params, spikes) -> {layer: crossings}`, in order.
  """

  init: Callable[[Array, Shape], Params]
  apply: Callable[[Params, Spikes], dict[str, Crossings]]


def uniform(low: float, high: float) -> KernelInit:
  """Draws kernels from U(low, high), whatever their shape."""

  def init(key, shape):
    return jax.random.uniform(key, shape, minval=low, maxval=high)

  return init


def dense(
  name: str,
  num_outputs: int,
  neuron: EventNeuron,
  *,
  max_spikes: int,
  t_max: float,
  kernel_init: KernelInit,
  learnable: Collection[str] = (),
  min_slope: float = 0.0,
  solver: SpikeSolver = solve_by_chunks,
) -> EventLayer:
  """Makes a layer of all-to-all connected neurons.

  Args:
    name: of the layer.
    num_outputs: O.
    neuron: τₛ, and θ and Δθ, or what they start from.
    max_spikes: S, room per neuron.
    t_max: no spike is later (s).
    kernel_init: draws the kernel `[I, O]`.
    learnable: which of θ and Δθ `[O]` and the inputs' axonal delays `[I]` (s,
      from 0; negative ones count as 0) are parameters: 'threshold', 'reset',
      'delay'. θ and Δθ have to stay positive:
      `snnjax.training.project(params, LEARNABLE)` after an update.
    min_slope: see `event_crossings`.
    solver: how crossings are found.

  Returns:
    A layer from trains `[B, ..., K]` or events to `[B, O, S]` (s).

  Raises:
    ValueError: if something else should be learnable.

  References: Bacho, Chu, "Exploring trade-offs in spiking neural networks",
  2023.
  """
  if not set(learnable) <= set(LEARNABLE):
    raise ValueError(
      f'learnable are {tuple(LEARNABLE)}; got {tuple(learnable)}'
    )

  def init(key, in_shape):
    num_inputs = math.prod(in_shape)
    return {
      'kernel': kernel_init(key, (num_inputs, num_outputs)),
      **_constants(neuron, learnable, num_inputs, num_outputs),
    }

  def apply(params, spikes):
    learnt = {k: params[k] for k in ('threshold', 'reset') if k in params}
    crossings = event_crossings(
      params['kernel'],
      _events(name, params, spikes),
      neuron._replace(**learnt),
      max_spikes,
      t_max,
      solver,
      min_slope=min_slope,
    )
    return crossings.times, crossings

  return EventLayer(name, init, lambda _: (num_outputs,), apply)


def conv(
  name: str,
  channels: int,
  kernel_size: int,
  neuron: EventNeuron,
  *,
  max_spikes: int,
  t_max: float,
  kernel_init: KernelInit,
  min_slope: float = 0.0,
  solver: SpikeSolver = solve_by_chunks,
) -> EventLayer:
  """Makes a convolution (cross-correlation), stride 1, without padding.

  Every place is an example of a dense layer over its own square of inputs.

  Args:
    name: of the layer.
    channels: C', of the outputs.
    kernel_size: side of the kernel, at most that of the image.
    neuron: τₛ, θ and Δθ.
    max_spikes: S, room per neuron.
    t_max: no spike is later (s).
    kernel_init: draws the kernel `[size, size, C, C']`.
    min_slope: see `event_crossings`.
    solver: how crossings are found.

  Returns:
    A layer from trains `[B, H, W, C, K]` to `[B, H', W', C', S]` (s).

  References: Bacho, Chu, "Exploring trade-offs in spiking neural networks",
  2023.
  """
  size = kernel_size

  def out_shape(in_shape):
    return *patches.places(in_shape, size), channels

  def init(key, in_shape):
    return {'kernel': kernel_init(key, (size, size, in_shape[-1], channels))}

  def apply(params, spikes):
    _check_images(name, spikes)
    out = out_shape(spikes.shape[1:-1])
    kernel = params['kernel'].reshape(-1, channels)
    _check_inputs(name, kernel, size * size * spikes.shape[-2])

    events = patches.sort_patches(spikes, size)
    order = quiet_first(events)
    crossings = event_crossings(
      kernel,
      jax.tree.map(lambda x: x[order], events),
      neuron,
      max_spikes,
      t_max,
      solver,
      min_slope=min_slope,
    )
    back = jnp.argsort(order)
    neurons = len(spikes), math.prod(out)
    crossings = jax.tree.map(
      lambda x: x[back].reshape(*neurons, *x.shape[2:]), crossings
    )
    return crossings.times.reshape(-1, *out, max_spikes), crossings

  return EventLayer(name, init, out_shape, apply)


def pool(name: str, window: int = 2) -> EventLayer:
  """Makes a layer that merges the trains of every square; see `merge_pool`.

  Args:
    name: of the layer.
    window: side of a square, at most that of the image, and the stride.

  Returns:
    A layer from `[B, H, W, C, K]` to `[B, H // window, W // window, C,
    window²·K]` (s).
  """

  def out_shape(in_shape):
    spikes = jnp.zeros((1, *in_shape, 1))
    return merging.merge_pool(spikes, window).shape[1:-1]

  def apply(params, spikes):
    del params
    _check_images(name, spikes)
    return merging.merge_pool(spikes, window), None

  return EventLayer(name, lambda key, in_shape: {}, out_shape, apply)


def network(layers: Sequence[EventLayer]) -> EventNetwork:
  """Puts layers one after the other.

  Args:
    layers: with distinct names.

  Raises:
    ValueError: if two layers have the same name.
  """
  names = [layer.name for layer in layers]
  if len(set(names)) < len(names):
    raise ValueError(f'layers must have distinct names; got {names}')

  def init(key, in_shape):
    params = {}
    keys = jax.random.split(key, len(layers))
    for layer, layer_key in zip(layers, keys, strict=True):
      params[layer.name] = layer.init(layer_key, in_shape)
      in_shape = layer.out_shape(in_shape)
    return {name: leaves for name, leaves in params.items() if leaves}

  def apply(params, spikes):
    found = {}
    for layer in layers:
      spikes, crossings = layer.apply(params.get(layer.name, {}), spikes)
      if crossings is not None:
        found[layer.name] = crossings
    return found

  return EventNetwork(init, apply)


def _constants(neuron, learnable, num_inputs, num_outputs):
  constants = {
    'threshold': jnp.full(num_outputs, neuron.threshold, float),
    'reset': jnp.full(num_outputs, neuron.reset, float),
    'delay': jnp.zeros(num_inputs),
  }
  return {name: constants[name] for name in learnable}


def _events(name, params, spikes):
  if isinstance(spikes, Events):
    if 'delay' in params:
      raise ValueError(
        'delays change the order of events; give the layer spike trains '
        '[B, I, K] instead of events in order'
      )
    return spikes
  times = spikes.reshape(len(spikes), -1, spikes.shape[-1])
  if 'delay' in params:
    times = merging.with_delays(times, params['delay'])
  _check_inputs(name, params['kernel'], times.shape[1])
  return sort_events(times)


def _check_images(name, spikes):
  if isinstance(spikes, Events) or spikes.ndim != 5:
    raise ValueError(
      f'layer {name!r} needs the spike trains of images, [B, H, W, C, K]; got '
      f'{jax.tree.map(jnp.shape, spikes)}'
    )


def _check_inputs(name, kernel, num_inputs):
  if len(kernel) != num_inputs:
    raise ValueError(
      f'layer {name!r} has weights of {len(kernel)} inputs; got spike trains '
      f'of {num_inputs}'
    )
