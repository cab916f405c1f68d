# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The library's own entries in the benchmarks."""

import functools

import jax
import jax.numpy as jnp

from benchmarks import with_jax
from experiments import hardware
from snnjax import (
  combinators,
  losses,
  neurons,
  policies,
  simulate,
  surrogate,
  synapses,
)
from snnjax.models.csnn import csnn

PACKAGES = ('snnjax', 'jax')
IN_INTEGERS = hardware.has_amx()  # without it floats are faster


def csnn_step(problem, memory=policies.pack_spikes(), in_integers=IN_INTEGERS):
  """Trains the convolutional network."""
  network, params, trained = _network(problem, in_integers)

  def loss(trained, images, labels):
    spikes = simulate.simulate(
      network,
      {**params, **trained},
      images[None],
      num_steps=problem.num_steps,
      memory=memory,
    ).outputs
    return jnp.mean(losses.ce_rate_loss(spikes, labels))

  batch = problem.images, problem.labels
  return with_jax.training(loss, trained, batch, problem.learning_rate)


def csnn_inference(problem, in_integers=IN_INTEGERS):
  """Counts its spikes."""
  network, params, trained = _network(problem, in_integers)

  def spikes(trained, images):
    return simulate.run(
      network,
      {**params, **trained},
      images[None],
      num_steps=problem.num_steps,
    )[1]

  return with_jax.inference(spikes, problem._replace(params=trained))


csnn_step_floats = functools.partial(csnn_step, in_integers=False)
csnn_inference_floats = functools.partial(csnn_inference, in_integers=False)
csnn_step_stored = functools.partial(csnn_step, memory=policies.store_all())
csnn_step_rematerialised = functools.partial(
  csnn_step, memory=policies.rematerialise()
)


def _network(problem, in_integers):
  """The network, its parameters and those of them that are given."""
  network = csnn(lambda: _neuron(problem), in_integers=in_integers)
  params = network.init(jax.random.key(0), problem.images.shape[1:])
  trained = jax.tree.map(
    lambda ours, given: jnp.asarray(given).reshape(ours.shape),
    {layer: params[layer] for layer in problem.params},
    problem.params,
  )
  return network, params, trained


def lif_layer(problem):
  """Simulates synapses and neurons."""
  num_neurons = problem.kernel.shape[1]
  neuron = _neuron(problem)
  layer = combinators.serial(
    synapses=synapses.dense(num_neurons, use_bias=False), neurons=neuron
  )
  # Not by the layer's: random kernels would be part of the peak memory.
  params = neuron.init(jax.random.key(0), (num_neurons,))

  def spikes(kernel, xs):
    own = {'synapses': {'kernel': kernel}, 'neurons': params}
    return simulate.simulate(layer, own, xs).outputs

  return with_jax.layer(problem, spikes)


def _neuron(problem):
  return neurons.lif(
    problem.decay, spike_fn=surrogate.fast_sigmoid(problem.slope)
  )
