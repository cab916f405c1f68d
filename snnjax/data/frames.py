# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Events to frames of counts, `[T, P, Y, X]`, four ways to cut a recording.

Each function says where its frames begin and end; `_count` does the rest.
Frames are int16 counts, OFF before ON; a recording without events gives
frames of zeros. Counts are not clipped: see `clip`.
"""

import math

import numpy as np

from snnjax.data import events as events_lib


def time_window(
  events: np.ndarray,
  *,
  window: int,
  overlap: int = 0,
  start: int | None = None,
  stop: int | None = None,
  include_incomplete: bool = False,
  sensor: tuple[int, int] = events_lib.NMNIST_SENSOR,
) -> np.ndarray:
  """Counts events in windows of a fixed duration.

  Frame i counts t₀ + i·s ≤ t < t₀ + i·s + w, s = w - overlap, for
  ⌊(t₁ - t₀ - w)/s⌋ + 1 frames (⌈·⌉ with `include_incomplete`), at least one.
  What lies beyond the last frame is dropped.

  Args:
    events: events `[N]`, times not falling.
    window: w, microseconds.
    overlap: of neighbouring windows, microseconds, less than w.
    start: t₀, microseconds; default the first event.
    stop: t₁, microseconds; default the last event.
    include_incomplete: whether a tail shorter than s gets a frame too.
    sensor: height and width.

  Returns:
    int16 `[T, P, Y, X]`.

  Raises:
    ValueError: if an argument or an event is outside its range.
  """
  _require(0 <= overlap < window, '0 <= overlap < window', overlap, window)
  t = _times(events)
  t0, t1 = (t[0], t[-1]) if len(t) else (0, 0)
  t0 = t0 if start is None else start
  t1 = t1 if stop is None else stop
  stride = window - overlap
  rounded = math.ceil if include_incomplete else math.floor
  num_frames = max(1, rounded((t1 - t0 - window) / stride) + 1)
  begins = t0 + stride * np.arange(num_frames)
  return _count(
    events,
    np.searchsorted(t, begins),
    np.searchsorted(t, begins + window),
    sensor,
  )


def n_time_bins(
  events: np.ndarray,
  *,
  num_bins: int,
  sensor: tuple[int, int] = events_lib.NMNIST_SENSOR,
) -> np.ndarray:
  """Counts events in a fixed number of equal durations.

  Frame i counts t₀ + i·w ≤ t < t₀ + (i + 1)·w with w = ⌊(t₁ - t₀)/bins⌋, so
  that the remainder, and with it the last event, is dropped; a recording
  shorter than `num_bins` microseconds gives zeros.

  Args:
    events: events `[N]`, times not falling.
    num_bins: number of frames.
    sensor: height and width.

  Returns:
    int16 `[num_bins, P, Y, X]`.

  Raises:
    ValueError: if an argument or an event is outside its range.
  """
  _require(num_bins > 0, 'num_bins > 0', num_bins)
  t = _times(events)
  t0, t1 = (t[0], t[-1]) if len(t) else (0, 0)
  width = (t1 - t0) // num_bins
  edges = np.searchsorted(t, t0 + width * np.arange(num_bins + 1))
  return _count(events, edges[:-1], edges[1:], sensor)


def event_count(
  events: np.ndarray,
  *,
  count: int,
  sensor: tuple[int, int] = events_lib.NMNIST_SENSOR,
) -> np.ndarray:
  """Counts consecutive groups of `count` events; an incomplete one is dropped.

  A recording of fewer events gives one frame, of all that it has.

  Args:
    events: events `[N]`.
    count: events in a frame.
    sensor: height and width.

  Returns:
    int16 `[max(1, N // count), P, Y, X]`.

  Raises:
    ValueError: if an argument or an event is outside its range.
  """
  _require(count > 0, 'count > 0', count)
  begins = count * np.arange(max(1, len(events) // count))
  return _count(events, begins, np.minimum(begins + count, len(events)), sensor)


def n_event_bins(
  events: np.ndarray,
  *,
  num_bins: int,
  sensor: tuple[int, int] = events_lib.NMNIST_SENSOR,
) -> np.ndarray:
  """Counts `num_bins` groups of N // `num_bins` events; the rest is dropped.

  Args:
    events: events `[N]`.
    num_bins: number of frames.
    sensor: height and width.

  Returns:
    int16 `[num_bins, P, Y, X]`.

  Raises:
    ValueError: if an argument or an event is outside its range.
  """
  _require(num_bins > 0, 'num_bins > 0', num_bins)
  edges = len(events) // num_bins * np.arange(num_bins + 1)
  return _count(events, edges[:-1], edges[1:], sensor)


def clip(frames: np.ndarray) -> np.ndarray:
  """Whether there was an event: counts to 0 or 1, same type and shape."""
  return np.minimum(frames, 1)


def crop(frames: np.ndarray, *, size: int) -> np.ndarray:
  """Cuts out the central square, `[..., size, size]`.

  Raises:
    ValueError: if the sensor is smaller.
  """
  height, width = frames.shape[-2:]
  _require(
    0 < size <= min(height, width), 'size <= sensor', size, height, width
  )
  top, left = (height - size) // 2, (width - size) // 2
  return frames[..., top : top + size, left : left + size]


def _count(
  events: np.ndarray,
  begins: np.ndarray,
  ends: np.ndarray,
  sensor: tuple[int, int],
) -> np.ndarray:
  """Counts events[begins[i]:ends[i]] into frame i; slices may overlap."""
  events_lib.require_inside(events, sensor)
  height, width = sensor
  x, y, p = (events[name].astype(np.int64) for name in 'xyp')
  lengths = ends - begins
  frame = np.repeat(np.arange(len(begins)), lengths)
  within = np.arange(lengths.sum()) - np.repeat(
    np.cumsum(lengths) - lengths, lengths
  )
  index = begins[frame] + within
  cell = ((frame * 2 + p[index]) * height + y[index]) * width + x[index]
  shape = (len(begins), 2, height, width)
  counts = np.bincount(cell, minlength=math.prod(shape))
  limit = np.iinfo(np.int16).max
  _require(counts.max() <= limit, f'counts <= {limit}', counts.max())
  return counts.astype(np.int16).reshape(shape)


def _times(events: np.ndarray) -> np.ndarray:
  t = events['t']
  falls = np.flatnonzero(np.diff(t) < 0) + 1
  if falls.size:
    i = falls[0]
    raise ValueError(
      f'Times must not fall, but event {i} has {t[i]} us after {t[i - 1]} us; '
      'sort the recording first (`sort_by_time`).'
    )
  return t


def _require(holds: bool, law: str, *evidence: int) -> None:
  if not holds:
    numbers = ', '.join(map(str, evidence))
    raise ValueError(f'It must be that {law}, but got {numbers}.')
