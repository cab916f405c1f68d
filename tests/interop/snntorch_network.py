# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Lets snnTorch write a network in NIR and run it, for from_nir_test.py.

Graph, inputs and output spikes are kept in `snntorch_network.npz`. To make it
anew:

  make bench-peers
  .venv-peers/bin/python tests/interop/snntorch_network.py
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix('.npz')
NUM_STEPS = 25
# Shapes that this version leaves out of what it writes.
SHAPES = {'1': (3, 8, 8), '4': (4, 2, 2), '7': (12,), '11': (5,)}


def main():
  import snntorch  # absent where only the tests run
  import torch
  from snntorch.export_nir import export_to_nir

  torch.manual_seed(3)
  inputs = torch.rand(NUM_STEPS, 1, 8, 8)
  network = _network(snntorch, torch.nn)
  with torch.no_grad():
    outputs = [network(x[None])[0] for x in inputs]
  import nir

  nir.NIRGraph.infer_types = lambda graph: None  # fails on convolutions
  fresh = _network(snntorch, torch.nn)
  fresh.load_state_dict(network.state_dict())
  graph = export_to_nir(fresh, inputs[:1])
  _complete(nir, graph)
  np.savez_compressed(
    FILE,
    inputs=inputs,
    outputs=torch.stack(outputs),
    **dict(_flat(graph.to_dict(), 'graph')),
  )


def _network(snntorch, nn):
  """Convolutions, pooling, all three neurons that it can write."""

  def options(threshold):
    return {
      'threshold': threshold,
      'reset_mechanism': 'zero',
      'reset_delay': False,
      'init_hidden': True,
    }

  return nn.Sequential(
    nn.Conv2d(1, 3, 3, padding=1),
    snntorch.Leaky(beta=0.8, **options(0.3)),
    nn.AvgPool2d(2),
    nn.Conv2d(3, 4, 3),
    snntorch.Leaky(beta=0.9, **options(0.2)),
    nn.Flatten(),
    nn.Linear(16, 12),
    snntorch.Synaptic(alpha=0.7, beta=0.85, **options(0.4)),
    nn.Linear(12, 8),
    snntorch.RLeaky(beta=0.9, linear_features=8, **options(0.3)),
    nn.Linear(8, 5),
    snntorch.Leaky(beta=0.5, **options(0.2)),
  )


def _complete(nir, graph):
  """Adds shapes, without which a file cannot be read."""
  nodes = graph.nodes
  nodes['input'] = nir.Input({'input': np.array([1, 8, 8])})
  nodes['output'] = nir.Output({'output': np.array([5])})
  nodes['5'] = nir.Flatten({'input': np.array([4, 2, 2])}, 0, -1)
  nodes['0'].input_shape, nodes['3'].input_shape = (8, 8), (4, 4)
  for name, shape in SHAPES.items():
    kind = type(nodes[name])
    nodes[name] = kind(
      **{
        field: np.full(shape, np.ravel(getattr(nodes[name], field))[0])
        for field in kind.__dataclass_fields__
        if field not in ('input_type', 'output_type', 'metadata')
      }
    )


def _flat(tree, path):
  for name, leaf in tree.items():
    if isinstance(leaf, dict):
      yield from _flat(leaf, f'{path}/{name}')
    else:
      yield f'{path}/{name}', np.asarray(leaf)


if __name__ == '__main__':
  main()
