# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times training and inference of the convolutional spiking network 12C5-64C5.

12C5-MP2-64C5-MP2-FC10, leaky neurons (decay 0.5, fast sigmoid of slope 25), a
batch of 128 images 28x28 held constant for 50 steps; forward, `ce_rate_loss`,
backward, Adam; then the forward pass alone. SpikingJelly's own neuron has
another law, so it is timed and not compared; of Norse's, the spikes are alike
and the gradient is not. snnjax multiplies spikes in 8-bit integers where there
is AMX, and for comparison in floats. The floor is the products of the second
convolution in floats, a step's at a time.

  pip install -r requirements-peers.txt
  python -m benchmarks.csnn_step
"""

from typing import NamedTuple

import numpy as np

from benchmarks import timing


class Problem(NamedTuple):
  images: np.ndarray  # [B, 28, 28, 1]
  labels: np.ndarray  # [B]
  params: dict  # {layer: {'kernel': [H, W, I, O], 'bias': [O]}}
  num_steps: int
  decay: float = 0.5
  slope: float = 25.0
  learning_rate: float = 1e-2


KERNELS = {
  'conv1': (5, 5, 1, 12),
  'conv2': (5, 5, 12, 64),
  'dense': (4, 4, 64, 10),
}
SIZE = '128 x 50'  # images and steps
GAIN = 3.0  # on the usual initial weights, so that every layer fires


def problem(
  seed: int, batch: int = 128, num_steps: int = 50, bits: int = 12
) -> Problem:
  """Makes random images and labels, and weights of so many binary places."""
  rng = np.random.default_rng(seed)

  def uniform(shape, fan_in):
    bound = GAIN / fan_in**0.5
    return timing.on_grid(rng.uniform(-bound, bound, shape), bits)

  return Problem(
    images=timing.on_grid(rng.random((batch, 28, 28, 1)), bits=8),
    labels=rng.integers(10, size=batch, dtype=np.int32),
    params={
      layer: {
        'kernel': uniform(shape, np.prod(shape[:-1])),
        'bias': uniform(shape[-1:], np.prod(shape[:-1])),
      }
      for layer, shape in KERNELS.items()
    },
    num_steps=num_steps,
  )


def counted(counts: np.ndarray) -> dict[str, float]:
  """What contenders must agree on, of numbers of spikes `[B, O]`."""
  weights = np.arange(1, counts.size + 1).reshape(counts.shape)
  return {
    'spikes': float(counts.sum()),
    'counts': float(np.linalg.norm(counts)),
    'weighted': float((counts * weights).sum()),
  }


def contenders(function: str) -> dict[str, str]:
  """Who offers a function."""
  jellies = {'': '', ', channels last': '_channels_last'}
  jellies[', its own LIFNode'] = '_own_neuron'
  return {
    'snnjax': f'benchmarks.ours:{function}',
    'snnjax, in floats': f'benchmarks.ours:{function}_floats',
    'bare products': f'benchmarks.peers.floors:{function}',
    **{
      f'spikingjelly{label}': f'benchmarks.peers.spikingjelly:{function}{name}'
      for label, name in jellies.items()
    },
    'snntorch': f'benchmarks.peers.snntorch:{function}',
    'jax, time folded into batch': f'benchmarks.peers.jax_folded:{function}',
    'norse': f'benchmarks.peers.norse:{function}',
    'spyx': f'benchmarks.peers.spyx:{function}',
  }


CASES = [
  timing.Case('csnn_step', SIZE, phase, problem, contenders(function))
  for phase, function in (
    ('train_step', 'csnn_step'),
    ('inference', 'csnn_inference'),
  )
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
