# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Folds batch normalisations into the synapses before them."""

from collections.abc import Callable

import jax.numpy as jnp

from snnjax.types import Array, Params

_TOLERANCE = 1e-3  # relative, of the folded network's output


def fold_batch_norm(
  fn: Callable[[Params, Array], Array],
  variables: Params,
  x: Array,
  *,
  epsilon: float = 1e-5,
) -> Params:
  """Folds each `BatchNorm_k` into `Conv_k` (or `Dense_k`) beside it.

    W' = W·γ/√(σ² + ε),   b' = (b - μ)·γ/√(σ² + ε) + β

  The normalisations stay, with statistics and parameters that change nothing,
  so that the same model takes the result.

  Args:
    fn: the model, `(variables, x) -> y`, in evaluation mode.
    variables: `{'params': ..., 'batch_stats': ...}` of a Flax model whose
      normalisations follow its convolutions in order.
    x: inputs `[B, ...]` to compare the results on.
    epsilon: ε of the normalisations; by default that of Flax.

  Returns:
    Such variables, with which `fn` does the same.

  Raises:
    ValueError: a normalisation has no convolution or dense layer to go into, or
      not one with a bias and as many features; or `fn` does something else with
      the result, since another layer comes first or ε is another.
  """
  params, stats = _fold(
    variables['params'], variables.get('batch_stats', {}), epsilon, 'params'
  )
  folded = {**variables, 'params': params, 'batch_stats': stats}
  before, after = fn(variables, x), fn(folded, x)
  error, largest = (jnp.abs(y).max() for y in (after - before, before))
  if not error <= _TOLERANCE * largest:
    raise ValueError(
      f'folding changes outputs of up to {largest:.2g} by {error:.2g}: does '
      f'every normalisation follow its layer, with epsilon = {epsilon}?'
    )
  return folded


def _fold(params, stats, epsilon, where):
  params, stats = dict(params), dict(stats)
  for name, own in stats.items():
    if 'mean' not in own:
      params[name], stats[name] = _fold(
        params[name], own, epsilon, f'{where}/{name}'
      )
      continue
    layer = _layer_before(params, name, own['var'].shape, where)
    learnt = params.get(name, {})
    scale = learnt.get('scale', 1) / jnp.sqrt(own['var'] + epsilon)
    synapses = params[layer]
    kernel, shift = synapses['kernel'], synapses['bias'] - own['mean']
    params[layer] = {
      **synapses,
      'kernel': kernel * scale.reshape((1,) * (kernel.ndim - 1) + (-1,)),
      'bias': shift * scale + learnt.get('bias', 0),
    }
    ones = jnp.ones_like(own['var'])
    neutral = {'scale': ones, 'bias': jnp.zeros_like(ones)}
    if learnt:
      params[name] = {part: neutral[part] for part in learnt}
    stats[name] = {'mean': jnp.zeros_like(ones), 'var': ones - epsilon}
  return params, stats


def _layer_before(params, name, features, where):
  """The synapses whose number a normalisation shares."""
  number = name.rsplit('_', 1)[-1]
  for layer in (f'Conv_{number}', f'Dense_{number}'):
    own = params.get(layer, {})
    if 'bias' in own and own['bias'].shape == features:
      return layer
  raise ValueError(
    f'{where}/{name} needs Conv_{number} or Dense_{number} with a bias of '
    f'{features} beside it; got {sorted(params)}'
  )
