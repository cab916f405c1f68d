# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Writes rate networks in the neuromorphic intermediate representation.

Needs the package `nir` (`pip install 'snnjax[nir]'`).

NIR's integrate-and-fire neuron starts at 0 and resets to a value. It cannot
express charged membranes and subtracting resets: whoever runs the graph should
start membranes at charge·θ and subtract θ, as most programs do.

References: Pedersen et al., "Neuromorphic intermediate representation: a
unified instruction set for interoperable brain-inspired computing", 2024.
"""

import itertools
from collections.abc import Sequence

import nir
import numpy as np

from snnjax.models.rate_network import rate_network
from snnjax.neurons.integrate_and_fire import IntegrateAndFireParams
from snnjax.neurons.neuron import out_shape
from snnjax.types import Params, Shape

_DENSE, _FLATTEN = 'Dense_0', 'flatten'


def to_nir(
  layers: Sequence[int | str],
  params: Params,
  in_shape: Shape,
  *,
  padding: str = 'SAME',
  time_step: float = 1e-3,
) -> nir.NIRGraph:
  """Makes the graph of a `rate_network`; `nir.write(path, graph)` saves it.

  Images become `[C, H, W]`, as NIR has them.

  Args:
    layers: of `rate_network`.
    params: its parameters.
    in_shape: of its images, `(H, W, C)`.
    padding: of its convolutions.
    time_step: seconds that one of our steps stands for.
  """
  num_outputs = len(params[_DENSE]['bias'])
  cell = rate_network(layers, num_outputs=num_outputs, padding=padding)
  nodes: dict[str, nir.NIRNode] = {
    'input': nir.Input({'input': _channels_first(in_shape)})
  }
  shape = image = in_shape
  for name, part in cell.parts:
    own = params.get(name, ())
    if name == _DENSE:
      nodes[name] = _affine(own, image)
    elif name == _FLATTEN:
      image = shape
      nodes[name] = nir.Flatten(
        {'input': _channels_first(shape)}, start_dim=0, end_dim=-1
      )
    elif isinstance(own, IntegrateAndFireParams):
      nodes[name] = _neuron(own, shape, time_step)
    elif own:
      nodes[name] = _conv(own, shape, padding)
    else:
      window = np.array([2, 2])
      nodes[name] = nir.AvgPool2d(window, window, np.array([0, 0]))
    shape = out_shape(part, own, shape)
  nodes['output'] = nir.Output({'output': np.array(shape)})
  names = list(nodes)
  edges = list(itertools.pairwise(names))
  return nir.NIRGraph(nodes, edges, type_check=False)


def _conv(own, shape, padding):
  return nir.Conv2d(
    input_shape=shape[:2],
    weight=np.transpose(own['kernel'], (3, 2, 0, 1)),
    stride=1,
    padding=padding.lower(),
    dilation=1,
    groups=1,
    bias=np.asarray(own['bias']),
  )


def _neuron(own, shape, time_step):
  threshold = np.broadcast_to(np.float32(own.threshold), shape)
  threshold = threshold.transpose(2, 0, 1)
  resistance = np.full_like(threshold, 1 / np.float32(time_step))
  return nir.IF(r=resistance, v_threshold=threshold)


def _affine(own, shape):
  """Rows in the order of flattened `[C, H, W]`."""
  kernel = np.asarray(own['kernel']).reshape(*shape, -1)
  kernel = kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[-1])
  return nir.Affine(weight=kernel.T, bias=np.asarray(own['bias']))


def _channels_first(shape):
  height, width, channels = shape
  return np.array([channels, height, width])
