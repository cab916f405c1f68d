# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Products of matrices, in the order that is fast on the device at hand."""

import jax
import jax.numpy as jnp
from jax.experimental.layout import Layout, with_layout_constraint

from snnjax.devices import divisor_near, is_cpu
from snnjax.types import Array

# Of x `[N, I]` and W `[I, O]`: N, the lesser of I and O, I·O.
_LARGE = 4000, 256, 2**20
_ROWS = 1000  # of a large x, at once
_SMALL = 8, 1, 16  # XLA aborts on some smaller ones, of several seeds


@jax.custom_vjp
def product(x: Array, kernel: Array) -> Array:
  """Multiplies matrices, x·W.

  Args:
    x: `[N, I]`.
    kernel: W `[I, O]`.

  Returns:
    `[N, O]`.
  """
  return _by_rows(x, kernel)


def _forward(x, kernel):
  return _by_rows(x, kernel), (x, kernel)


def _backward(residuals, gradient):
  x, kernel = residuals
  by_x, by_kernel = gradient @ kernel.T, _by_kernel(x, kernel, gradient)
  return by_x.astype(x.dtype), by_kernel.astype(kernel.dtype)


product.defvjp(_forward, _backward)


def _by_rows(x, kernel):
  """x·W; a large one on a CPU by about 1,000 rows of x, which its cache keeps.

  On a Zen 5 `[8000, 2048]` by `[2048, 2048]` takes 164 ms so, all at once 214.
  Of few inputs or outputs the copies of x would cost more.
  """
  num_rows, _, _ = sizes = _sizes(x, kernel)
  rows = divisor_near(num_rows, _ROWS)
  if not (is_cpu() and _reach(sizes, _LARGE) and rows):
    return x @ kernel
  blocks = x.reshape(-1, rows, x.shape[1])
  return jax.lax.map(lambda block: block @ kernel, blocks).reshape(num_rows, -1)


def _by_kernel(x, kernel, gradient):
  """xᵀ·g, `[I, O]`.

  On a CPU it is slow where g is narrow: for `[128, 1024]` and `[128, 10]` it
  takes 0.23 ms, gᵀ·x 0.03 ms. Without the barrier XLA would turn the second
  back into the first. A GPU takes 16 ms for `[8000, 16384]` twice, but 10 ms
  after g is copied column by column, which takes 0.3 ms: its tensor cores want
  floats of 32 bits in the order in which they are added up.
  """
  if is_cpu() and _reach(_sizes(x, kernel), _SMALL):
    return jax.lax.optimization_barrier(gradient.T @ x).T
  if is_cpu() or gradient.dtype != jnp.float32:
    return x.T @ gradient
  columns = with_layout_constraint(
    jnp.transpose(gradient), Layout(major_to_minor=(0, 1))
  )
  return x.T @ columns.T


def _sizes(x, kernel):
  """As `_LARGE` has them; N is 0 where `jax.export` leaves it open."""
  num_rows = x.shape[0] if isinstance(x.shape[0], int) else 0
  return num_rows, min(kernel.shape), kernel.size


def _reach(sizes, least):
  return all(a >= b for a, b in zip(sizes, least, strict=True))
