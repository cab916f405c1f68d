# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times contenders against one another: in turn, each in its own process.

Every contender works alone in a fresh process, on the same number of cores, so
that thread pools do not meet and peak memory is its own. The processes repeat
their work in turn, A B C A B C ..., so that a machine's drift hits all alike.
Before that, their first results must agree.

A problem's arrays lie on a grid coarse enough for sums of products to be exact
in float32, in any order: else rounding would decide some spikes at the
threshold one way or the other, and all that follows from them.
"""

import argparse
import contextlib
import importlib
import importlib.metadata
import json
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

LOSS_TOLERANCE = 1e-4  # relative
NORM_TOLERANCE = 1e-3
SETTLE = 0.1  # seconds before each turn: threads of the one before fall asleep


class Contender(NamedTuple):
  """One way to do a case's work.

  Attributes:
    state: to begin with.
    step: `state -> state`; does the work once and returns when it is done.
    read: `state -> {name: number}`, the loss and the norms of the gradients
      that the first step found; empty if it computes something else.
  """

  state: Any
  step: Callable[[Any], Any]
  read: Callable[[Any], dict[str, float]]


class Case(NamedTuple):
  """What is timed.

  Attributes:
    name: of the case.
    problem: `seed -> problem`, the same arrays in every process.
    contenders: label to `'module:function'` of a `problem -> Contender`; the
      others are compared with the first.
  """

  name: str
  problem: Callable[[int], Any]
  contenders: dict[str, str]


def on_grid(array: np.ndarray, bits: int) -> np.ndarray:
  """Rounds to multiples of 2^-bits, as float32."""
  return np.float32(np.round(array * 2**bits) / 2**bits)


def main(description: str, cases: list[Case]) -> None:
  """Runs cases; JSON lines go to the standard output, tables beside it."""
  parser = argparse.ArgumentParser(description=description)
  parser.add_argument('--repeats', type=int, default=20, help='of each')
  parser.add_argument(
    '--seconds', type=float, default=60.0, help='a slow one stops after'
  )
  parser.add_argument('--threads', type=int, default=2)
  parser.add_argument('--seed', type=int, default=0)
  parser.add_argument('--only', default='', help='part of a name')
  flags = parser.parse_args()
  for case in cases:
    if flags.only in case.name:
      rows = _compare(case, flags)
      for row in rows:
        print(json.dumps(row), flush=True)
      print(_table(rows), file=sys.stderr, flush=True)


def _compare(case, flags):
  context = multiprocessing.get_context('spawn')
  common = {
    'case': case.name,
    'device': f'{_processor()}, {flags.threads} threads',
    'python': platform.python_version(),
    'seed': flags.seed,
  }
  rows, pipes = {}, {}
  for label, path in case.contenders.items():
    pipe, other = context.Pipe()
    arguments = (other, case, path, flags.seed, flags.threads)
    context.Process(target=_work, args=arguments, daemon=True).start()
    other.close()  # so that a worker's death is an EOFError here
    rows[label] = {**common, 'contender': label, **pipe.recv()}
    if 'absent' not in rows[label]:
      pipes[label] = pipe
  _check({label: rows[label]['found'] for label in pipes})

  spent = {label: [] for label in pipes}
  for _ in range(flags.repeats + 1):  # the first turn warms up
    for label, pipe in pipes.items():
      if sum(spent[label]) < flags.seconds:
        time.sleep(SETTLE)
        pipe.send(True)
        spent[label].append(pipe.recv())
  for label, pipe in pipes.items():
    pipe.send(False)
    rows[label] |= _summary(spent[label], pipe.recv())
  return list(rows.values())


def _work(pipe, case, path, seed, threads):
  """A contender's process: sets up, then a step for every True it receives."""
  _confine(threads)
  module, function = path.split(':')
  try:
    peer = importlib.import_module(module)
  except ImportError as error:
    pipe.send({'absent': str(error)})
    return
  imported = _peak_mib()
  contender = getattr(peer, function)(case.problem(seed))
  seconds, state = _timed(contender.step, contender.state)
  versions = {name: importlib.metadata.version(name) for name in peer.PACKAGES}
  pipe.send(
    {
      'versions': versions,
      'found': contender.read(state),
      'first_seconds': round(seconds, 3),
    }
  )
  with contextlib.suppress(EOFError):  # where the comparison was called off
    while pipe.recv():
      seconds, state = _timed(contender.step, state)
      pipe.send(seconds)
    pipe.send(_peak_mib() - imported)


def _confine(threads):
  """Leaves this process so many cores; before any library starts threads."""
  os.environ |= {
    'JAX_PLATFORMS': 'cpu',
    'MKL_NUM_THREADS': str(threads),
    'OMP_NUM_THREADS': str(threads),
  }
  if hasattr(os, 'sched_setaffinity'):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def _timed(step, state):
  start = time.perf_counter()
  state = step(state)
  return time.perf_counter() - start, state


def _peak_mib():
  peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
  return peak / (2**20 if sys.platform == 'darwin' else 2**10)


def _check(readings):
  """Refuses contenders that compute different things."""
  readings = {label: found for label, found in readings.items() if found}
  wanted_by, wanted = next(iter(readings.items()), ('', {}))
  for label, found in readings.items():
    for name, number in found.items():
      tolerance = LOSS_TOLERANCE if name == 'loss' else NORM_TOLERANCE
      if not abs(number - wanted[name]) <= tolerance * abs(wanted[name]):
        raise SystemExit(
          f'contenders must agree on {name} within {tolerance}; {wanted_by} '
          f'has {wanted[name]:.8g}, {label} has {number:.8g}: nothing is timed'
        )


def _summary(seconds, peak_mib):
  seconds = seconds[1:] or seconds  # a very slow one has its warm-up only
  return {
    'repeats': len(seconds),
    'min_seconds': round(min(seconds), 6),
    'median_seconds': round(statistics.median(seconds), 6),
    'peak_mib': round(peak_mib, 1),
  }


def _table(rows):
  widths = '{:<34}{:>10}{:>10}{:>7}{:>8}{:>9}{:>9}'
  heads = ('min ms', 'median', 'times', 'repeats', 'first s', 'peak MiB')
  lines = [
    f'{rows[0]["case"]}: {rows[0]["device"]}, seed {rows[0]["seed"]}',
    widths.format('contender', *heads),
  ]
  for row in rows:
    if 'absent' in row:
      lines.append(f'{row["contender"]:<34}absent: {row["absent"]}')
      continue
    ours = rows[0].get('min_seconds', row['min_seconds'])
    lines.append(
      widths.format(
        row['contender'],
        f'{1e3 * row["min_seconds"]:.1f}',
        f'{1e3 * row["median_seconds"]:.1f}',
        f'{row["min_seconds"] / ours:.2f}',
        row['repeats'],
        f'{row["first_seconds"]:.1f}',
        f'{row["peak_mib"]:.0f}',
      )
    )
  return '\n'.join(lines)


def _processor():
  try:
    with open('/proc/cpuinfo') as lines:
      names = [line for line in lines if line.startswith('model name')]
    return names[0].split(':')[1].strip()
  except (OSError, IndexError):
    return platform.processor() or platform.machine()
