# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What the neurons of a layer look for, and what they stand for."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.image import AxesImage

from snnjax.types import ArrayLike
from snnjax.viz.figures import color


def mosaic(weights: ArrayLike, shape: tuple[int, int]) -> np.ndarray:
  """Lays receptive fields side by side, row after row.

  Args:
    weights: `[N, H · W]`.
    shape: H and W.

  Returns:
    `[⌈√N⌉ · H, ⌈√N⌉ · W]`; missing tiles are 0.

  Raises:
    ValueError: if the weights are not of that shape.
  """
  weights = np.asarray(weights)
  height, width = shape
  if weights.ndim != 2 or weights.shape[1] != height * width:
    raise ValueError(
      f'weights must be [N, {height * width}], a row of {height} by {width} '
      f'per neuron; got {weights.shape}'
    )
  side = math.isqrt(max(len(weights) - 1, 0)) + 1
  tiles = np.zeros((side * side, height, width), weights.dtype)
  tiles[: len(weights)] = weights.reshape(-1, height, width)
  tiles = tiles.reshape(side, side, height, width).swapaxes(1, 2)
  return tiles.reshape(side * height, side * width)


def mosaic_colors(weights: ArrayLike, shape: tuple[int, int]) -> np.ndarray:
  """Colours a mosaic, from its smallest to its largest weight.

  Args:
    weights: `[N, H · W]`.
    shape: H and W.

  Returns:
    uint8 `[⌈√N⌉ · H, ⌈√N⌉ · W, 4]`.
  """
  tiles = mosaic(weights, shape)
  spread = tiles.max() - tiles.min()
  scaled = (tiles - tiles.min()) / (spread or 1)
  return colormaps['hot_r'](scaled, bytes=True)


def receptive_fields(
  ax: Axes, weights: ArrayLike, shape: tuple[int, int]
) -> AxesImage:
  """Draws a mosaic of receptive fields, with a scale of colours.

  Args:
    ax: where to draw.
    weights: `[N, H · W]`.
    shape: H and W.

  Returns:
    The image.
  """
  image = ax.imshow(
    mosaic(weights, shape), cmap='hot_r', interpolation='nearest'
  )
  ax.set(xticks=[], yticks=[])
  bar = ax.figure.colorbar(image, ax=ax, label='Weight')
  bar.outline.set_visible(False)
  return image


def assignment_map(
  ax: Axes, labels: ArrayLike, class_names: Sequence[str]
) -> AxesImage:
  """Draws each neuron's label, in the order of `receptive_fields`.

  Args:
    ax: where to draw.
    labels: int `[N]`; -1 for none.
    class_names: L names.

  Returns:
    The image.
  """
  labels = np.asarray(labels)
  num = len(class_names)
  grid = mosaic(labels[:, None] + 1, (1, 1)) - 1  # missing tiles: none
  colors = ListedColormap(['w', *(color(k, num) for k in range(num))])
  edges = np.arange(-1.5, num)
  image = ax.imshow(grid, cmap=colors, norm=BoundaryNorm(edges, num + 1))
  ax.set(xticks=[], yticks=[])
  bar = ax.figure.colorbar(image, ax=ax, ticks=range(-1, num))
  bar.ax.set_yticklabels(['none', *class_names])
  bar.outline.set_visible(False)
  return image
