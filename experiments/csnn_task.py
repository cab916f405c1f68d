# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the settings of `experiments.csnn` to a network and its task."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from ml_collections import ConfigDict

from experiments.csnn_data import currents
from snnjax import (
  losses,
  metrics,
  neurons,
  observers,
  simulate,
  spatial,
  surrogate,
  synapses,
  training,
)
from snnjax.models.csnn import csnn
from snnjax.types import (
  Array,
  Batch,
  Cell,
  Mean,
  Params,
  Source,
  Sums,
  Task,
)

_SURROGATES = {
  name: getattr(surrogate, name)
  for name in ('fast_sigmoid', 'arctan', 'sigmoid', 'triangular', 'boxcar')
}
_POOLS = {
  'max_pool': synapses.max_pool,
  'average_pool': synapses.average_pool,
}
_MEMORIES = {
  'store_all': simulate.store_all,
  'rematerialise': simulate.rematerialise,
  'pack_spikes': simulate.pack_spikes,
}
_COUNT_SCALE = 10.0  # logits, per spike and step


def _ce_count(spikes, labels):
  scale = _COUNT_SCALE / len(spikes)
  return losses.ce_count_loss(scale * spikes, labels)


_LOSSES = {
  'ce_rate': losses.ce_rate_loss,
  'ce_count': _ce_count,
  'mse_count': functools.partial(
    losses.mse_count_loss, correct_rate=0.8, incorrect_rate=0.2
  ),
}


def network(config: ConfigDict, num_classes: int) -> Cell:
  """Makes the network that the settings describe."""
  model = config.model
  make_spike_fn = _named(_SURROGATES, 'model.surrogate', model.surrogate)
  spike_fn = make_spike_fn(model.slope)
  cells = {
    'lif': lambda: neurons.lif(model.beta, model.threshold, spike_fn=spike_fn),
    'integrate_and_fire': lambda: neurons.integrate_and_fire(
      model.threshold, charge=0.5, spike_fn=spike_fn
    ),
  }

  def kernel_init(key, shape, fan_in):
    return model.gain * synapses.uniform(key, shape, fan_in)

  return csnn(
    _named(cells, 'model.neuron', model.neuron),
    channels=model.channels,
    kernel_size=model.kernel_size,
    padding=model.padding,
    pool=_named(_POOLS, 'model.pool', model.pool),
    num_outputs=num_classes,
    kernel_init=kernel_init,
  )


class Experiment(NamedTuple):
  cell: Cell
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
  cell = network(config, len(source.class_names))
  learning_rate = _schedule(config, steps_per_epoch)
  to_currents = currents(config)
  example = jax.eval_shape(lambda x: to_currents(x, None), source.inputs[:1])
  in_shape = example.shape[2:]
  methods = {'through_time': _through_time, 'spatial': _spatial}
  method = _named(methods, 'train.method', config.train.method)
  loss_fn, evaluate = method(config, cell, in_shape)

  def init(key):
    params = cell.init(key, in_shape)
    if config.model.checkpoint:
      return training.load_params(config.model.checkpoint, params)
    return params

  tx = training.partition(
    optax.adam(learning_rate), lambda path: path[-1] in ('kernel', 'bias')
  )
  task = training.gradient_task(
    init,
    lambda params, batch, key: loss_fn(
      params, batch, to_currents(batch.inputs, key)
    ),
    lambda params, batch: evaluate(
      params, batch, to_currents(batch.inputs, None)
    ),
    tx,
  )
  return Experiment(cell, task, learning_rate)


def _schedule(config: ConfigDict, steps_per_epoch: int) -> optax.Schedule:
  """Makes the learning rate by step."""
  train = config.train
  schedules = {
    'piecewise': lambda: training.piecewise(
      train.lr, train.lr_step, train.lr_factor, steps_per_epoch
    ),
    'one_cycle': lambda: optax.cosine_onecycle_schedule(
      train.num_epochs * steps_per_epoch, train.lr
    ),
  }
  return _named(schedules, 'train.schedule', train.schedule)()


Sequences = tuple[
  Callable[[Params, Batch, Array], tuple[Array, Sums]],
  Callable[[Params, Batch, Array], Sums],
]


def _through_time(config, cell, in_shape) -> Sequences:
  """Surrogate gradients through layers and time."""
  loss = _named(_LOSSES, 'train.loss', config.train.loss)
  memory = _named(_MEMORIES, 'train.memory', config.train.memory)()
  unroll = functools.partial(simulate.simulate, cell)

  def loss_fn(params, batch, xs):
    num_steps = config.train.num_steps if len(xs) == 1 else len(xs)
    result = unroll(params, xs, num_steps=num_steps, memory=memory)
    values = loss(result.outputs, batch.labels)
    return values, {'accuracy': _accuracy(result.outputs, batch)}

  def evaluate(params, batch, xs):
    num_steps = config.train.num_steps if len(xs) == 1 else len(xs)
    result = unroll(params, xs, num_steps=num_steps)
    return {
      'loss': metrics.mean_of(loss(result.outputs, batch.labels), batch.mask),
      'accuracy': _accuracy(result.outputs, batch),
      **observers.activity(cell, params, result.trace, batch.mask, in_shape),
    }

  return loss_fn, evaluate


def _spatial(config, cell, in_shape) -> Sequences:
  """The gradient through layers only; see `snnjax.spatial`."""
  del in_shape

  def loss_fn(params, batch, xs):
    rates = spatial.spatial_rates(
      cell, params, xs[0], num_steps=config.train.num_steps
    )
    outputs = rates.outputs[None]
    sums = {'accuracy': _accuracy(outputs, batch)}
    for name, layer in rates.layers.items():
      rate = jnp.mean(layer, axis=tuple(range(1, layer.ndim)))
      sums[f'firing_rate/{name}'] = metrics.mean_of(rate, batch.mask)
    return _ce_count(outputs, batch.labels), sums

  def evaluate(params, batch, xs):
    _, spikes = simulate.run(cell, params, xs, num_steps=config.train.num_steps)
    loss = _ce_count(spikes, batch.labels)
    return {
      'loss': metrics.mean_of(loss, batch.mask),
      'accuracy': _accuracy(spikes, batch),
    }

  return loss_fn, evaluate


def _accuracy(spikes, batch) -> Mean:
  return metrics.mean_of(
    metrics.accuracy_rate(spikes, batch.labels), batch.mask
  )


def _named(table, setting, name):
  if name not in table:
    raise ValueError(
      f'config.{setting} must be one of {sorted(table)}; got {name!r}'
    )
  return table[name]
