# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A matrix in colours."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from snnjax.types import ArrayLike


def heat_map(
  ax: Axes,
  values: ArrayLike,
  *,
  label: str,
  limits: tuple[float, float] | None = None,
  extent: tuple[float, float, float, float] | None = None,
) -> AxesImage:
  """Draws a matrix, its first row at the bottom, with a scale of colours.

  Args:
    ax: where to draw.
    values: `[H, W]`.
    label: of the scale.
    limits: values of the first and last colour; default those of the matrix.
    extent: left, right, bottom and top of the axes; default by number.

  Returns:
    The image.

  Raises:
    ValueError: if `values` is not `[H, W]`.
  """
  values = np.asarray(values, float)
  if values.ndim != 2:
    raise ValueError(f'a heat map needs values [H, W]; got {values.shape}')
  low, high = limits or (None, None)
  image = ax.imshow(
    values,
    origin='lower',
    aspect='auto',
    interpolation='nearest',
    extent=extent,
    vmin=low,
    vmax=high,
  )
  bar = ax.figure.colorbar(image, ax=ax, label=label)
  bar.outline.set_visible(False)
  return image
