# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Address events: arrays of (x, y, t, p), their files and SLAYER's tensors.

A recording is one structured array in file order; t is in microseconds and p
is 1 for ON, 0 for OFF. In a file (`.bin` and `.bs2` alike) an event is a
big-endian word of 40 bits: x (8), y (8), p (1), t (23).
"""

import pathlib

import numpy as np

EVENT = np.dtype([('x', 'i2'), ('y', 'i2'), ('t', 'i8'), ('p', 'u1')])
NMNIST_SENSOR = (34, 34)

_BYTES = 5
_LAST_US = 2**23 - 1
_CARRY_Y = 240
_CARRY_US = 2**13


def make_events(x, y, t, p) -> np.ndarray:
  """Joins four columns into events `[N]`.

  Args:
    x: columns `[N]`, pixels.
    y: rows `[N]`, pixels.
    t: times `[N]`, microseconds.
    p: polarities `[N]`, 1 for ON and 0 for OFF.

  Returns:
    Events `[N]` of type `EVENT`, in the order given.

  Raises:
    ValueError: a value is not a whole number that the column can hold.
  """
  events = np.empty(len(t), EVENT)
  for name, column in zip('xytp', map(np.asarray, (x, y, t, p)), strict=True):
    _require_whole(name, column)
    events[name] = column
  return events


def _require_whole(name, column):
  """Else a cast would make none of half a second, and 3 of column 65,539."""
  limits = np.iinfo(str(EVENT[name]))
  largest = 1 if name == 'p' else limits.max
  fits = column.size == 0 or (
    column.min() >= limits.min and column.max() <= largest
  )
  is_whole = column.dtype.kind in 'biu' or (column == np.round(column)).all()
  if not fits or not is_whole:
    raise ValueError(
      'events are pixels, whole microseconds, and 1 for ON or 0 for OFF; got '
      f'{name} from {column.min()} to {column.max()}, {column.dtype}'
    )


def decode(
  data: bytes,
  *,
  name: str,
  sensor: tuple[int, int] | None = None,
  must_be_ordered: bool = False,
) -> np.ndarray:
  """Reads the events of a `.bin` or `.bs2` file.

  A word with y = 240 is no event but a carry of the clock: 2¹³ microseconds
  are added to its time and to all later ones, and it is dropped.

  Args:
    data: the whole file.
    name: what errors call the file.
    sensor: height and width that every event must lie in; default any.
    must_be_ordered: whether falling times are an error.

  Returns:
    Events `[N]`, in file order.

  Raises:
    ValueError: naming file and byte, if the length is not a multiple of 5, an
      event lies outside `sensor`, or times fall though they must not.

  References:
    Orchard, Jayawant, Cohen, Thakor. Converting static image datasets to
    spiking neuromorphic datasets using saccades. 2015.
  """
  if len(data) % _BYTES:
    raise ValueError(
      f'{name}: an event takes {_BYTES} bytes, but the file has {len(data)}: '
      f'{len(data) % _BYTES} are left over at byte '
      f'{len(data) - len(data) % _BYTES}; fetch the file again.'
    )
  words = np.frombuffer(data, np.uint8).reshape(-1, _BYTES).astype(np.int64)
  x, y, high, middle, low = words.T
  is_carry = y == _CARRY_Y
  t = (high & 127) << 16 | middle << 8 | low
  t = t + _CARRY_US * np.cumsum(is_carry)
  if sensor is not None:
    height, width = sensor
    outside = np.flatnonzero(~is_carry & ((x >= width) | (y >= height)))
    if outside.size:
      i = outside[0]
      raise ValueError(
        f'{name}: events lie on {height} rows and {width} columns, but the '
        f'one at byte {i * _BYTES} has x = {x[i]}, y = {y[i]}; the file is '
        'damaged or of another sensor.'
      )
  if must_be_ordered:
    places = np.flatnonzero(~is_carry)
    falls = np.flatnonzero(np.diff(t[places]) < 0)
    if falls.size:
      before, i = places[falls[0] : falls[0] + 2]
      raise ValueError(
        f'{name}: times must not fall, but the event at byte {i * _BYTES} '
        f'has {t[i]} us after {t[before]} us; the file is damaged, or its '
        'events must be sorted (`sort_by_time`).'
      )
  return make_events(x, y, t, high >> 7)[~is_carry]


def encode(events: np.ndarray) -> bytes:
  """Writes events `[N]` as the bytes of a `.bin` or `.bs2` file.

  Raises:
    ValueError: if an event does not fit its word: x in 0..255, y in 0..255
      without 240, t in 0..2²³ - 1, p in 0..1.
  """
  x, y, t, p = (events[name].astype(np.int64) for name in 'xytp')
  fits = (x >= 0) & (x < 256) & (y >= 0) & (y < 256) & (y != _CARRY_Y)
  fits &= (t >= 0) & (t <= _LAST_US) & (p < 2)
  if not fits.all():
    i = np.flatnonzero(~fits)[0]
    raise ValueError(
      f'A word holds x and y in 0..255 (y not {_CARRY_Y}), t in 0..{_LAST_US} '
      f'us and p in 0..1, but event {i} has x = {x[i]}, y = {y[i]}, '
      f't = {t[i]}, p = {p[i]}; crop or shift the recording first.'
    )
  columns = (x, y, p << 7 | t >> 16, t >> 8 & 255, t & 255)
  return np.stack(columns, axis=-1).astype(np.uint8).tobytes()


def sort_by_time(events: np.ndarray) -> np.ndarray:
  """Sorts events `[N]` by time; those of one time keep their order."""
  return events[np.argsort(events['t'], kind='stable')]


def require_inside(events: np.ndarray, sensor: tuple[int, int]) -> None:
  """Refuses events `[N]` that lie outside a sensor (height, width).

  Raises:
    ValueError: naming the first of them.
  """
  height, width = sensor
  x, y, p = (events[name] for name in 'xyp')
  inside = (x >= 0) & (x < width) & (y >= 0) & (y < height) & (p < 2)
  if not inside.all():
    i = np.flatnonzero(~inside)[0]
    raise ValueError(
      f'Events must lie on {height} rows, {width} columns and 2 polarities, '
      f'but event {i} has x = {x[i]}, y = {y[i]}, p = {p[i]}; name the right '
      '`sensor` or drop such events.'
    )


def read_slayer_list(
  path: str | pathlib.Path,
) -> tuple[list[str], np.ndarray]:
  """Reads SLAYER's list of recordings: a header, then `id label` lines.

  Returns:
    The ids as written, and their labels, int32 `[N]`.

  Raises:
    ValueError: naming file and line.
  """
  lines = pathlib.Path(path).read_text(encoding='utf-8').splitlines()
  if not lines or not lines[0].startswith('#'):
    raise ValueError(
      f'{path}, line 1: a list begins with the header "#sample #class", but '
      f'this one with {lines[0][:40] if lines else "nothing"!r}; is it a list?'
    )
  ids, labels = [], []
  for number, line in enumerate(lines[1:], start=2):
    words = line.split()
    if not words:
      continue
    if len(words) != 2 or not words[1].isdecimal():
      raise ValueError(
        f'{path}, line {number}: a line is an id and a label, but this one '
        f'is {line[:40]!r}; correct it.'
      )
    ids.append(words[0])
    labels.append(int(words[1]))
  return ids, np.asarray(labels, np.int32)


def slayer_tensor(
  events: np.ndarray,
  *,
  num_bins: int = 300,
  step_ms: float = 1.0,
  combine: np.ufunc = np.maximum,
  sensor: tuple[int, int] = NMNIST_SENSOR,
) -> np.ndarray:
  """Bins events as SLAYER does.

  An event of value 1/step goes to bin round(t/step), halves to the even bin;
  events beyond the last bin are dropped.

  Args:
    events: events `[N]`.
    num_bins: length of the tensor.
    step_ms: milliseconds of a bin.
    combine: what becomes of events that share a bin: `np.maximum` keeps one
      (OR), `np.add` sums them.
    sensor: height and width.

  Returns:
    float32 `[P, Y, X, T]`.

  Raises:
    ValueError: if an event lies outside the sensor.

  References:
    Shrestha, Orchard. SLAYER: spike layer error reassignment in time. 2018.
  """
  require_inside(events, sensor)
  tensor = np.zeros((2, *sensor, num_bins), np.float32)
  bins = np.rint(events['t'] / 1000 / step_ms).astype(np.int64)
  inside = (bins >= 0) & (bins < num_bins)
  kept = events[inside]
  place = (kept['p'], kept['y'], kept['x'], bins[inside])
  combine.at(tensor, place, np.float32(1 / step_ms))
  return tensor
