# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A small convolutional network for 28x28 images."""

from collections.abc import Callable, Sequence

import flax.linen as nn
import jax

from snnjax.types import Array


class Cnn(nn.Module):
  """3x3 convolution - batch normalisation - activation - pooling, then dense.

  With the defaults it is the network of SpikingJelly's conversion example.

  Attributes:
    num_outputs: classes.
    channels: features of each convolution.
    padding: of convolutions.
    activation: pointwise.
    pool: `nn.avg_pool` or `nn.max_pool`, of side 2.
    convolution: carries out the convolutions.
  """

  num_outputs: int = 10
  channels: Sequence[int] = (32, 32, 32)
  padding: str = 'VALID'
  activation: Callable[[Array], Array] = nn.relu
  pool: Callable = nn.avg_pool
  convolution: Callable = jax.lax.conv_general_dilated

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, H, W, C]` to logits `[B, num_outputs]`."""
    for features in self.channels:
      x = nn.Conv(
        features,
        (3, 3),
        padding=self.padding,
        conv_general_dilated=self.convolution,
      )(x)
      x = nn.BatchNorm(use_running_average=not train, momentum=0.9)(x)
      x = self.pool(self.activation(x), (2, 2), (2, 2))
    return nn.Dense(self.num_outputs)(x.reshape(x.shape[0], -1))
