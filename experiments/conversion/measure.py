# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Measures a converted network: accuracy, spikes and time by steps."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict

from experiments import timing
from experiments.conversion import images, rules, task
from experiments.conversion.train import FOLDER
from snnjax import conversion, data, training
from snnjax.conversion import SiteReport, SpikingNetwork
from snnjax.types import Array, Params, Source

LATENCY_BATCHES = (1, 128)
_CALIBRATION_BATCH = 128
_LOCAL_ROUNDS = 20  # over the calibration images


class Trained(NamedTuple):
  """A trained network and what belongs to it.

  Attributes:
    fn: `(params, x) -> logits`.
    params: its variables.
    prepare: from a source's images to x.
    sources: the splits by name.
    stats: of its sites, over training images.
    batches: those images.
  """

  fn: Callable[[Params, Array], Array]
  params: Params
  prepare: Callable[[Array], Array]
  sources: dict[str, Source]
  stats: conversion.Statistics
  batches: list[Array]


class Row(NamedTuple):
  """What a number of steps gives; everything per image."""

  steps: int
  accuracy: float
  spikes: float
  operations: float
  seconds: tuple[float, ...]  # at `LATENCY_BATCHES`; empty if not timed


def load(config: ConfigDict, data_dir: str | None) -> Trained:
  """Reads the best checkpoint and calibrates on training images."""
  sources = images.sources(config, data_dir)
  folder = config.evaluate.checkpoint or FOLDER.format(exp_id=config.exp_id)
  experiment = task.make(config, sources['train'], 1)
  template = jax.eval_shape(experiment.task.init, jax.random.key(0))
  state = training.restore_best(folder, template)
  model = task.make_model(config, len(sources['train'].class_names))
  params = {'params': state.params, **state.model_state}
  inputs = images.inputs(config)

  def prepare(x):
    return inputs(x, None)

  def fn(params, x):
    return jnp.asarray(model.apply(params, x))

  batches = conversion.draw_batches(
    sources['train'],
    prepare,
    num_batches=config.evaluate.num_calibration,
    batch_size=_CALIBRATION_BATCH,
  )
  stats = conversion.calibrate(
    fn, params, batches, pool_first=config.evaluate.pool_first
  )
  return Trained(fn, params, prepare, sources, stats, batches)


def convert(
  config: ConfigDict, trained: Trained, rule: ConfigDict
) -> SpikingNetwork:
  """Makes the spiking network that a rule's settings describe."""

  def local():
    return conversion.local_thresholds(
      trained.fn,
      trained.params,
      trained.batches,
      num_rounds=_LOCAL_ROUNDS,
      pool_first=config.evaluate.pool_first,
    )

  return conversion.convert(
    trained.fn,
    rules.make_rule(rule, local),
    trained.stats,
    pool_first=config.evaluate.pool_first,
    encoder=rules.make_code(rule),
  )


class Sweep(NamedTuple):
  """One run over the whole test set.

  Attributes:
    rows: what each of the recorded steps gives.
    early_exit: accuracy and mean number of steps where an answer is given as
      soon as its lead is `config.evaluate.exit_margin`; empty if that is 0.
  """

  rows: list[Row]
  early_exit: dict[str, float]


def sweep(config: ConfigDict, trained: Trained, snn: SpikingNetwork) -> Sweep:
  """Runs over the whole test set, reading after each of the steps."""
  steps = tuple(sorted(config.evaluate.steps))
  margin = config.evaluate.exit_margin

  def measure(params, batch, x, key):
    outcome = snn(params, x, steps=steps[-1], record=steps, key=key)
    spikes, operations = (
      sum(counts.values(), jnp.zeros(outcome.outputs.shape[:2]))
      for counts in (outcome.spikes, outcome.operations)
    )
    labels = jnp.asarray(batch.labels)
    exits = conversion.early_exit(outcome.outputs, steps, margin=margin)
    return {
      'right': outcome.outputs.argmax(-1) == labels[None],
      'spikes': spikes,
      'operations': operations,
      'exit_right': exits.prediction == labels,
      'exit_steps': exits.steps,
    }

  means = _over_test(config, trained, measure)
  rows = [
    Row(
      steps=t,
      accuracy=float(means['right'][k]),
      spikes=float(means['spikes'][k]),
      operations=float(means['operations'][k]),
      seconds=_latencies(config, trained, snn, t),
    )
    for k, t in enumerate(steps)
  ]
  exits = {
    'early_exit_accuracy': float(means['exit_right']),
    'early_exit_steps': float(means['exit_steps']),
  }
  return Sweep(rows, exits if margin else {})


def references(config: ConfigDict, trained: Trained) -> dict[str, float]:
  """Accuracies of the trained network, as it is and as it was rewritten."""
  rewritten = conversion.convert(
    trained.fn,
    conversion.rules.identity(),
    pool_first=config.evaluate.pool_first,
  )

  def through(params, x):
    return rewritten(params, x, steps=1, count=False).outputs[0]

  def measure(fn):
    def right(params, batch, x, key):
      del key
      return {'right': fn(params, x).argmax(-1) == jnp.asarray(batch.labels)}

    return float(_over_test(config, trained, right)['right'])

  return {
    'trained_network': measure(trained.fn),
    'rewritten_network': measure(through),
  }


def reports(
  config: ConfigDict, trained: Trained, snn: SpikingNetwork
) -> dict[int, dict[str, SiteReport]]:
  """Takes the errors of some test images apart, by steps and site."""
  num = config.evaluate.num_reported
  x = trained.prepare(jnp.asarray(trained.sources['test'].inputs[:num]))
  key = jax.random.key(config.seed)
  return {
    steps: jax.jit(
      functools.partial(conversion.conversion_report, snn, steps=steps)
    )(trained.params, x, key=key)
    for steps in config.evaluate.steps
  }


def _over_test(config, trained, measure):
  """Means over the test set of what `measure` finds of each example."""
  key = jax.random.key(config.seed)

  @jax.jit
  def sums(params, batch):
    x = trained.prepare(jnp.asarray(batch.inputs))
    own = jax.random.fold_in(key, batch.index[0])
    found = measure(params, batch, x, own)
    return jax.tree.map(lambda v: v.astype(jnp.float32) @ batch.mask, found)

  source = trained.sources['test']
  batches = data.evaluation_batches(source, config.evaluate.batch_size)()
  each = [jax.device_get(sums(trained.params, batch)) for batch in batches]
  return jax.tree.map(
    lambda *parts: np.sum(parts, axis=0, dtype=np.float64) / len(source.labels),
    *each,
  )


def _latencies(config, trained, snn, num_steps):
  if not config.evaluate.num_latency:
    return ()
  run = jax.jit(
    lambda params, x: (
      snn(
        params, x, steps=num_steps, key=jax.random.key(0), count=False
      ).outputs
    )
  )
  seconds = []
  for size in LATENCY_BATCHES:
    x = trained.prepare(jnp.asarray(trained.sources['test'].inputs[:size]))
    median = timing.median_seconds(
      run, trained.params, x, repeats=config.evaluate.num_latency
    )
    seconds.append(median / len(x))
  return tuple(seconds)
