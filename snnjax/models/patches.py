# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What networks of patches share."""

from collections.abc import Callable

import flax.linen as nn

from snnjax.types import Array


def patches(x: Array, side: int) -> Array:
  """Cuts images `[B, H, W, C]` into squares `[B, N, side·side·C]`.

  Raises:
    ValueError: they do not fill the image.
  """
  batch, height, width, channels = x.shape
  if height % side or width % side:
    raise ValueError(
      f'patches of {side}x{side} must fill the image; got {height}x{width}'
    )
  x = x.reshape(batch, height // side, side, width // side, side, channels)
  x = x.transpose(0, 1, 3, 2, 4, 5)
  return x.reshape(batch, -1, side * side * channels)


class Mlp(nn.Module):
  """Dense, activation, dense; as many features come out as go in.

  Attributes:
    hidden: features between.
    activation: pointwise.
  """

  hidden: int
  activation: Callable[[Array], Array]

  @nn.compact
  def __call__(self, x: Array) -> Array:
    """Maps `[..., C]` to `[..., C]`."""
    hidden = self.activation(nn.Dense(self.hidden)(x))
    return nn.Dense(x.shape[-1])(hidden)
