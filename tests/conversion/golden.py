# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The network and numbers that the golden tables were computed with."""

import jax
import jax.numpy as jnp
import numpy as np

STEPS = (8, 16, 32, 64, 128)


def numbers(shape, k):
  """Weyl's sequence in [-1, 1), row by row."""
  n = np.arange(1, np.prod(shape) + 1) + 1000 * k
  return (2 * ((n * 0.6180339887498949) % 1) - 1).reshape(shape)


PARAMS = {
  'kernels': [
    numbers((8, 16), 1) * np.sqrt(3 / 8),
    numbers((16, 16), 2) * 1.2 * np.sqrt(3 / 16),
    numbers((16, 4), 3) * np.sqrt(3 / 16),
  ],
  'biases': [
    0.1 * numbers((16,), 4),
    0.1 * numbers((16,), 5),
    0.1 * numbers((4,), 6),
  ],
}
X = numbers((32, 8), 7)


def network(params, x):
  """8-16-16-4 with ReLU."""
  kernels, biases = params['kernels'], params['biases']
  for kernel, bias in zip(kernels[:-1], biases[:-1], strict=True):
    x = jax.nn.relu(x @ kernel + bias[None])
  return x @ kernels[-1] + biases[-1][None]


def params():
  return jax.tree.map(jnp.asarray, PARAMS)
