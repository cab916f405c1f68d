# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Residual networks for 32x32 images."""

from collections.abc import Callable
from typing import NamedTuple

import flax.linen as nn
import jax

from snnjax.types import Array


class _Stages(NamedTuple):
  blocks: tuple[int, ...]  # in each; all but the first halve the image
  features: int  # of the first; each further one has twice as many


_STAGES = {
  18: _Stages((2, 2, 2, 2), 64),
  20: _Stages((3, 3, 3), 16),
  34: _Stages((3, 4, 6, 3), 64),
}


class ResNet(nn.Module):
  """A 3x3 stem, stages of two-convolution blocks, mean, one dense layer.

  Attributes:
    depth: 18, 20 or 34.
    num_outputs: classes.
    width: factor of all numbers of features.
    activation: pointwise.
    convolution: carries out the convolutions.

  References: He, Zhang, Ren, Sun, "Deep residual learning for image
  recognition", 2016.
  """

  depth: int = 18
  num_outputs: int = 10
  width: float = 1.0
  activation: Callable[[Array], Array] = nn.relu
  convolution: Callable = jax.lax.conv_general_dilated

  @nn.compact
  def __call__(self, x: Array, *, train: bool = False) -> Array:
    """Maps images `[B, 32, 32, C]` to logits `[B, num_outputs]`."""
    if self.depth not in _STAGES:
      raise ValueError(f'depth must be one of {[*_STAGES]}; got {self.depth}')

    def normalised(x, features, size, stride=1):
      x = nn.Conv(
        features,
        (size, size),
        (stride, stride),
        conv_general_dilated=self.convolution,
        kernel_init=nn.initializers.he_normal(),
      )(x)
      return nn.BatchNorm(use_running_average=not train, momentum=0.9)(x)

    stages = _STAGES[self.depth]
    features = round(self.width * stages.features)
    x = self.activation(normalised(x, features, 3))
    for stage, repeats in enumerate(stages.blocks):
      for block in range(repeats):
        stride = 2 if stage and not block else 1
        y = self.activation(normalised(x, features, 3, stride))
        y = normalised(y, features, 3)
        if x.shape != y.shape:
          x = normalised(x, features, 1, stride)
        x = self.activation(x + y)
      features *= 2
    return nn.Dense(self.num_outputs)(x.mean((1, 2)))
