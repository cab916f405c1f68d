# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the settings of `experiments.conversion` to a network and its task."""

from typing import NamedTuple

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax
from ml_collections import ConfigDict

from experiments.conversion import images
from experiments.settings import chosen
from snnjax import convolution, metrics, training
from snnjax.models import cnn, convnext, mixer, resnet, vgg, vit
from snnjax.types import Array, Source, Task

_MODELS = {
  'cnn': cnn.Cnn,
  'convnext': convnext.ConvNext,
  'mixer': mixer.Mixer,
  'resmlp': mixer.ResMlp,
  'resnet': resnet.ResNet,
  'vgg': vgg.Vgg,
  'vit': vit.Vit,
}
_ACTIVATIONS = {
  'gelu': lambda x: nn.gelu(x, approximate=False),
  'leaky_relu': nn.leaky_relu,
  'relu': nn.relu,
  'silu': nn.silu,
  'tanh': nn.tanh,
}
_POOLS = {'average': nn.avg_pool, 'max': nn.max_pool}


class Experiment(NamedTuple):
  task: Task
  learning_rate: optax.Schedule


def make_model(config: ConfigDict, num_classes: int) -> nn.Module:
  """Makes the network; its convolutions are those of `snnjax.convolution`."""
  settings = config.model
  kind = chosen(_MODELS, 'model.name', settings.name)
  options = settings.options.to_dict()
  if 'pool' in options:
    options['pool'] = chosen(_POOLS, 'model.options.pool', options['pool'])
  if hasattr(kind, 'convolution'):
    options['convolution'] = convolution.general
  return kind(
    num_outputs=num_classes,
    activation=chosen(_ACTIVATIONS, 'model.activation', settings.activation),
    **options,
  )


def make(
  config: ConfigDict, source: Source, steps_per_epoch: int
) -> Experiment:
  """Makes the training task of the network, and its learning rate.

  Args:
    config: the settings.
    source: the training examples, for their shape and number of classes.
    steps_per_epoch: updates per epoch, for the learning rate.
  """
  num_classes = len(source.class_names)
  model = make_model(config, num_classes)
  prepare = images.inputs(config)
  shape = (1, *source.inputs.shape[1:])

  def init(key):
    variables = model.init(key, jnp.zeros(shape))
    params = variables.pop('params')
    return params, variables

  def loss_fn(params, model_state, batch, key):
    augment_key, dropout_key = jax.random.split(key)
    logits, model_state = model.apply(
      {'params': params, **model_state},
      prepare(jnp.asarray(batch.inputs), augment_key),
      train=True,
      mutable=list(model_state),
      rngs={'dropout': dropout_key},
    )
    targets = jax.nn.one_hot(batch.labels, num_classes)
    targets = optax.smooth_labels(targets, config.train.label_smoothing)
    losses = optax.softmax_cross_entropy(logits, targets)
    return losses, {'accuracy': _accuracy(logits, batch)}, model_state

  def evaluate(params, model_state, batch):
    x = prepare(jnp.asarray(batch.inputs), None)
    logits = jnp.asarray(model.apply({'params': params, **model_state}, x))
    losses = optax.softmax_cross_entropy_with_integer_labels(
      logits, jnp.asarray(batch.labels)
    )
    return {
      'loss': metrics.mean_of(losses, batch.mask),
      'accuracy': _accuracy(logits, batch),
    }

  learning_rate = _schedule(config, steps_per_epoch)
  task = training.stateful_gradient_task(
    init, loss_fn, evaluate, _optimizer(config, learning_rate)
  )
  return Experiment(task, learning_rate)


def _schedule(config, steps_per_epoch):
  train = config.train
  warmup = train.warmup * steps_per_epoch
  rest = train.num_epochs * steps_per_epoch - warmup
  after = chosen(
    {
      'cosine': optax.cosine_decay_schedule(train.lr, max(rest, 1)),
      'constant': optax.constant_schedule(train.lr),
    },
    'train.schedule',
    train.schedule,
  )
  before = optax.linear_schedule(0.0, train.lr, max(warmup, 1))
  return optax.join_schedules([before, after], [warmup])


def _optimizer(config, learning_rate):
  train = config.train
  step = chosen(
    {
      'sgd': optax.sgd(learning_rate, momentum=train.momentum),
      'adam': optax.adam(learning_rate),
    },
    'train.optimizer',
    train.optimizer,
  )
  return optax.chain(optax.add_decayed_weights(train.weight_decay), step)


def _accuracy(logits: Array, batch):
  return metrics.accuracy(logits.argmax(-1), batch.labels, batch.mask)


def may_change(config: ConfigDict) -> tuple[str, ...]:
  """Settings that training does not depend on, or that extend it."""
  after = 'rule', 'compare', 'evaluate'
  is_extendable = config.train.schedule == 'constant'
  return (*after, 'train.num_epochs') if is_extendable else after
