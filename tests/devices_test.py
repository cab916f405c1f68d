# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What other devices are given at a time changes no result."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import devices, neurons, policies, simulate
from snnjax.models.csnn import csnn

NUM_STEPS = 3


def _found(memory, make_neuron):
  """Spikes and gradients of a convolutional network."""
  network = csnn(make_neuron, channels=(2, 3), kernel_size=3, padding='SAME')
  params = network.init(jax.random.key(0), (6, 6, 1))
  xs = 3 * jax.random.uniform(jax.random.key(1), (NUM_STEPS, 60, 6, 6, 1))

  def loss(params):
    spikes = simulate.simulate(network, params, xs, memory=memory).outputs
    return jnp.sum(spikes * jnp.arange(1, 1 + NUM_STEPS)[:, None, None]), spikes

  return jax.jit(jax.grad(loss, has_aux=True))(params)


@pytest.mark.parametrize('reset_delay', [True, False])
def test_a_network_is_the_same(monkeypatch, reset_delay):
  memory = policies.pack_spikes()
  make_neuron = functools.partial(neurons.lif, reset_delay=reset_delay)
  gradient, spikes = _found(memory, make_neuron)
  assert 0 < spikes.mean() < 1
  assert (devices.images_at_once(), devices.steps_at_once()) == (128, 1)
  monkeypatch.setattr(devices, 'is_cpu', lambda: False)
  assert devices.images_at_once() is None
  assert devices.steps_at_once() > NUM_STEPS
  found, others = _found(memory, make_neuron)
  np.testing.assert_array_equal(others, spikes)
  jax.tree.map(
    lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5),
    found,
    gradient,
  )
