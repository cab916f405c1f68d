# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How far a spike moves what is decoded, step by step; t counts from 1.

References: Oh, Lee, "Sign gradient descent-based neuronal dynamics: ANN-to-SNN
conversion beyond ReLU network", 2024.
"""

from collections.abc import Callable

import jax.numpy as jnp

from snnjax.types import Array, ArrayLike

Schedule = Callable[[ArrayLike], Array]  # t -> η[t]


def exponential(eta: ArrayLike, gamma: ArrayLike) -> Schedule:
  """η[t] = η·γ^(t-1).

  Values as far as η/(1-γ) from the start can be reached. Those within reach
  are met to η[T], where γ is 1/2 at least; with a dead zone of 1/2, to half of
  that, where γ is 1/3 at least.

  Args:
    eta: η > 0.
    gamma: γ, in (0, 1).
  """
  return lambda t: jnp.asarray(eta) * jnp.asarray(gamma) ** (t - 1)


def inverse(eta: ArrayLike) -> Schedule:
  """η[t] = η/t."""
  return lambda t: jnp.asarray(eta) / t


def constant(eta: ArrayLike) -> Schedule:
  """η[t] = η."""
  return lambda t: jnp.asarray(eta) + 0.0 * t
