# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times a training step of the convolutional spiking network 12C5-64C5.

12C5-MP2-64C5-MP2-FC10, leaky neurons (decay 0.5, fast sigmoid of slope 25), a
batch of 128 images 28x28 held constant for 50 steps; forward, `ce_rate_loss`,
backward, Adam.

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
  num_steps: int = 50
  decay: float = 0.5
  slope: float = 25.0
  learning_rate: float = 1e-2


KERNELS = {
  'conv1': (5, 5, 1, 12),
  'conv2': (5, 5, 12, 64),
  'dense': (4, 4, 64, 10),
}
GAIN = 3.0  # on the usual initial weights, so that every layer fires


def problem(seed: int, batch: int = 128) -> Problem:
  """Makes random images, labels and weights."""
  rng = np.random.default_rng(seed)

  def uniform(shape, fan_in):
    bound = GAIN / fan_in**0.5
    return timing.on_grid(rng.uniform(-bound, bound, shape), bits=12)

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
  )


CASE = timing.Case(
  'csnn_step',
  problem,
  {
    'snnjax': 'benchmarks.ours:csnn_step',
    'spikingjelly': 'benchmarks.peers.spikingjelly:csnn_step',
    'spikingjelly, channels last': (
      'benchmarks.peers.spikingjelly:csnn_step_channels_last'
    ),
    'spikingjelly, its own LIFNode': (
      'benchmarks.peers.spikingjelly:csnn_step_own_neuron'
    ),
    'snntorch': 'benchmarks.peers.snntorch:csnn_step',
    'jax, time folded into batch': 'benchmarks.peers.jax_folded:csnn_step',
    'spyx': 'benchmarks.peers.spyx:csnn_step',
  },
)

if __name__ == '__main__':
  timing.main(__doc__, [CASE])
