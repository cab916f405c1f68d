# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Convolutions as products of patches with kernels: what a CPU does fast.

Patches take as many times the memory of the images as a kernel has places.
Where they are many, a few images, or a strip of one, are cut up and multiplied
at a time, so that the cache keeps their patches.
"""

import functools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.devices import divisor_near
from snnjax.products import product
from snnjax.types import Array

Pads = tuple[tuple[int, int], tuple[int, int]]

_MANY_CHANNELS = 16
_MANY = 20 * 2**20  # bytes of patches
_CACHED = 5 * 2**20  # of them at once, and
_ROWS = 256, 2048  # how many, at least and at most


def convolve(
  x: Array, kernel: Array, *, strides: tuple[int, int], padding: Pads
) -> Array:
  """Convolves in the way that is fast for the sizes.

  Args:
    x: `[N, H, W, C]`.
    kernel: `[K, L, C, O]`.
    strides: in rows and columns.
    padding: `((top, bottom), (left, right))` of zeros.

  Returns:
    `[N, H', W', O]`.
  """
  if (
    strides == (1, 1)
    and min(kernel.shape[2:]) >= _MANY_CHANNELS
    and _are_many(x, *_patch_sizes(x.shape, kernel.shape, padding))
    # Else the gradient would need negative padding.
    and max(padding[0]) < kernel.shape[0]
    and max(padding[1]) < kernel.shape[1]
  ):
    return _by_strips(x, kernel, padding)
  return by_tiles(x, kernel, strides=strides, padding=padding)


def by_tiles(
  x: Array,
  kernel: Array,
  *,
  strides: tuple[int, int],
  padding: Pads,
  multiply: Callable[[Array, Array], Array] = product,
) -> Array:
  """Convolves several outputs of a row at once, by any product of matrices.

  Args:
    x: as in `convolve`.
    kernel: as there.
    strides: as there.
    padding: as there.
    multiply: multiplies patches `[P, I]` with a matrix `[I, J]`.

  Returns:
    `[N, H', W', O]`.
  """
  # Keeps x for the gradient, not the patches.
  tiles = jax.checkpoint(
    functools.partial(
      _tiles, strides=strides, padding=padding, multiply=multiply
    ),
    prevent_cse=False,
  )
  sizes = _tile_sizes(x.shape, kernel.shape, strides, padding)
  if not _are_many(x, *sizes):
    return tiles(x, kernel)
  wide = kernel.astype(_wide(kernel.dtype))
  y = jax.lax.map(
    lambda block: tiles(block, wide.astype(kernel.dtype)),
    _split(x, _images_at_once(x, *sizes)),
  )
  return y.reshape(-1, *y.shape[2:])[: len(x)]


def _tiles(x, kernel, *, strides, padding, multiply):
  """Multiplies what `tile` outputs of a row see with a banded matrix.

  They share most of it: there is more to multiply, but less to copy.
  """
  rows, columns, channels, features = kernel.shape
  row_stride, column_stride = strides
  height, width = _outputs(x.shape, kernel.shape, strides, padding)
  tile = _tile_width(width, columns, column_stride, features)
  num_tiles = -(-width // tile)
  span = (tile - 1) * column_stride + columns  # inputs that one tile sees
  step = tile * column_stride
  x = jnp.pad(x, ((0, 0), *padding, (0, 0)))
  missing = max((num_tiles - 1) * step + span - x.shape[2], 0)
  x = jnp.pad(x, ((0, 0), (0, 0), (0, missing), (0, 0)))
  bottom = (height - 1) * row_stride + 1

  def windows(t):
    seen = x[:, :, t * step : t * step + span]
    flat = seen.reshape(*seen.shape[:2], span * channels)
    return jnp.concatenate(
      [flat[:, i : i + bottom : row_stride] for i in range(rows)], axis=-1
    )

  patches = jnp.concatenate([windows(t) for t in range(num_tiles)], axis=-1)
  bands = [
    jnp.pad(kernel, ((0, 0), (j, span - columns - j), (0, 0), (0, 0)))
    for j in range(0, step, column_stride)
  ]
  matrix = jnp.stack(bands, axis=3).reshape(-1, tile * features)
  y = multiply(patches.reshape(-1, matrix.shape[0]), matrix)
  y = y.reshape(x.shape[0], height, num_tiles * tile, features)
  return y[:, :, :width]


def _tile_width(width, columns, stride, features):
  """The tile with the least arithmetic and copying, by a model of both."""

  def cost(tile):
    span = (tile - 1) * stride + columns
    return math.ceil(width / tile) * span * (tile * features + 80)

  return min(range(1, min(width, 8) + 1), key=cost)


def _by_strips(x, kernel, padding):
  """Cuts images with more patches than a cache keeps into strips of rows.

  They overlap by K - 1 rows, so they are not to be low.
  """
  height, width = _outputs(x.shape, kernel.shape, (1, 1), padding)
  overlap = kernel.shape[0] - 1
  wanted = max(_at_once(x, math.prod(kernel.shape[:3])) // width, 1)
  tall = divisor_near(height, wanted)
  if wanted >= height or not tall or tall < 2 * overlap:
    return jnp.asarray(_by_patches(x, kernel, padding))
  x = jnp.pad(x, ((0, 0), padding[0], (0, 0), (0, 0)))
  strips = jnp.stack(
    [x[:, k : k + tall + overlap] for k in range(0, height, tall)], axis=1
  )
  strips = strips.reshape(-1, *strips.shape[2:])
  y = jnp.asarray(_by_patches(strips, kernel, ((0, 0), padding[1])))
  return y.reshape(len(x), height, *y.shape[2:])


@functools.partial(jax.custom_vjp, nondiff_argnums=(2,))
def _by_patches(x, kernel, padding):
  """Takes each output by itself, which suits many channels."""
  shape = kernel.shape
  matrix = kernel.reshape(-1, shape[3])
  y = jax.lax.map(
    lambda block: _patches(block, shape, padding) @ matrix,
    _split(x, _images_at_once(x, *_patch_sizes(x.shape, shape, padding))),
  )
  return y.reshape(-1, *_outputs(x.shape, shape, (1, 1), padding), shape[3])[
    : len(x)
  ]


def _forward(x, kernel, padding):
  return _by_patches(x, kernel, padding), (x, kernel)


def _backward(padding, residuals, gradient):
  """Convolves the gradient with the kernel turned round, for that of x."""
  x, kernel = residuals
  rows, columns, _, features = kernel.shape
  around = tuple(
    (size - 1 - before, size - 1 - after)
    for size, (before, after) in zip((rows, columns), padding, strict=True)
  )
  turned = kernel[::-1, ::-1].swapaxes(2, 3)
  number = _images_at_once(x, *_patch_sizes(x.shape, kernel.shape, padding))

  def add(total, block):
    images, outputs = block
    patches = _patches(images, kernel.shape, padding)
    # As in `products`: xT g takes up to 1.4 times as long as gT x.
    found = outputs.reshape(-1, features).T @ patches
    return total + jax.lax.optimization_barrier(found), None

  zeros = jnp.zeros((features, kernel.size // features), _wide(kernel.dtype))
  blocks = _split(x, number), _split(gradient, number)
  by_kernel, _ = jax.lax.scan(add, zeros, blocks)
  return (
    _by_patches(gradient, turned, around),
    by_kernel.T.reshape(kernel.shape).astype(kernel.dtype),
  )


_by_patches.defvjp(_forward, _backward)


def _patches(x, kernel_shape, padding):
  """What each output sees, `[N·H'·W', K·L·C]`."""
  height, width = _outputs(x.shape, kernel_shape, (1, 1), padding)
  x = jnp.pad(x, ((0, 0), *padding, (0, 0)))
  seen = [
    x[:, i : i + height, j : j + width]
    for i in range(kernel_shape[0])
    for j in range(kernel_shape[1])
  ]
  return jnp.concatenate(seen, axis=-1).reshape(-1, math.prod(kernel_shape[:3]))


def _outputs(x_shape, kernel_shape, strides, padding):
  """Height and width of the outputs."""
  height, width = (
    (x_shape[k + 1] + sum(padding[k]) - kernel_shape[k]) // strides[k] + 1
    for k in range(2)
  )
  return height, width


def _patch_sizes(x_shape, kernel_shape, padding):
  """Rows of patches per image, and the length of each."""
  size = _outputs(x_shape, kernel_shape, (1, 1), padding)
  return math.prod(size), math.prod(kernel_shape[:3])


def _tile_sizes(x_shape, kernel_shape, strides, padding):
  """The same for tiles."""
  rows, columns, channels, features = kernel_shape
  height, width = _outputs(x_shape, kernel_shape, strides, padding)
  tile = _tile_width(width, columns, strides[1], features)
  span = (tile - 1) * strides[1] + columns
  return height * -(-width // tile), rows * span * channels


def _are_many(x, rows, length):
  """Whether patches are; never where `jax.export` leaves sizes open."""
  if not all(isinstance(size, int) for size in x.shape):
    return False
  return len(x) * rows * length * x.dtype.itemsize >= _MANY


def _images_at_once(x, rows, length):
  """How many have the patches that a cache keeps; rather a divisor of N."""
  wanted = min(max(_at_once(x, length) // rows, 1), len(x))
  return divisor_near(len(x), wanted) or wanted


def _at_once(x, length):
  """How many patches of a length a cache keeps."""
  least, most = _ROWS
  return min(max(_CACHED // (length * x.dtype.itemsize), least), most)


def _split(array, number):
  """Examples by blocks, `[M, number, ...]`; zeros follow the last one."""
  missing = -len(array) % number
  if missing:
    array = jnp.pad(array, ((0, missing), *((0, 0),) * (array.ndim - 1)))
  return array.reshape(-1, number, *array.shape[1:])


def _wide(dtype):
  """Of sums over blocks: half floats have too few digits."""
  return jnp.promote_types(dtype, jnp.float32)
