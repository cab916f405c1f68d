# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Whole splits to numbers: masked sums, divided once at the end."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping

import jax
import numpy as np

from snnjax.metrics import add_all, means
from snnjax.types import Batches, Metrics, PyTree, Sums, Task


def evaluator(
  task: Task, probe_batches: Batches | None = None
) -> Callable[[PyTree, Mapping[str, Batches]], dict[str, Metrics]]:
  """Makes the function that evaluates states; it compiles once.

  Args:
    task: whose `probe` and `evaluate` are used.
    probe_batches: held-in batches for the probe; default no statistics.

  Returns:
    `(state, batches by split) -> metrics by split`. It raises a ValueError if
    a split is empty.
  """
  probe, measure = jax.jit(task.probe), jax.jit(task.evaluate)

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

  return evaluate


def score(task: Task, metrics: Metrics) -> float:
  """How good a state is, by what was measured on the split that decides.

  Raises:
    ValueError: if the task wants what was not measured.
  """
  try:
    return task.score(metrics)
  except KeyError as error:
    raise ValueError(
      f"the task's score needs {error} of what is evaluated, "
      f'{sorted(metrics)}; give `Task` a `score` of these, and start again: '
      'the run goes on from its last checkpoint'
    ) from error


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
    raise ValueError(
      f'a split must hold at least one batch; {split!r} holds none; '
      'check its size'
    ) from None
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
