# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Measures a converted network: accuracy, spikes and time by steps."""

import functools
import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict
from tqdm import tqdm

from experiments import progress, timing
from experiments.conversion.networks import Networks, Trained
from snnjax import conversion, data
from snnjax.conversion import SiteReport


class Row(NamedTuple):
  """What a number of steps gives; everything per image."""

  steps: int
  accuracy: float
  spikes: float
  operations: float
  seconds: tuple[float, ...]  # at `timing.BATCH_SIZES`; empty if not timed


class Sweep(NamedTuple):
  """One run over the whole test set.

  Attributes:
    rows: what each of the recorded steps gives.
    early_exit: accuracy and mean number of steps where an answer is given as
      soon as it is settled (see `conversion.early_exit`), by the network for
      the most steps.
  """

  rows: list[Row]
  early_exit: dict[str, float]


def sweep(config: ConfigDict, trained: Trained, networks: Networks) -> Sweep:
  """Runs over the whole test set, once with each of the networks."""
  rows, exits = [], {}
  for snn, steps in _runs(networks):
    measure = _measure(config, snn, steps)
    means = _over_test(config, trained, measure, f'{steps[-1]} steps')
    rows += [
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
  return Sweep(rows, exits)


def _runs(networks):
  """Each network with the steps to record."""
  runs = []
  for steps, snn in networks.items():
    if runs and runs[-1][0] is snn:
      runs[-1][1].append(steps)
    else:
      runs.append((snn, [steps]))
  return runs


def _measure(config, snn, steps):
  settings = config.evaluate
  every = tuple(range(1, steps[-1] + 1))
  rows = jnp.asarray(steps) - 1

  def measure(params, batch, x, key):
    outcome = snn(params, x, steps=steps[-1], record=every, key=key)
    spikes, operations = (
      sum(counts.values(), jnp.zeros(outcome.outputs.shape[:2]))
      for counts in (outcome.spikes, outcome.operations)
    )
    labels = jnp.asarray(batch.labels)
    exits = conversion.early_exit(
      outcome.outputs,
      every,
      repeats=settings.exit_repeats,
      margin=settings.exit_margin,
    )
    return {
      'right': outcome.outputs[rows].argmax(-1) == labels[None],
      'spikes': spikes[rows],
      'operations': operations[rows],
      'exit_right': exits.prediction == labels,
      'exit_steps': exits.steps,
    }

  return measure


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

    return float(_over_test(config, trained, right, 'reference')['right'])

  return {
    'trained_network': measure(trained.fn),
    'rewritten_network': measure(through),
  }


def reports(
  config: ConfigDict, trained: Trained, networks: Networks
) -> dict[int, dict[str, SiteReport]]:
  """Takes the errors of some test images apart, by steps and site."""
  num = config.evaluate.num_reported
  x = trained.prepare(jnp.asarray(trained.sources['test'].inputs[:num]))
  key = jax.random.key(config.seed)
  return {
    steps: jax.jit(
      functools.partial(conversion.conversion_report, snn, steps=steps)
    )(trained.params, x, key=key)
    for steps, snn in networks.items()
  }


def _over_test(config, trained, measure, what):
  """Means over the test set of what `measure` finds of each example."""
  key = jax.random.key(config.seed)

  @jax.jit
  def sums(params, batch):
    x = trained.prepare(jnp.asarray(batch.inputs))
    own = jax.random.fold_in(key, batch.index[0])
    found = measure(params, batch, x, own)
    return jax.tree.map(lambda v: v.astype(jnp.float32) @ batch.mask, found)

  source = trained.sources['test']
  size = config.evaluate.batch_size
  batches = tqdm(
    data.evaluation_batches(source, size)(),
    what,
    math.ceil(len(source.labels) / size),
    unit='batch',
    mininterval=progress.interval(),
    leave=False,
  )
  each = [jax.device_get(sums(trained.params, batch)) for batch in batches]
  return jax.tree.map(
    lambda *parts: np.sum(parts, axis=0, dtype=np.float64) / len(source.labels),
    *each,
  )


def _latencies(config, trained, snn, num_steps):
  if not config.evaluate.num_latency:
    return ()

  @jax.jit
  def run(params, x):
    key = jax.random.key(0)
    return snn(params, x, steps=num_steps, key=key, count=False).outputs

  images = trained.sources['test'].inputs[: max(timing.BATCH_SIZES)]
  return timing.seconds_per_example(
    run,
    trained.params,
    trained.prepare(jnp.asarray(images)),
    repeats=config.evaluate.num_latency,
  )
