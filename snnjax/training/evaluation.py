# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Whole splits to numbers: masked sums, divided once at the end."""

import contextlib
import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import jax
import numpy as np

from snnjax.metrics import add_all, means
from snnjax.training.contract import require_sums
from snnjax.training.records import Record
from snnjax.types import Batches, Metrics, PyTree, Sums, Task


class Evaluator(NamedTuple):
  """Measures states; it compiles once.

  Attributes:
    names: `(state, batches by split, split) -> names of the metrics`, before
      anything is computed. It raises a ValueError if an evaluation is no sums.
    measure: `(state, batches by split) -> metrics by split`. It raises a
      ValueError if a split is empty.
  """

  names: Callable[[PyTree, Mapping[str, Batches], str], list[str]]
  measure: Callable[[PyTree, Mapping[str, Batches]], dict[str, Metrics]]


def evaluator(task: Task, probe_batches: Batches | None = None) -> Evaluator:
  """Makes what evaluates states.

  Args:
    task: whose `probe` and `evaluate` are used.
    probe_batches: held-in batches for the probe; default no statistics.
  """
  probe, measure = jax.jit(task.probe), jax.jit(task.evaluate)

  def names(state, evals, split):
    stats = ()
    if probe_batches is not None:
      stats = probe.eval_shape(state, _first(probe_batches, 'probe'))
    sums = measure.eval_shape(state, stats, _first(evals[split], split))
    require_sums(sums, 'evaluate')
    return list(sums)

  def evaluate(state, evals):
    stats = ()
    if probe_batches is not None:
      probes = (probe(state, batch) for batch in probe_batches())
      stats = add_all(one_behind('probe', probes))
    return {
      split: means(
        total(one_behind(split, (measure(state, stats, b) for b in batches())))
      )
      for split, batches in evals.items()
    }

  return Evaluator(names, evaluate)


def _first(batches, split):
  for batch in batches():
    return batch
  raise _nothing_in(split)


def _nothing_in(split):
  return ValueError(
    f'a split must hold at least one batch; {split!r} holds none; '
    'check its size'
  )


def scores(
  task: Task, records: Iterable[Record]
) -> list[tuple[float, int, int]]:
  """The score, step and epoch of each record that has a score.

  One may be not a number, or of before the task was given another score.
  """
  found = []
  for record in records:
    with contextlib.suppress(KeyError):
      found.append(
        (task.score(record['metrics']), record['step'], record['epoch'])
      )
  return [entry for entry in found if not math.isnan(entry[0])]


def one_behind(split: str, results: Iterable[PyTree]) -> Iterator[PyTree]:
  """Fetches results to the host once the next one is under way.

  So the device works while the host prepares, and no more than two batches lie
  in its memory.

  Args:
    split: what they are results of, for the error.
    results: not yet computed arrays, as jitted functions return them.

  Yields:
    The same as numpy arrays.

  Raises:
    ValueError: if there are none.
  """
  results = iter(results)
  try:
    waiting = next(results)
  except StopIteration:
    raise _nothing_in(split) from None
  for result in results:
    yield jax.device_get(waiting)
    waiting = result
  yield jax.device_get(waiting)


def total(sums: Iterable[Sums]) -> Sums:
  """Adds sums up on the host, in float64.

  Args:
    sums: each leaf `[]`, or `[K]` for K steps.

  Returns:
    Their total, every leaf `[]`.
  """
  each = [
    jax.tree.map(functools.partial(np.sum, dtype=np.float64), s) for s in sums
  ]
  return jax.tree.map(lambda *leaves: np.sum(leaves), *each)
