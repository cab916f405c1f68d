# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The examples of `experiments.csnn`: splits, and currents from a batch."""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict

from experiments import splits
from snnjax import data
from snnjax.data import augment, chain
from snnjax.types import Array, Source

EVENT_SETS = ('nmnist', 'saccades')
_NUM_FOLDS = 5


def sources(config: ConfigDict, data_dir: str | None) -> dict[str, Source]:
  """Loads the splits by name: train, validation, test and a part of it."""
  config = config.data
  load = functools.partial(data.load, config.name, data_dir=data_dir)
  if config.name in EVENT_SETS:
    load = functools.partial(load, chain=_frames(config.num_bins))
  if config.name == 'image_folder':
    load = functools.partial(load, size=(config.size, config.size))
  train, test = load('train'), load('test')
  if config.fold >= 0:
    train, test = _fold(train, test, config.fold)
  train = data.subset(train, config.subset)
  named = splits.named(train, test, config.validation, load)
  if config.first_test:
    part = data.take(test, slice(config.first_test))
    named[f'test_first_{config.first_test}'] = part
  return named


def currents(config: ConfigDict) -> Callable[[Array, Array | None], Array]:
  """Makes the function from a batch to the network's input.

  It takes the inputs `[B, H, W, C]` (images) or `[B, T, P, Y, X]` (frames) and
  a key, or None for no augmentation, and gives `[T | 1, B, H, W, C]`.
  """
  config = config.data
  white = splits.white(config.name)

  def of_frames(frames, key):
    if key is not None:
      frames = _moved(config, frames, key, axes=(-2, -1))
    return jnp.transpose(frames, (1, 0, 3, 4, 2)).astype(jnp.float32)

  def of_images(images, key):
    images = images.astype(jnp.float32) / white
    num, height, width, channels = images.shape
    if (height, width) != (config.size, config.size):
      shape = (num, config.size, config.size, channels)
      images = jax.image.resize(images, shape, 'bilinear')
    if key is not None:
      images = _moved(config, images, key, axes=(1, 2))
    return images[None]

  return of_frames if config.name in EVENT_SETS else of_images


def steps_of(config: ConfigDict, xs: Array) -> int:
  """The number of steps to run for currents `[T | 1, B, H, W, C]`."""
  return config.train.num_steps if len(xs) == 1 else len(xs)


def _moved(config, inputs, key, axes):
  keys = jax.random.split(key, (3, inputs.shape[0]))
  if config.rotation:
    inputs = augment.random_rotation(
      keys[0], inputs, max_degrees=config.rotation, axes=axes
    )
  if config.shift:
    inputs = augment.random_shift(
      keys[1], inputs, max_pixels=config.shift, axes=axes
    )
  if config.drop_prob:
    inputs = augment.event_dropout(keys[2], inputs, drop_prob=config.drop_prob)
  return inputs


def _frames(num_bins):
  frame = functools.partial(data.frames.n_time_bins, num_bins=num_bins)
  return chain.DENOISED_BINS._replace(frame=frame)


def _fold(train, test, fold):
  """Splits train and test anew; over all folds each example is tested once."""
  if fold >= _NUM_FOLDS:
    raise ValueError(
      f'config.data.fold must be -1 (none) or one of 0 to {_NUM_FOLDS - 1}; '
      f'got {fold}'
    )
  both = train._replace(
    inputs=np.concatenate([train.inputs, test.inputs]),
    labels=np.concatenate([train.labels, test.labels]),
  )
  size = len(both.labels)
  order = np.random.default_rng(splits.SEED).permutation(size)
  is_test = np.zeros(size, bool)
  is_test[order[fold::_NUM_FOLDS]] = True
  return data.take(both, ~is_test), data.take(both, is_test)
