# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times contenders against one another: in turn, each in its own process.

Every contender works alone in a fresh process, on the same number of cores, so
that thread pools do not meet and peak memory is its own. The processes repeat
their work in turn, A B C A B C ..., so that a machine's drift hits all alike.
Work that takes less than a tenth of a second is done for so long before it is
timed, as caches and clocks have turned to the others meanwhile. Before all
that, their first results must agree. On a GPU they share its memory, are set up
at the same time, by all cores, and do their work twice in a turn, of which the
second time counts: the GPU takes a while to turn to a process.

A problem's arrays lie on a grid coarse enough for sums of products to be exact
in float32, in any order: else rounding would decide some spikes at the
threshold one way or the other, and all that follows from them.
"""

import argparse
import contextlib
import importlib
import multiprocessing
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from benchmarks import processes, records
from benchmarks.records import Record
from experiments import hardware

LOSS_TOLERANCE, NORM_TOLERANCE = 1e-4, 1e-3  # relative; of gradients' norms
SETTLE = 0.1  # seconds before each turn: threads of the one before fall asleep
WARM_UP = 0.1  # seconds of work, then, that are not timed
# What leaves a contender out: no library; of those that share a GPU, no memory.
_ABSENCE = {'cpu': ImportError, 'cuda': (ImportError, RuntimeError)}


def nothing(state: Any) -> dict[str, float]:
  """Reads nothing: of a contender that computes something else."""
  del state
  return {}


class Contender(NamedTuple):
  """One way to do a case's work.

  Attributes:
    state: to begin with.
    step: `state -> state`; does the work once and returns when it is done.
    read: `state -> {name: number}`, the loss and the norms of the gradients
      that the first step found.
  """

  state: Any
  step: Callable[[Any], Any]
  read: Callable[[Any], dict[str, float]] = nothing


class Case(NamedTuple):
  """What is timed.

  Attributes:
    name: of the case.
    size: of the problem.
    phase: see `Record`.
    problem: `seed -> problem`, the same arrays in every process.
    contenders: label to `'module:function'` of a `problem -> Contender`; the
      others are compared with the first.
    norm_tolerance: of gradients' norms.
    loss_tolerance: of the loss.
    is_large: whether it is run only where asked for, and then one contender
      after the other, since their memory does not suffice for all at once.
  """

  name: str
  size: int | str
  phase: str
  problem: Callable[[int], Any]
  contenders: dict[str, str]
  norm_tolerance: float = NORM_TOLERANCE
  loss_tolerance: float = LOSS_TOLERANCE
  is_large: bool = False


def on_grid(array: np.ndarray, bits: int) -> np.ndarray:
  """Rounds to multiples of 2^-bits, as float32."""
  scaled = np.multiply(array, 2.0**bits, dtype=np.float32, casting='same_kind')
  np.round(scaled, out=scaled)
  return np.divide(scaled, 2.0**bits, out=scaled)


def main(
  description: str,
  cases: Sequence[Case],
  table: Callable[[Sequence[Record]], str] = records.table,
) -> None:
  """Runs cases; JSON lines go to the standard output, the table beside it."""
  parser = argparse.ArgumentParser(
    description=description,
    formatter_class=argparse.RawDescriptionHelpFormatter,
  )
  parser.add_argument('--repeats', type=int, default=20, help='of each')
  parser.add_argument(
    '--seconds', type=float, default=60.0, help='a slow one stops after'
  )
  parser.add_argument('--threads', type=int, default=2, help='of a CPU')
  parser.add_argument('--platform', default='cpu', choices=('cpu', 'cuda'))
  parser.add_argument('--seed', type=int, default=0)
  parser.add_argument('--only', default='', help='part of "name size phase"')
  parser.add_argument(
    '--with-imports', action='store_true', help='peak memory of the process'
  )
  parser.add_argument('--large', action='store_true', help='large cases too')
  flags = parser.parse_args()
  found = []
  for case in cases:
    is_chosen = flags.only in f'{case.name} {case.size} {case.phase}'
    if is_chosen and (flags.large or not case.is_large):
      for record in compare(case, flags):
        print(records.line(record), flush=True)
        found.append(record)
  where = 'cuda' if flags.platform == 'cuda' else f'{flags.threads} threads'
  show(f'{where}, seed {flags.seed}', table(found))


def show(settings: str, table: str) -> None:
  """Prints a table and how it was made, beside the standard output."""
  python = f'Python {platform.python_version()}'
  heading = f'{hardware.processor()}, {python}, {settings}'
  print(f'\n{heading}\n\n{table}', file=sys.stderr, flush=True)


def compare(case: Case, flags: argparse.Namespace) -> list[Record]:
  """Times the contenders of a case, as the module says."""
  labels = list(case.contenders)
  wanted: dict[str, float] = {}
  found = []
  for group in [[label] for label in labels] if case.is_large else [labels]:
    found += _compare_group(case, group, wanted, flags)
  return found


def _compare_group(case, labels, wanted, flags):
  """Times some of them; `wanted` holds what the first one has found."""
  context = multiprocessing.get_context('spawn')
  firsts, pipes, started = {}, {}, {}
  for label in labels:
    pipe, other = context.Pipe()
    arguments = (other, case, case.contenders[label], flags)
    with processes.confined(flags.platform, flags.threads):
      context.Process(
        target=_work, name=label, args=arguments, daemon=True
      ).start()
    other.close()  # so that a worker's death is an EOFError here
    started[label] = pipe
    if flags.platform == 'cpu':
      pipe.poll(None)  # compiles alone
  for label, pipe in started.items():
    first = pipe.recv()
    if 'absent' in first:
      print(f'{label} is absent: {first["absent"]}', file=sys.stderr)
      continue
    check(
      label, first['found'], wanted, case.norm_tolerance, case.loss_tolerance
    )
    firsts[label], pipes[label] = first, pipe

  spent = {label: [] for label in pipes}
  for _ in range(flags.repeats + 1):  # the first turn warms up
    for label, pipe in pipes.items():
      if sum(spent[label]) < flags.seconds:
        time.sleep(SETTLE if flags.platform == 'cpu' else 0)
        pipe.send(True)
        spent[label].append(pipe.recv())
  found = []
  for label, pipe in pipes.items():
    pipe.send(False)
    found.append(_record(case, label, firsts[label], spent[label], pipe.recv()))
  return found


def _work(pipe, case, path, flags):
  """A contender's process: sets up, then a step for every True it receives."""
  module, function = path.split(':')
  try:
    peer = importlib.import_module(module)
    imported = (
      0
      if flags.with_imports
      else processes.peak_mib(flags.platform, peer.PACKAGES)
    )
    contender = getattr(peer, function)(case.problem(flags.seed))
    seconds, state = _timed(contender.step, contender.state)
  except _ABSENCE[flags.platform] as error:
    pipe.send({'absent': str(error)})
    return
  pipe.send(
    {
      'version': processes.version(peer.PACKAGES),
      'found': contender.read(state),
      'seconds': seconds,
    }
  )
  with contextlib.suppress(EOFError):  # where the comparison was called off
    while pipe.recv():
      on_cpu = flags.platform == 'cpu'
      for _ in range(int(WARM_UP / seconds) if on_cpu else 1):
        state = contender.step(state)
      seconds, state = _timed(contender.step, state)
      pipe.send(seconds)
    pipe.send(processes.peak_mib(flags.platform, peer.PACKAGES) - imported)


def _timed(step, state):
  start = time.perf_counter()
  state = step(state)
  return time.perf_counter() - start, state


def check(
  label: str,
  found: dict[str, float],
  wanted: dict[str, float],
  norm_tolerance: float = NORM_TOLERANCE,
  loss_tolerance: float = LOSS_TOLERANCE,
) -> None:
  """Refuses a contender that computes something else than the first one."""
  if not wanted:
    wanted.update(found)
  for name, number in found.items():
    tolerance = loss_tolerance if name == 'loss' else norm_tolerance
    if not abs(number - wanted[name]) <= tolerance * abs(wanted[name]):
      raise SystemExit(
        f'contenders must agree on {name} within {tolerance}; the first has '
        f'{wanted[name]:.8g}, {label} has {number:.8g}: nothing is timed'
      )


def _record(case, label, first, seconds, peak_mib):
  seconds = seconds[1:] or seconds  # a very slow one has its warm-up only
  median = statistics.median(seconds)
  return Record(
    case=case.name,
    lib=label,
    version=first['version'],
    size=case.size,
    phase=case.phase,
    median_s=round(median, 6),
    min_s=round(min(seconds), 6),
    peak_mib=round(peak_mib, 1),
    compile_s=round(max(first['seconds'] - median, 0), 3),
  )
