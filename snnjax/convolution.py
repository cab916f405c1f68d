# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Convolution and pooling of images, fast on CPU and in a scan.

XLA's CPU convolutions are slow, their gradients most of all: here a CPU takes
the matrix products of `patch_products` instead. Other devices take their own
convolution.
"""

import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.ad_checkpoint import checkpoint_name

from snnjax import patch_products
from snnjax.integers import spike_product
from snnjax.products import product
from snnjax.types import Array

WINNER = 'max_pool_winner'  # names that residual to `jax.checkpoint`

Padding = str | tuple[tuple[int, int], tuple[int, int]]

_FORMAT = ('NHWC', 'HWIO', 'NHWC')


def convolve(
  x: Array,
  kernel: Array,
  *,
  strides: tuple[int, int] = (1, 1),
  padding: Padding = 'VALID',
  in_integers: bool = False,
) -> Array:
  """Convolves images with a kernel, as `jax.lax.conv_general_dilated` does.

    y[n, i, j, o] = Σ x[n, s·i + k, s·j + l, c]·kernel[k, l, c, o]

  Args:
    x: images `[N, H, W, C]`, of any type; finite, for zeros meet them, too.
    kernel: `[K, L, C, O]`.
    strides: s, in rows and columns.
    padding: 'VALID', 'SAME' or `((top, bottom), (left, right))` of zeros.
    in_integers: whether x is 0 or 1, and a CPU is to multiply in integers, as
      `snnjax.integers` does; the gradients are those of floats.

  Returns:
    `[N, H', W', O]`.

  Raises:
    ValueError: if the kernel is larger than the padded image, or of another
      number of channels.
  """
  if x.ndim != 4 or x.shape[3] != kernel.shape[2]:
    raise ValueError(
      'a convolution needs images [N, H, W, C] for a kernel [K, L, C, O]; got '
      f'{x.shape} and {kernel.shape}'
    )
  if isinstance(padding, str):
    pads = jax.lax.padtype_to_pads(
      x.shape[1:3], kernel.shape[:2], strides, padding
    )
  else:
    pads = padding
  pads = tuple((before, after) for before, after in pads)
  dtype = jnp.result_type(x, kernel)
  x, kernel = x.astype(dtype), kernel.astype(dtype)
  sizes = [
    size + before + after
    for size, (before, after) in zip(x.shape[1:3], pads, strict=True)
  ]
  if sizes[0] < kernel.shape[0] or sizes[1] < kernel.shape[1]:
    raise ValueError(
      f'a kernel must fit into the padded image; got kernel {kernel.shape} '
      f'for images {x.shape} with padding {padding}'
    )
  native = functools.partial(
    jax.lax.conv_general_dilated,
    window_strides=strides,
    padding=pads,
    dimension_numbers=_FORMAT,
  )
  by_patches = functools.partial(
    _in_integers if in_integers else patch_products.convolve,
    strides=strides,
    padding=pads,
  )
  return jax.lax.platform_dependent(x, kernel, cpu=by_patches, default=native)


def general(
  lhs: Array,
  rhs: Array,
  window_strides: Sequence[int],
  padding: str | Sequence[tuple[int, int]],
  **options,
) -> Array:
  """Takes the place of `jax.lax.conv_general_dilated`, say in Flax layers.

  Plain convolutions of images go through `convolve`, all others to JAX.

  Args:
    lhs: as there.
    rhs: as there.
    window_strides: as there.
    padding: as there.
    **options: as there.
  """
  if not _is_plain(lhs.ndim, padding, options):
    return jax.lax.conv_general_dilated(
      lhs, rhs, window_strides, padding, **options
    )
  rows, columns = window_strides
  if isinstance(padding, str):
    pads = padding
  else:
    (top, bottom), (left, right) = padding
    pads = (top, bottom), (left, right)
  return convolve(lhs, rhs, strides=(rows, columns), padding=pads)


def _is_plain(
  num_axes: int,
  padding: str | Sequence[tuple[int, int]],
  options: Mapping[str, Any],
) -> bool:
  """Whether `conv_general_dilated` is asked for what `convolve` does."""
  dilations = (
    options.get(f'{side}_dilation') or (1,) for side in ('lhs', 'rhs')
  )
  groups = (
    options.get(f'{kind}_group_count', 1) for kind in ('feature', 'batch')
  )
  numbers = jax.lax.conv_dimension_numbers(
    (1,) * num_axes, (1,) * num_axes, options.get('dimension_numbers')
  )
  return (
    num_axes == 4
    and (isinstance(padding, str) or min(map(min, padding)) >= 0)
    and all(step == 1 for steps in dilations for step in steps)
    and all(count == 1 for count in groups)
    and all(
      options.get(name) is None
      for name in ('precision', 'preferred_element_type', 'out_sharding')
    )
    and numbers == jax.lax.conv_dimension_numbers((1,) * 4, (1,) * 4, _FORMAT)
  )


def _in_integers(x, kernel, *, strides, padding):
  """Convolves spikes: forward in integers, back in floats."""
  sizes = {'strides': strides, 'padding': padding}
  tiled = functools.partial(patch_products.by_tiles, **sizes)

  @jax.custom_vjp
  def convolve(x, kernel):
    return tiled(x.astype(jnp.int8), kernel, multiply=spike_product)

  def forward(x, kernel):
    return convolve(x, kernel), (x, kernel)

  def backward(residuals, gradient):
    x, kernel = residuals
    floats = functools.partial(patch_products.convolve, **sizes)
    by_x = jax.vjp(lambda x: floats(x, kernel), x)[1]
    by_kernel = jax.vjp(
      lambda kernel: tiled(x.astype(jnp.int8), kernel, multiply=_as_floats),
      kernel,
    )[1]
    return *by_x(gradient), *by_kernel(gradient)

  convolve.defvjp(forward, backward)
  return convolve(x, kernel)


def _as_floats(patches, matrix):
  """Multiplies patches of bytes: a quarter of what floats take to write."""
  return product(patches.astype(matrix.dtype), matrix)


@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))
def max_pool(x: Array, window: int) -> Array:
  """Takes the maximum of every `window` x `window` square; odd sizes floor.

  The gradient goes to the first maximum of a square; one byte per square is
  kept for it, or two where the window is wider than 16.

  Args:
    x: images `[N, H, W, C]`.
    window: side of a square, and the stride.

  Returns:
    `[N, H // window, W // window, C]`.
  """
  return _maximum(x, window)[0]


def _maximum(x, window):
  parts = squares(x, window)
  best = parts[:, :, 0, :, 0]
  winner = jnp.zeros(best.shape, np.min_scalar_type(window**2 - 1))
  for k in range(1, window * window):
    rival = parts[:, :, k // window, :, k % window]
    winner = jnp.where(rival > best, winner.dtype.type(k), winner)
    best = jnp.maximum(best, rival)
  return best, winner


def _max_pool_forward(x, window):
  best, winner = _maximum(x, window)
  winner = checkpoint_name(winner, WINNER)
  return best, (winner, jnp.zeros((0, *x.shape[1:3]), x.dtype))


def _max_pool_backward(window, residuals, gradient):
  winner, like = residuals
  parts = [jnp.where(winner == k, gradient, 0) for k in range(window * window)]
  rows = [
    jnp.stack(parts[k : k + window], axis=3)
    for k in range(0, window * window, window)
  ]
  full = jnp.stack(rows, axis=2)
  n, h, _, w, _, c = full.shape
  full = full.reshape(n, h * window, w * window, c)
  _, height, width = like.shape
  pads = ((0, 0), (0, height - h * window), (0, width - w * window), (0, 0))
  return (jnp.pad(full, pads),)


max_pool.defvjp(_max_pool_forward, _max_pool_backward)


def average_pool(x: Array, window: int) -> Array:
  """Averages every `window` x `window` square of `[N, H, W, C]`."""
  parts = squares(x.astype(jnp.result_type(x, float)), window)
  places = itertools.product(range(window), repeat=2)
  # Not `jnp.mean`: a CPU adds slices much faster than it reduces inner axes.
  total = functools.reduce(jnp.add, (parts[:, :, i, :, j] for i, j in places))
  return total / window**2


def squares(x: Array, window: int) -> Array:
  """Cuts images into squares, side by side; odd sizes floor.

  Args:
    x: images `[N, H, W, ...]`.
    window: side of a square.

  Returns:
    `[N, H // window, window, W // window, window, ...]`.

  Raises:
    ValueError: if no square fits.
  """
  n, height, width, *rest = x.shape
  h, w = height // window, width // window
  if not h or not w:
    raise ValueError(
      f'a pooling window must fit into the image; got {window} for {x.shape}'
    )
  x = x[:, : h * window, : w * window]
  return x.reshape(n, h, window, w, window, *rest)
