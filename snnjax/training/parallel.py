# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A batch over several devices, each of which computes its share.

They may belong to several processes, which then run the same program on the
same data (`jax.distributed`).

A CPU may be several devices, too (`jax_num_cpu_devices`). That pays where a
step is many small operations one after the other, as in event-based
simulation: XLA shares each among its threads at more cost than it saves, while
devices meet once, to add their gradients up.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

from snnjax.metrics import mean_of
from snnjax.numerics import safe_divide
from snnjax.types import Array, Batch, Params, Sums


class Shared(NamedTuple):
  """What several devices do together.

  Attributes:
    place: `params -> params`, which all of them hold.
    gradient: `(params, batch [B, ...], key) -> (gradient of the mean loss, like
      params; sums)`, the same on all of them.
    evaluate: `(params, batch [B, ...]) -> sums`, the same on all of them.
  """

  place: Callable[[Params], Params]
  gradient: Callable[[Params, Batch, Array], tuple[Params, Sums]]
  evaluate: Callable[[Params, Batch], Sums]


def over_devices(
  mesh: Mesh,
  loss_fn: Callable[[Params, Batch, Array], tuple[Array, Sums]],
  evaluate: Callable[[Params, Batch], Sums] = lambda params, batch: {},
) -> Shared:
  """Lets the devices of a mesh share batches, B / devices examples each.

  Args:
    mesh: of one axis.
    loss_fn: `(params, batch, key) -> (loss per example, sums to report)`; every
      device calls it with its examples and a key of its own.
    evaluate: `(params, batch) -> sums`.

  Returns:
    What they do together. It raises a ValueError for a B that they do not
    divide.
  """
  (axis,) = mesh.axis_names
  everywhere = NamedSharding(mesh, P())

  def gradient(params, batch, key):
    key = jax.random.fold_in(key, jax.lax.axis_index(axis))

    def objective(params):
      losses, sums = loss_fn(params, batch, key)
      loss = mean_of(losses, batch.mask)
      return loss.total, {**sums, 'loss': loss}

    found = jax.grad(objective, has_aux=True)(params)
    total, sums = over_all(found)
    count = sums['loss'].count
    return jax.tree.map(lambda g: safe_divide(g, count), total), sums

  def over_all(tree):
    # As one vector: several sums could each keep a thread waiting, and on a CPU
    # leave none to those who are waited for.
    joined, unravel = ravel_pytree(tree)
    joined = _written(jax.tree.leaves(tree), joined)
    return unravel(jax.lax.psum(joined, axis))

  def sums_of_all(params, batch):
    return over_all(evaluate(params, batch))

  # Not checked: loops begin with what is the same everywhere.
  shared = functools.partial(jax.shard_map, mesh=mesh, check_vma=False)
  return Shared(
    place=lambda tree: jax.lax.with_sharding_constraint(tree, everywhere),
    gradient=shared(gradient, in_specs=(P(), P(axis), P()), out_specs=P()),
    evaluate=shared(sums_of_all, in_specs=(P(), P(axis)), out_specs=P()),
  )


def _written(leaves, like):
  """Writes leaves one behind the other, into a vector like another.

  Concatenated, a loss would on a CPU be computed anew for every number of a
  gradient.
  """
  vector, start = jnp.zeros_like(like), 0
  for leaf in map(jnp.ravel, leaves):
    vector = vector.at[start : start + leaf.size].set(leaf)
    start += leaf.size
  return vector
