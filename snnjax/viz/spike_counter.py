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
from PIL import Image

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
  num_frames = len(spikes) * interpolate
  if max_frames is not None:
    num_frames = min(num_frames, max_frames)
  if num_frames < 1:
    raise ValueError(
      'a film needs at least one frame; got '
      f'{len(spikes)} steps, interpolate {interpolate}, max_frames {max_frames}'
    )
  last = len(spikes) * interpolate - 1
  steps = np.rint(np.linspace(0, last, num_frames)) / interpolate
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
  counts = before[steps.astype(int)]
  palette = _palette(figure, artists, scale)
  write_gif(
    path,
    _frames(figure, artists, scale * counts, scale * steps, palette),
    durations(num_frames, frames_per_second),
    palette=palette,
  )


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
  font = _FONT | {'size': min(_FONT['size'], 360 / len(names))}
  ax.set_yticks(range(len(names)), names, **font)
  ax.tick_params(axis='x', colors=_TEXT, labelsize=12)
  ax.tick_params(axis='y', length=0, pad=10)
  ax.spines[['top', 'right']].set_visible(False)
  ax.spines[['left', 'bottom']].set_color(_TEXT)


def _draw(artists: Bars, counts: np.ndarray) -> None:
  rows = np.arange(len(counts))
  ends = np.stack([counts, rows], axis=-1)
  artists.bars.set_segments(list(np.stack([ends * (0, 1), ends], axis=1)))
  artists.dots.set_data(counts[counts != 0], rows[counts != 0])


def _palette(figure: Figure, artists: Bars, time: float) -> np.ndarray:
  """Picks the commonest colours of the picture with everything in it.

  Pillow looks colours up in cubes of 4 x 4 x 4 levels. One colour per cube, the
  commonest, keeps white white.
  """
  artists.scan.set(visible=True, xdata=[time, time])
  canvas = FigureCanvasAgg(figure)
  canvas.draw()
  packed = np.asarray(canvas.buffer_rgba()).view(np.uint32)
  values, counts = np.unique(packed, return_counts=True)
  colors = values[np.argsort(-counts)].view(np.uint8).reshape(-1, 4)[:, :3]
  _, commonest = np.unique(colors // 4, axis=0, return_index=True)
  return colors[np.sort(commonest)[:256]]


def _frames(
  figure: Figure,
  artists: Bars,
  counts: np.ndarray,
  times: np.ndarray,
  palette: np.ndarray,
) -> Iterator[np.ndarray]:
  """Yields palette indices `[H, W]`, one picture per row of `counts`.

  The background is drawn once; a frame redraws three artists on it.
  """
  colors = Image.new('P', (1, 1))
  colors.putpalette(palette.tobytes())
  for artist in artists:
    artist.set_animated(True)
  (ax,) = figure.axes
  canvas = FigureCanvasAgg(figure)
  canvas.draw()
  background = canvas.copy_from_bbox(figure.bbox)
  for count, time in zip(counts, times, strict=True):
    _draw(artists, count)
    artists.scan.set_xdata([time, time])
    canvas.restore_region(background)
    for artist in artists:
      ax.draw_artist(artist)
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert('RGB')
    yield np.asarray(image.quantize(palette=colors, dither=Image.Dither.NONE))


def _check(spikes: ArrayLike) -> np.ndarray:
  spikes = np.asarray(spikes, float)
  if spikes.ndim != 2 or not spikes.shape[1]:
    raise ValueError(
      'spikes must be [T, C] with at least one class; got shape '
      f'{spikes.shape}; pick one example of a batch'
    )
  return spikes
