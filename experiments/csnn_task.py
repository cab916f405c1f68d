# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the settings of `experiments.csnn` to a network and its task."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from ml_collections import ConfigDict

from experiments.csnn_data import EVENT_SETS, currents, steps_of
from experiments.settings import chosen
from snnjax import (
  losses,
  metrics,
  neurons,
  observers,
  policies,
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
  'store_all': policies.store_all,
  'rematerialise': policies.rematerialise,
  'pack_spikes': policies.pack_spikes,
}
_COUNT_SCALE = 10.0  # logits, per spike and step


def _ce_scaled_count(spikes, labels):
  scale = _COUNT_SCALE / len(spikes)
  return losses.ce_count_loss(scale * spikes, labels)


_LOSSES = {
  'ce_rate': losses.ce_rate_loss,
  'ce_scaled_count': _ce_scaled_count,
  'ce_count': losses.ce_count_loss,
  'mse_count': functools.partial(
    losses.mse_count_loss, correct_rate=0.8, incorrect_rate=0.2
  ),
}


def network(config: ConfigDict, num_classes: int) -> Cell:
  """Makes the network that the settings describe."""
  model = config.model
  make_spike_fn = chosen(_SURROGATES, 'model.surrogate', model.surrogate)
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
    chosen(cells, 'model.neuron', model.neuron),
    channels=model.channels,
    kernel_size=model.kernel_size,
    padding=model.padding,
    pool=chosen(_POOLS, 'model.pool', model.pool),
    num_outputs=num_classes,
    kernel_init=kernel_init,
    in_integers=model.in_integers,
  )


class Experiment(NamedTuple):
  """A network, its task, and its learning rate by step."""

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
  loss_fn, evaluate = _functions(config, cell, in_shape)
  given = None
  if config.model.checkpoint:
    template = jax.eval_shape(
      lambda k: cell.init(k, in_shape), jax.random.key(0)
    )
    given = training.load_params(config.model.checkpoint, template)

  def init(key):
    return cell.init(key, in_shape) if given is None else given

  tx = training.partition(
    optax.adam(learning_rate), lambda path: path[-1] in ('kernel', 'bias')
  )
  task = training.gradient_task(
    init,
    lambda params, batch, key: loss_fn(
      params, batch, to_currents(jnp.asarray(batch.inputs), key)
    ),
    lambda params, batch: evaluate(
      params, batch, to_currents(jnp.asarray(batch.inputs), None)
    ),
    tx,
  )
  return Experiment(cell, task, learning_rate)


def may_change(config: ConfigDict) -> tuple[str, ...]:
  """The settings that an extended run may have different.

  A cycle of learning rates has its length in it and cannot be extended.
  """
  is_extendable = config.train.schedule == 'piecewise'
  return ('train.num_epochs',) if is_extendable else ()


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
  return chosen(schedules, 'train.schedule', train.schedule)()


def _functions(
  config, cell, in_shape
) -> tuple[
  Callable[[Params, Batch, Array], tuple[Array, Sums]],
  Callable[[Params, Batch, Array], Sums],
]:
  """Makes the loss of a method, and the evaluation, which all share."""
  loss = chosen(_LOSSES, 'train.loss', config.train.loss)
  memory = chosen(_MEMORIES, 'train.memory', config.train.memory)()
  unroll = functools.partial(simulate.simulate, cell)

  def through_time(params, batch, xs):
    num_steps = steps_of(config, xs)
    spikes = unroll(params, xs, num_steps=num_steps, memory=memory).outputs
    return loss(spikes, batch.labels), {'accuracy': _accuracy(spikes, batch)}

  def through_rates(params, batch, xs):
    num_steps = steps_of(config, xs)
    rates = spatial.spatial_rates(cell, params, xs[0], num_steps=num_steps)
    outputs = rates.outputs[None]
    return loss(outputs, batch.labels), {'accuracy': _accuracy(outputs, batch)}

  def evaluate(params, batch, xs):
    result = unroll(params, xs, num_steps=steps_of(config, xs))
    classes = predict(config, *summary(result))
    return {
      'loss': metrics.mean_of(loss(result.outputs, batch.labels), batch.mask),
      'accuracy': metrics.accuracy(classes, batch.labels, batch.mask),
      **observers.activity(cell, params, result.trace, batch.mask, in_shape),
    }

  methods = {'through_time': through_time, 'spatial': through_rates}
  return chosen(methods, 'train.method', config.train.method), evaluate


def summary(result: simulate.Simulation) -> tuple[Array, Array]:
  """Counts of the outputs' spikes and their last membranes, `[B, C]`."""
  return result.outputs.sum(axis=0), result.trace['out'][0].membrane[-1]


def predict(config: ConfigDict, counts: Array, membranes: Array) -> Array:
  """The class that has fired most, int `[...]`.

  Args:
    config: the settings; by their method the highest membrane, or the first
      class, is taken of those that have fired as often.
    counts: of spikes, `[..., C]`.
    membranes: after the last of them, `[..., C]`.
  """
  if config.train.method == 'spatial':
    return metrics.predict_count(counts, membranes)
  return jnp.argmax(counts, axis=-1)


def check(config: ConfigDict) -> None:
  """Refuses settings that do not go together, before anything is loaded.

  Raises:
    ValueError: naming the settings.
  """
  is_of_events = config.data.name in EVENT_SETS
  if config.train.method == 'spatial':
    wrong = {
      'data.name': is_of_events,
      'model.neuron': config.model.neuron != 'integrate_and_fire',
      'model.pool': config.model.pool != 'average_pool',
      'train.loss': config.train.loss != 'ce_scaled_count',
    }
    if any(wrong.values()):
      raise ValueError(
        "train.method='spatial' needs constant images, integrate_and_fire, "
        'average_pool and ce_scaled_count; change '
        + ', '.join(f'config.{name}' for name, is_so in wrong.items() if is_so)
      )
  if is_of_events and config.evaluate.num_steps:
    raise ValueError(
      'config.evaluate.num_steps needs constant images; for events change '
      'config.data.num_bins'
    )
  if any(num < 1 for num in config.evaluate.num_steps):
    raise ValueError(
      f'config.evaluate.num_steps must be positive; got '
      f'{config.evaluate.num_steps}'
    )


def _accuracy(spikes, batch) -> Mean:
  predictions = metrics.predict_rate(spikes)
  return metrics.accuracy(predictions, batch.labels, batch.mask)
