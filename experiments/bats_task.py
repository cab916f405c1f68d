# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the settings of `experiments.bats` to a network and its task."""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.sharding import Mesh
from ml_collections import ConfigDict

from experiments import bats_data
from experiments.settings import chosen
from pallas_kernels import solve_by_pallas
from snnjax import metrics, training
from snnjax.event import (
  EventNeuron,
  Events,
  SpikeSolver,
  losses,
  network,
  observers,
  quiet_first,
  solve_by_chunks,
  solve_by_scan,
)
from snnjax.types import Array, Source, Task


class Reading(NamedTuple):
  """A loss and the prediction that goes with it.

  Attributes:
    loss: `(times [B, O, K], labels [B]) -> [B]`.
    predict: `times [B, O, K] -> [B]`.
  """

  loss: Callable[[Array, Array], Array]
  predict: Callable[[Array], Array]


def readings(config: ConfigDict) -> dict[str, Reading]:
  """The ways to read an output, by name."""
  settings = config.loss
  return {
    'ttfs': Reading(
      functools.partial(
        losses.first_spike_cross_entropy,
        tau=settings.tau,
        silent_time=settings.silent_time,
        spare_others=settings.spare_others,
      ),
      losses.predict_first_spike,
    ),
    'count': Reading(
      functools.partial(
        losses.class_spike_count_loss,
        target_true=settings.target_true,
        target_false=settings.target_false,
      ),
      losses.predict_count,
    ),
    'decay': Reading(
      functools.partial(
        losses.decayed_count_loss,
        rate=settings.rate,
        target_true=settings.decayed_true,
        target_false=settings.decayed_false,
        exact=settings.exact,
      ),
      functools.partial(losses.predict_decayed_count, rate=settings.rate),
    ),
  }


def make_network(config: ConfigDict, num_classes: int) -> network.EventNetwork:
  """Makes the network that the settings describe."""
  model = config.model
  sizes = *model.channels, *model.sizes, num_classes
  dense = 'feedforward' if model.channels else 'hidden_layer'
  names = [
    *(f'convolution_{k + 1}' for k in range(len(model.channels))),
    *(f'{dense}_{k + 1}' for k in range(len(model.sizes))),
    'output_layer',
  ]
  _check_lengths(model, len(sizes))
  solver = _solver(model.solver)
  layers = []
  for k, (name, size) in enumerate(zip(names, sizes, strict=True)):
    neuron = EventNeuron(
      model.tau_syn, model.thresholds[k], model.thresholds[k]
    )
    options = {
      'max_spikes': model.max_spikes[k],
      't_max': model.t_max,
      'kernel_init': network.uniform(model.low, model.high),
      'min_slope': model.min_slope,
      'solver': solver,
    }
    if k < len(model.channels):
      layers.append(
        network.conv(name, size, model.kernel_size, neuron, **options)
      )
      layers.append(network.pool(f'pooling_{k + 1}'))
    else:
      layers.append(network.dense(name, size, neuron, **options))
  return network.network(layers)


def _solver(name: str) -> SpikeSolver:
  """The solver of that name; 'auto' takes the one of the device at hand."""
  solvers = {
    'chunks': solve_by_chunks,
    'pallas': solve_by_pallas,
    'scan': solve_by_scan,
  }
  is_gpu = jax.default_backend() == 'gpu'
  solvers['auto'] = solvers['pallas' if is_gpu else 'chunks']
  return chosen(solvers, 'model.solver', name)


class Experiment(NamedTuple):
  network: network.EventNetwork
  task: Task
  learning_rate: optax.Schedule


def make(
  config: ConfigDict, source: Source, steps_per_epoch: int
) -> Experiment:
  """Makes the network, its learning rate and its task.

  Args:
    config: the settings.
    source: the training examples, for their shape and number of classes.
    steps_per_epoch: updates per epoch, for the learning rate.
  """
  net = make_network(config, len(source.class_names))
  in_shape = bats_data.in_shape(config, source)
  to_spikes = bats_data.spikes(config)
  known = readings(config)
  trained = chosen(known, 'train.loss', config.train.loss)
  objective = _objective(config, known)
  evaluated = {
    name: chosen(known, 'evaluate.losses', name)
    for name in (config.train.loss, *config.evaluate.losses)
  }

  def prepare(batch, key):
    return _ordered(to_spikes(jnp.asarray(batch.inputs), key), batch)

  def run(params, spikes, batch):
    crossings = net.apply(params, spikes)
    times = crossings['output_layer'].times
    is_silent = losses.silent_labels(times, batch.labels).astype(jnp.float32)
    health = {'silent_labels': metrics.mean_of(is_silent, batch.mask)}
    return times, health | observers.activity(crossings, batch.mask)

  def loss_fn(params, batch, key):
    spikes, batch, undo = prepare(batch, key)
    times, sums = run(params, spikes, batch)
    loss = undo(objective(params, times, batch.labels))
    return loss, sums | {'accuracy': _accuracy(trained, times, batch)}

  def evaluate(params, batch):
    spikes, batch, _ = prepare(batch, None)
    times, sums = run(params, spikes, batch)
    for name, reading in evaluated.items():
      loss = reading.loss(times, batch.labels)
      # Of the finite ones: a silent label may have no loss.
      is_counted = batch.mask * jnp.isfinite(loss)
      sums[f'loss_{name}'] = metrics.mean_of(loss, is_counted)
      sums[f'accuracy_{name}'] = _accuracy(reading, times, batch)
    for name in ('loss', 'accuracy'):
      sums[name] = sums[f'{name}_{config.train.loss}']
    for name, leaves in params.items():
      norm = jnp.linalg.norm(leaves['kernel'].ravel())
      sums[f'weight_norm/{name}'] = metrics.Mean(norm, jnp.ones(()))
    return sums

  learning_rate = _schedule(config, steps_per_epoch)
  task = training.gradient_task(
    lambda key: net.init(key, in_shape),
    loss_fn,
    evaluate,
    _optimiser(config.train, learning_rate),
    mesh=_mesh(config),
  )
  return Experiment(net, task, learning_rate)


def _ordered(spikes, batch):
  """Both in the order that is fastest; and how to undo it for the losses."""
  if not isinstance(spikes, Events):
    return spikes, batch, lambda losses: losses
  order = quiet_first(spikes)
  spikes, batch = jax.tree.map(lambda x: jnp.asarray(x)[order], (spikes, batch))
  return spikes, batch, lambda losses: losses[jnp.argsort(order)]


def _optimiser(settings, learning_rate):
  adam = optax.adam(learning_rate, eps=settings.epsilon)
  if not settings.clip_norm:
    return adam
  return optax.chain(optax.clip_by_global_norm(settings.clip_norm), adam)


def _mesh(config):
  """Of as many devices, of those asked for, as divide all batches."""
  sizes = config.train.batch_size, config.evaluate.batch_size
  most = min(config.devices, jax.device_count())
  divisors = [n for n in range(1, most + 1) if math.gcd(*sizes) % n == 0]
  devices = jax.devices()[: divisors[-1]]
  if jax.process_count() > 1 and len(devices) < jax.device_count():
    raise ValueError(
      f'batches must divide among all {jax.device_count()} devices of the '
      f'processes; config.devices is {config.devices}, sizes are {sizes}'
    )
  return Mesh(np.array(devices), 'batch') if len(devices) > 1 else None


def _objective(config, known):
  """Adds up the losses of training, `(params, times, labels) -> [B]`."""
  train = config.train
  weights = {train.loss: 1.0} | train.also.to_dict()
  parts = [
    (weight, chosen(known, 'train.also', name).loss)
    for name, weight in weights.items()
  ]

  def objective(params, times, labels):
    total = jnp.zeros(len(labels))
    for weight, loss in parts:
      total += weight * loss(times, labels)
    if train.revive:
      kernel = params['output_layer']['kernel']
      total += losses.revive_silent_labels(
        kernel, times, labels, factor=train.revive
      )
    if train.hurry:
      total += train.hurry * losses.late_label_loss(
        times, labels, tau=config.model.tau_syn
      )
    return total

  return objective


def _schedule(config, steps_per_epoch):
  """Multiplies the rate every so many epochs, down to the smallest."""
  train = config.train
  return optax.exponential_decay(
    train.lr,
    train.lr_every * steps_per_epoch,
    train.lr_factor,
    staircase=True,
    # With a factor of 1, optax would take it for an upper bound.
    end_value=min(train.lr, train.lr_min) if train.lr_factor < 1 else None,
  )


def _accuracy(reading, times, batch):
  return metrics.accuracy(reading.predict(times), batch.labels, batch.mask)


def _check_lengths(model, num_layers):
  for name in ('thresholds', 'max_spikes'):
    if len(model[name]) != num_layers:
      raise ValueError(
        f'config.model.{name} needs a value for each of the {num_layers} '
        f'layers; got {tuple(model[name])}'
      )
