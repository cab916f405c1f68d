# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Plain JAX: synapses over time x batch in one call, neurons in a scan."""

import functools

import jax
import jax.numpy as jnp

from benchmarks import with_jax

PACKAGES = ('jax', 'jaxlib', 'optax')


def csnn_step(problem):
  """Trains the convolutional network."""
  return with_jax.classification(_network(problem), problem)


def csnn_inference(problem):
  """Counts its spikes."""
  return with_jax.inference(_network(problem), problem)


def _network(problem):
  neuron = functools.partial(_leaky, decay=problem.decay, slope=problem.slope)

  def spikes(params, images):
    currents = _pool(_convolve(params['conv1'], images))
    currents = jnp.broadcast_to(currents, (problem.num_steps, *currents.shape))
    spikes = neuron(currents)
    currents = _pool(_convolve(params['conv2'], _fold(spikes)))
    spikes = neuron(currents.reshape(*spikes.shape[:2], -1))
    kernel = params['dense']['kernel'].reshape(-1, 10)
    return neuron(spikes @ kernel + params['dense']['bias'])

  return spikes


def lif_layer(problem):
  """Unrolls a layer of neurons."""
  neuron = functools.partial(_leaky, decay=problem.decay, slope=problem.slope)
  return with_jax.layer(problem, lambda kernel, xs: neuron(xs @ kernel))


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
