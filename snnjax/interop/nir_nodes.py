# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From a node of NIR to a cell."""

import nir
import numpy as np

from snnjax.interop import nir_neurons, nir_synapses
from snnjax.interop.nir_reading import Layer, Reading


def read(reading: Reading, node: nir.NIRNode) -> Layer:
  """Makes the cell of a node, and its parameters.

  Raises:
    ValueError: naming the node, if it is not known or does not fit its inputs.
  """
  kind = type(node)
  known = ', '.join(kind.__name__ for kind in _READERS)
  reading.require(
    kind in _READERS, f'{kind.__name__} is not known; known are {known}'
  )
  shape = tuple(np.roll(reading.shape, 1).tolist())  # channels come first
  reading.require(
    _fits(node, shape),
    f'does not fit inputs {shape}; is for {node.input_type["input"]}',
  )
  return _READERS[kind](reading, node)


def _fits(node, shape):
  """Whether a node is for inputs of a shape, in NIR's order."""
  if isinstance(node, nir.Conv2d):
    return len(shape) == 3 and shape[0] == node.weight.shape[1]
  if isinstance(node, nir.AvgPool2d | nir.SumPool2d):
    return len(shape) == 3
  given = node.input_type['input']
  if given is None:  # some programs do not say what they flatten
    return True
  given = tuple(int(n) for n in given)
  if isinstance(node, nir.Affine | nir.Linear | nir.Flatten):
    return given == shape
  pairs = zip(given, shape, strict=False)  # elementwise: may broadcast
  return set(given) <= {1} or (
    len(given) == len(shape) and all(n in (1, m) for n, m in pairs)
  )


_READERS = {
  nir.Affine: nir_synapses.affine,
  nir.Linear: nir_synapses.affine,
  nir.Conv2d: nir_synapses.conv,
  nir.AvgPool2d: nir_synapses.pool,
  nir.SumPool2d: nir_synapses.pool,
  nir.Flatten: nir_synapses.flatten,
  nir.Scale: nir_synapses.scale,
  nir.Threshold: nir_synapses.threshold,
  nir.LIF: nir_neurons.lif,
  nir.CubaLIF: nir_neurons.current_lif,
  nir.IF: nir_neurons.integrate_and_fire,
  nir.LI: nir_neurons.leaky_integrator,
  nir.CubaLI: nir_neurons.current_integrator,
  nir.I: nir_neurons.integrator,
}
