# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times the evaluation of a converted network: 32 steps, 128 MNIST images.

The network is that of SpikingJelly's conversion example, three convolutions of
32 features with average pooling, trained for 300 updates. All contenders have
its weights, with the batch normalisation folded in; integrate-and-fire neurons
have the same thresholds.

  export SNNJAX_DATA_DIR=...
  python -m benchmarks.conversion_eval
"""

from typing import NamedTuple

import numpy as np

from benchmarks import timing
from snnjax import data

NUM_STEPS = 32
_NUM_UPDATES, _BATCH, _NUM_TEST, _NUM_CALIBRATION = 300, 100, 128, 1000


class Problem(NamedTuple):
  kernels: list[np.ndarray]  # three [3, 3, C, 32], then [32, 10]
  biases: list[np.ndarray]
  thresholds: list[float]  # of three layers
  images: np.ndarray  # [B, 28, 28, 1], in [0, 1]
  labels: np.ndarray  # int32 [B]


def problem(seed: int) -> Problem:
  """Trains the network, folds its normalisations and measures its layers."""
  from benchmarks import conversion_ours

  train, test = data.load('mnist', 'train'), data.load('mnist', 'test')
  stream = data.training_stream(train, _BATCH, seed=seed)
  batches = (stream.batch(k) for k in range(_NUM_UPDATES))
  kernels, biases = conversion_ours.trained(
    ((b.inputs.astype(np.float32) / 255, b.labels) for b in batches), seed
  )
  calibration = train.inputs[:_NUM_CALIBRATION].astype(np.float32) / 255
  return Problem(
    kernels,
    biases,
    conversion_ours.thresholds(kernels, biases, calibration),
    test.inputs[:_NUM_TEST].astype(np.float32) / 255,
    test.labels[:_NUM_TEST],
  )


CASES = [
  timing.Case(
    'conversion_eval',
    f'{_NUM_TEST} x {NUM_STEPS}',
    'inference',
    problem,
    {
      'snnjax': 'benchmarks.conversion_ours:rate',
      'snnjax, spikes counted': 'benchmarks.conversion_ours:rate_counted',
      'snnjax, ternary signGD': 'benchmarks.conversion_ours:ternary',
      'the trained network, 32 times': 'benchmarks.conversion_ours:repeated',
      'SpikingJelly': 'benchmarks.peers.spikingjelly_ann2snn:rate',
    },
  )
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
