# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times event-based simulation: 784-800-10 on 50 real MNIST images.

Up to 30 spikes per neuron, the loss of spike counts, before training and after
300 updates. `event_forward` finds the hidden layer's spikes, against a plain C
loop over events on as many threads (compiled on the fly: needs a C compiler
with OpenMP); `event_step` is a whole training step: forward, backward, Adam.
`first_spike_step` is one of the smaller 784-100-10 with a spike per neuron.

  export SNNJAX_DATA_DIR=...
  python -m benchmarks.event_step
"""

import functools
from typing import NamedTuple

import numpy as np

from benchmarks import timing
from snnjax import data

TAU_SYN, T_MAX, ROOM = 0.13, 0.2, 30
THRESHOLDS = 0.2, 1.3
LEARNING_RATE = 3e-3
NUM_UPDATES = 300
BATCH = 50

# Of `first_spike_step`.
SINGLE_THRESHOLDS = 0.7, 0.25
LOSS_TAU = 0.005


class Problem(NamedTuple):
  times: np.ndarray  # [B, E] (s), ascending, padded with inf
  sources: np.ndarray  # int32 [B, E]
  labels: np.ndarray  # int32 [B]
  weights: tuple[np.ndarray, np.ndarray]  # [784, 800], [800, 10]


def problem(seed: int, *, num_updates: int) -> Problem:
  """Codes images by latency; draws weights from U(-1, 1) and trains them."""
  rng = np.random.default_rng(seed)
  weights = tuple(
    rng.uniform(-1, 1, shape).astype(np.float32)
    for shape in ((784, 800), (800, 10))
  )
  source = data.load('mnist', 'train')
  batches = (_batch(source, k, weights) for k in range(num_updates + 1))
  first = next(batches)
  if num_updates:
    from benchmarks import event_ours

    first = first._replace(weights=event_ours.trained(weights, batches))
  return first


def first_spike_problem(seed: int) -> Problem:
  """784-100-10; all of it fires, since all weights are positive."""
  rng = np.random.default_rng(seed)
  shapes = (784, 100), (100, 10)
  weights = tuple(rng.random(shape, np.float32) for shape in shapes)
  return _batch(data.load('mnist', 'train'), 0, weights)


def _batch(source, k, weights):
  chosen = slice(k * BATCH, (k + 1) * BATCH)
  images = source.inputs[chosen].reshape(BATCH, -1)
  order = np.argsort(255 - images, axis=1, kind='stable')[:, :352]
  levels = np.take_along_axis(images, order, axis=1)
  times = np.where(levels > 0, 0.1 * (1 - levels / 255), np.inf)
  return Problem(
    times=times.astype(np.float32),
    sources=order.astype(np.int32),
    labels=source.labels[chosen],
    weights=weights,
  )


def cases(name: str, contenders: dict[str, str]) -> list[timing.Case]:
  """A case with the first weights and one with trained ones."""
  return [
    timing.Case(
      f'{name}, {num_updates} updates',
      functools.partial(problem, num_updates=num_updates),
      contenders,
    )
    for num_updates in (0, NUM_UPDATES)
  ]


CASES = [
  *cases(
    'event_forward',
    {
      'snnjax': 'benchmarks.event_ours:event_forward',
      'C loop': 'benchmarks.peers.event_loop:event_forward',
      'snnjax, readable solver': 'benchmarks.event_ours:event_forward_by_scan',
    },
  ),
  *cases(
    'event_step',
    {
      'snnjax': 'benchmarks.event_ours:event_step_by_chunks',
      'snnjax, readable solver': 'benchmarks.event_ours:event_step_by_scan',
    },
  ),
  timing.Case(
    'first_spike_step',
    first_spike_problem,
    {
      'snnjax': 'benchmarks.event_ours:first_spike_step',
      'jaxsnn': 'benchmarks.peers.jaxsnn:first_spike_step',
    },
  ),
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
