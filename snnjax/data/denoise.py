# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Event filters: recordings in, recordings out, in file order.

Each is a function of an event array alone; bind its options with
`functools.partial` to place it in a chain of transforms.
"""

import numpy as np

from snnjax.data.events import NMNIST_SENSOR

_SIDE = NMNIST_SENSOR[0]
_SACCADE_US = 105_000


def denoise(events: np.ndarray, *, filter_time: int = 10_000) -> np.ndarray:
  """Drops events that no earlier event at one of 4 neighbours supports.

  Defined event by event, in file order, on a map m over the recording's
  bounding box, filled with `filter_time` at first:

    m[x, y] ← t + filter_time
    keep iff m[x ± 1, y] > t or m[x, y ± 1] > t (inside the box)

  Dropped events support later ones as well, polarity does not matter, and
  because of the map's first filling every event with t < `filter_time` that
  has a neighbour in the box is kept. What m holds at an event is the latest
  earlier event of that pixel: found here by bisection, without the loop.

  Args:
    events: events `[N]`, coordinates not negative.
    filter_time: how long an event supports its neighbours, microseconds.

  Returns:
    The events that are kept, `[M]`.

  References:
    Lenz et al. Tonic: event-based datasets and transformations. 2021.
  """
  x, y, t = (events[name].astype(np.int64) for name in 'xyt')
  if not len(events):
    return events
  width, height = x.max() + 1, y.max() + 1
  order = np.arange(len(events))
  stride = len(events) + 1

  by_pixel = np.argsort(y * width + x, kind='stable')
  written = (y * width + x)[by_pixel] * stride + order[by_pixel]
  keep = np.zeros(len(events), bool)
  for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
    i, j = x + dx, y + dy
    pixel = j * width + i
    place = np.searchsorted(written, pixel * stride + order) - 1
    is_written = (place >= 0) & (written[place] // stride == pixel)
    latest = np.where(is_written, t[by_pixel[place]], 0)
    inside = (i >= 0) & (i < width) & (j >= 0) & (j < height)
    keep |= inside & (latest + filter_time > t)
  return events[keep]


def first_saccade_only(events: np.ndarray) -> np.ndarray:
  """Keeps the events of the first 100 ms."""
  return events[events['t'] < 100_000]


def stabilize(events: np.ndarray) -> np.ndarray:
  """Takes the three saccades' motion out of an N-MNIST recording.

  With u = t/105 ms counted from the start of each saccade, x and y move by
  (4 - 3.5u, 2 - 7u), (0.5 - 3.5u, -5 + 7u) and (-3 + 7u, 2); they are rounded,
  halves to even, and events that leave the sensor are dropped.
  """
  t = events['t']
  saccade = (t > _SACCADE_US).astype(int) + (t > 2 * _SACCADE_US)
  u = t / _SACCADE_US - saccade
  begin = np.array([[4, 2], [0.5, -5], [-3, 2]])[saccade]
  speed = np.array([[-3.5, -7], [-3.5, 7], [7, 0]])[saccade]
  moved = events.copy()
  for axis, name in enumerate('xy'):
    shift = begin[:, axis] + speed[:, axis] * u
    moved[name] = np.rint(events[name] + shift).clip(-1, _SIDE)
  on_sensor = (moved['x'] >= 0) & (moved['x'] < _SIDE)
  on_sensor &= (moved['y'] >= 0) & (moved['y'] < _SIDE)
  return moved[on_sensor]
