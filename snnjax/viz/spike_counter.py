# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Output spikes counted as time passes: horizontal bars, one row per class."""

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from snnjax.types import ArrayLike
from snnjax.viz.gif import durations, write_gif

_BAR = '#007ACC'
_SCAN = 'orange'
_TEXT = '#333F4B'
_FONT = {'color': _TEXT, 'size': 15, 'weight': 'bold'}
_SIZE = (12.0, 7.0)  # inches; 1200 x 700 pixels
_DPI = 100


class Bars(NamedTuple):
  """The artists that move.

  Attributes:
    bars: a line from 0 to the count, per class.
    dots: the ends of the bars; none where there is no spike.
    scan: the vertical line at the present; not shown in the static form.
  """

  bars: LineCollection
  dots: Line2D
  scan: Line2D


def spike_count(
  ax: Axes,
  spikes: ArrayLike,
  label: int | None = None,
  *,
  class_names: Sequence[str] | None = None,
  seconds_per_step: float | None = None,
) -> Bars:
  """Draws the final counts.

  Args:
    ax: where to draw.
    spikes: `[T, C]`.
    label: the right class, named in the title.
    class_names: names of the rows; default '0', '1', ...
    seconds_per_step: if given, time, and a spike's share of a bar, are in
      seconds instead of steps.

  Returns:
    The artists drawn.

  Raises:
    ValueError: if `spikes` is not `[T, C]`, or not a name per class is given.
  """
  spikes = _check(spikes)
  num_steps, num_classes = spikes.shape
  names = class_names or [str(c) for c in range(num_classes)]
  if len(names) != num_classes:
    raise ValueError(
      f'class_names must name each of {num_classes} classes; got {len(names)}'
    )
  counts = spikes.sum(axis=0)
  scale = 1 if seconds_per_step is None else seconds_per_step
  end = scale * max(num_steps, counts.max(), 1)
  _dress(ax, end, names, in_steps=seconds_per_step is None)
  if label is not None:
    ax.set_title(f'Target: {names[label]}', loc='right', **_FONT)
  thickness = min(8.0, 300 / num_classes)
  bars = LineCollection([], colors=_BAR, alpha=0.5, linewidths=thickness)
  ax.add_collection(bars, autolim=False)
  (dots,) = ax.plot(
    [], [], 'o', color=_BAR, alpha=0.6, markersize=thickness, clip_on=False
  )
  scan = ax.axvline(0, color=_SCAN, linewidth=3, visible=False)
  artists = Bars(bars, dots, scan)
  _draw(artists, scale * counts)
  return artists


def save_spike_counter(
  path: str | os.PathLike,
  spikes: ArrayLike,
  label: int | None = None,
  *,
  interpolate: int = 4,
  frames_per_second: float = 40,
  max_frames: int | None = None,
  class_names: Sequence[str] | None = None,
  seconds_per_step: float | None = None,
) -> None:
  """Writes the counts as they grow, as a GIF of 1200 x 700 pixels.

  Frame i of T·interpolate shows the spikes of the steps before
  ⌊i / interpolate⌋ and a line at x = i / interpolate. So the first frames are
  empty and the last step is never seen.

  Args:
    path: file name.
    spikes: `[T, C]`, of one example.
    label: the right class, named in the title.
    interpolate: frames per time step.
    frames_per_second: rate (Hz), at most 50. The format cannot hold 25 ms:
      at 40 frames/s durations alternate between 30 and 20 ms.
    max_frames: if there are more frames, only so many of them are kept, evenly
      spaced, the first and the last included; the film is shorter by as much.
    class_names: names of the rows; default '0', '1', ...
    seconds_per_step: if given, time is in seconds instead of steps.

  Raises:
    ValueError: if there is no step or class, or no frame is asked for.
  """
  spikes = _check(spikes)
  steps = _steps(len(spikes), interpolate, max_frames)
  figure = Figure(_SIZE, dpi=_DPI, facecolor='w')
  ax = figure.add_axes((0.08, 0.12, 0.88, 0.81))
  artists = spike_count(
    ax,
    spikes,
    label,
    class_names=class_names,
    seconds_per_step=seconds_per_step,
  )
  scale = 1 if seconds_per_step is None else seconds_per_step
  before = np.cumsum(spikes, axis=0) - spikes
  canvas = FigureCanvasAgg(figure)
  (fullest,) = _film(canvas, artists, scale * spikes.sum(axis=0)[None], scale)
  colors, place = _palette(fullest)
  write_gif(
    path,
    _film(canvas, artists, scale * before[steps.astype(int)], scale * steps),
    durations(len(steps), frames_per_second),
    palette=colors,
    index=lambda picture: place[_cube(picture)],
  )


def _steps(
  num_steps: int, interpolate: int, max_frames: int | None
) -> np.ndarray:
  """Computes the present of every frame `[F]`, in steps."""
  total = num_steps * interpolate
  num_frames = total if max_frames is None else min(total, max_frames)
  if num_frames < 1:
    raise ValueError(
      'a film needs at least one frame; got '
      f'{num_steps} steps, interpolate {interpolate}, max_frames {max_frames}'
    )
  return np.rint(np.linspace(0, total - 1, num_frames)) / interpolate


def _dress(ax: Axes, end: float, names: Sequence[str], in_steps: bool) -> None:
  """Sets axes, ticks and the stripes behind the bars."""
  ax.set_xlim(0, end)
  ax.set_ylim(-0.7, len(names) - 0.3)
  ax.xaxis.set_major_locator(
    MaxNLocator(nbins=10, steps=[1, 2, 5, 10], integer=in_steps)
  )
  ticks = [*ax.get_xticks(), end]
  for left, right in zip(ticks[:-1:2], ticks[1::2], strict=False):
    if left < end:
      right = min(right, end)
      ax.axvspan(left, right, color='lightgrey', alpha=0.3, linewidth=0)
  ax.set_xlabel('Time Step' if in_steps else 'Time [s]', **_FONT)
  ax.set_yticks(range(len(names)), names, color=_TEXT, weight='bold')
  ax.tick_params(
    axis='y', length=0, pad=10, labelsize=min(15, 360 / len(names))
  )
  ax.tick_params(axis='x', colors=_TEXT, labelsize=12)
  ax.spines[['top', 'right']].set_visible(False)
  ax.spines[['left', 'bottom']].set_color(_TEXT)


def _draw(artists: Bars, counts: np.ndarray) -> None:
  rows = np.arange(len(counts))
  ends = np.stack([counts, rows], axis=-1)
  artists.bars.set_segments(list(np.stack([ends * (0, 1), ends], axis=1)))
  artists.dots.set_data(counts[counts != 0], rows[counts != 0])


def _film(
  canvas: FigureCanvasAgg, artists: Bars, counts: np.ndarray, times: ArrayLike
) -> Iterator[np.ndarray]:
  """Yields pictures `[H, W]`, one per row of `counts`, a number per colour.

  The background is drawn once; a picture redraws three artists on it.
  """
  for artist in artists:
    artist.set(animated=True, visible=True)
  (ax,) = canvas.figure.axes
  canvas.draw()
  background = canvas.copy_from_bbox(canvas.figure.bbox)
  for count, time in zip(counts, np.ravel(times), strict=True):
    _draw(artists, count)
    artists.scan.set_xdata([time, time])
    canvas.restore_region(background)
    for artist in artists:
      ax.draw_artist(artist)
    yield np.array(canvas.buffer_rgba()).view('<u4')[..., 0]


def _palette(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
  """Picks the commonest colours of a picture, at most one in a cube of 8³.

  Returns:
    The colours `[P, 3]`, exact, and the place `[32 * 32 * 32]` among them of
    the one that is in a cube, or else nearest to its middle.
  """
  values, counts = np.unique(picture, return_counts=True)
  values = values[np.argsort(-counts)]
  _, commonest = np.unique(_cube(values), return_index=True)
  values = values[np.sort(commonest)[:256]]
  colors = values.view(np.uint8).reshape(-1, 4)[:, :3]
  blue, green, red = 8 * np.indices((32, 32, 32), np.float32).reshape(3, -1) + 4
  middles = np.stack([red, green, blue], axis=1)
  points = colors.astype(np.float32)
  # |m - c|^2 without |m|^2, which does not matter to the nearest c.
  place = np.argmin((points**2).sum(axis=1) - 2 * middles @ points.T, axis=1)
  place[_cube(values)] = np.arange(len(values))
  return colors, place.astype(np.uint8)


def _cube(colors: np.ndarray) -> np.ndarray:
  """Joins the five leading bits of red, green and blue, red lowest."""
  return (colors >> 3 & 0x1F) | (colors >> 6 & 0x3E0) | (colors >> 9 & 0x7C00)


def _check(spikes: ArrayLike) -> np.ndarray:
  spikes = np.asarray(spikes, float)
  if spikes.ndim != 2 or not spikes.shape[1]:
    raise ValueError(
      'spikes must be [T, C] with at least one class; got shape '
      f'{spikes.shape}; pick one example of a batch'
    )
  return spikes
