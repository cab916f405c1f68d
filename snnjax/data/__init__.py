# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Data sets as arrays, and from arrays to batches."""

from snnjax.data import (
  augment,
  auto_augment,
  chain,
  denoise,
  events,
  frames,
  nmnist,
  saccades,
  yin_yang,
)
from snnjax.data.load import LOADERS, load
from snnjax.data.pipeline import (
  evaluation_batches,
  split_off,
  subset,
  take,
  training_stream,
)

__all__ = [
  'LOADERS',
  'augment',
  'auto_augment',
  'chain',
  'denoise',
  'evaluation_batches',
  'events',
  'frames',
  'load',
  'nmnist',
  'saccades',
  'split_off',
  'subset',
  'take',
  'training_stream',
  'yin_yang',
]
