# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Random changes of training batches, on the device and inside `jit`.

Every example has its own key, so that what happens to it does not depend on
its neighbours in the batch: `jax.random.split(key, B)`, or one key folded with
each example's index. Types and shapes stay; what comes in from outside is 0.
Images are `[B, H, W, C]`, frames `[B, T, P, Y, X]`; where both may come, `axes`
names the axes of y and x, (1, 2) or (-2, -1).
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax import types

Array = types.Array


def rotate(
  inputs: Array, degrees: Array, *, axes: tuple[int, int] = (-2, -1)
) -> Array:
  """Turns each example about its centre, counter-clockwise, y pointing down.

  A pixel takes the value of the nearest pixel to its place before the turn,

    y' = cos α · y + sin α · x,  x' = cos α · x - sin α · y

  from the centre, halves to even.

  Args:
    inputs: `[B, ...]`.
    degrees: α of each example, `[B]`.
    axes: of y and x in `inputs`.

  Returns:
    Array like `inputs`.
  """

  def source(radians, y, x):
    sin, cos = jnp.sin(radians), jnp.cos(radians)
    return cos * y + sin * x, cos * x - sin * y

  return _move(source, jnp.deg2rad(degrees), inputs, axes)


def random_rotation(
  keys: Array,
  inputs: Array,
  *,
  max_degrees: float,
  axes: tuple[int, int] = (-2, -1),
) -> Array:
  """Turns each example, all its frames alike, by up to ±`max_degrees`.

  Args:
    keys: random keys `[B]`; consumed.
    inputs: `[B, ...]`.
    max_degrees: largest angle.
    axes: of y and x in `inputs`.

  Returns:
    Array like `inputs`.
  """

  def draw(key):
    return jax.random.uniform(key, (), jnp.float32, -max_degrees, max_degrees)

  return rotate(inputs, jax.vmap(draw)(keys), axes=axes)


def random_shift(
  keys: Array,
  inputs: Array,
  *,
  max_pixels: int,
  axes: tuple[int, int] = (-2, -1),
) -> Array:
  """Moves each example by whole pixels, up to ±`max_pixels` along y and x.

  Args:
    keys: random keys `[B]`; consumed.
    inputs: `[B, ...]`.
    max_pixels: largest distance along one axis.
    axes: of y and x in `inputs`.

  Returns:
    Array like `inputs`.
  """

  def draw(key):
    return jax.random.randint(key, (2,), -max_pixels, max_pixels + 1)

  def source(offset, y, x):
    return y - offset[0], x - offset[1]

  return _move(source, jax.vmap(draw)(keys), inputs, axes)


def random_flip(keys: Array, images: Array) -> Array:
  """Swaps left and right of each image with probability 1/2.

  Args:
    keys: random keys `[B]`; consumed.
    images: `[B, H, W, C]`.

  Returns:
    Array like `images`.
  """
  flips = jax.vmap(jax.random.bernoulli)(keys)[:, None, None, None]
  return jnp.where(flips, jnp.flip(images, 2), images)


def cutout(keys: Array, images: Array, *, side: int) -> Array:
  """Blanks a square of each image, centred at a random pixel.

  Args:
    keys: random keys `[B]`; consumed.
    images: `[B, H, W, C]`.
    side: of the square, which the image's border may cut.

  Returns:
    Array like `images`, 0 in the squares.

  References:
    DeVries, Taylor. Improved regularization of convolutional neural networks
    with cutout. 2017.
  """
  height, width = images.shape[1:3]

  def blank(key, image):
    row_key, column_key = jax.random.split(key)
    top = jax.random.randint(row_key, (), 0, height) - side // 2
    left = jax.random.randint(column_key, (), 0, width) - side // 2
    y, x = jnp.arange(height)[:, None], jnp.arange(width)[None]
    inside = (y >= top) & (y < top + side) & (x >= left) & (x < left + side)
    return jnp.where(inside[..., None], jnp.zeros_like(image), image)

  return jax.vmap(blank)(keys, images)


def elastic(key: Array, images: Array, *, std: float) -> Array:
  """Bends all images alike: the corners move, what is between follows.

    s(u) = 3u² - 2u³,  u from 0 to 1 along an axis
    d(y, x) = (1 - s(u(y)))·((1 - s(u(x)))·D[0, 0] + s(u(x))·D[0, 1])
            + s(u(y))·((1 - s(u(x)))·D[1, 0] + s(u(x))·D[1, 1])

  A pixel takes the value of the nearest pixel to its place plus d.

  Args:
    key: consumed; one field for the whole batch.
    images: `[B, H, W, C]`.
    std: standard deviation of the corners' moves D (pixels).

  Returns:
    Array like `images`.

  References:
    Ronneberger, Fischer, Brox. U-Net: convolutional networks for biomedical
    image segmentation. 2015.
  """
  corners = std * jax.random.normal(key, (2, 2, 2))

  def source(corners, y, x):
    u = y / jnp.maximum(y.shape[0] - 1, 1) + 0.5
    v = x / jnp.maximum(x.shape[1] - 1, 1) + 0.5
    u, v = (3 * w**2 - 2 * w**3 for w in (u, v))
    along_x = [
      corners[:, i, 0, None, None] * (1 - v)[None]
      + corners[:, i, 1, None, None] * v[None]
      for i in (0, 1)
    ]
    move = along_x[0] * (1 - u)[None] + along_x[1] * u[None]
    return y + move[0], x + move[1]

  same = jnp.broadcast_to(corners, (len(images), *corners.shape))
  return _move(source, same, images, axes=(1, 2))


def event_dropout(keys: Array, frames: Array, *, drop_prob: float) -> Array:
  """Empties each cell of each frame with probability `drop_prob`.

  Events that share a cell are dropped together; counts are not rescaled.

  Args:
    keys: random keys `[B]`; consumed.
    frames: `[B, T, ...]`.
    drop_prob: in [0, 1].

  Returns:
    Array like `frames`.
  """

  def drop(key, x):
    keep = jax.random.bernoulli(key, 1 - drop_prob, x.shape)
    return jnp.where(keep, x, jnp.zeros_like(x))

  return jax.vmap(drop)(keys, frames)


def _move(
  source: Callable[[Array, Array, Array], tuple[Array, Array]],
  amounts: Array,
  inputs: Array,
  axes: tuple[int, int],
) -> Array:
  """Fills pixel (y, x) from `source(amount, y, x)`, both from the centre."""
  pixels = jnp.moveaxis(inputs, axes, (1, 2))
  height, width = pixels.shape[1:3]
  centre_y, centre_x = (height - 1) / 2, (width - 1) / 2
  y, x = jnp.meshgrid(
    jnp.arange(height) - centre_y, jnp.arange(width) - centre_x, indexing='ij'
  )

  def move(amount, image):
    from_y, from_x = source(amount, y, x)
    i = jnp.rint(from_y + centre_y).astype(jnp.int32)
    j = jnp.rint(from_x + centre_x).astype(jnp.int32)
    inside = (i >= 0) & (i < height) & (j >= 0) & (j < width)
    # One flat index, so that all frames of a pixel are gathered at once.
    place = jnp.where(inside, i * width + j, height * width)
    flat = image.reshape(height * width, *image.shape[2:])
    return jnp.take(flat, place, axis=0, mode='fill', fill_value=0)

  return jnp.moveaxis(jax.vmap(move)(amounts, pixels), (1, 2), axes)
