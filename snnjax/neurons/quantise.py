# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""States of few bits: forward the nearest level, backward the identity."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.types import Array, ArrayLike


def quantise(levels: ArrayLike) -> Callable[[Array], Array]:
  """Makes a function that rounds to the nearest level; its derivative is 1.

    lif(quantise=quantise(uniform_levels(num_bits=4)))

  Args:
    levels: `[L]`, ascending.

  References: Eshraghian et al., "Navigating local minima in quantized spiking
  neural networks", 2022.
  """

  def apply(membrane):
    points = jnp.asarray(levels, membrane.dtype)
    borders = (points[1:] + points[:-1]) / 2
    nearest = points[jnp.searchsorted(borders, jax.lax.stop_gradient(membrane))]
    # In this order the sum is the level to the last bit.
    return nearest + (membrane - jax.lax.stop_gradient(membrane))

  return apply


def uniform_levels(
  num_bits: int = 8,
  *,
  threshold: float = 1.0,
  lower_limit: float = 0.0,
  upper_limit: float = 0.2,
) -> Array:
  """Spaces 2ᵇ levels evenly from -θ·(1 + lower) to θ·(1 + upper).

  Args:
    num_bits: b.
    threshold: θ.
    lower_limit: how far the levels reach below -θ, in units of θ.
    upper_limit: how far they reach above θ, likewise.

  Returns:
    `[2ᵇ]`, ascending.
  """
  return jnp.linspace(
    -threshold * (1 + lower_limit), threshold * (1 + upper_limit), 2**num_bits
  )


def threshold_centred_levels(
  num_bits: int = 8,
  *,
  threshold: float = 1.0,
  lower_limit: float = 0.0,
  upper_limit: float = 0.2,
  power: float = 2.0,
) -> Array:
  """Packs 2ᵇ levels round the threshold, where a spike is decided.

  Half of the levels, n, lie on either side; the k-th from the outside at the
  fraction (1 - k/n)ᵖ of the way from the threshold to the limit.

  Args:
    num_bits: b.
    threshold: θ.
    lower_limit: as in `uniform_levels`.
    upper_limit: as in `uniform_levels`.
    power: p; 1 spaces each side evenly.

  Returns:
    `[2ᵇ]`, ascending.
  """
  num = 2 ** (num_bits - 1)
  distance = (1 - jnp.arange(num) / num) ** power
  below = threshold - threshold * (2 + lower_limit) * distance
  above = threshold + threshold * upper_limit * distance
  return jnp.concatenate([below, above[::-1]])
