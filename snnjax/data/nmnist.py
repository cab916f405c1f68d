# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""N-MNIST: recordings of the MNIST digits by a moving event camera.

Files lie as published, `Train/<digit>/<id>.bin` and `Test/<digit>/<id>.bin`,
in two zips or in folders. They are looked for in `nmnist/` of the data
directory, in the directory itself, and in an `NMNIST/` in either. A zip is
preferred to a folder, which may hold only a part of it.
"""

import os
import pathlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from snnjax import types
from snnjax.data import archive, cache, pipeline, places
from snnjax.data import chain as chain_lib
from snnjax.data import events as events_lib

CLASS_NAMES = tuple('0123456789')

_SPLITS = {'train': 'Train', 'test': 'Test'}
_RECORDING = re.compile(
  r'(?:.*/)?([0-9])/([0-9]{1,18})\.(?:bin|bs2)', re.IGNORECASE
)
_SUSPECT = re.compile(r'(?:.*/)?[0-9]/[^/]+|.*\.(?:bin|bs2)', re.IGNORECASE)
_ADVICE = (
  'Get Train.zip and Test.zip from https://doi.org/10.17632/468j46mzdv.1 and '
  'name their folder with --data_dir or SNNJAX_DATA_DIR, or train on '
  '`saccades`, which needs no recordings.'
)


class Recording(NamedTuple):
  """One file.

  Attributes:
    number: the file's name.
    label: the folder's name.
    place: what errors call the file.
    events: `[N]`, as in `snnjax.data.events`.
  """

  number: int
  label: int
  place: str
  events: np.ndarray


class Frames(NamedTuple):
  """A split, framed; numbers ascend, so the order is MNIST's.

  Attributes:
    inputs: counts `[N, T, P, Y, X]`, uint8, or int16 where they do not fit;
      zeros after a recording's own frames.
    lengths: each recording's own number of frames, int32 `[N]`.
    labels: int32 `[N]`.
    numbers: of the files, int64 `[N]`.
  """

  inputs: np.ndarray
  lengths: np.ndarray
  labels: np.ndarray
  numbers: np.ndarray


def load(
  split: str,
  *,
  data_dir: str | os.PathLike | None = None,
  chain: chain_lib.Chain = chain_lib.DENOISED_BINS,
  sort: bool = False,
) -> types.Source:
  """Reads a split and frames it; `load_frames` says how."""
  frames = load_frames(split, data_dir=data_dir, chain=chain, sort=sort)
  return types.Source(frames.inputs, frames.labels, CLASS_NAMES, split)


def load_frames(
  split: str,
  *,
  data_dir: str | os.PathLike | None = None,
  chain: chain_lib.Chain = chain_lib.DENOISED_BINS,
  sort: bool = False,
) -> Frames:
  """Reads a split and frames it, or takes the cached result.

  A fixed number of bins gives recordings of one length; time windows do not,
  and zeros fill the shorter ones up to the longest of the split.

  Args:
    split: `'train'` or `'test'`.
    data_dir: where the files are, default `SNNJAX_DATA_DIR`.
    chain: from events to frames; default denoised, 30 bins of equal duration.
    sort: whether to sort each recording by time; default to refuse one whose
      times fall.

  Returns:
    All recordings.

  Raises:
    FileNotFoundError: if the files are not there.
    ValueError: naming file and position of what is damaged, mislabelled,
      empty or there twice.

  References:
    Orchard, Jayawant, Cohen, Thakor. Converting static image datasets to
    spiking neuromorphic datasets using saccades. 2015.
  """
  root = _find(split, data_dir)

  def build():
    framed = {}
    for number, label, place, events in _read(root, sort):
      try:
        framed[number] = label, chain_lib.run(chain, events)
      except ValueError as error:
        raise ValueError(f'{place}, transformed: {error}') from error
    numbers = sorted(framed)
    labels = np.asarray([framed[i][0] for i in numbers], np.int32)
    inputs, lengths = chain_lib.stack([framed.pop(i)[1] for i in numbers])
    ids = np.asarray(numbers, np.int64)
    return Frames(inputs, lengths, labels, ids)._asdict()

  key = ('nmnist', cache.stamp(root), sort, *chain_lib.describe(chain))
  return Frames(**cache.cached_arrays(key, build))


def read_events(
  split: str, *, data_dir: str | os.PathLike | None = None, sort: bool = False
) -> Iterator[Recording]:
  """Reads a split's recordings one by one, in the zip's or folder's order.

  Args:
    split: `'train'` or `'test'`.
    data_dir: where the files are, default `SNNJAX_DATA_DIR`.
    sort: as in `load_frames`.

  Returns:
    An iterator over all recordings.

  Raises:
    FileNotFoundError: if the files are not there.
    ValueError: as in `load_frames`.
  """
  return _read(_find(split, data_dir), sort)


def _find(split: str, data_dir: str | os.PathLike | None) -> pathlib.Path:
  """Finds the zip or folder of a split."""
  pipeline.require_split('nmnist', _SPLITS, split)
  title = _SPLITS[split]
  spellings = (f'{title}.zip', f'{split}.zip', title, split)
  names = [parent + name for parent in ('', 'NMNIST/') for name in spellings]
  data_dir = places.data_dir_or_default(data_dir)
  root = places.find(places.folders('nmnist', data_dir), names)
  if root is None:
    raise FileNotFoundError(
      f'N-MNIST needs {title}.zip or the folder {title}/, in nmnist/ or '
      'NMNIST/ of the data directory or in itself, but '
      f'{data_dir or "no data directory"} has neither. {_ADVICE}'
    )
  return root


def _read(root: pathlib.Path, sort: bool) -> Iterator[Recording]:
  seen: dict[int, str] = {}
  for member in archive.members(root):
    name = str(member.path)
    match = _RECORDING.fullmatch(name)
    if match is None:
      if not _SUSPECT.fullmatch(name):
        continue  # a read-me or the like
      raise ValueError(
        f'{root}: a recording is named <digit>/<number>.bin or .bs2, but one '
        f'file is {name}; move it away or name it so.'
      )
    label, number = int(match[1]), int(match[2])
    if number in seen:
      raise ValueError(
        f'{root}: a number belongs to one recording, but {number} to both '
        f'{seen[number]} and {name}; remove one.'
      )
    seen[number] = name
    data, place = member.read(), f'{root}: {name}'
    if not data:
      raise ValueError(
        f'{place}: a recording has events, but byte 0 is the end; fetch it '
        'again.'
      )
    events = events_lib.decode(
      data,
      name=place,
      sensor=events_lib.NMNIST_SENSOR,
      must_be_ordered=not sort,
    )
    events = events_lib.sort_by_time(events) if sort else events
    yield Recording(number, label, place, events)
  if not seen:
    raise ValueError(
      f'{root}: must hold recordings <digit>/<number>.bin, but holds none. '
      f'{_ADVICE}'
    )
