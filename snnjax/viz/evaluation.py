# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a trained network does: confusions, accuracy against latency."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from snnjax.types import ArrayLike
from snnjax.viz.curves import curve
from snnjax.viz.figures import BLUE, VERMILION

_MOST_CLASSES_WITH_NUMBERS = 20


def confusion(
  ax: Axes, matrix: ArrayLike, class_names: Sequence[str]
) -> AxesImage:
  """Draws counts of (true class, predicted class).

  The colour is the share of the row, so that rare classes show as well as
  frequent ones; it grows with the square root, so that few errors show as well
  as many. Up to 20 classes the counts stand in the cells.

  Args:
    ax: where to draw.
    matrix: `[C, C]` counts; row: true class, column: predicted class.
    class_names: C names.

  Returns:
    The image; its array is the matrix with every row divided by its sum, or
    zeros.

  Raises:
    ValueError: if the matrix is not `[C, C]`.
  """
  matrix = np.asarray(matrix)
  num_classes = len(class_names)
  if matrix.shape != (num_classes, num_classes):
    raise ValueError(
      'the confusion matrix must be [C, C], a row and a column per class name; '
      f'got {matrix.shape} and {num_classes} names'
    )
  shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
  image = ax.imshow(shares, cmap='Blues', norm=PowerNorm(0.5, 0, 1))
  if num_classes <= _MOST_CLASSES_WITH_NUMBERS:
    for (row, column), count in np.ndenumerate(matrix):
      color = 'w' if shares[row, column] > 0.3 else '0.2' if count else '0.75'
      ax.text(column, row, f'{count:g}', ha='center', va='center', color=color)
  longest = max(map(len, class_names), default=0)
  ax.set_xticks(
    range(num_classes), class_names, rotation=90 if longest > 2 else 0
  )
  ax.set_yticks(range(num_classes), class_names)
  ax.tick_params(length=0)
  ax.spines[:].set_visible(False)
  ax.set(xlabel='Predicted class', ylabel='True class')
  bar = ax.figure.colorbar(image, ax=ax, label='Share of the true class')
  bar.outline.set_visible(False)
  return image


def accuracy_against_latency(
  ax: Axes,
  steps: Sequence[int],
  accuracies: Sequence[float] | ArrayLike,
  seconds_per_sample: Sequence[float] | ArrayLike,
) -> tuple[Line2D, Line2D]:
  """Draws what more time steps buy, and what they cost.

  Args:
    ax: where to draw the accuracies; the times get an axis of their own on
      its right.
    steps: `[K]`, simulated time steps, on a logarithmic axis.
    accuracies: `[K]`, fractions.
    seconds_per_sample: `[K]`, positive; logarithmic too.

  Returns:
    The two lines: accuracies, then times.

  Raises:
    ValueError: if lengths differ, or a logarithm does not exist.
  """
  xs, ys, seconds = map(np.asarray, (steps, accuracies, seconds_per_sample))
  if not xs.shape == ys.shape == seconds.shape == (xs.size,):
    raise ValueError(
      'steps, accuracies and seconds per sample must be vectors of one length; '
      f'got shapes {xs.shape}, {ys.shape} and {seconds.shape}'
    )
  if not (np.all(xs > 0) and np.all(seconds > 0)):
    raise ValueError(
      'steps and seconds per sample must be positive (their axes are '
      f'logarithmic); got {xs} and {seconds}'
    )
  right = ax.twinx()
  right.set_yscale('log')
  (cost,) = right.plot(xs, seconds, '--s', color=VERMILION, markersize=4)
  right.set_ylabel('Time per sample [s]', color=VERMILION)
  right.tick_params(axis='y', which='both', colors=VERMILION)
  right.spines['top'].set_visible(False)
  line = curve(ax, xs, ys, x_label='Time steps', y_label='Accuracy')
  ax.set_xscale('log')
  ax.xaxis.set_major_locator(FixedLocator(xs.tolist()))
  ax.xaxis.set_major_formatter(FixedFormatter([str(x) for x in xs]))
  ax.xaxis.set_minor_locator(NullLocator())
  ax.yaxis.label.set_color(BLUE)
  ax.tick_params(axis='y', colors=BLUE)
  return line, cost
