# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Products of spikes in integers, beside those of floats."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import convolution, neurons, simulate, synapses
from snnjax.integers import spike_product
from snnjax.models.csnn import csnn
from snnjax.products import product


def _spikes(*shape):
  return (np.random.default_rng(0).random(shape) < 0.3).astype(np.float32)


def _weights(*shape):
  rng = np.random.default_rng(1)
  return rng.standard_normal(shape).astype(np.float32) * 10 ** rng.uniform(
    -20, 20, shape[-1]
  ).astype(np.float32)


def test_every_weight_is_rounded_to_2_22ths_of_its_neurons_largest():
  weights = _weights(50, 30)
  found = spike_product(np.eye(50, dtype=np.float32), weights)
  error = np.abs(np.float64(found) - weights)
  assert (error <= 2.0**-22 * np.abs(weights).max(0)).all()


def test_sums_add_nothing_to_that():
  spikes, weights = _spikes(40, 1000), _weights(1000, 30)
  found = np.float64(spike_product(spikes, weights))
  exact = spikes.astype(np.float64) @ weights
  largest = np.abs(weights).max(0)
  num = spikes.sum(1, keepdims=True)
  allowed = num * 2.0**-22 * largest + 2.0**-22 * np.abs(exact)
  assert (np.abs(found - exact) <= allowed).all()


@pytest.mark.parametrize('largest', [127.0, 128.0, 255.5, 2.0**-100, 0.0])
def test_whole_numbers_are_exact(largest):
  column = largest * np.array([1, -1, 0.5, -0.25, 0])
  weights = column[:, None].astype(np.float32)
  np.testing.assert_array_equal(
    spike_product(np.eye(5, dtype=np.float32), weights), weights
  )


@pytest.mark.parametrize('dtype', [jnp.float16, jnp.bfloat16])
def test_halves_are_multiplied_as_well(dtype):
  spikes = _spikes(40, 100)
  weights = np.random.default_rng(0).standard_normal((100, 30)).astype(dtype)
  found = spike_product(spikes, weights)
  assert found.dtype == dtype
  exact = spikes.astype(np.float64) @ weights.astype(np.float64)
  np.testing.assert_allclose(
    np.float64(found), exact, atol=float(jnp.finfo(dtype).eps) * 32
  )


@pytest.mark.parametrize('bad', [np.nan, np.inf])
def test_what_is_not_finite_stays_visible(bad):
  weights = np.array([[1.0, bad], [2.0, 3.0]], np.float32)
  found = spike_product(np.ones((1, 2), np.float32), weights)
  assert found[0, 0] == 3.0
  assert np.isnan(found[0, 1])


def test_the_gradient_is_that_of_floats():
  args = _spikes(20, 30), _weights(30, 10), _weights(20, 10)

  def loss(multiply, spikes, weights, errors):
    return jnp.sum(multiply(spikes, weights) * errors)

  found, expected = (
    jax.grad(loss, argnums=(1, 2))(multiply, *args)
    for multiply in (spike_product, product)
  )
  jax.tree.map(np.testing.assert_array_equal, found, expected)


@pytest.mark.parametrize('padding', ['VALID', 'SAME'])
@pytest.mark.parametrize('strides', [(1, 1), (2, 1)])
def test_convolution_and_its_gradients_are_those_of_floats(padding, strides):
  images, kernel = _spikes(2, 8, 7, 3), _weights(3, 2, 3, 4) * 1e-3

  def values(kernel, images, in_integers):
    return convolution.convolve(
      images, kernel, strides=strides, padding=padding, in_integers=in_integers
    )

  def loss(*args):
    return jnp.sum(jnp.sin(values(*args)))

  scale = np.abs(kernel).max()
  np.testing.assert_allclose(
    values(kernel, images, True) / scale,
    values(kernel, images, False) / scale,
    atol=1e-5,
  )
  small = kernel / scale
  for found, expected in zip(
    *(jax.grad(loss, (0, 1))(small, images, b) for b in (True, False)),
    strict=True,
  ):
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_network_fires_alike():
  """Weights are whole numbers of 2⁻¹⁰, of which all sums are exact."""

  def on_grid(key, shape, fan_in):
    return jnp.round(3 * synapses.uniform(key, shape, fan_in) * 1024) / 1024

  images = np.random.default_rng(0).integers(256, size=(1, 3, 12, 12, 1)) / 256

  def spikes(in_integers):
    network = csnn(
      neurons.lif,
      channels=(2, 3),
      kernel_size=3,
      kernel_init=on_grid,
      in_integers=in_integers,
    )
    params = network.init(jax.random.key(0), images.shape[2:])
    params = jax.tree.map(lambda leaf: jnp.round(leaf * 1024) / 1024, params)
    return simulate.run(network, params, jnp.float32(images), num_steps=8)[1]

  found, expected = spikes(True), spikes(False)
  assert 0 < expected.mean() < 1
  np.testing.assert_array_equal(found, expected)


def test_a_network_refuses_neurons_whose_outputs_are_no_spikes():
  with pytest.raises(ValueError, match='neurons that give 0 or 1'):
    csnn(neurons.leaky_integrator, in_integers=True)
