# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Curves over training, and what they are drawn from: records.

A record is an object of `metrics.jsonl`: a mapping with `step`, `epoch`,
`split`, `metrics` (names to numbers) and `wall_time`. The figures need no
model: they can be drawn again from the file alone.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from snnjax.types import ArrayLike
from snnjax.viz.figures import BLUE, new_figure

Record = Mapping[str, Any]


def curve(
  ax: Axes,
  xs: ArrayLike,
  ys: ArrayLike,
  *,
  title: str = '',
  x_label: str = '',
  y_label: str = '',
  label: str | None = None,
  color: str = BLUE,
) -> Line2D:
  """Draws `ys` over `xs`, both `[K]`, with a dot at every point."""
  (line,) = ax.plot(
    np.asarray(xs),
    np.asarray(ys),
    color=color,
    label=label,
    marker='o',
    markersize=3.5,
    linewidth=1.5,
  )
  ax.set(title=title, xlabel=x_label, ylabel=y_label)
  ax.grid(color='0.9', linewidth=0.8)
  ax.set_axisbelow(True)
  ax.spines[['top', 'right']].set_visible(False)
  return line


def train_loss(records: Iterable[Record]) -> Figure:
  """Draws the loss of every epoch (the mean of its records)."""
  xs, ys = _by_epoch(records, split='train', metric='loss', reduce=np.mean)
  return _over_epochs(xs, ys, title='Train Set Loss', y_label='Loss')


def test_accuracy(records: Iterable[Record]) -> Figure:
  """Draws the accuracy, a fraction, at the end of every epoch."""
  xs, ys = _by_epoch(records, split='test', metric='accuracy', reduce=_last)
  return _over_epochs(xs, ys, title='Test Set Accuracy', y_label='Accuracy')


def _by_epoch(
  records: Iterable[Record],
  *,
  split: str,
  metric: str,
  reduce: Callable[[list[float]], float],
) -> tuple[np.ndarray, np.ndarray]:
  """Collects one metric of one split, one value per epoch.

  A step recorded twice (a run that was killed and resumed) counts once: the
  later record holds. Records without the metric are passed over.

  Args:
    records: in the order of the file.
    split: whose records to use.
    metric: the name in `metrics`.
    reduce: makes one number of an epoch's values, which come in step order.

  Returns:
    Epochs `[K]`, ascending, and values `[K]`.

  Raises:
    ValueError: if there is nothing to show.
  """
  records = list(records)
  steps = {
    record['step']: (record['epoch'], record['metrics'][metric])
    for record in records
    if record['split'] == split and metric in record['metrics']
  }
  if not steps:
    seen = sorted({(r['split'], *sorted(r['metrics'])) for r in records})
    raise ValueError(
      f'the records must hold {metric!r} of split {split!r}; '
      f'got {len(records)} records with {seen}'
    )
  epochs: dict[float, list[float]] = {}
  for _, (epoch, value) in sorted(steps.items()):
    epochs.setdefault(epoch, []).append(value)
  xs = sorted(epochs)
  return np.array(xs), np.array([reduce(epochs[epoch]) for epoch in xs])


def _over_epochs(xs, ys, *, title: str, y_label: str) -> Figure:
  figure = new_figure()
  ax = figure.add_subplot()
  curve(ax, xs, ys, title=title, x_label='Iteration', y_label=y_label)
  ax.xaxis.set_major_locator(MaxNLocator(integer=True))
  return figure


def _last(values: list[float]) -> float:
  return values[-1]
