# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A linear readout of spike counts, by ridge regression from sums.

What it needs of the examples adds up over batches, and no iteration is needed:
half a million counts of a thousand neurons are two small matrices.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.types import Array, ArrayLike


class Moments(NamedTuple):
  """Second moments of counts, a constant among them, and labels.

  Attributes:
    inner: `[N + 1, N + 1]`.
    outer: `[N + 1, L]`.
  """

  inner: Array
  outer: Array


def moments(
  counts: Array, labels: ArrayLike, mask: ArrayLike, num_labels: int
) -> Moments:
  """Sums up a batch.

  Args:
    counts: `[B, N]`.
    labels: int `[B]`.
    mask: `[B]`, 1 for an example and 0 for padding.
    num_labels: L.
  """
  x = _with_constant(counts) * jnp.asarray(mask)[:, None]
  member = jax.nn.one_hot(labels, num_labels)
  return Moments(
    jnp.matmul(x.T, x, precision='highest'),
    jnp.matmul(x.T, member, precision='highest'),
  )


def solve(seen: Moments, ridge: float = 1e-3) -> Array:
  """Fits the weights that predict who belongs to which label.

    W = (XᵀX + λ · mean(diag XᵀX) · I)⁻¹ Xᵀ Y

  Args:
    seen: moments of all training examples.
    ridge: λ > 0; silent neurons get weight 0.

  Returns:
    `[N + 1, L]`.
  """
  scale = ridge * jnp.trace(seen.inner) / len(seen.inner)
  return jnp.linalg.solve(
    seen.inner + scale * jnp.eye(len(seen.inner)), seen.outer
  )


def scores(counts: Array, weights: Array) -> Array:
  """Scores labels, `[B, L]`.

  Args:
    counts: `[B, N]`.
    weights: `[N + 1, L]`.
  """
  return jnp.matmul(_with_constant(counts), weights, precision='highest')


def _with_constant(counts):
  return jnp.concatenate([counts, jnp.ones_like(counts[:, :1])], axis=1)
