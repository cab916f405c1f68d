# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spikes and membranes over time."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EventCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from snnjax.types import ArrayLike
from snnjax.viz.figures import BLUE, GREY, VERMILION

_POINTS_PER_INCH = 72


def raster(
  ax: Axes,
  spikes: ArrayLike,
  *,
  seconds_per_step: float | None = None,
) -> PathCollection:
  """Draws a dash at (t, n) wherever neuron n fires at step t.

  Args:
    ax: where to draw.
    spikes: `[T, N]`; whatever is not zero is a spike.
    seconds_per_step: if given, time is in seconds instead of steps.

  Returns:
    The dashes; their offsets are the pairs (time, neuron), ordered by time.

  Raises:
    ValueError: if `spikes` is not `[T, N]`.
  """
  spikes = _matrix(spikes, 'spikes [T, N]')
  num_steps, num_neurons = spikes.shape
  scale, time_label = _time_axis(seconds_per_step)
  step, neuron = np.nonzero(spikes)
  row = ax.get_window_extent().height / max(num_neurons, 1)
  length = np.clip(0.8 * row * _POINTS_PER_INCH / ax.figure.dpi, 1.5, 14)
  dashes = ax.scatter(
    step * scale,
    neuron,
    s=length**2,
    marker='|',
    color=BLUE,
    linewidths=1.0,
    rasterized=True,
  )
  ax.set_xlim(-0.5 * scale, (max(num_steps, 1) - 0.5) * scale)
  _dress(ax, num_neurons, time_label)
  return dashes


def spike_trains(
  ax: Axes, times: ArrayLike, *, t_max: float
) -> list[EventCollection]:
  """Draws a dash at (t, n) wherever neuron n fires.

  Args:
    ax: where to draw.
    times: `[N, K]` (s), inf for none.
    t_max: end of the axis (s).

  Returns:
    The dashes of each neuron.

  Raises:
    ValueError: if `times` is not `[N, K]`.
  """
  times = _matrix(times, 'times [N, K]')
  trains = [train[np.isfinite(train)] for train in times]
  ax.eventplot(trains, colors=BLUE, linelengths=0.8, linewidths=1.2)
  ax.set_xlim(0, t_max)
  _dress(ax, len(times), 'Time [s]')
  return [c for c in ax.collections if isinstance(c, EventCollection)]


def traces(
  figure: Figure,
  membranes: ArrayLike,
  spikes: ArrayLike | None = None,
  *,
  threshold: ArrayLike | None = None,
  shape: tuple[int, int] = (3, 3),
  spike_height: float = 5.0,
  seconds_per_step: float | None = None,
) -> list[Axes]:
  """Draws the membranes of the first neurons, one panel each.

  Args:
    figure: where to draw; panels fill it row by row.
    membranes: `[T, N]`.
    spikes: `[T, N]`; each spike is a line that rises from the membrane.
    threshold: `[]` or `[N]`, drawn dashed.
    shape: rows and columns of panels; neurons beyond them are left out.
    spike_height: length of a spike's line, in units of the membrane.
    seconds_per_step: if given, time is in seconds instead of steps.

  Returns:
    The axes, one per neuron drawn.

  Raises:
    ValueError: if `membranes` is not `[T, N]`, or `spikes` differ in shape.
  """
  membranes = _matrix(membranes, 'membranes [T, N]')
  spikes = np.zeros_like(membranes) if spikes is None else np.asarray(spikes)
  if spikes.shape != membranes.shape:
    raise ValueError(
      'membranes and spikes must have the same shape; got '
      f'{membranes.shape} and {spikes.shape}'
    )
  num_steps, num_neurons = membranes.shape
  scale, time_label = _time_axis(seconds_per_step)
  time = np.arange(num_steps) * scale
  panels = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False)
  used, unused = np.split(panels.ravel(), [min(num_neurons, panels.size)])
  for panel in unused:
    panel.remove()
  for neuron, ax in enumerate(used):
    u = membranes[:, neuron]
    fired = spikes[:, neuron] != 0
    tips = u[fired] + spike_height
    ax.vlines(time[fired], u[fired], tips, color=VERMILION, linewidth=1)
    ax.plot(time, u, color=BLUE, linewidth=1.2)
    if threshold is not None:
      height = np.broadcast_to(np.asarray(threshold), num_neurons)[neuron]
      ax.axhline(height, color=GREY, linewidth=0.8, linestyle='--')
    ax.set_title(f'Neuron {neuron}', fontsize='medium')
    ax.spines[['top', 'right']].set_visible(False)
  if used.size:
    used[0].yaxis.set_major_locator(MaxNLocator(nbins=4))
  figure.supxlabel(time_label)
  figure.supylabel('Membrane')
  return list(used)


def _time_axis(seconds_per_step: float | None) -> tuple[float, str]:
  """The length of a step on the axis of time, and the axis's label."""
  if seconds_per_step is None:
    return 1, 'Time step'
  return seconds_per_step, 'Time [s]'


def _dress(ax: Axes, num_neurons: int, time_label: str) -> None:
  """Sets the axes of neurons over time."""
  ax.set_ylim(-0.5, max(num_neurons, 1) - 0.5)
  ax.yaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
  ax.set(xlabel=time_label, ylabel='Neuron')
  ax.spines[['top', 'right']].set_visible(False)


def _matrix(values: ArrayLike, name_and_axes: str) -> np.ndarray:
  values = np.asarray(values)
  if values.ndim != 2:
    raise ValueError(
      f'{name_and_axes} must have two axes; got shape {values.shape}; pick one '
      'example and join its feature axes'
    )
  return values
