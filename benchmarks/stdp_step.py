# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times unsupervised learning by STDP: batches of real MNIST images.

Encoding (nearly regular, 128 Hz at white), 100 steps of the two-population
network with learning, normalisation, and the reset, for one batch after the
other; eight in a turn where a batch takes milliseconds. BindsNET, in the same
run, encodes a whole batch in one call. It lives in an environment of its own,
see requirements-bindsnet.txt.

  export SNNJAX_DATA_DIR=...
  python -m benchmarks.stdp_step
"""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks import timing
from snnjax import data

INHIBITION, NORM = 120.0, 78.4
NUM_BATCHES, NUM_WARM = 8, 8


class Problem(NamedTuple):
  images: np.ndarray  # uint8 [K, B, 784]
  weights: np.ndarray  # [N, 784]
  reduction: str  # 'sum' or 'max'
  per_turn: int  # batches
  num_steps: int
  intensity: float  # of a white pixel (Hz)


def problem(
  seed: int,
  *,
  num_neurons: int,
  batch: int,
  reduction: str,
  per_turn: int,
  num_steps: int = 100,
  intensity: float = 128.0,
) -> Problem:
  """Real images, and weights as they are drawn before training."""
  # Of the smaller set, so that loading it does not count as memory.
  images = data.load('mnist', 'test').inputs[: NUM_BATCHES * batch]
  rng = np.random.default_rng(seed)
  return Problem(
    images=images.reshape(NUM_BATCHES, batch, -1),
    weights=0.3 * rng.random((num_neurons, images[0].size), np.float32),
    reduction=reduction,
    per_turn=per_turn,
    num_steps=num_steps,
    intensity=intensity,
  )


CASES = [
  timing.Case(
    'stdp_step',
    f'{num_neurons} neurons, {per_turn} x {batch} images, {reduction}',
    'train_step',
    functools.partial(
      problem,
      num_neurons=num_neurons,
      batch=batch,
      reduction=reduction,
      per_turn=per_turn,
    ),
    {
      'snnjax': 'benchmarks.stdp_ours:stdp_step',
      'BindsNET': 'benchmarks.peers.bindsnet:stdp_step',
    },
  )
  for num_neurons, batch, reduction, per_turn in (
    (100, 16, 'sum', 8),
    (400, 128, 'max', 1),
  )
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
