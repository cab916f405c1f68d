# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A sequence of images as a film."""

import os
from collections.abc import Sequence

import matplotlib
import numpy as np
from PIL import Image

from snnjax.types import ArrayLike
from snnjax.viz.figures import replacing
from snnjax.viz.gif import durations, write_gif

_MIN_SIDE = 256  # pixels


def save_film(
  path: str | os.PathLike,
  pictures: Sequence[str | os.PathLike],
  *,
  frames_per_second: float = 2,
) -> None:
  """Joins pictures to a GIF that plays without end.

  Args:
    path: file name.
    pictures: of one size, at least one, in order.
    frames_per_second: rate (Hz), at most 50.

  Raises:
    ValueError: if there is no picture, or the rate is not in (0, 50].
  """
  if not pictures:
    raise ValueError(f'a film needs at least one picture; {path} has none')
  centiseconds = durations(len(pictures), frames_per_second)
  frames = [Image.open(picture).convert('RGB') for picture in pictures]
  with replacing(path) as draft:
    frames[0].save(
      draft,
      format='gif',
      save_all=True,
      append_images=frames[1:],
      duration=(10 * centiseconds).tolist(),
      loop=0,
    )


def save_animation(
  path: str | os.PathLike,
  frames: ArrayLike,
  *,
  frames_per_second: float = 25,
  colormap: str = 'plasma',
) -> None:
  """Writes frames as a GIF in false colours.

  One range of values holds for the whole film, so that brightness can be
  compared between frames: the lowest value gets the first colour of the map,
  the highest the last. A film of one value is shown in the first colour. The
  pixels of small frames are repeated, to 256 or more along the longer side.

  Args:
    path: file name.
    frames: `[T, H, W]`, finite.
    frames_per_second: rate (Hz), at most 50; 25 shows a frame for 40 ms.
    colormap: name of one of matplotlib's.

  Raises:
    ValueError: if `frames` is not `[T, H, W]`, empty, or not finite, or the
      rate is not in (0, 50].
  """
  frames = np.asarray(frames, float)
  if frames.ndim != 3 or not frames.size:
    raise ValueError(
      f'frames must be [T, H, W] and not empty; got shape {frames.shape}'
    )
  low, high = frames.min(), frames.max()
  if not np.isfinite(high - low):
    raise ValueError(f'frames must be finite; got values in [{low}, {high}]')
  gain = 255 / (high - low) if high > low else 0.0
  repeat = -(-_MIN_SIDE // max(frames.shape[1:]))
  colors = matplotlib.colormaps[colormap](np.arange(256), bytes=True)
  write_gif(
    path,
    (frame.repeat(repeat, axis=0).repeat(repeat, axis=1) for frame in frames),
    durations(len(frames), frames_per_second),
    palette=colors[:, :3],
    index=lambda part: np.rint((part - low) * gain).astype(np.uint8),
  )
