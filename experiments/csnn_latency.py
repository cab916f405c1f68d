# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Accuracy and time per sample, by the number of steps that a network runs."""

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from experiments import csnn_task, timing
from experiments.csnn_data import currents
from snnjax import data, metrics, simulate
from snnjax.types import Cell, Params, Source

Row = dict[str, float]  # num_steps, accuracy, seconds_per_image_batch_{B}


def sweep(
  config: ConfigDict, cell: Cell, params: Params, source: Source
) -> list[Row]:
  """Measures a trained network at each of `config.evaluate.num_steps`.

  Seconds are the median of calls after a warm-up, on this device, loading and
  compiling left out.
  """
  steps = sorted(config.evaluate.num_steps)
  return [
    {
      'num_steps': num_steps,
      'accuracy': accuracy,
      **_seconds(config, cell, params, source, num_steps),
    }
    for num_steps, accuracy in zip(
      steps, _accuracies(config, cell, params, source, steps), strict=True
    )
  ]


def _accuracies(config, cell, params, source, steps):
  """The accuracy after each of `steps` in one run."""
  to_currents = currents(config)

  @jax.jit
  def count_right(params, batch):
    xs = to_currents(batch.inputs, None)
    _, (spikes, membranes) = simulate.run(
      cell,
      params,
      xs,
      num_steps=steps[-1],
      record=lambda state, y: (y, state['out'].membrane),
    )
    last = jnp.array(steps) - 1
    predictions = csnn_task.predict(
      config, jnp.cumsum(spikes, axis=0)[last], membranes[last]
    )
    return (predictions == batch.labels[None]) @ batch.mask

  batches = data.evaluation_batches(source, config.evaluate.batch_size)()
  right = metrics.add_all(count_right(params, batch) for batch in batches)
  return (right / len(source.labels)).tolist()


def _seconds(config, cell, params, source, num_steps):
  to_currents = currents(config)

  @jax.jit
  def run(params, inputs):
    xs = to_currents(inputs, None)
    return simulate.run(cell, params, xs, num_steps=num_steps)[1].sum(axis=0)

  seconds = timing.seconds_per_example(run, params, source.inputs)
  return dict(zip(timing.NAMES, seconds, strict=True))
