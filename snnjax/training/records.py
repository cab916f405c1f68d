# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a run measured: `metrics.jsonl`, one object per line.

A line counts once it ends; a process killed while it writes leaves a cut last
line, which no reader sees and the next run removes.
"""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from snnjax.types import Metrics

_RECORDS, _BEST = 'metrics.jsonl', 'best.json'


class Record(TypedDict):
  """Metrics of a split.

  Attributes:
    step: number of updates made.
    epoch: the epoch that they end in, from 0, -1 before training.
    split: 'train' (means since the last record) or an evaluated split.
    metrics: number by name; what is not finite is null in the file.
    wall_time: seconds since 1970.
  """

  step: int
  epoch: int
  split: str
  metrics: Metrics
  wall_time: float


def read(workdir: Path | str) -> list[Record]:
  """Reads all records; none if there is no file.

  Args:
    workdir: the run's folder.

  Returns:
    The records in the order they were written.

  Raises:
    ValueError: if a line other than a cut last one is no record.
  """
  path = Path(workdir) / _RECORDS
  if not path.exists():
    return []
  lines = path.read_text(encoding='utf-8').split('\n')
  return [_parse(path, i, line) for i, line in enumerate(lines[:-1], start=1)]


def append(workdir: Path, record: Record) -> None:
  """Writes a record through to the disk.

  Args:
    workdir: the run's folder; its last record must be whole.
    record: the new last record.
  """
  with (workdir / _RECORDS).open('a', encoding='utf-8') as file:
    file.write(_line(record))
    file.flush()
    os.fsync(file.fileno())


def truncate(workdir: Path, step: int) -> list[Record]:
  """Removes a cut last line and all records beyond a step.

  Args:
    workdir: the run's folder.
    step: the step that a run resumes from.

  Returns:
    The records that stay.
  """
  kept = [record for record in read(workdir) if record['step'] <= step]
  write_atomically(workdir / _RECORDS, ''.join(map(_line, kept)))
  return kept


def write_best(workdir: Path, entry: Mapping[str, float | str]) -> None:
  """Writes `best.json`: step, epoch, split and score of the best state."""
  write_atomically(workdir / _BEST, json.dumps(entry) + '\n')


def best_step(workdir: Path | str) -> int:
  """The step of a run's best state."""
  text = (Path(workdir) / _BEST).read_text(encoding='utf-8')
  return json.loads(text)['step']


def write_atomically(path: Path, text: str) -> None:
  """Writes a file such that a reader sees the old text or the new.

  Args:
    path: of the file.
    text: its new contents.
  """
  temporary = path.with_name(path.name + '.tmp')
  with temporary.open('w', encoding='utf-8') as file:
    file.write(text)
    file.flush()
    os.fsync(file.fileno())
  temporary.replace(path)


def _line(record: Record) -> str:
  metrics = {
    name: value if math.isfinite(value) else None
    for name, value in record['metrics'].items()
  }
  return json.dumps({**record, 'metrics': metrics}, allow_nan=False) + '\n'


def _parse(path: Path, number: int, line: str) -> Record:
  try:
    record = json.loads(line)
    metrics = {
      name: math.nan if value is None else float(value)
      for name, value in record['metrics'].items()
    }
    return Record(
      step=int(record['step']),
      epoch=int(record['epoch']),
      split=str(record['split']),
      metrics=metrics,
      wall_time=float(record['wall_time']),
    )
  except (ValueError, KeyError, TypeError, AttributeError) as error:
    raise ValueError(
      'a line must be an object of step, epoch, split, metrics and wall_time; '
      f'{path}:{number} is {line[:80]!r}; repair or remove that line'
    ) from error
