# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What is read back from a file, run by a few lines of NumPy."""

import functools

import jax
import nir
import numpy as np
import pytest

from snnjax import simulate
from snnjax.conversion import balance
from snnjax.interop.to_nir import to_nir
from snnjax.models.rate_network import CHARGE, POOL, rate_network

LAYERS = 3, POOL, 4, POOL
STEPS, TIME_STEP = 10, 1e-3


@pytest.mark.parametrize('padding', ['SAME', 'VALID'])
def test_a_file_read_back_spikes_alike(padding, tmp_path):
  cell = rate_network(LAYERS, num_outputs=2, padding=padding)
  x = jax.random.uniform(jax.random.key(0), (1, 10, 10, 1))
  params = cell.init(jax.random.key(1), x.shape[1:])
  scales = [np.array([0.3, 0.4, 0.5]), np.array([0.11, 0.12, 0.13, 0.14])]
  synapses = {k: v for k, v in params.items() if not k.startswith('neuron')}
  params = balance(synapses, scales, keep_thresholds=True)
  # A threshold per neuron in the first layer, per channel in the second.
  first = next(name for name in params if name.startswith('neuron'))
  side = 10 if padding == 'SAME' else 8
  factors = np.random.default_rng(0).uniform(0.8, 1.2, (side, side, 3))
  params[first] = jax.tree.map(
    lambda leaf: np.broadcast_to(leaf, factors.shape), params[first]
  )
  threshold = np.float32(params[first].threshold * factors)
  params[first] = params[first]._replace(threshold=threshold)
  path = tmp_path / 'network.nir'
  nir.write(
    path,
    to_nir(LAYERS, params, x.shape[1:], padding=padding, time_step=TIME_STEP),
  )
  run = functools.partial(simulate.simulate, cell, num_steps=STEPS)
  outputs = jax.jit(run)(params, x[None]).outputs
  expected = _run(nir.read(path), np.asarray(x[0]).transpose(2, 0, 1))
  np.testing.assert_allclose(outputs[:, 0], expected, atol=1e-4)


def _run(graph, image):
  """One node after the other, at every step."""
  names = ['input']
  following = dict(graph.edges)
  while names[-1] in following:
    names.append(following[names[-1]])
  membranes = {
    name: CHARGE * node.v_threshold
    for name, node in graph.nodes.items()
    if isinstance(node, nir.IF)
  }
  outputs = []
  for _ in range(STEPS):
    x = image
    for name in names[1:-1]:
      node = graph.nodes[name]
      if isinstance(node, nir.Conv2d):
        x = _convolve(node, x)
      elif isinstance(node, nir.AvgPool2d):
        c, h, w = x.shape[0], x.shape[1] // 2, x.shape[2] // 2
        x = x[:, : 2 * h, : 2 * w].reshape(c, h, 2, w, 2).mean((2, 4))
      elif isinstance(node, nir.IF):
        membranes[name] = membranes[name] + TIME_STEP * node.r * x
        x = (membranes[name] > node.v_threshold).astype(np.float32)
        membranes[name] = membranes[name] - node.v_threshold * x
      elif isinstance(node, nir.Flatten):
        x = x.ravel()
      else:
        x = node.weight @ x + node.bias
    outputs.append(x)
  return np.stack(outputs)


def _convolve(node, x):
  if node.padding == 'same':
    x = np.pad(x, ((0, 0), (1, 1), (1, 1)))
  windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
  y = np.einsum('chwij,ocij->ohw', windows, node.weight)
  return y + node.bias[:, None, None]
