# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""When a membrane reaches its threshold, in time z = e^((t - origin)/τ).

Between two events u ≥ θ where c·z² - b·z + a ≤ 0, with c = θ/τ.
"""

from typing import NamedTuple

import jax.numpy as jnp

from snnjax.event.types import resolve
from snnjax.types import Array


class Parabola(NamedTuple):
  a: Array
  b: Array
  c: Array


class Root(NamedTuple):
  z: Array
  slope: Array  # du/dt
  is_ahead: Array  # bool


def may_reach(parabola: Parabola, last: Array, end: Array) -> Array:
  """Whether the threshold may be reached from below in [last, end].

  Cheap, without a root, a quotient or a logarithm, and necessary only:
  `upward_root` decides.
  """
  a, b, c = parabola
  end = end * (1 + 8 * jnp.finfo(a.dtype).eps)
  is_real = (a > 0) & (b > 0) & (b * b - 4 * a * c >= 0)
  starts = (b > 2 * c * last) | ((c * last - b) * last + a < 0)
  ends = (b < 2 * c * end) | ((c * end - b) * end + a <= 0)
  return is_real & starts & ends


def upward_root(parabola: Parabola, last: Array) -> Root:
  """The smaller root, or `last`, where rounding has just missed it."""
  a, b, c = parabola
  discriminant = b * b - 4 * a * c
  is_real = (a > 0) & (b > 0) & (discriminant >= 0)
  root = jnp.sqrt(jnp.where(is_real, discriminant, 1))
  z = jnp.where(is_real, 2 * a, 1) / jnp.where(is_real, b + root, 1)
  z = jnp.maximum(z, last)
  is_ahead = is_real & (b + root > 2 * c * last)
  return Root(z, resolve(a / (z * z) - c, c), is_ahead)
