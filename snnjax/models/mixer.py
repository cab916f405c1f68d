# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Networks of patches without attention: MLP-Mixer and ResMLP."""

from collections.abc import Callable

import flax.linen as nn

from snnjax.models.patches import Mlp, patches
from snnjax.types import Array


class Mixer(nn.Module):
  """Mixes patches and channels in turn, each by two dense layers.

  Attributes:
    num_outputs: classes.
    patch: side of a patch, in pixels.
    features: of a patch.
    num_blocks: pairs of mixings.
    token_hidden: hidden features of a mixing of patches.
    channel_hidden: of a mixing of channels.
    activation: pointwise.

  References: Tolstikhin et al., "MLP-Mixer: an all-MLP architecture for
  vision", 2021.
  """

  num_outputs: int = 10
  patch: int = 4
  features: int = 128
  num_blocks: int = 4
  token_hidden: int = 64
  channel_hidden: int = 512
  activation: Callable[[Array], Array] = nn.gelu

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, H, W, C]` to logits `[B, num_outputs]`."""
    del train
    x = nn.Dense(self.features)(patches(x, self.patch))
    for _ in range(self.num_blocks):
      y = nn.LayerNorm()(x).swapaxes(1, 2)
      x += Mlp(self.token_hidden, self.activation)(y).swapaxes(1, 2)
      y = nn.LayerNorm()(x)
      x += Mlp(self.channel_hidden, self.activation)(y)
    x = nn.LayerNorm()(x)
    return nn.Dense(self.num_outputs)(x.mean(1))


class ResMlp(nn.Module):
  """Mixes patches by one dense layer and channels by two, in turn.

  Has scales and shifts per channel instead of normalisations.

  Attributes:
    num_outputs: classes.
    patch: side of a patch, in pixels.
    features: of a patch.
    num_blocks: pairs of mixings.
    channel_hidden: hidden features of a mixing of channels.
    activation: pointwise.

  References: Touvron et al., "ResMLP: feedforward networks for image
  classification with data-efficient training", 2021.
  """

  num_outputs: int = 10
  patch: int = 4
  features: int = 128
  num_blocks: int = 4
  channel_hidden: int = 512
  activation: Callable[[Array], Array] = nn.gelu

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, H, W, C]` to logits `[B, num_outputs]`."""
    del train
    x = nn.Dense(self.features)(patches(x, self.patch))
    for _ in range(self.num_blocks):
      y = Affine()(x).swapaxes(1, 2)
      y = nn.Dense(y.shape[-1])(y).swapaxes(1, 2)
      x += Affine(0.1)(y)
      y = Mlp(self.channel_hidden, self.activation)(Affine()(x))
      x += Affine(0.1)(y)
    return nn.Dense(self.num_outputs)(Affine()(x).mean(1))


class Affine(nn.Module):
  """y = scale·x + bias, per channel.

  Attributes:
    start: scale before training.
  """

  start: float = 1.0

  @nn.compact
  def __call__(self, x: Array) -> Array:
    """Scales and shifts `[..., C]`."""
    shape = x.shape[-1:]
    scale = self.param('scale', nn.initializers.constant(self.start), shape)
    bias = self.param('bias', nn.initializers.zeros, shape)
    ones = (1,) * (x.ndim - 1)
    return x * scale.reshape(*ones, -1) + bias.reshape(*ones, -1)
