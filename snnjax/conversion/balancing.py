# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From an ordinary network's parameters to those of a `rate_network`."""

import re
from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np

from snnjax.models.rate_network import CHARGE
from snnjax.neurons.integrate_and_fire import IntegrateAndFireParams
from snnjax.types import Array, ArrayLike, Params


def balance(
  params: Params,
  scales: Sequence[ArrayLike],
  *,
  keep_thresholds: bool = False,
) -> Params:
  """Scales weights so that spikes of size 1 carry values up to each scale.

  With the scales λ of the layers, λ₀ = 1 of the input,

    W ← W·λₗ₋₁/λₗ,   b ← b/λₗ,   θ = 1      (weights are balanced)
    W ← W·λₗ₋₁,      b ← b,      θ = λₗ     (thresholds are)

  which spike alike. The dense layer at the end is multiplied by the last λ.

  Args:
    params: of convolutions `Conv_0`, `Conv_1`, ... and `Dense_0`, batch
      normalisations folded in (`fold_batch_norm`): what statistics they may
      still have is not seen here.
    scales: λ of each convolution, `[]` or one per channel `[C]`: a maximum, a
      quantile, or locally balanced.
    keep_thresholds: balances thresholds instead of weights.

  Returns:
    Parameters of a `rate_network`, with the names and the layout of Flax; to be
    run, fine-tuned and saved as those of any network of cells.

  Raises:
    ValueError: there are other layers, or not as many scales as convolutions,
      or one that is not positive.

  References: Diehl et al., "Fast-classifying, high-accuracy spiking deep
  networks through weight and threshold balancing", 2015.
  """
  strange = [
    name
    for name, own in params.items()
    if not re.fullmatch(r'Conv_\d+|Dense_0', name)
    and not (name.startswith('BatchNorm_') and _is_identity(own))
  ]
  if strange:
    raise ValueError(
      f'only Conv_k and Dense_0 can be balanced; got {strange}: fold '
      'normalisations in, and leave neurons out'
    )
  num_convs = sum(name.startswith('Conv_') for name in params)
  if num_convs != len(scales):
    raise ValueError(
      f'balancing needs a scale for each convolution, {num_convs}; got '
      f'{len(scales)}'
    )
  if any(np.any(np.asarray(scale) <= 0) for scale in scales):
    raise ValueError('scales must be positive; give unused channels any, say 1')
  balanced, before = {}, jnp.ones(())
  for k, scale in enumerate(map(jnp.asarray, scales)):
    own = _take_in(params[f'Conv_{k}'], before)
    if not keep_thresholds:
      own = {
        'kernel': own['kernel'] / _along(scale, own['kernel'].ndim),
        'bias': own['bias'] / scale,
      }
    balanced[f'Conv_{k}'] = own
    balanced[f'neuron_{k}'] = IntegrateAndFireParams(
      threshold=scale if keep_thresholds else jnp.ones(()),
      charge=jnp.asarray(CHARGE),
    )
    before = scale
  return {**balanced, 'Dense_0': _take_in(params['Dense_0'], before)}


def _is_identity(normalisation: Params) -> bool:
  scale, bias = normalisation['scale'], normalisation['bias']
  return bool(jnp.all(scale == 1) & jnp.all(bias == 0))


def _take_in(synapses: Params, scale: Array) -> Params:
  """Multiplies weights by the scale of the channel that they come from."""
  kernel = synapses['kernel']
  if scale.ndim:  # flattened images: the channel is the last of their axes
    by_channel = kernel.reshape(
      *kernel.shape[:-2], -1, len(scale), kernel.shape[-1]
    )
    scaled = by_channel * _along(scale[:, None], by_channel.ndim)
    kernel = scaled.reshape(kernel.shape)
  else:
    kernel = kernel * scale
  return {**synapses, 'kernel': kernel}


def _along(scale: Array, num_axes: int) -> Array:
  """Lays a scale along the last axes."""
  return scale.reshape((1,) * (num_axes - scale.ndim) + scale.shape)
