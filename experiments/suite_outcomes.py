# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a finished run says of its accuracy on test examples."""

import csv
from pathlib import Path
from typing import NamedTuple

from experiments.conversion import tables
from snnjax import training


class Outcome(NamedTuple):
  """Accuracies on the test set, in [0, 1]; None where there is none.

  Attributes:
    last: of the model after the last update, or of a converted network.
    best: of the model that is best on the validation split.
    trained: of the network that was converted.
    steps: that the converted network ran.
  """

  last: float | None = None
  best: float | None = None
  trained: float | None = None
  steps: int | None = None

  @property
  def note(self) -> str:
    """What else a reader has to know."""
    if self.trained is None:
      return ''
    return f'after {self.steps} steps; trained {100 * self.trained:.2f}'


def read(folder: Path, steps: int = 0) -> Outcome:
  """Reads the records in a run's folder.

  Args:
    folder: of a training run, or of the evaluation of a converted network.
    steps: of the converted network; its most, if it was not run with so many.

  Raises:
    FileNotFoundError: if the folder holds neither kind of record.
  """
  table = folder / tables.METRICS
  return _converted(table, steps) if table.exists() else _trained(folder)


def _trained(folder):
  records = training.read_records(folder)
  accuracies = {
    record['step']: record['metrics']['accuracy']
    for record in records
    if record['split'] == 'test'
  }
  best = training.best_step(folder)
  return Outcome(accuracies[max(accuracies)], accuracies[best])


def _converted(table, steps):
  with table.open() as file:
    rows = {int(row['steps']): row for row in csv.DictReader(file)}
  steps = steps if steps in rows else max(rows)
  row = rows[steps]
  accuracy = float(row['accuracy'])
  return Outcome(accuracy, accuracy, float(row['trained_network']), steps)
