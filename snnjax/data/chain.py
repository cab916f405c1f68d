# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A chain of functions from events to frames: run it, and name it.

  events -> transforms ... -> frame -> frame_transforms ... -> frames

Functions take one array; their options are bound with `functools.partial`.
The name holds all that the result depends on, as a cache must.
"""

import contextlib
import functools
import hashlib
import inspect
import numbers
import pathlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from snnjax.data import denoise
from snnjax.data import frames as frames_lib

Transform = Callable[[np.ndarray], np.ndarray]


class Chain(NamedTuple):
  """What is done to each recording.

  Attributes:
    transforms: events to events, in this order.
    frame: events to frames `[T, P, Y, X]`.
    frame_transforms: frames to frames, in this order.
  """

  transforms: tuple[Transform, ...]
  frame: Transform
  frame_transforms: tuple[Transform, ...] = ()


DENOISED_BINS = Chain(
  transforms=(denoise.denoise,),
  frame=functools.partial(frames_lib.n_time_bins, num_bins=30),
)


def run(chain: Chain, events: np.ndarray) -> np.ndarray:
  """Frames one recording.

  Args:
    chain: what to do.
    events: events `[N]`.

  Returns:
    Frames `[T, P, Y, X]`, uint8 if all counts fit.
  """
  array = events
  for function in (*chain.transforms, chain.frame, *chain.frame_transforms):
    array = function(array)
  if array.dtype.kind not in 'iu' or not array.size:
    return array
  fits = array.min() >= 0 and array.max() <= np.iinfo(np.uint8).max
  return array.astype(np.uint8) if fits else array


def stack(parts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
  """Stacks frames of several recordings, zeros after the end of shorter ones.

  Args:
    parts: frames `[T, P, Y, X]` of each recording; at least one. The list is
      emptied on the way, since two copies might not fit into memory.

  Returns:
    Frames `[N, T, P, Y, X]`, and each recording's own number, int32 `[N]`.
  """
  lengths = np.asarray([len(part) for part in parts], np.int32)
  shape = (len(parts), lengths.max(), *parts[0].shape[1:])
  stacked = np.zeros(shape, np.result_type(*{part.dtype for part in parts}))
  while parts:
    part = parts.pop()
    stacked[len(parts), : len(part)] = part
  return stacked, lengths


def describe(chain: Chain) -> list[str]:
  """Names a chain: functions, options, and the source they are made of.

  The modules beside this one count whole; a function of the caller's is known
  by its own source and defaults, not by the source of what it calls.

  Raises:
    ValueError: for a function that cannot be named so.
  """
  modules = sorted(pathlib.Path(__file__).parent.glob('*.py'))
  own = _digest(''.join(module.read_text('utf-8') for module in modules))
  functions = (*chain.transforms, chain.frame, *chain.frame_transforms)
  return [own, *map(_describe, functions)]


def _describe(function: Callable) -> str:
  if isinstance(function, functools.partial):
    name = _describe(function.func)
    options = [*function.args, *sorted(function.keywords.items())]
  else:
    name = f'{function.__module__}.{function.__qualname__}@{_source(function)}'
    by_name = sorted((function.__kwdefaults__ or {}).items())
    options = [*(function.__defaults__ or ()), *by_name]
  if not all(map(_is_plain, options)):
    raise ValueError(
      'Options of a transform must be numbers, strings or tuples of them, '
      f'to be part of a cache key, but got {options}; pass plain values.'
    )
  return f'{name}({options})'


def _source(function: Callable) -> str:
  """A digest of a function's text, which must be all that there is to it."""
  named = inspect.isfunction(function) and function.__name__ != '<lambda>'
  if named and not function.__closure__:
    with contextlib.suppress(OSError):  # typed in, with no file to read
      return _digest(inspect.getsource(function))
  raise ValueError(
    'A transform must be a function from a file, with a name and without '
    'captured variables, or a `functools.partial` of one, to be part of a '
    f'cache key, but got {function!r}; bind options by `functools.partial`.'
  )


def _is_plain(value) -> bool:
  if isinstance(value, (tuple, list)):
    return all(map(_is_plain, value))
  return value is None or isinstance(value, (numbers.Number, str))


def _digest(text: str) -> str:
  return hashlib.sha256(text.encode()).hexdigest()
