# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a benchmark writes: a JSON line per measurement, one Markdown table.

python -m benchmarks.records < lines.jsonl  # the table of many lines
"""

import json
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments import markdown


class Record(NamedTuple):
  """One contender at one phase of one case.

  Attributes:
    case: what is computed.
    lib: who computes it, and how.
    version: of the libraries.
    size: of the problem.
    phase: 'forward'; 'backward', the gradient with the forward pass that it
      needs; 'train_step', with the optimiser; or 'inference'.
    median_s: seconds of a repeat; none where nothing is run.
    min_s: of the fastest repeat.
    peak_mib: peak resident memory beyond what importing the libraries takes;
      where nothing is run, what the compiled program allocates.
    compile_s: what the first call takes longer than the median.
  """

  case: str
  lib: str
  version: str
  size: int | str
  phase: str
  median_s: float | None
  min_s: float | None
  peak_mib: float
  compile_s: float


def line(record: Record) -> str:
  """A record as JSON."""
  return json.dumps(record._asdict())


def table(records: Sequence[Record]) -> str:
  """Markdown; `times` is a minimum over that of the group's first record."""
  heads = 'case', 'size', 'phase', 'lib', 'version', 'min ms', 'median ms'
  heads += 'times', 'peak MiB', 'times', 'compile s'
  firsts, rows = {}, []
  for record in records:
    group = record.case, record.size, record.phase
    first = firsts.setdefault(group, record)
    rows.append(
      (
        *group,
        record.lib,
        record.version,
        _milliseconds(record.min_s),
        _milliseconds(record.median_s),
        f'{record.min_s / first.min_s:.2f}' if record.min_s else '-',
        f'{record.peak_mib:.1f}',
        f'{record.peak_mib / first.peak_mib:.2f}' if first.peak_mib else '-',
        f'{record.compile_s:.1f}',
      )
    )
  return markdown.table(heads, rows)


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
  """The p of `values` ~ sizesᵖ: the slope of a line through logarithms.

  NaN for a single size, which has no slope.
  """
  if len(sizes) < 2:
    return np.nan
  return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def _milliseconds(seconds):
  return '-' if seconds is None else f'{1e3 * seconds:.2f}'


if __name__ == '__main__':
  print(table([Record(**json.loads(text)) for text in sys.stdin]))
