# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Measures a converted network: accuracy, spikes and time by steps."""

import functools
import operator
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


def sweep(
  config: ConfigDict, trained: Trained, snn: SpikingNetwork
) -> list[Row]:
  """Measures one run over the whole test set, read after each of the steps."""
  steps = tuple(sorted(config.evaluate.steps))

  def measure(params, x, key):
    outcome = snn(params, x, steps=steps[-1], record=steps, key=key)
    spikes, operations = (
      sum(counts.values(), jnp.zeros(outcome.outputs.shape[:2]))
      for counts in (outcome.spikes, outcome.operations)
    )
    return outcome.outputs.argmax(-1), spikes, operations

  totals = _over_test(config, trained, measure)
  return [
    Row(
      steps=t,
      accuracy=float(accuracy),
      spikes=float(spikes),
      operations=float(operations),
      seconds=_latencies(config, trained, snn, t),
    )
    for t, accuracy, spikes, operations in zip(steps, *totals, strict=True)
  ]


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
    totals = _over_test(
      config, trained, lambda params, x, key: (fn(params, x).argmax(-1)[None],)
    )
    return float(totals[0][0])

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
  """Means over the test set of `measure`'s: right predictions, then numbers."""
  source = trained.sources['test']
  key = jax.random.key(config.seed)

  @jax.jit
  def sums(params, batch):
    x = trained.prepare(jnp.asarray(batch.inputs))
    own = jax.random.fold_in(key, batch.index[0])
    predictions, *numbers = measure(params, x, own)
    right = (predictions == jnp.asarray(batch.labels)[None]).astype(jnp.float32)
    return [n @ batch.mask for n in (right, *numbers)]

  batches = data.evaluation_batches(source, config.evaluate.batch_size)()
  each = (sums(trained.params, batch) for batch in batches)
  added = functools.reduce(
    lambda a, b: list(map(operator.add, a, b)),
    ([np.asarray(n, np.float64) for n in own] for own in each),
  )
  return [total / len(source.labels) for total in added]


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
