# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a network did, read from its trace; the network knows nothing of it.

Inside a compiled step the parts of a trace that nobody reads are not computed.
"""

import math
from collections.abc import Mapping

import jax

from snnjax import metrics
from snnjax.neurons.neuron import out_shape
from snnjax.types import Array, Cell, Params, Shape, Sums, Trace


def spiking(cell: Cell, trace: Trace) -> Trace:
  """Picks the layers whose outputs are spikes whatever comes in.

  Args:
    cell: a `serial`.
    trace: `{layer: (states, outputs)}`.

  Returns:
    The entries of those layers; `outer/inner` where a layer is a `serial`.
  """
  return {
    '/'.join(path): _at(trace, path)
    for path, part in _layers(cell)
    if part.is_binary(False)
  }


def fan_outs(cell: Cell, params: Params, in_shape: Shape) -> dict[str, Array]:
  """Counts the synapses that leave each neuron of each spiking layer.

  Args:
    cell: a `serial`.
    params: its parameters, for their shapes.
    in_shape: of its input, without time and batch.

  Returns:
    For every spiking layer whose spikes go, flattened at most, straight into
    synapses with a kernel and no state: the number of neurons that each neuron
    `[N...]` reaches. The feedback of `recurrent` is not counted.
  """
  counts = {}
  source, source_shape, reshapes = '', in_shape, ()
  for path, part in _layers(cell):
    own = _at(params, path)
    shape = out_shape(part, own, in_shape)
    if part.is_binary(False):
      source, source_shape, reshapes = '/'.join(path), shape, ()
    elif source and _is_synapse(part, own, in_shape):

      def synapse(own, x, part=part, reshapes=reshapes):
        for reshape in reshapes:
          _, x = reshape.step((), (), x)
        return part.step(own, (), x)[1]

      counts[source] = metrics.fan_out(synapse, own, source_shape)
      source = ''
    elif (
      part.is_binary(True)
      and not jax.tree.leaves(own)
      and math.prod(shape) == math.prod(in_shape)
    ):
      reshapes += (part,)  # passes every spike on, once
    else:
      source = ''
    in_shape = shape
  return counts


def _is_synapse(part, own, in_shape):
  """Whether spikes meet a kernel, and nothing that remembers them."""
  has_kernel = isinstance(own, Mapping) and 'kernel' in own
  return has_kernel and not jax.tree.leaves(part.start(own, None, in_shape, 1))


def _layers(cell, outer=()):
  """The layers in order, those of a `serial` in its place, by their paths."""
  for name, part in cell.parts:
    path = (*outer, name)
    if part.parts:
      yield from _layers(part, path)
    else:
      yield path, part


def _at(entries, path):
  """What stands at a path; nothing where there is no entry."""
  for name in path:
    entries = entries.get(name, ()) if isinstance(entries, Mapping) else ()
  return entries


def activity(
  cell: Cell, params: Params, trace: Trace, mask: Array, in_shape: Shape
) -> Sums:
  """Measures firing and its cost: for a compiled evaluation step.

  Args:
    cell: a `serial`.
    params: its parameters.
    trace: of a simulation of B examples.
    mask: `[B]`, 1 for an example and 0 for padding.
    in_shape: of the network's input, without time and batch.

  Returns:
    By layer `firing_rate/`, `silent_share/`, `saturated_share/` (of its
    neurons) and `synaptic_operations/` (per example).
  """
  spikes = spiking(cell, trace)
  sums = metrics.health(spikes, mask)
  for name, fan_out in fan_outs(cell, params, in_shape).items():
    operations = metrics.synaptic_operations(spikes[name][1], fan_out)
    key = f'synaptic_operations/{name}'
    sums[key] = metrics.mean_of(operations, mask)
  return sums
