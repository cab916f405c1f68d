# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Measures the values at the sites of a trained network."""

from collections.abc import Callable, Iterator, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.conversion import execute
from snnjax.conversion.placement import place
from snnjax.conversion.statistics import SiteStats, histogram
from snnjax.types import Array, Params, Source

Statistics = dict[str, SiteStats]  # by the names of sites

_SEED = 0
_TOLERANCE = 1e-3  # relative, between an example alone and in a batch


def draw_batches(
  source: Source,
  prepare: Callable[[Array], Array],
  *,
  num_batches: int,
  batch_size: int,
) -> list[Array]:
  """Draws training examples to calibrate with, the same at every call.

  Args:
    source: training examples.
    prepare: from a batch of the source's inputs to the network's.
    num_batches: at most so many; fewer if the source is smaller.
    batch_size: examples in each.

  Returns:
    Batches `[B, ...]` for `calibrate`.

  Raises:
    ValueError: the source is a test set, or smaller than a batch.
  """
  if source.split == 'test':
    raise ValueError(
      'calibration must not see test examples: pass training ones'
    )
  order = np.random.default_rng(_SEED).permutation(len(source.labels))
  num_batches = min(num_batches, len(order) // batch_size)
  if not num_batches:
    raise ValueError(
      f'a batch of {batch_size} examples cannot be drawn from {len(order)}'
    )
  chosen = order[: num_batches * batch_size].reshape(num_batches, batch_size)
  return [prepare(jnp.asarray(source.inputs[part])) for part in chosen]


def calibrate(
  fn: Callable[[Params, Array], Array],
  params: Params,
  batches: Sequence[Array],
  *,
  pool_first: bool = True,
) -> Statistics:
  """Runs a network over training examples and notes the values of its sites.

  Args:
    fn: `(params, x [B, ...]) -> y [B, ...]`, in evaluation mode.
    params: its trained parameters.
    batches: inputs `[B, ...]` of *training* examples, as a list.
    pool_first: as for `convert`.

  Returns:
    For each site, by name, the least and the greatest value of each element,
    and a histogram per channel.

  Raises:
    ValueError: there are no batches, or they can be read only once; the network
      cannot be converted; a value is not finite; or an example depends on the
      others in its batch, as with batch normalisation in training mode.
  """
  check_batches(batches)

  @jax.jit
  def values(params, x):
    plan = place(fn, params, x, pool_first=pool_first)
    return execute.site_values(plan, params, x)

  @jax.jit
  def extremes(params, x):
    return {
      name: (v.min(0), v.max(0), v[:1]) for name, v in values(params, x).items()
    }

  @jax.jit
  def histograms(params, x, ends):
    return {
      name: histogram(v, *ends[name]) for name, v in values(params, x).items()
    }

  seen = [extremes(params, x) for x in batches]
  found = {}
  for name in seen[0]:
    lows, highs, _ = zip(*(each[name] for each in seen), strict=True)
    found[name] = jnp.stack(lows).min(0), jnp.stack(highs).max(0)
  ends = {name: (low.min(), high.max()) for name, (low, high) in found.items()}
  for name, (low, high) in ends.items():
    if not jnp.isfinite(high - low):
      raise ValueError(
        f'values must be finite, but {name} has values from {low} to {high}'
      )
  _check_independence(fn, params, batches[0])
  _check_order(seen[0], extremes(params, batches[0][:1]))
  counts = [histograms(params, x, ends) for x in batches]
  total = jax.tree.map(lambda *each: sum(each), *counts)
  return {
    name: SiteStats(*map(np.asarray, (low, high, total[name])))
    for name, (low, high) in found.items()
  }


def check_batches(batches: Sequence[Array]) -> None:
  """Refuses batches that cannot be gone through more than once."""
  if isinstance(batches, Iterator) or not len(batches):
    raise ValueError(
      'batches are gone through more than once: pass a list of at least one; '
      f'got {type(batches).__name__}'
    )


def _check_independence(fn, params, x):
  if len(x) == 1:
    x = jnp.concatenate([x, jnp.zeros_like(x)])
  beside, alone = fn(params, x)[:1], fn(params, x[:1])
  if not jnp.isfinite(alone).all():
    raise ValueError('outputs must be finite, but the first example has others')
  if error := _difference(beside, alone):
    raise ValueError(
      'an example must not depend on the others in its batch, but its output '
      f'changes by {error:.3g}: put batch normalisation into evaluation mode'
    )


def _check_order(sites_beside, sites):
  """Of examples in joined axes, by the first one's values."""
  for name, (*_, alone) in sites.items():
    if error := _difference(sites_beside[name][-1], alone):
      raise ValueError(
        f'examples must lie one after the other in {name}, but the first one '
        f'there changes by {error:.3g} with the others: where axes are joined, '
        'the batch must be the first of them'
      )


def _difference(beside, alone):
  """Of two arrays, or 0 if it is that of rounding."""
  error = jnp.max(jnp.abs(beside - alone))
  return 0 if error <= _TOLERANCE * jnp.max(jnp.abs(beside)) else float(error)
