# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times a linear layer with leaky neurons, forward and backward.

N inputs to N neurons, batch 16, 500 steps: the spikes, a weighted sum of them,
and its gradient with respect to the kernel. In every contender one product over
time x batch computes the currents. The floor is the two matrix products alone.

  pip install -r requirements-peers.txt
  python -m benchmarks.lif_layer
"""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks import timing

SIZES = (256, 512, 1024, 2048)


class Problem(NamedTuple):
  xs: np.ndarray  # [T, B, N]
  kernel: np.ndarray  # [N, N]
  weights: np.ndarray  # [B, N], of the spikes in the loss
  decay: float = 0.9
  slope: float = 25.0


def problem(
  size: int, seed: int, num_steps: int = 500, batch: int = 16
) -> Problem:
  """Makes random inputs and weights; about one neuron in ten fires."""
  rng = np.random.default_rng(seed)
  bound = size**-0.5
  return Problem(
    xs=timing.on_grid(
      rng.standard_normal((num_steps, batch, size), np.float32), bits=6
    ),
    kernel=timing.on_grid(rng.uniform(-bound, bound, (size, size)), bits=12),
    weights=rng.random((batch, size), np.float32),
  )


CONTENDERS = {
  'snnjax': 'benchmarks.ours:lif_layer',
  'bare products': 'benchmarks.peers.jax_folded:bare_products',
  'spyx': 'benchmarks.peers.spyx:lif_layer',
  'spyx, its own reset gradient': 'benchmarks.peers.spyx:lif_layer_own_neuron',
  'jax, scan': 'benchmarks.peers.jax_folded:lif_layer',
  'snntorch': 'benchmarks.peers.snntorch:lif_layer',
  'spikingjelly': 'benchmarks.peers.spikingjelly:lif_layer',
  'spikingjelly, its own LIFNode': (
    'benchmarks.peers.spikingjelly:lif_layer_own_neuron'
  ),
}
CASES = [
  timing.Case(f'lif_layer_{size}', functools.partial(problem, size), CONTENDERS)
  for size in SIZES
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
