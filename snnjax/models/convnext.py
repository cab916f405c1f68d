# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Small ConvNeXts for 32x32 images."""

from collections.abc import Callable, Sequence

import flax.linen as nn

from snnjax.models.patches import Mlp
from snnjax.types import Array


class ConvNext(nn.Module):
  """Depthwise convolution, normalisation and two dense layers per block.

  Attributes:
    num_outputs: classes.
    stem: side of the first patches, in pixels.
    blocks: in each stage; all but the first halve the image.
    features: of each stage.
    activation: pointwise.

  References: Liu et al., "A ConvNet for the 2020s", 2022.
  """

  num_outputs: int = 10
  stem: int = 2
  blocks: Sequence[int] = (2, 2, 4, 2)
  features: Sequence[int] = (40, 80, 160, 320)
  activation: Callable[[Array], Array] = nn.gelu

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, 32, 32, C]` to logits `[B, num_outputs]`."""
    del train
    for stage, (repeats, features) in enumerate(
      zip(self.blocks, self.features, strict=True)
    ):
      side = 2 if stage else self.stem
      if stage:
        x = nn.LayerNorm()(x)
      x = nn.Conv(features, (side, side), (side, side))(x)
      for _ in range(repeats):
        y = nn.Conv(features, (7, 7), feature_group_count=features)(x)
        y = nn.LayerNorm()(y)
        x += Mlp(4 * features, self.activation)(y)
    x = nn.LayerNorm()(x.mean((1, 2)))
    return nn.Dense(self.num_outputs)(x)
