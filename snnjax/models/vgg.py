# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""VGG networks for 32x32 images, with batch normalisation."""

from collections.abc import Callable

import flax.linen as nn
import jax

from snnjax.types import Array

# Convolutions of each of the five stages, by depth.
_STAGES = {
  11: (1, 1, 2, 2, 2),
  13: (2, 2, 2, 2, 2),
  16: (2, 2, 3, 3, 3),
  19: (2, 2, 4, 4, 4),
}
_WIDTHS = (64, 128, 256, 512, 512)


class Vgg(nn.Module):
  """Stages of 3x3 convolutions, each halving the image, then one dense layer.

  Attributes:
    depth: 11, 13, 16 or 19.
    num_outputs: classes.
    width: factor of all numbers of features.
    activation: pointwise.
    pool: `nn.avg_pool` or `nn.max_pool`, of side 2.
    convolution: carries out the convolutions.

  References: Simonyan, Zisserman, "Very deep convolutional networks for
  large-scale image recognition", 2015.
  """

  depth: int = 16
  num_outputs: int = 10
  width: float = 1.0
  activation: Callable[[Array], Array] = nn.relu
  pool: Callable = nn.avg_pool
  convolution: Callable = jax.lax.conv_general_dilated

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, 32, 32, C]` to logits `[B, num_outputs]`."""
    if self.depth not in _STAGES:
      raise ValueError(f'depth must be one of {[*_STAGES]}; got {self.depth}')
    for repeats, features in zip(_STAGES[self.depth], _WIDTHS, strict=True):
      for _ in range(repeats):
        x = nn.Conv(
          round(self.width * features),
          (3, 3),
          conv_general_dilated=self.convolution,
          kernel_init=nn.initializers.he_normal(),
        )(x)
        x = nn.BatchNorm(use_running_average=not train, momentum=0.9)(x)
        x = self.activation(x)
      x = self.pool(x, (2, 2), (2, 2))
    return nn.Dense(self.num_outputs)(x.reshape(x.shape[0], -1))
