# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times a linear layer with leaky neurons, forward and backward.

N inputs to N neurons, batch 16, 500 steps: the spikes and a weighted sum of
them, then also its gradient with respect to the kernel. In every contender one
product over time x batch computes the currents. Floors: the matrix products
alone, and reading an array of currents while writing one of spikes. With
--large more than 2,048 neurons, up to 16,384: about 8 GiB.

  pip install -r requirements-peers.txt
  python -m benchmarks.lif_layer
"""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks import timing

SIZES = (256, 512, 1024, 2048)
LARGE = (4096, 8192, 16_384)


class Problem(NamedTuple):
  xs: np.ndarray  # [T, B, I]
  kernel: np.ndarray  # [I, N]
  weights: np.ndarray  # [B, N], of the spikes in the loss
  has_gradient: bool  # whether it is asked for
  decay: float = 0.9
  slope: float = 25.0


def problem(
  seed: int,
  *,
  num_inputs: int,
  num_neurons: int,
  num_steps: int = 500,
  batch: int = 16,
  has_gradient: bool = True,
) -> Problem:
  """Makes random inputs and weights; about one neuron in ten fires."""
  rng = np.random.default_rng(seed)
  kernel = rng.random((num_inputs, num_neurons), np.float32)
  kernel -= 0.5
  kernel *= 2 * num_inputs**-0.5
  return Problem(
    xs=timing.on_grid(
      rng.standard_normal((num_steps, batch, num_inputs), np.float32), bits=6
    ),
    kernel=timing.on_grid(kernel, bits=12),
    weights=rng.random((batch, num_neurons), np.float32),
    has_gradient=has_gradient,
  )


CONTENDERS = {
  'snnjax': 'benchmarks.ours:lif_layer',
  'bare products': 'benchmarks.peers.floors:products',
  'spyx': 'benchmarks.peers.spyx:lif_layer',
  'spyx, its own reset gradient': 'benchmarks.peers.spyx:lif_layer_own_neuron',
  'jax, scan': 'benchmarks.peers.jax_folded:lif_layer',
  'snntorch': 'benchmarks.peers.snntorch:lif_layer',
  'spikingjelly': 'benchmarks.peers.spikingjelly:lif_layer',
  'spikingjelly, its own LIFNode': (
    'benchmarks.peers.spikingjelly:lif_layer_own_neuron'
  ),
  'norse': 'benchmarks.peers.norse:lif_layer',
}


FORWARD_ONLY = {
  'memory: currents in, spikes out': 'benchmarks.peers.floors:traffic'
}


def case(size: int, phase: str) -> timing.Case:
  """N neurons with N inputs."""
  make = functools.partial(
    problem,
    num_inputs=size,
    num_neurons=size,
    has_gradient=phase == 'backward',
  )
  contenders = CONTENDERS | (FORWARD_ONLY if phase == 'forward' else {})
  is_large = size in LARGE
  return timing.Case(
    'lif_layer', size, phase, make, contenders, is_large=is_large
  )


CASES = [
  case(size, phase)
  for size in SIZES + LARGE
  for phase in ('forward', 'backward')
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
