# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a batch of examples does to weights that they share.

Each example asks for outer products, of something per postsynaptic neuron and
something per presynaptic one; a reduction joins the examples without an array
that has both an example and a weight axis. Where neurons compete, few of them
are active in an example, and only their rows of weights are touched.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

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
  def some(carry):
    left, largest = carry
    index, num = _active(left)

    def one_each(k, largest):
      j = index[:, k]
      rows = jnp.take_along_axis(left, j[:, None], axis=1) * pre
      return largest.at[j].max(rows)

    largest = jax.lax.fori_loop(0, num, one_each, largest)
    example = jnp.arange(len(left))[:, None]
    return left.at[example, index].set(0), largest

  start = post, jnp.zeros((post.shape[1], pre.shape[1]), post.dtype)
  _, largest = jax.lax.while_loop(lambda c: jnp.any(c[0] > 0), some, start)
  return largest


def _add(weights, terms):
  """Adds to the rows of active neurons, or to all where too many are."""
  active = sum(term.post for term in terms)
  index, num = _active(active)

  def few(weights):
    def one_each(k, weights):
      j = index[:, k]
      rows = sum(
        term.sign * jnp.take_along_axis(term.post, j[:, None], 1) * term.pre
        for term in terms
      )
      return weights.at[j].add(rows)

    return jax.lax.fori_loop(0, num, one_each, weights)

  def many(weights):
    for term in terms:
      weights = weights + term.sign * _product(term.post, term.pre)
    return weights

  return jax.lax.cond(num > index.shape[1], many, few, weights)


def _active(post):
  """The most active neurons of each example, and how many are at most."""
  _, index = jax.lax.top_k(post, min(_AT_ONCE, post.shape[1]))
  return index, jnp.max(jnp.sum(post > 0, axis=1))
