# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What other devices are given at a time changes no result."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import devices, neurons, policies, products, simulate
from snnjax.models.csnn import csnn
from snnjax.neurons import recurrence


def _found(network, xs):
  """Gradients of parameters and inputs, and spikes."""
  params = network.init(jax.random.key(0), xs.shape[2:])

  def loss(params, xs):
    spikes = simulate.simulate(
      network, params, xs, num_steps=len(xs), memory=policies.pack_spikes()
    ).outputs
    weights = jnp.arange(1, 1 + len(xs)).reshape(-1, 1, 1)
    return jnp.sum(spikes * weights), spikes

  return jax.jit(jax.grad(loss, argnums=(0, 1), has_aux=True))(params, xs)


def _is_the_same(monkeypatch, make_network, shape, scale):
  xs = scale * jax.random.uniform(jax.random.key(1), shape)
  gradients, spikes = _found(make_network(), xs)
  assert 0 < spikes.mean() < 1
  for module in (devices, products, recurrence):
    monkeypatch.setattr(module, 'is_cpu', lambda: False)
  found, others = _found(make_network(), xs)
  np.testing.assert_array_equal(others, spikes)
  jax.tree.map(
    lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5),
    found,
    gradients,
  )


@pytest.mark.parametrize('num_steps', [1, 27])
def test_a_layer_is_the_same(monkeypatch, num_steps):
  _is_the_same(monkeypatch, neurons.lif, (num_steps, 4, 30), scale=5)


@pytest.mark.parametrize(('batch', 'reset_delay'), [(60, False), (130, True)])
def test_a_network_is_the_same(monkeypatch, batch, reset_delay):
  make = functools.partial(
    csnn,
    functools.partial(neurons.lif, reset_delay=reset_delay),
    channels=(2, 3),
    kernel_size=3,
    padding='SAME',
  )
  _is_the_same(monkeypatch, make, (3, batch, 6, 6, 1), scale=3)


def test_many_neurons_take_fewer_steps_at_once(monkeypatch):
  assert devices.steps_at_once(2**18, of_states=True) == 1
  monkeypatch.setattr(devices, 'is_cpu', lambda: False)
  few, many, also_spikes = (
    devices.steps_at_once(num_neurons, of_states=of_states)
    for num_neurons, of_states in ((1, True), (2**18, True), (1, False))
  )
  assert few > many > 1
  assert also_spikes > 1


@pytest.mark.parametrize(
  ('number', 'wanted', 'expected'),
  [(8000, 1000, 1000), (12, 5, 4), (7, 3, None), (331, 17, None), (3, 2, 1)],
)
def test_the_divisor_nearest_to_what_is_wanted(number, wanted, expected):
  assert devices.divisor_near(number, wanted) == expected
