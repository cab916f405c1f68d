# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What evaluations leave as text: CSV files, and tables on the screen."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments import markdown, timing
from experiments.conversion.measure import Row
from snnjax.conversion import SiteReport

METRICS, SITES, COMPARISON = 'metrics.csv', 'sites.csv', 'comparison.csv'
_PARTS = 'total', 'inherited', 'clipping', 'quantisation', 'unevenness'


def write_metrics(
  folder: Path, rows: Sequence[Row], references: Mapping[str, float]
) -> None:
  """Writes `metrics.csv` and prints it.

  Args:
    folder: where to.
    rows: one for each number of steps.
    references: accuracies of the trained network, as it is and as rewritten,
      and what early exits gave.
  """
  header = ['steps', 'accuracy', 'spikes_per_image', 'operations_per_image']
  lines = [
    [row.steps, row.accuracy, row.spikes, row.operations, *row.seconds]
    for row in rows
  ]
  if rows[0].seconds:
    header += timing.NAMES
  header += references
  _write(
    folder / METRICS,
    header,
    [[*line, *references.values()] for line in lines],
  )
  for name, value in references.items():
    print(f'{name}: {value:.4f}')
  for row in rows:
    times = ', '.join(f'{1e3 * s:.3g}' for s in row.seconds)
    print(
      f'T = {row.steps:4}: {100 * row.accuracy:.2f} %; per image '
      f'{row.spikes:.4g} spikes, {row.operations:.4g} synaptic operations'
      + (f', {times} ms' if times else '')
    )


def write_sites(
  folder: Path, reports: Mapping[int, Mapping[str, SiteReport]]
) -> None:
  """Writes `sites.csv`: mean absolute errors, spikes and operations per site.

  Args:
    folder: where to.
    reports: by steps, then by site.
  """
  _write(
    folder / SITES,
    ['steps', 'site', *_PARTS, 'spikes_per_neuron_and_step', 'operations'],
    [
      [
        steps,
        name,
        *(float(np.abs(getattr(site, part)).mean()) for part in _PARTS),
        float(site.spikes),
        float(site.operations),
      ]
      for steps, sites in reports.items()
      for name, site in sites.items()
    ],
  )


def write_comparison(folder: Path, table: Mapping[str, Sequence[Row]]) -> None:
  """Writes `comparison.csv`.

  Args:
    folder: where to.
    table: rows by the rule's name.
  """
  _write(
    folder / COMPARISON,
    ['rule', 'steps', 'accuracy', 'spikes_per_image', 'operations_per_image'],
    [
      [name, row.steps, row.accuracy, row.spikes, row.operations]
      for name, rows in table.items()
      for row in rows
    ],
  )


def print_comparison(
  table: Mapping[str, Sequence[Row]], references: Mapping[str, float]
) -> None:
  """Prints a Markdown table of accuracies in %.

  Args:
    table: rows by the rule's name.
    references: accuracies of the trained network.
  """
  steps = [row.steps for row in next(iter(table.values()))]
  print(', '.join(f'{n}: {100 * a:.2f} %' for n, a in references.items()))
  lines = [
    [name, *(f'{100 * row.accuracy:.2f}' for row in rows)]
    for name, rows in table.items()
  ]
  print(markdown.table(['rule', *steps], lines))


def _write(path, header, lines):
  with path.open('w', newline='') as file:
    csv.writer(file).writerows([header, *lines])
