# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Synapses against Flax's layers, which share their parameters."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import devices, simulate, synapses


def outputs_of(cell, params, x):
  """Unrolls two different time steps; both must be right."""
  xs = jnp.stack([jnp.zeros_like(x), x])
  return simulate.simulate(cell, params, xs).outputs[1]


@pytest.mark.parametrize('use_bias', [True, False])
def test_dense_has_the_parameters_of_flax(use_bias):
  x = jax.random.normal(jax.random.key(0), (4, 3))
  params = nn.Dense(5, use_bias=use_bias).init(jax.random.key(1), x)['params']
  cell = synapses.dense(5, use_bias=use_bias)
  own = cell.init(jax.random.key(2), (3,))
  assert jax.tree.map(jnp.shape, own) == jax.tree.map(jnp.shape, params)
  expected = nn.Dense(5, use_bias=use_bias).apply({'params': params}, x)
  np.testing.assert_allclose(outputs_of(cell, params, x), expected, atol=1e-5)


def test_conv_has_the_parameters_of_flax():
  x = jax.random.normal(jax.random.key(0), (4, 7, 6, 2))
  theirs = nn.Conv(5, (3, 2), strides=(2, 1), padding='SAME')
  params = theirs.init(jax.random.key(1), x)['params']
  cell = synapses.conv(5, (3, 2), strides=(2, 1), padding='SAME')
  own = cell.init(jax.random.key(2), (7, 6, 2))
  assert jax.tree.map(jnp.shape, own) == jax.tree.map(jnp.shape, params)
  expected = theirs.apply({'params': params}, x)
  np.testing.assert_allclose(outputs_of(cell, params, x), expected, atol=1e-5)


def test_initial_weights_are_uniform_within_one_over_root_fan_in():
  params = synapses.conv(40, 5).init(jax.random.key(0), (9, 9, 4))
  for leaf in jax.tree.leaves(params):
    assert np.abs(leaf).max() <= 0.1
    np.testing.assert_allclose(np.abs(leaf).max(), 0.1, rtol=0.1)
  np.testing.assert_allclose(np.std(params['kernel']), 0.1 / 3**0.5, rtol=0.05)


@pytest.mark.parametrize('num', [127, 128, 129, 256, 257, 300])
def test_blocks_of_images_change_nothing(num):
  xs = np.random.default_rng(0).normal(size=(num, 1, 2, 2, 1))
  xs = jnp.asarray(xs, jnp.float32)

  def apply(params, x):
    assert x.shape[0] <= devices.images_at_once()
    return {'sum': params * x.sum((1, 2, 3)), 'same': x}

  ys = synapses.join_time_and_batch(apply)(2.0, xs)
  np.testing.assert_allclose(ys['sum'], 2 * xs.sum((2, 3, 4)), rtol=1e-5)
  np.testing.assert_array_equal(ys['same'], xs)


def test_weight_per_neuron():
  cell = synapses.one_to_one(np.array([1.0, -2.0]))
  params = cell.init(jax.random.key(0), (3, 2))
  y = outputs_of(cell, params, jnp.ones((4, 3, 2)))
  np.testing.assert_array_equal(y, np.broadcast_to([1.0, -2.0], (4, 3, 2)))


@pytest.mark.parametrize(
  ('cell', 'in_shape', 'message'),
  [
    (synapses.dense(2), (4, 4, 1), 'flatten'),
    (synapses.conv(2, 3), (16,), r'images \[B, H, W, C\]; got \(16,\)'),
  ],
)
def test_inputs_of_another_rank_are_an_error(cell, in_shape, message):
  with pytest.raises(ValueError, match=message):
    cell.init(jax.random.key(0), in_shape)


def test_other_inputs_than_synapses_were_made_for_are_an_error():
  cell = synapses.dense(2)
  params = cell.init(jax.random.key(0), (3,))
  with pytest.raises(ValueError, match='made for 3 inputs; got 4'):
    outputs_of(cell, params, jnp.ones((1, 4)))
