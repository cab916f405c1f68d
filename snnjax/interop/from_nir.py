# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Reads networks in the neuromorphic intermediate representation (NIR).

Needs the package `nir` (`pip install 'snnjax[nir]'`).

Images are `[H, W, C]` here and `[C, H, W]` there; vectors made of images are in
our order.

References: Pedersen et al., "Neuromorphic intermediate representation: a
unified instruction set for interoperable brain-inspired computing", 2024.
"""

import math

import jax
import nir
import numpy as np

from snnjax import combinators, surrogate
from snnjax.interop.nir_chain import chain
from snnjax.interop.nir_nodes import read
from snnjax.interop.nir_reading import Layer, Reading
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import out_shape
from snnjax.types import Cell, Params, ResetFn, Shape, SpikeFn


def from_nir(
  graph: nir.NIRGraph,
  *,
  time_step: float,
  reset: ResetFn = resets.to_zero,
  charge: float = 0.0,
  spike_fn: SpikeFn = surrogate.arctan(),
) -> tuple[Cell, Params]:
  """Makes a network of a graph, `nir.read(path)`; it can be trained further.

  Args:
    graph: a chain of synapses and neurons; neurons may feed back to themselves
      through a synapse. Subgraphs are written out.
    time_step: Δt of a step of ours (s), at most the shortest time constant.
    reset: what a spike does to the membrane, relative to `v_leak`. NIR's
      equation is a reset to `v_reset`, which has to be `v_leak`; many programs
      that write NIR mean `subtract`, which does not use it.
    charge: what membranes without a leak start from, in thresholds.
    spike_fn: the Heaviside function with its surrogate derivative.

  Returns:
    The network, `serial` of a layer per node under the node's name, and its
    parameters, one for a layer where those of its neurons are equal. Membranes
    start at `v_leak`.

  Raises:
    ValueError: naming the node, if it or its place in the graph cannot be read.
  """
  nodes, feedbacks, shape = chain(graph)
  shape, places = _ours(shape), None
  layers = {}
  for name, node in nodes.items():
    reading = Reading(name, shape, places, time_step, reset, charge, spike_fn)
    layer = read(reading, node)
    if name in feedbacks:
      back = read(reading._replace(out_places=places), feedbacks[name])
      layer = _recurrent(reading, layer, back)
    layers[name] = layer
    if isinstance(node, nir.Flatten) and len(shape) == 3:
      places = _places(shape)
    elif isinstance(node, nir.Affine | nir.Linear):
      places = None
    shape = out_shape(layer.cell, layer.params, shape)
  cells = {name: layer.cell for name, layer in layers.items()}
  params = {
    name: layer.params
    for name, layer in layers.items()
    if jax.tree.leaves(layer.params)
  }
  return combinators.serial(cells), params


def _recurrent(reading: Reading, layer: Layer, back: Layer) -> Layer:
  found = out_shape(back.cell, back.params, reading.shape)
  reading.require(
    found == reading.shape, f'has feedback of {found} to {reading.shape}'
  )
  cell = combinators.recurrent(layer.cell, back.cell)
  return Layer(cell, {'neuron': layer.params, 'feedback': back.params})


def _ours(shape: Shape) -> Shape:
  if len(shape) not in (1, 3):
    raise ValueError(f'an input must be [N] or [C, H, W]; got {shape}')
  return (*shape[1:], shape[0]) if len(shape) == 3 else shape


def _places(shape: Shape) -> np.ndarray:
  """Where our vector's entries, `[H, W, C]`, lie in NIR's, `[C, H, W]`."""
  height, width, channels = shape
  order = np.arange(math.prod(shape)).reshape(channels, height, width)
  return order.transpose(1, 2, 0).ravel()
