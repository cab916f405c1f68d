# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The Yin-Yang set: points in a disc of three classes, made from a seed."""

import os

import numpy as np

from snnjax import types
from snnjax.data import pipeline

CLASS_NAMES = ('yin', 'yang', 'dot')

_SIZE_AND_SEED = {
  'train': (5000, 42),
  'validation': (1000, 41),
  'test': (1000, 40),
}
_RADIUS = 0.5
_DOT_RADIUS = 0.1


def class_of(x: float, y: float) -> int | None:
  """The class of a point of the unit square, none outside the disc.

  With d and e the distances from (3/4, 1/2) and (1/4, 1/2): dot (2) where
  d < 1/10 or e < 1/10; else 1 where e ≤ 1/4, or y > 1/2 and d > 1/4; else 0.
  """
  if np.hypot(x - 0.5, y - 0.5) > _RADIUS:
    return None
  right = np.hypot(x - 0.75, y - 0.5)
  left = np.hypot(x - 0.25, y - 0.5)
  if min(left, right) < _DOT_RADIUS:
    return 2
  half = _RADIUS / 2
  return int(left <= half or (y > 0.5 and right > half))


def yin_yang(num_examples: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
  """Draws points of balanced classes.

  Each example draws its class first, then points until one is of that class;
  the draws are in the published order, so that a seed gives the published set.

  Args:
    num_examples: N.
    seed: of the legacy numpy generator.

  Returns:
    Inputs (x, y, 1 - x, 1 - y), float32 `[N, 4]` in [0, 1], and labels, int32
    `[N]`.

  References:
    Kriener, Göltz, Petrovici. The Yin-Yang dataset. 2022.
  """
  rng = np.random.RandomState(seed)
  points = np.empty((num_examples, 2))
  labels = np.empty(num_examples, np.int32)
  for i in range(num_examples):
    label, found = rng.randint(3), None
    while found != label:
      points[i] = rng.rand(2)
      found = class_of(*points[i])
    labels[i] = label
  inputs = np.concatenate([points, 1 - points], axis=1)
  return inputs.astype(np.float32), labels


def load(
  split: str, *, data_dir: str | os.PathLike | None = None
) -> types.Source:
  """Makes a published split; `yin_yang` makes any other.

  Args:
    split: `'train'` (5,000), `'validation'` (1,000) or `'test'` (1,000).
    data_dir: not used; there is no file.

  Returns:
    Inputs float32 `[N, 4]`, as `yin_yang` gives them.

  Raises:
    ValueError: if there is no such split.
  """
  del data_dir
  pipeline.require_split('yin_yang', _SIZE_AND_SEED, split)
  size, seed = _SIZE_AND_SEED[split]
  inputs, labels = yin_yang(size, seed=seed)
  return types.Source(inputs, labels, CLASS_NAMES, split)
