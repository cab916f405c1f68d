# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The examples of `experiments.stdp`: splits, and spikes from a batch."""

import functools
from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict
from PIL import Image

from experiments import splits
from experiments.settings import chosen
from snnjax import data, encoders
from snnjax.types import Array, Source

_SETS = {
  'MNIST': 'mnist',
  'FASHION_MNIST': 'fashion_mnist',
  'DIGITS': 'digits',
}


def sources(config: ConfigDict, data_dir: str | None) -> dict[str, Source]:
  """Loads the splits by name: train, validation and test.

  Raises:
    ValueError: if there are not as many classes as `n_classes`.
  """
  folder = data_dir or config.data_dir or None
  load = _loader(config, folder)
  train, test = _train_and_test(config, load)
  num = len(train.class_names)
  if num != config.n_classes:
    raise ValueError(
      f'config.n_classes must be {num}, of the classes '
      f'{", ".join(train.class_names)}; got {config.n_classes}'
    )
  return splits.named(train, test, config.validation, load, config.seed)


def balance(source: Source) -> str:
  """Says how many examples each class has."""
  counts = np.bincount(source.labels, minlength=len(source.class_names))
  named = zip(source.class_names, counts, strict=True)
  return ', '.join(f'{name} {count}' for name, count in named)


def spikes(config: ConfigDict) -> Callable[[Array, Array], Array]:
  """Makes the encoder, `(images uint8 [B, H, W, 1], key) -> [T, B, I]`."""
  white = splits.white(_SETS.get(config.task, 'image_folder'))
  num_steps = int(config.time / config.dt)
  dt = config.dt / 1000
  rates = config.intensity * np.arange(white + 1) / white
  table = encoders.renewal_table(rates, num_steps=num_steps, dt=dt)

  def poisson(levels, key):
    return encoders.renewal_levels(key, levels, table)

  def bernoulli(levels, key):
    prob = jnp.asarray(rates * dt, jnp.float32)[levels.astype(int)]
    return encoders.bernoulli(key, prob, num_steps=num_steps)

  encode = chosen(
    {'poisson': poisson, 'bernoulli': bernoulli}, 'encoder', config.encoder
  )
  return lambda images, key: encode(images.reshape(len(images), -1), key)


def _loader(config, folder):
  side = config.input_size
  if config.task in _SETS:
    load = functools.partial(data.load, _SETS[config.task], data_dir=folder)
    return lambda split: _resized(load(split), side)
  return functools.partial(
    data.load, 'image_folder', data_dir=folder, size=(side, side), grey=True
  )


def _train_and_test(config, load):
  try:
    train = load('train')
  except ValueError as error:
    if config.task not in _SETS:
      error.add_note(
        f'A folder of images is looked for since config.task is '
        f'{config.task!r}, none of {", ".join(_SETS)}.'
      )
    raise
  try:
    return train, load('test')
  except ValueError:  # no such split
    return data.split_off(train, config.test_share, config.seed)


def _resized(source, side):
  if source.inputs.shape[1:3] == (side, side):
    return source
  resample = Image.Resampling.BILINEAR
  images = [
    Image.fromarray(image).resize((side, side), resample)
    for image in source.inputs[..., 0]
  ]
  inputs = np.stack([np.asarray(image) for image in images])
  return source._replace(inputs=inputs[..., None])
