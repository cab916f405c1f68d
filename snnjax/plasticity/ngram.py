# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Votes by the order in which neurons fire; on the host, for tuples are many.

References:
  H. Hazan et al., Unsupervised learning with self-organizing spiking neural
  networks, 2018.
"""

import collections
import itertools
from collections.abc import Mapping

import numpy as np

Scores = Mapping[tuple[int, ...], np.ndarray]  # counts by label, [L]


def update(
  scores: Scores,
  spikes: np.ndarray,
  labels: np.ndarray,
  num_labels: int,
  n: int,
) -> Scores:
  """Counts what fires after what, by label.

  Of every n steps that follow each other, silent ones left out, each way to
  take a firing neuron of every step counts once.

  Args:
    scores: so far; at first `{}`.
    spikes: `[T, B, N]`.
    labels: int `[B]`.
    num_labels: L.
    n: length of the tuples.

  Returns:
    Scores with those of the examples added.
  """
  after = collections.defaultdict(lambda: np.zeros(num_labels))
  after.update({key: value.copy() for key, value in scores.items()})
  for example, label in zip(np.moveaxis(spikes, 1, 0), labels, strict=True):
    groups = [np.flatnonzero(row).tolist() for row in example if row.any()]
    for start in range(len(groups) - n + 1):
      for key in itertools.product(*groups[start : start + n]):
        after[key][label] += 1
  return dict(after)


def votes(
  scores: Scores, spikes: np.ndarray, num_labels: int, n: int
) -> np.ndarray:
  """Adds up what the tuples of an example's firing order stand for.

  The order is flat: neurons of a step follow each other by number. As in
  BindsNET, the last tuple is left out.

  Args:
    scores: of `update`.
    spikes: `[T, B, N]`.
    num_labels: L.
    n: length of the tuples.

  Returns:
    `[B, L]`; the prediction is the first maximum.
  """
  totals = np.zeros((spikes.shape[1], num_labels))
  for example, total in zip(np.moveaxis(spikes, 1, 0), totals, strict=True):
    order = np.nonzero(example)[1].tolist()
    for start in range(len(order) - n):
      total += scores.get(tuple(order[start : start + n]), 0)
  return totals
