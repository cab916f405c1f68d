# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""AutoAugment's policy for CIFAR-10, on the device and inside `jit`.

Images are float32 `[H, W, C]` with whole values from 0 to 255, as Pillow has
them; a pixel that comes from outside is grey.

References:
  Cubuk, Zoph, Mané, Vasudevan, Le. AutoAugment: learning augmentation
  strategies from data. 2019.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.types import Array

_GREY = 128.0
_LUMA = (0.299, 0.587, 0.114)
_NUM_LEVELS = 10


def auto_augment(keys: Array, inputs: Array) -> Array:
  """Applies one of 25 pairs of operations to each image.

  Args:
    keys: random keys `[B]`; consumed.
    inputs: `[B, H, W, 3]`, values from 0 to 255.

  Returns:
    Float32, like `inputs`.
  """

  def augment(key, image):
    keys = jax.random.split(key, 5)
    pair = jax.random.randint(keys[0], (), 0, len(POLICY))
    for k in (0, 1):
      operation, probability, level = (
        jnp.asarray(table)[pair, k] for table in _TABLES
      )
      sign = jax.random.rademacher(keys[1 + 2 * k], (), jnp.float32)
      applied = jax.lax.switch(operation, _OPERATIONS, image, level, sign)
      happens = jax.random.bernoulli(keys[2 + 2 * k], probability)
      image = jnp.where(happens, applied, image)
    return image

  return jax.vmap(augment)(keys, inputs.astype(jnp.float32))


def _affine(image, row_y, row_x):
  """Pixel (x, y) comes from (row_x·(x, y, 1), row_y·(x, y, 1)), nearest."""
  height, width = image.shape[:2]
  y, x = jnp.meshgrid(
    jnp.arange(height) + 0.5, jnp.arange(width) + 0.5, indexing='ij'
  )

  def source(row):
    return jnp.floor(row[0] * x + row[1] * y + row[2]).astype(jnp.int32)

  i, j = source(row_y), source(row_x)
  inside = (i >= 0) & (i < height) & (j >= 0) & (j < width)
  taken = image[jnp.clip(i, 0, height - 1), jnp.clip(j, 0, width - 1)]
  return jnp.where(inside[..., None], taken, _GREY)


def shear_x(image: Array, level: Array, sign: Array) -> Array:
  """Moves rows along x by up to 0.3 of y."""
  return _affine(image, (0, 1, 0), (1, sign * level, 0))


def shear_y(image: Array, level: Array, sign: Array) -> Array:
  """Moves columns along y by up to 0.3 of x."""
  return _affine(image, (sign * level, 1, 0), (1, 0, 0))


def translate_x(image: Array, level: Array, sign: Array) -> Array:
  """Moves along x by up to 150/331 of the width."""
  return _affine(image, (0, 1, 0), (1, 0, sign * level * image.shape[1]))


def translate_y(image: Array, level: Array, sign: Array) -> Array:
  """Moves along y by up to 150/331 of the width."""
  return _affine(image, (0, 1, sign * level * image.shape[1]), (1, 0, 0))


def rotate(image: Array, level: Array, sign: Array) -> Array:
  """Turns about the centre by up to 30 degrees, counter-clockwise if +."""
  height, width = image.shape[:2]
  cos, sin = jnp.cos(jnp.deg2rad(level)), jnp.sin(jnp.deg2rad(sign * level))
  cy, cx = height / 2, width / 2
  return _affine(
    image,
    (sin, cos, cy - sin * cx - cos * cy),
    (cos, -sin, cx - cos * cx + sin * cy),
  )


def color(image: Array, level: Array, sign: Array) -> Array:
  """Blends with the image in grey."""
  return _blend(_grey(image)[..., None], image, 1 + sign * level)


def contrast(image: Array, level: Array, sign: Array) -> Array:
  """Blends with the mean grey."""
  mean = jnp.floor(_grey(image).mean() + 0.5)
  return _blend(mean, image, 1 + sign * level)


def brightness(image: Array, level: Array, sign: Array) -> Array:
  """Blends with black."""
  return _blend(0.0, image, 1 + sign * level)


def sharpness(image: Array, level: Array, sign: Array) -> Array:
  """Blends with the image smoothed, but for its border."""
  height, width = image.shape[:2]
  total = 4 * image[1:-1, 1:-1]
  for i in range(3):
    for j in range(3):
      total += image[i : i + height - 2, j : j + width - 2]
  smooth = image.at[1:-1, 1:-1].set(jnp.floor(total / 13 + 0.5))
  return _blend(smooth, image, 1 + sign * level)


def posterize(image: Array, level: Array, sign: Array) -> Array:
  """Keeps the highest bits, 8 down to 4 of them."""
  del sign
  step = 2.0 ** (8 - jnp.round(level))
  return jnp.floor(image / step) * step


def solarize(image: Array, level: Array, sign: Array) -> Array:
  """Inverts what is bright."""
  del sign
  return jnp.where(image >= level, 255 - image, image)


def autocontrast(image: Array, level: Array, sign: Array) -> Array:
  """Stretches each channel to 0...255."""
  del level, sign
  low = image.min((0, 1), keepdims=True)
  high = image.max((0, 1), keepdims=True)
  span = jnp.where(high > low, high - low, 1)
  stretched = jnp.clip(jnp.floor((image - low) * 255 / span), 0, 255)
  return jnp.where(high > low, stretched, image)


def equalize(image: Array, level: Array, sign: Array) -> Array:
  """Makes all values of a channel about equally frequent."""
  del level, sign

  def channel(values):
    values = values.astype(jnp.int32)
    counts = jnp.zeros(256, jnp.int32).at[values.ravel()].add(1)
    step = (counts.sum() - counts[values.max()]) // 255
    below = jnp.cumsum(counts) - counts
    table = jnp.clip((below + step // 2) // jnp.maximum(step, 1), 0, 255)
    return jnp.where(step > 0, table[values], values).astype(jnp.float32)

  return jnp.moveaxis(jax.vmap(channel)(jnp.moveaxis(image, -1, 0)), 0, -1)


def invert(image: Array, level: Array, sign: Array) -> Array:
  """Makes the negative."""
  del level, sign
  return 255 - image


def _grey(image):
  return jnp.floor(image @ jnp.asarray(_LUMA, jnp.float32) + 0.5)


def _blend(other, image, factor):
  return jnp.clip(jnp.floor(other + factor * (image - other)), 0, 255)


# Each with the levels from 0 to 9 that a policy's numbers stand for.
OPERATIONS: dict[Callable, tuple[float, float]] = {
  shear_x: (0, 0.3),
  shear_y: (0, 0.3),
  translate_x: (0, 150 / 331),
  translate_y: (0, 150 / 331),
  rotate: (0, 30),
  color: (0, 0.9),
  contrast: (0, 0.9),
  brightness: (0, 0.9),
  sharpness: (0, 0.9),
  posterize: (8, 4),
  solarize: (256, 0),
  autocontrast: (0, 0),
  equalize: (0, 0),
  invert: (0, 0),
}

# Pairs of (operation, probability, level).
POLICY = (
  ((invert, 0.1, 7), (contrast, 0.2, 6)),
  ((rotate, 0.7, 2), (translate_x, 0.3, 9)),
  ((sharpness, 0.8, 1), (sharpness, 0.9, 3)),
  ((shear_y, 0.5, 8), (translate_y, 0.7, 9)),
  ((autocontrast, 0.5, 0), (equalize, 0.9, 0)),
  ((shear_y, 0.2, 7), (posterize, 0.3, 7)),
  ((color, 0.4, 3), (brightness, 0.6, 7)),
  ((sharpness, 0.3, 9), (brightness, 0.7, 9)),
  ((equalize, 0.6, 0), (equalize, 0.5, 0)),
  ((contrast, 0.6, 7), (sharpness, 0.6, 5)),
  ((color, 0.7, 7), (translate_x, 0.5, 8)),
  ((equalize, 0.3, 0), (autocontrast, 0.4, 0)),
  ((translate_y, 0.4, 3), (sharpness, 0.2, 6)),
  ((brightness, 0.9, 6), (color, 0.2, 8)),
  ((solarize, 0.5, 2), (invert, 0.0, 0)),
  ((equalize, 0.2, 0), (autocontrast, 0.6, 0)),
  ((equalize, 0.2, 0), (equalize, 0.8, 0)),
  ((color, 0.9, 9), (equalize, 0.6, 0)),
  ((autocontrast, 0.8, 0), (solarize, 0.2, 8)),
  ((brightness, 0.1, 3), (color, 0.7, 0)),
  ((solarize, 0.4, 5), (autocontrast, 0.9, 0)),
  ((translate_y, 0.9, 9), (translate_y, 0.7, 9)),
  ((autocontrast, 0.9, 0), (solarize, 0.8, 3)),
  ((equalize, 0.8, 0), (invert, 0.1, 0)),
  ((translate_y, 0.7, 9), (autocontrast, 0.9, 0)),
)

_OPERATIONS = tuple(OPERATIONS)
_TABLES = (
  np.array([[_OPERATIONS.index(op) for op, _, _ in p] for p in POLICY]),
  np.array([[probability for _, probability, _ in p] for p in POLICY]),
  np.array(
    [
      [np.linspace(*OPERATIONS[op], _NUM_LEVELS)[k] for op, _, k in p]
      for p in POLICY
    ]
  ),
)
