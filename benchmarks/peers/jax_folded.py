# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Plain JAX: synapses over time x batch in one call, neurons in a scan."""

import functools

import jax
import jax.numpy as jnp
import optax

from benchmarks import with_jax
from benchmarks.timing import Contender

PACKAGES = ('jax', 'jaxlib', 'optax')


def csnn_step(problem):
  """Trains the convolutional network."""
  neuron = functools.partial(_leaky, decay=problem.decay, slope=problem.slope)

  def loss(params, images, labels):
    currents = _pool(_convolve(params['conv1'], images))
    currents = jnp.broadcast_to(currents, (problem.num_steps, *currents.shape))
    spikes = neuron(currents)
    currents = _pool(_convolve(params['conv2'], _fold(spikes)))
    spikes = neuron(currents.reshape(*spikes.shape[:2], -1))
    kernel = params['dense']['kernel'].reshape(-1, 10)
    spikes = neuron(spikes @ kernel + params['dense']['bias'])
    labels = jnp.broadcast_to(labels, spikes.shape[:2])
    return optax.softmax_cross_entropy_with_integer_labels(
      spikes, labels
    ).mean()

  batch = problem.images, problem.labels
  return with_jax.training(loss, problem.params, batch, problem.learning_rate)


def lif_layer(problem):
  """Unrolls a layer of neurons."""
  neuron = functools.partial(_leaky, decay=problem.decay, slope=problem.slope)
  return with_jax.layer(problem, neuron)


def bare_products(problem):
  """Computes the two products of `lif_layer` and nothing else."""

  def products(kernel, xs):
    currents = xs @ kernel
    return xs.T @ currents

  xs = problem.xs.reshape(-1, problem.xs.shape[-1])
  arrays = jax.device_put((problem.kernel, xs))
  compiled = jax.jit(products)
  return Contender(
    state=None,
    step=lambda _: jax.block_until_ready(compiled(*arrays)),
    read=lambda state: {},
  )


def _leaky(currents, *, decay, slope):
  def step(membrane, current):
    has_fired = jax.lax.stop_gradient(_spike(membrane - 1.0, slope))
    membrane = decay * membrane + current - has_fired
    return membrane, _spike(membrane - 1.0, slope)

  return jax.lax.scan(step, jnp.zeros_like(currents[0]), currents)[1]


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _spike(z, slope):
  del slope
  return (z > 0).astype(z.dtype)


@_spike.defjvp
def _spike_jvp(slope, primals, tangents):
  (z,), (dz,) = primals, tangents
  return _spike(z, slope), dz / jnp.square(slope * jnp.abs(z) + 1.0)


def _fold(xs):
  return xs.reshape(-1, *xs.shape[2:])


def _convolve(params, images):
  currents = jax.lax.conv_general_dilated(
    images,
    params['kernel'],
    (1, 1),
    'VALID',
    dimension_numbers=('NHWC', 'HWIO', 'NHWC'),
  )
  return currents + params['bias']


def _pool(images):
  return jax.lax.reduce_window(
    images, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), 'VALID'
  )
