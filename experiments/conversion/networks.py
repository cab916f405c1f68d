# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The trained network of a checkpoint, and spiking networks made of it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
from absl import logging
from ml_collections import ConfigDict

from experiments.conversion import images, rules, task
from experiments.conversion.train import FOLDER
from snnjax import conversion, data, training
from snnjax.conversion import SpikingNetwork
from snnjax.types import Array, Params, Source

Networks = dict[int, SpikingNetwork]  # by the number of steps they run

_CALIBRATION_BATCH = 128
_LOCAL_ROUNDS = 20  # over the calibration images
_SEARCH_BATCHES = 3


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


def load(config: ConfigDict, data_dir: str | None) -> Trained:
  """Reads the best checkpoint and calibrates on training images.

  Raises:
    FileNotFoundError: if there is no run to read it from.
  """
  folder = config.evaluate.checkpoint or FOLDER.format(exp_id=config.exp_id)
  if not Path(folder).is_dir():
    raise FileNotFoundError(
      f'a trained network is read from the folder of its run; found no {folder}'
      '; train first, or name that folder by --config.evaluate.checkpoint '
      '(--workdir is where results go)'
    )
  sources = images.sources(config, data_dir)
  if config.evaluate.num_test:
    part = slice(config.evaluate.num_test)
    sources['test'] = data.take(sources['test'], part)
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


def convert(config: ConfigDict, trained: Trained, rule: ConfigDict) -> Networks:
  """Makes the spiking networks that a rule's settings describe.

  There is one for all numbers of steps, except that for up to `rule.search` of
  them each site has a schedule and a dead zone of its own: those with which
  outputs for training images differ least from the trained network's.

  Raises:
    ValueError: the rule is to be searched but has what a search ignores, or
      is binary, which no searched one is.
  """
  searched = {
    'name': 'signgd',
    'schedule': 'exponential',
    'scale': 'recommended',
    'stagger': 0,
  }
  given = {name: rule[name] for name in searched}
  if rule.search and (given != searched or not rule.dead_zone):
    raise ValueError(
      f'rule.search needs {searched} and a dead_zone above 0; got {given} and '
      f'{rule.dead_zone}; for other rules give --config.rule.search=0'
    )
  snn = _convert(config, trained, rule)
  by_steps = dict.fromkeys(sorted(config.evaluate.steps), snn)
  few = tuple(steps for steps in by_steps if steps <= rule.search)
  return by_steps | _searched(snn, trained, few)


def _searched(
  snn: SpikingNetwork, trained: Trained, few: tuple[int, ...]
) -> Networks:
  """For each of some numbers of steps its own network."""
  if not few:
    return {}
  batches = trained.batches[:_SEARCH_BATCHES]
  first = conversion.search_schedule(
    snn, trained.params, jnp.concatenate(batches), record=few
  )
  found = {}
  for steps in few:
    tuned = conversion.tune_sites(
      snn, trained.params, batches, first[steps], steps=steps
    )
    logging.warning('%d steps: %s', steps, tuned)
    found[steps] = snn._replace(rule=tuned.rule())
  return found


def _convert(config, trained, rule):
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
