# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spyx: networks of Flax modules, scanned over time with all their layers."""

import jax
import jax.numpy as jnp
import spyx.axn
import spyx.nn
from flax import nnx

from benchmarks import with_jax

PACKAGES = ('jax', 'jaxlib', 'flax', 'spyx')


class Leaky(spyx.nn.LIF):
  """Spyx's neuron; spikes without its delay, reset without its gradient."""

  def __call__(self, x, membrane):
    """Returns the spikes and the new membrane."""
    has_fired = jax.lax.stop_gradient(self.spike(membrane - self.threshold))
    beta = jnp.clip(self.beta[...], 0, 1)
    membrane = beta * membrane + x - has_fired * self.threshold
    return self.spike(membrane - self.threshold), membrane


def csnn_step(problem):
  """Trains the convolutional network."""
  return with_jax.classification(_network(problem), problem)


def csnn_inference(problem):
  """Counts its spikes."""
  return with_jax.inference(_network(problem), problem)


def _network(problem):
  rngs = nnx.Rngs(0)

  def conv(i, o):
    return nnx.Conv(i, o, (5, 5), padding='VALID', rngs=rngs)

  def pool(x):
    return nnx.max_pool(x, (2, 2), (2, 2))

  model = spyx.nn.Sequential(
    conv(1, 12),
    pool,
    _neuron(Leaky, problem, (12, 12, 12)),
    conv(12, 64),
    pool,
    _neuron(Leaky, problem, (4, 4, 64)),
    spyx.nn.Flatten(),
    nnx.Linear(1024, 10, rngs=rngs),
    _neuron(Leaky, problem, (10,)),
  )
  places = {'conv1': 0, 'conv2': 3, 'dense': 7}

  def spikes(params, images):
    network = nnx.clone(model)
    for layer, place in places.items():
      module = network.layers[place]
      module.kernel[...] = params[layer]['kernel'].reshape(module.kernel.shape)
      module.bias[...] = params[layer]['bias']
    xs = jnp.broadcast_to(images, (problem.num_steps, *images.shape))
    return spyx.nn.run(network, xs)[0]

  return spikes


def lif_layer(problem):
  """Unrolls a layer of neurons that follow the common law."""
  neuron = _neuron(Leaky, problem, problem.weights.shape[1:])
  return with_jax.layer(
    problem, lambda kernel, xs: spyx.nn.run(neuron, xs @ kernel)[0]
  )


def lif_layer_own_neuron(problem):
  """Unrolls Spyx's neuron: late by one step, with a gradient of its reset."""
  neuron = _neuron(spyx.nn.LIF, problem, problem.weights.shape[1:])

  def spikes(kernel, xs):
    late, membrane = spyx.nn.run(neuron, xs @ kernel)
    return late.at[0].set(neuron.spike(membrane - neuron.threshold))

  return with_jax.layer(problem, spikes, is_comparable=False)


def _neuron(kind, problem, shape):
  activation = spyx.axn.superspike(problem.slope)
  return kind(shape, problem.decay, activation=activation, rngs=nnx.Rngs(0))
