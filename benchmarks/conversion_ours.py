# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The library's own entries in `benchmarks.conversion_eval`."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks import conversion_eval, with_jax
from benchmarks.timing import Contender, nothing
from snnjax import conversion, convolution
from snnjax.conversion import ranges, rules, schedules
from snnjax.models import cnn

PACKAGES = ('snnjax', 'jax')
_SITES = 'relu/max', 'relu/max_1', 'relu/max_2'


def network(params, x):
  """Convolution, ReLU and mean, three times; a dense layer."""
  kernels, biases = params
  for kernel, bias in zip(kernels[:-1], biases[:-1], strict=True):
    x = jax.lax.conv_general_dilated(
      x, kernel, (1, 1), 'VALID', dimension_numbers=('NHWC', 'HWIO', 'NHWC')
    )
    x = nn.avg_pool(nn.relu(x + bias[None, None, None]), (2, 2), (2, 2))
  return x.reshape(len(x), -1) @ kernels[-1] + biases[-1][None]


def trained(batches, seed):
  """Trains; returns kernels and biases, batch normalisation folded in."""
  model = cnn.Cnn(convolution=convolution.general)
  variables = model.init(jax.random.key(seed), jnp.zeros((1, 28, 28, 1)))
  tx = optax.adam(1e-3)

  @jax.jit
  def update(variables, opt_state, images, labels):
    def loss(params):
      logits, new = model.apply(
        {**variables, 'params': params},
        images,
        train=True,
        mutable=['batch_stats'],
      )
      losses = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
      return losses.mean(), new

    gradient, new = jax.grad(loss, has_aux=True)(variables['params'])
    updates, opt_state = tx.update(gradient, opt_state)
    params = optax.apply_updates(variables['params'], updates)
    return {'params': params, **new}, opt_state

  opt_state = tx.init(variables['params'])
  for images, labels in batches:
    variables, opt_state = update(variables, opt_state, images, labels)
  params = conversion.fold_batch_norm(model.apply, variables, images)['params']
  layers = [params[f'Conv_{k}'] for k in range(3)] + [params['Dense_0']]
  return tuple(
    [np.asarray(layer[name]) for layer in layers] for name in ('kernel', 'bias')
  )


def thresholds(kernels, biases, images) -> list[float]:
  """The 99.9 % quantile of each layer's values, zeros included."""
  params = jax.device_put((kernels, biases))
  snn = conversion.convert(network, rules.identity())
  decoded = snn(params, jnp.asarray(images), steps=1, count=False).decoded
  return [float(np.quantile(decoded[site], 0.999)) for site in _SITES]


def evaluate(problem, rule, count) -> Contender:
  """Runs a converted network."""
  snn = functools.partial(
    conversion.convert(network, rule),
    steps=conversion_eval.NUM_STEPS,
    count=count,
  )
  return with_jax.repeated(
    snn,
    ((problem.kernels, problem.biases), problem.images),
    lambda outcome: reading(np.asarray(outcome.outputs[-1]), problem),
  )


def reading(logits, problem):
  """The number of right answers, and the norm of all logits."""
  return {
    'right': int((logits.argmax(1) == problem.labels).sum()),
    'logits': float(np.linalg.norm(logits)),
  }


def rate(problem, count=False):
  """With integrate-and-fire neurons."""
  rule = rules.integrate_and_fire(_ranging(problem), charge=0.0)
  return evaluate(problem, rule, count)


rate_counted = functools.partial(rate, count=True)


def ternary(problem):
  """With the neurons that need the fewest steps; not comparable."""
  rule = rules.signgd(
    schedules.exponential(0.5, 0.6), ranging=_ranging(problem)
  )
  return evaluate(problem, rule, count=False)._replace(read=nothing)


def _ranging(problem):
  return ranges.given(dict(zip(_SITES, problem.thresholds, strict=True)))


def repeated(problem):
  """The trained network itself, as often as there are steps."""
  params = jax.device_put((problem.kernels, problem.biases))
  x = jax.device_put(problem.images)
  run = jax.jit(network)

  def step(_):
    for _ in range(conversion_eval.NUM_STEPS):
      outputs = jax.block_until_ready(run(params, x))
    return outputs

  return Contender(None, step)
