# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a batch of examples does to weights that they share.

Each example asks for outer products, of something per postsynaptic neuron and
something per presynaptic one; a reduction joins the examples without an array
that has both an example and a weight axis. Where neurons compete, few of them
are active in an example, and only their rows of weights are touched: on a CPU,
for elsewhere a loop waits for the host whenever it asks whether to go on.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.devices import is_cpu
from snnjax.types import Array

_AT_ONCE = 4  # active neurons that are looked for in each example


class Term(NamedTuple):
  """Outer products, one per example, that are added or subtracted.

  Attributes:
    sign: 1 or -1.
    post: `[B, J]`, not negative.
    pre: `[B, I]`, not negative.
  """

  sign: int
  post: Array
  pre: Array


class Reduction(NamedTuple):
  """How examples are joined.

  Attributes:
    join: `(post [B, J], pre [B, I]) -> [J, I]`.
    change: `(weights [J, I], terms) -> weights`, with all terms added, each
      joined by itself.
  """

  join: Callable[[Array, Array], Array]
  change: Callable[[Array, tuple[Term, ...]], Array]


def total() -> Reduction:
  """Adds up: as many small steps as there are examples.

  Σ_b post[b, j] pre[b, i]
  """
  return Reduction(_product, _add)


def mean() -> Reduction:
  """Averages: the same direction, as many times smaller steps.

  1/B Σ_b post[b, j] pre[b, i]
  """

  def change(weights, terms):
    share = [term._replace(post=term.post / len(term.post)) for term in terms]
    return _add(weights, tuple(share))

  return Reduction(lambda post, pre: _product(post, pre) / len(post), change)


def maximum() -> Reduction:
  """Takes the largest: steps stay as large as those of a single example.

  max_b post[b, j] pre[b, i]
  """

  def change(weights, terms):
    for term in terms:
      weights = weights + term.sign * _largest(term.post, term.pre)
    return weights

  return Reduction(_largest, change)


def _product(post, pre):
  return jnp.matmul(post.T, pre, precision='highest')


def _largest(post, pre):
  if not is_cpu():
    return jnp.max(post[:, :, None] * pre[:, None], axis=0)

  def join(largest, j, active):
    rows = jnp.where(active, jnp.take_along_axis(post, j, axis=1), 0) * pre
    return largest.at[j[:, 0]].max(rows)

  start = jnp.zeros((post.shape[1], pre.shape[1]), post.dtype)
  return _over_active(post, start, join)


def _add(weights, terms):
  if not is_cpu():
    return weights + sum(
      term.sign * _product(term.post, term.pre) for term in terms
    )

  def join(weights, j, active):
    rows = sum(
      term.sign * jnp.take_along_axis(term.post, j, axis=1) * term.pre
      for term in terms
    )
    return weights.at[j[:, 0]].add(jnp.where(active, rows, 0))

  return _over_active(sum(term.post for term in terms), weights, join)


def _over_active(post, rows, join):
  """Takes one active neuron of every example at a time, until none is left.

  Args:
    post: `[B, J]`; not 0 where a neuron is active.
    rows: `[J, I]`.
    join: `(rows, j [B, 1], active [B, 1]) -> rows`; some examples have no
      active neuron left, and are shown another.

  Returns:
    The rows.
  """
  example = jnp.arange(len(post))[:, None]

  def some(carry):
    left, rows = carry
    found, index = jax.lax.top_k(left, min(_AT_ONCE, left.shape[1]))

    def one_each(k, rows):
      j, value = (
        jax.lax.dynamic_slice_in_dim(of_all, k, 1, axis=1)
        for of_all in (index, found)
      )
      return join(rows, j, value > 0)

    num = jnp.max(jnp.sum(found > 0, axis=1))
    rows = jax.lax.fori_loop(0, num, one_each, rows)
    return left.at[example, index].set(0), rows

  return jax.lax.while_loop(
    lambda carry: jnp.any(carry[0] > 0), some, (post, rows)
  )[1]
