# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The examples of `experiments.bats`: splits, and spikes from a batch.

Latency coding needs no work in the training step: an image is kept as its
pixels sorted by brightness, and a table has the times. Only images that are
deformed during training are sorted in the training step.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict

from experiments import splits
from snnjax import encoders
from snnjax.data import augment
from snnjax.event import Events
from snnjax.types import Array, Source


def sources(config: ConfigDict, data_dir: str | None) -> dict[str, Source]:
  """Loads the splits by name: train, validation and test."""
  loaded = splits.load(config.data, data_dir)
  if config.data.name == 'yin_yang':
    return {name: _points(config, split) for name, split in loaded.items()}
  if _keeps_images(config):
    return loaded
  return {name: _in_order(split) for name, split in loaded.items()}


def in_shape(config: ConfigDict, source: Source) -> tuple[int, ...]:
  """The shape of a network's inputs, without batch and slots."""
  # Images `[N, H, W, C]`, or values and inputs in order, `[N, 2, I]`.
  shape = source.inputs.shape[1 if _keeps_images(config) else 2 :]
  return shape if config.model.channels else (math.prod(shape),)


def spikes(
  config: ConfigDict,
) -> Callable[[Array, Array | None], Array | Events]:
  """Makes the function from a batch's inputs to the network's.

  It takes the inputs and a key, or None for no augmentation.
  """
  if config.data.name == 'yin_yang':
    return lambda inputs, key: Events(
      inputs[:, 0], inputs[:, 1].astype(jnp.int32)
    )
  white = splits.white(config.data.name)
  with jax.ensure_compile_time_eval():
    levels = jnp.arange(white + 1)[:, None] / white
    table = encoders.first_spike_times(levels, t_max=config.data.window).ravel()

  def in_order(inputs, key):
    del key
    return Events(table[inputs[:, 0]], inputs[:, 1].astype(int))

  def images(inputs, key):
    if key is not None and config.data.elastic:
      inputs = augment.elastic(key, inputs, std=config.data.elastic)
    if config.model.channels:
      return table[inputs][..., None]
    # One integer holds both darkness and pixel, for the sake of a fast sort.
    darkness = white - inputs.reshape(len(inputs), -1).astype(jnp.int32)
    num = darkness.shape[1]
    order = jnp.sort(darkness * num + jnp.arange(num)[None])
    return Events(table[white - order // num], order % num)

  return images if _keeps_images(config) else in_order


def _keeps_images(config):
  return bool(config.model.channels or config.data.elastic)


def _in_order(source):
  """Images as grey levels, falling, and their pixels: uint16 `[N, 2, I]`."""
  images = source.inputs.reshape(len(source.inputs), -1)
  pixels = np.argsort(np.uint8(255) - images, axis=1, kind='stable')
  levels = np.take_along_axis(images, pixels, axis=1)
  return source._replace(
    inputs=np.stack([levels, pixels], axis=1, dtype=np.uint16, casting='unsafe')
  )


def _points(config, source):
  """Points as spike times and inputs in order, with a bias: `[N, 2, 5]`."""
  start, end = config.data.early, config.data.window
  times = start + (end - start) * source.inputs
  bias = np.full_like(times[:, :1], config.data.bias_time)
  times = np.concatenate([times, bias], axis=1)
  order = np.argsort(times, axis=1, kind='stable')
  times = np.take_along_axis(times, order, axis=1)
  return source._replace(
    inputs=np.stack([times, order], axis=1, dtype=np.float32, casting='unsafe')
  )
