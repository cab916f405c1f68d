# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Writes animated GIFs, frame by frame, in constant memory.

Pillow's own writer of several frames keeps all of them in memory and joins
equal neighbours. This one asks Pillow for the compressed pixels of what
changed since the frame before, and writes them at once.

The format counts time in hundredths of a second, so 40 frames/s (25 ms) cannot
be written as it stands. Frame i ends at round(100 (i + 1) / rate) hundredths:
durations alternate, here 30 and 20 ms, and the error never adds up.
"""

import os
from collections.abc import Callable, Iterable

import numpy as np
from PIL import GifImagePlugin, Image

from snnjax.viz.figures import replacing

# Below 20 ms, browsers wait for 100 ms instead.
_SHORTEST_DURATION = 2


def durations(num_frames: int, frames_per_second: float) -> np.ndarray:
  """Computes how long frames are shown.

  dᵢ = ⌊100 (i + 1) / rate + ½⌋ - ⌊100 i / rate + ½⌋

  Args:
    num_frames: how many.
    frames_per_second: rate (Hz), at most 50.

  Returns:
    `[num_frames]`, hundredths of a second.

  Raises:
    ValueError: if the rate is not in (0, 50].
  """
  if not 0 < frames_per_second <= 100 / _SHORTEST_DURATION:
    raise ValueError(
      'frames_per_second must lie in (0, 50], since viewers slow down frames '
      f'shorter than 20 ms; got {frames_per_second}'
    )
  ends = np.floor(100 * np.arange(num_frames + 1) / frames_per_second + 0.5)
  return np.diff(ends).astype(int)


def write_gif(
  path: str | os.PathLike,
  frames: Iterable[np.ndarray],
  centiseconds: Iterable[int],
  *,
  palette: np.ndarray,
  index: Callable[[np.ndarray], np.ndarray],
) -> None:
  """Writes a GIF that plays without end.

  Args:
    path: file name; replaced only by the complete file.
    frames: `[H, W]` each, of any numbers; at least one.
    centiseconds: duration of each frame, as many as frames.
    palette: uint8 `[P <= 256, 3]`, red, green and blue.
    index: elementwise, from a part of a frame to places in the palette, uint8;
      seen only by what changed.
  """
  with replacing(path) as draft, open(draft, 'wb') as file:
    shown = None
    for frame, duration in zip(frames, centiseconds, strict=True):
      box = np.s_[0:None, 0:None] if shown is None else _changed(shown, frame)
      image = Image.fromarray(index(frame[box]))
      image.putpalette(palette.tobytes())
      if shown is None:
        head, _ = GifImagePlugin.getheader(image, info={'loop': 0})
        file.writelines(head)
      rows, columns = box
      file.writelines(
        GifImagePlugin.getdata(
          image,
          (columns.start, rows.start),
          duration=10 * int(duration),
          disposal=1,  # Leave the frame in place: the next one adds to it.
        )
      )
      shown = frame
    file.write(b';')


def _changed(before: np.ndarray, after: np.ndarray) -> tuple[slice, slice]:
  """Finds the smallest box that holds every change; never empty."""
  different = before != after
  rows = np.flatnonzero(different.any(axis=1))
  columns = np.flatnonzero(different.any(axis=0))
  if not rows.size:
    return slice(0, 1), slice(0, 1)
  top, bottom, left, right = (
    int(k) for k in (*rows[[0, -1]], *columns[[0, -1]])
  )
  return slice(top, bottom + 1), slice(left, right + 1)
