# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The pictures that a run of `experiments.csnn` leaves."""

import json
from pathlib import Path

import jax
import numpy as np
from ml_collections import ConfigDict

from experiments import csnn_latency, csnn_task, timing
from experiments.csnn_data import currents, steps_of
from snnjax import data, metrics, simulate, training, viz
from snnjax.types import Cell, Params, Source


def draw(
  config: ConfigDict,
  cell: Cell,
  params: Params,
  splits: dict[str, Source],
  workdir: Path,
) -> None:
  """Draws everything from the records and the last model."""
  figures = workdir / 'figures'
  records = training.read_records(workdir)
  viz.save(viz.train_loss(records), workdir / 'train_loss.png')
  viz.save(viz.test_accuracy(records), workdir / 'test_acc.png')
  _draw_examples(config, cell, params, splits['train'], workdir)
  _draw_confusion(config, cell, params, splits['test'], figures)
  if config.evaluate.num_steps:
    rows = csnn_latency.sweep(config, cell, params, splits['test'])
    (workdir / 'latency.json').write_text(json.dumps(rows, indent=2) + '\n')
    _draw_latency(rows, figures)


def _simulator(config, cell):
  """The compiled function from params and a batch's inputs to a simulation."""
  to_currents = currents(config)

  def run(params, inputs):
    xs = to_currents(inputs, None)
    num_steps = steps_of(config, xs)
    return xs, simulate.simulate(cell, params, xs, num_steps=num_steps)

  return jax.jit(run)


def _draw_examples(config, cell, params, source, workdir):
  """Films, rasters and membranes of some training examples."""
  num = config.evaluate.num_films
  batch = data.training_stream(source, max(num, 1), seed=config.seed).batch(0)
  xs, result = _simulator(config, cell)(params, batch.inputs)
  spikes = np.asarray(result.outputs)
  membranes = np.asarray(result.trace['out'][0].membrane)
  for i in range(num):
    viz.save_spike_counter(
      workdir / f'spike_bar_{i}_target{batch.labels[i]}.gif',
      spikes[:, i],
      int(batch.labels[i]),
      class_names=source.class_names,
    )
  figures = workdir / 'figures'
  figure = viz.new_figure()
  viz.raster(figure.subplots(), spikes[:, 0])
  viz.save(figure, figures / 'output_raster.png')
  first = np.asarray(xs[:, 0]).reshape(len(xs), -1)
  figure = viz.new_figure()
  viz.raster(
    figure.subplots(), np.broadcast_to(first, (len(spikes), first.shape[1]))
  )
  viz.save(figure, figures / 'input_raster.png')
  figure = viz.new_figure(12, 5)
  viz.traces(
    figure,
    membranes[:, 0],
    spikes[:, 0],
    threshold=config.model.threshold,
    shape=(2, -(-spikes.shape[-1] // 2)),
    spike_height=1.0,
  )
  viz.save(figure, figures / 'output_membranes.png')


def _draw_confusion(config, cell, params, source, figures):
  simulator = _simulator(config, cell)
  num_classes = len(source.class_names)

  @jax.jit
  def count(params, batch):
    result = simulator(params, batch.inputs)[1]
    return metrics.confusion_matrix(
      csnn_task.predict(config, *csnn_task.summary(result)),
      batch.labels,
      batch.mask,
      num_classes=num_classes,
    )

  batches = data.evaluation_batches(source, config.evaluate.batch_size)()
  matrix = metrics.add_all(count(params, batch) for batch in batches)
  figure = viz.new_figure(7, 6)
  viz.confusion(figure.subplots(), matrix, source.class_names)
  viz.save(figure, figures / 'confusion.png')


def _draw_latency(rows, figures):
  """Accuracy against latency."""
  steps, accuracies, seconds = (
    [row[name] for row in rows]
    for name in ('num_steps', 'accuracy', timing.NAMES[0])
  )
  figure = viz.new_figure()
  viz.accuracy_against_latency(figure.subplots(), steps, accuracies, seconds)
  viz.save(figure, figures / 'accuracy_against_latency.png')
