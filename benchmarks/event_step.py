# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times event-based simulation: 784-800-10 on 50 real MNIST images.

Up to 30 spikes per neuron, the loss of spike counts, before training and after
300 updates, against plain C loops over events on as many threads (compiled on
the fly: needs a C compiler with OpenMP). Forward finds the hidden layer's
spikes; backward also the gradient of their sum by the weights; a training step
is that of the network: forward, backward, Adam. The last case is one of the
smaller 784-100-10 with a spike per neuron.

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
TARGETS = 15, 3  # spikes of the label's output, and of the others
LEARNING_RATE = 3e-3
NUM_UPDATES = 300
BATCH = 50

# Of the case with a spike per neuron.
SINGLE_THRESHOLDS = 0.7, 0.25
LOSS_TAU = 0.005


class Problem(NamedTuple):
  times: np.ndarray  # [B, E] (s), ascending, padded with inf
  sources: np.ndarray  # int32 [B, E]
  labels: np.ndarray  # int32 [B]
  weights: tuple[np.ndarray, ...]  # [784, 800], [800, 10]


def problem(seed: int, *, num_updates: int) -> Problem:
  """Codes images by latency; draws weights from U(-1, 1) and trains them."""
  weights = _drawn_weights(np.random.default_rng(seed))
  source = data.load('mnist', 'train')
  batches = (_batch(source, k, weights) for k in range(num_updates + 1))
  first = next(batches)
  if num_updates:
    from benchmarks import event_ours

    first = first._replace(weights=event_ours.trained(weights, batches))
  return first


def made_problem(seed: int) -> Problem:
  """Makes what looks like `problem`: a fifth of the pixels, in the middle."""
  rng = np.random.default_rng([seed, 1])
  y, x = np.mgrid[:28, :28] - 13.5
  likely = 0.55 * (np.hypot(y, x) < 9.5)
  images = rng.integers(1, 256, (BATCH, 28, 28), np.uint8)
  images *= rng.random(images.shape) < likely
  weights = _drawn_weights(rng)
  labels = rng.integers(0, 10, BATCH, np.int32)
  return _coded(images, labels, weights)


def _drawn_weights(rng):
  return tuple(
    rng.uniform(-1, 1, shape).astype(np.float32)
    for shape in ((784, 800), (800, 10))
  )


def first_spike_problem(seed: int) -> Problem:
  """784-100-10; all of it fires, since all weights are positive."""
  rng = np.random.default_rng(seed)
  shapes = (784, 100), (100, 10)
  weights = tuple(rng.random(shape, np.float32) for shape in shapes)
  return _batch(data.load('mnist', 'train'), 0, weights)


def _batch(source, k, weights):
  chosen = slice(k * BATCH, (k + 1) * BATCH)
  return _coded(source.inputs[chosen], source.labels[chosen], weights)


def _coded(images, labels, weights):
  images = images.reshape(len(images), -1)
  order = np.argsort(255 - images, axis=1, kind='stable')[:, :352]
  levels = np.take_along_axis(images, order, axis=1)
  times = np.where(levels > 0, 0.1 * (1 - levels / 255), np.inf)
  return Problem(
    times=times.astype(np.float32),
    sources=order.astype(np.int32),
    labels=labels,
    weights=weights,
  )


def cases(phase: str, contenders: dict[str, str]) -> list[timing.Case]:
  """A case with the first weights and one with trained ones."""
  return [
    timing.Case(
      'event_step',
      f'784-800-10, {num_updates} updates',
      phase,
      functools.partial(problem, num_updates=num_updates),
      {name: f'benchmarks.{function}' for name, function in contenders.items()},
      # After training some spikes barely reach the threshold: in single
      # precision one may be missing, and their slopes are what the gradients'
      # norms hang on.
      norm_tolerance=1e-2 if num_updates else timing.NORM_TOLERANCE,
      loss_tolerance=1e-2 if num_updates else timing.LOSS_TOLERANCE,
    )
    for num_updates in (0, NUM_UPDATES)
  ]


CASES = [
  *cases(
    'forward',
    {
      'snnjax': 'event_ours:forward_by_chunks',
      'C loop': 'peers.event_loop:event_forward',
      'snnjax, readable solver': 'event_ours:forward_by_scan',
    },
  ),
  *cases(
    'backward',
    {
      'snnjax': 'event_ours:backward_by_chunks',
      'C loop': 'peers.event_loop:event_backward',
    },
  ),
  *cases(
    'train_step',
    {
      'snnjax': 'event_ours:step_by_chunks',
      'C loop': 'peers.event_loop:whole_step',
      'snnjax, readable solver': 'event_ours:step_by_scan',
    },
  ),
  timing.Case(
    'event_step',
    '784-100-10, a spike per neuron',
    'train_step',
    first_spike_problem,
    {
      'snnjax': 'benchmarks.event_ours:first_spike_step',
      'jaxsnn': 'benchmarks.peers.jaxsnn:first_spike_step',
    },
  ),
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
