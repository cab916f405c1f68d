# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Random changes of training batches, on the device and inside `jit`.

Every example has its own key, so that what happens to it does not depend on
its neighbours in the batch: `jax.random.split(key, B)`, or one key folded with
each example's index. Types and shapes stay; what comes in from outside is 0.
`axes` names the axes of y and x: (-2, -1) for frames `[B, T, P, Y, X]`, (1, 2)
for images `[B, H, W, C]`.
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
  max_degrees: float = 10.0,
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


def random_flip(keys: Array, inputs: Array, *, axis: int = 2) -> Array:
  """Mirrors each example with probability 1/2.

  Args:
    keys: random keys `[B]`; consumed.
    inputs: `[B, ...]`.
    axis: of x in `inputs`.

  Returns:
    Array like `inputs`.
  """
  flips = jax.vmap(jax.random.bernoulli)(keys)
  flips = flips.reshape(-1, *(1,) * (inputs.ndim - 1))
  return jnp.where(flips, jnp.flip(inputs, axis), inputs)


def cutout(
  keys: Array, inputs: Array, *, side: int, axes: tuple[int, int] = (1, 2)
) -> Array:
  """Blanks a square of each example, about any of its pixels.

  Args:
    keys: random keys `[B]`; consumed.
    inputs: `[B, ...]`.
    side: of the square, which the image's border may cut.
    axes: of y and x in `inputs`.

  Returns:
    Array like `inputs`, 0 in the squares.

  References: DeVries, Taylor, "Improved regularization of convolutional neural
  networks with cutout", 2017.
  """
  pixels = jnp.moveaxis(inputs, axes, (1, 2))
  height, width = pixels.shape[1:3]

  def blank(key, image):
    row_key, column_key = jax.random.split(key)
    top = jax.random.randint(row_key, (), 0, height) - side // 2
    left = jax.random.randint(column_key, (), 0, width) - side // 2
    y, x = jnp.arange(height)[:, None], jnp.arange(width)[None]
    inside = (y >= top) & (y < top + side) & (x >= left) & (x < left + side)
    inside = inside.reshape(height, width, *(1,) * (image.ndim - 2))
    return jnp.where(inside, jnp.zeros((), image.dtype), image)

  return jnp.moveaxis(jax.vmap(blank)(keys, pixels), (1, 2), axes)


def elastic(
  key: Array,
  inputs: Array,
  *,
  std: float = 1.0,
  axes: tuple[int, int] = (1, 2),
) -> Array:
  """Bends all examples alike: the corners move, what is between follows.

    s(u) = 3u² - 2u³,  u from 0 to 1 along an axis
    d(y, x) = (1 - s(u(y)))·((1 - s(u(x)))·D[0, 0] + s(u(x))·D[0, 1])
            + s(u(y))·((1 - s(u(x)))·D[1, 0] + s(u(x))·D[1, 1])

  A pixel takes the value of the nearest pixel to its place plus d.

  Args:
    key: consumed; one field for the whole batch.
    inputs: `[B, ...]`.
    std: standard deviation of the corners' moves D (pixels).
    axes: of y and x in `inputs`.

  Returns:
    Array like `inputs`.

  References: Ronneberger, Fischer, Brox, "U-Net: convolutional networks for
  biomedical image segmentation", 2015.
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

  same = jnp.broadcast_to(corners, (len(inputs), *corners.shape))
  return _move(source, same, inputs, axes)


def random_time_shift(keys: Array, frames: Array, *, max_steps: int) -> Array:
  """Moves each example in time by whole steps, up to ±`max_steps`.

  Args:
    keys: random keys `[B]`; consumed.
    frames: `[B, T, ...]`.
    max_steps: largest distance.

  Returns:
    Array like `frames`.
  """

  def shift(key, x):
    steps = jax.random.randint(key, (), -max_steps, max_steps + 1)
    source = jnp.arange(len(x)) - steps
    # `take` would count negative places from the end.
    source = jnp.where(source < 0, len(x), source)
    return jnp.take(x, source, axis=0, mode='fill', fill_value=0)

  return jax.vmap(shift)(keys, frames)


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
