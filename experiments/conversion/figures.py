# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The pictures of an evaluation, drawn from its tables."""

import csv
from pathlib import Path

import numpy as np

from experiments import timing
from experiments.conversion import tables
from snnjax import viz


def draw(folder: Path) -> None:
  """Draws `metrics.csv` and `sites.csv`."""
  rows = _read(folder / tables.METRICS)
  steps, accuracies = _column(rows, 'steps'), _column(rows, 'accuracy')
  figure = viz.new_figure()
  ax = figure.add_subplot()
  if timing.NAMES[-1] in rows[0]:
    xs, seconds = steps.astype(int).tolist(), _column(rows, timing.NAMES[-1])
    viz.accuracy_against_latency(ax, xs, accuracies, seconds)
  else:
    viz.curve(ax, steps, accuracies, x_label='Time steps', y_label='Accuracy')
    ax.set_xscale('log')
  viz.save(figure, folder / 'accuracy.png')
  _draw_sites(folder)


def draw_comparison(folder: Path) -> None:
  """Draws `comparison.csv`: accuracy against steps, a line for each rule."""
  rows = _read(folder / tables.COMPARISON)
  figure = viz.new_figure()
  ax = figure.add_subplot()
  names = list(dict.fromkeys(row['rule'] for row in rows))
  for k, name in enumerate(names):
    own = [row for row in rows if row['rule'] == name]
    viz.curve(
      ax,
      _column(own, 'steps'),
      _column(own, 'accuracy'),
      x_label='Time steps',
      y_label='Accuracy',
      label=name,
      color=viz.color(k, len(names)),
    )
  ax.set_xscale('log', base=2)
  ticks = list(dict.fromkeys(row['steps'] for row in rows))
  ax.set_xticks([int(steps) for steps in ticks], ticks)
  ax.legend(fontsize=7)
  viz.save(figure, folder / 'comparison.png')


def _draw_sites(folder):
  """Mean error and spikes of each layer, for the numbers of steps reported."""
  rows = _read(folder / tables.SITES)
  figure = viz.new_figure()
  left, right = figure.subplots(1, 2)
  numbers = list(dict.fromkeys(row['steps'] for row in rows))
  for k, steps in enumerate(numbers):
    own = [row for row in rows if row['steps'] == steps]
    layers = np.arange(1, len(own) + 1)
    for ax, column, label in (
      (left, 'total', 'Mean absolute error'),
      (right, 'spikes_per_neuron_and_step', 'Spikes per neuron and step'),
    ):
      viz.curve(
        ax,
        layers,
        _column(own, column),
        x_label='Layer',
        y_label=label,
        label=f'T = {steps}',
        color=viz.color(k, len(numbers)),
      )
      ax.locator_params(axis='x', integer=True)
  left.set_yscale('symlog', linthresh=1e-4)
  right.legend(fontsize=7, bbox_to_anchor=(1, 1), loc='upper left')
  viz.save(figure, folder / 'layers.png')


def _column(rows, name):
  return np.array([float(row[name]) for row in rows])


def _read(path):
  with path.open(newline='') as file:
    return list(csv.DictReader(file))
