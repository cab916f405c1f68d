# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Vision transformers for 32x32 images."""

from collections.abc import Callable

import flax.linen as nn

from snnjax.models.patches import Mlp, patches
from snnjax.types import Array


class Vit(nn.Module):
  """Patches that attend to each other.

  Attributes:
    num_outputs: classes.
    patch: side of a patch, in pixels.
    features: of a patch.
    num_blocks: of attention and dense layers.
    num_heads: of attention.
    hidden: features between the dense layers.
    dropout: probability, while training.
    activation: pointwise.

  References: Dosovitskiy et al., "An image is worth 16x16 words: transformers
  for image recognition at scale", 2021.
  """

  num_outputs: int = 10
  patch: int = 4
  features: int = 256
  num_blocks: int = 4
  num_heads: int = 8
  hidden: int = 256
  dropout: float = 0.1
  activation: Callable[[Array], Array] = nn.gelu

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, H, W, C]` to logits `[B, num_outputs]`."""
    x = nn.Dense(self.features)(patches(x, self.patch))
    places = self.param(
      'places', nn.initializers.normal(0.02), (1, *x.shape[1:])
    )
    x = nn.Dropout(self.dropout, deterministic=not train)(x + places)
    for _ in range(self.num_blocks):
      attention = nn.MultiHeadDotProductAttention(
        self.num_heads,
        dropout_rate=self.dropout,
        deterministic=not train,
      )
      x += attention(nn.LayerNorm()(x))
      y = Mlp(self.hidden, self.activation)(nn.LayerNorm()(x))
      x += nn.Dropout(self.dropout, deterministic=not train)(y)
    x = nn.LayerNorm()(x)
    return nn.Dense(self.num_outputs)(x.mean(1))
