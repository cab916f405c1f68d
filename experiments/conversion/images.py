# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The examples of `experiments.conversion`: splits, and inputs from a batch."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from experiments import splits
from snnjax.data import augment, auto_augment
from snnjax.types import Array, Source


def sources(config: ConfigDict, data_dir: str | None) -> dict[str, Source]:
  """Loads the splits by name: train, validation and test."""
  return splits.load(config.data, data_dir)


def inputs(config: ConfigDict) -> Callable[[Array, Array | None], Array]:
  """Makes the function from images `[B, H, W, C]` to a network's inputs.

  It takes the images and a key, or None for no augmentation.
  """
  settings = config.data
  white = splits.white(settings.name)
  mean, std = (
    jnp.array(v)[None, None, None] for v in (settings.mean, settings.std)
  )

  def normalised(images):
    return (images.astype(jnp.float32) / white - mean) / std

  def prepare(images, key):
    if key is None:
      return normalised(images)
    crop, flip, policy, cut = (
      jax.random.split(k, len(images)) for k in jax.random.split(key, 4)
    )
    if settings.crop:
      images = augment.random_shift(
        crop, images, max_pixels=settings.crop, axes=(1, 2)
      )
    if settings.flip:
      images = augment.random_flip(flip, images)
    if settings.auto_augment:
      images = auto_augment.auto_augment(policy, images)
    x = normalised(images)
    if settings.cutout:
      x = augment.cutout(cut, x, side=settings.cutout)
    return x

  return prepare
