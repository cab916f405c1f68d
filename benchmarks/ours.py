# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The library's own entries in the benchmarks."""

import jax
import jax.numpy as jnp

from benchmarks import with_jax
from snnjax import losses, neurons, policies, simulate, surrogate
from snnjax.models.csnn import csnn

PACKAGES = ('jax', 'jaxlib')


def csnn_step(problem):
  """Trains the convolutional network."""
  network = csnn(lambda: _neuron(problem))
  params = network.init(jax.random.key(0), problem.images.shape[1:])
  trained = jax.tree.map(
    lambda ours, given: jnp.asarray(given).reshape(ours.shape),
    {layer: params[layer] for layer in problem.params},
    problem.params,
  )

  def loss(trained, images, labels):
    spikes = simulate.simulate(
      network,
      {**params, **trained},
      images[None],
      num_steps=problem.num_steps,
      memory=policies.pack_spikes(),
    ).outputs
    return jnp.mean(losses.ce_rate_loss(spikes, labels))

  batch = problem.images, problem.labels
  return with_jax.training(loss, trained, batch, problem.learning_rate)


def lif_layer(problem):
  """Unrolls a layer of neurons."""
  cell = _neuron(problem)
  params = cell.init(jax.random.key(0), problem.weights.shape[1:])
  return with_jax.layer(
    problem, lambda currents: simulate.simulate(cell, params, currents).outputs
  )


def _neuron(problem):
  return neurons.lif(
    problem.decay, spike_fn=surrogate.fast_sigmoid(problem.slope)
  )
