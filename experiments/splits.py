# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Which examples train, which choose the model, and which test it."""

import functools
from collections.abc import Callable

from ml_collections import ConfigDict

from snnjax import data
from snnjax.types import Batches, Source

_WHITE = {'digits': 16}  # the brightest value; else 255
SEED = 0  # the same held-out examples for every seed of a run


def load(settings: ConfigDict, data_dir: str | None) -> dict[str, Source]:
  """Loads the set that a config's `data` names, by split; see `named`."""
  load = functools.partial(data.load, settings.name, data_dir=data_dir)
  train = data.subset(load('train'), settings.subset)
  return named(train, load('test'), settings.validation, load)


def named(
  train: Source,
  test: Source,
  held_out: float,
  load: Callable[[str], Source],
  seed: int = SEED,
) -> dict[str, Source]:
  """Gives the splits their names: train, validation and test.

  Args:
    train: training examples.
    test: test examples.
    held_out: share of the former for validation; with 0 the set has its own.
    load: loads that.
    seed: decides which examples are held out, alone.
  """
  if held_out:
    train, validation = data.split_off(train, held_out, seed)
  else:
    validation = load('validation')
  return {'train': train, 'validation': validation, 'test': test}


def white(name: str) -> int:
  """The brightest value of a set's pixels."""
  return _WHITE.get(name, 255)


def evaluations(
  config: ConfigDict, splits: dict[str, Source]
) -> dict[str, Batches]:
  """Makes the batches of all splits but the training one."""
  return {
    name: data.evaluation_batches(source, config.evaluate.batch_size)
    for name, source in splits.items()
    if name != 'train'
  }
