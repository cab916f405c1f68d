# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every surrogate against its stated derivative, tabled and recomputed."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import surrogate

Z = np.array([-1.5, -0.5, -0.1, -0.01, 0, 0.01, 0.1, 0.5, 1.5, 2])
TABLE = {
  'fast_sigmoid': (
    surrogate.fast_sigmoid(25.0),
    '0.00067465 0.005486968 0.08163265 0.64 1 0.64 0.08163265 0.005486968 '
    '0.00067465 0.0003844675',
  ),
  'arctan': (
    surrogate.arctan(2.0),
    '0.04309117 0.2884004 0.9101698 0.999014 1 0.999014 0.9101698 0.2884004 '
    '0.04309117 0.02470452',
  ),
  'sigmoid': (
    surrogate.sigmoid(25.0),
    '1.293889e-15 9.316563e-05 1.752593 6.153352 6.25 6.153352 1.752593 '
    '9.316563e-05 1.293889e-15 4.821875e-21',
  ),
  'straight_through': (surrogate.straight_through(), '1 1 1 1 1 1 1 1 1 1'),
  'signed_threshold': (
    surrogate.signed_threshold(1.0),
    '1 1 1 1 -1 -1 -1 -1 -1 -1',
  ),
  'step_derivative': (surrogate.step_derivative(), '0 0 0 0 0 1 1 1 1 1'),
  'spike_rate_escape': (
    surrogate.spike_rate_escape(1.0, 25.0),
    '2.052125 5.578254 8.321777 9.105474 9.196986 9.289417 10.16424 15.16327 '
    '15.16327 9.196986',
  ),
  'leaky_spike_operator': (
    surrogate.leaky_spike_operator(0.1),
    '0.1 0.1 0.1 0.1 0.1 1 1 1 1 1',
  ),
  'sparse_fast_sigmoid_as_snntorch': (
    surrogate.sparse_fast_sigmoid(25.0, 1.0, inside=jnp.greater),
    '0 0 0 0 0 0 0 0 0.00067465 0.0003844675',
  ),
}


def density(z, sigma):
  return np.exp(-((z / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))


# The derivatives that the docstrings state, in NumPy; odd parameters.
STATED = {
  'fast_sigmoid': (
    surrogate.fast_sigmoid(3.0),
    lambda z: 1 / (3 * np.abs(z) + 1) ** 2,
  ),
  'super_spike': (
    surrogate.super_spike(3.0),
    lambda z: 3 / (3 * np.abs(z) + 1) ** 2,
  ),
  'arctan': (
    surrogate.arctan(3.0),
    lambda z: 1.5 / (1 + (1.5 * np.pi * z) ** 2),
  ),
  'sigmoid': (
    surrogate.sigmoid(3.0),
    lambda z: 0.75 / np.cosh(np.clip(1.5 * z, -300, 300)) ** 2,
  ),
  'straight_through': (surrogate.straight_through(), np.ones_like),
  'signed_threshold': (
    surrogate.signed_threshold(0.7),
    lambda z: np.where(z < 0, 0.7, -0.7),
  ),
  'triangular': (
    surrogate.triangular(0.6),
    lambda z: np.clip(1 - np.abs(z) / 0.6, 0, None),
  ),
  'step_derivative': (surrogate.step_derivative(), lambda z: z > 0),
  'boxcar': (
    surrogate.boxcar(0.8),
    lambda z: np.where(np.abs(z) < 0.4, 1.25, 0),
  ),
  'gaussian': (surrogate.gaussian(0.4), lambda z: density(z, 0.4)),
  'multi_gaussian': (
    surrogate.multi_gaussian(0.4, 5.0, 0.2),
    lambda z: (
      1.2 * density(z, 0.4)
      - 0.2 * (density(z - 0.4, 2.0) + density(z + 0.4, 2.0))
    ),
  ),
  'spike_rate_escape': (
    surrogate.spike_rate_escape(0.7, 3.0),
    lambda z: 3 * np.exp(-0.7 * np.abs(z - 1)),
  ),
  'leaky_spike_operator': (
    surrogate.leaky_spike_operator(0.3),
    lambda z: np.where(z > 0, 1, 0.3),
  ),
  'sparse_fast_sigmoid': (
    surrogate.sparse_fast_sigmoid(3.0, 0.5),
    lambda z: (np.abs(z) < 0.5) / (3 * np.abs(z) + 1) ** 2,
  ),
  'heaviside': (surrogate.heaviside, np.zeros_like),
}
FACTORIES = {
  'fast_sigmoid': surrogate.fast_sigmoid,
  'super_spike': surrogate.super_spike,
  'arctan': surrogate.arctan,
  'sigmoid': surrogate.sigmoid,
  'straight_through': surrogate.straight_through,
  'signed_threshold': surrogate.signed_threshold,
  'triangular': surrogate.triangular,
  'step_derivative': surrogate.step_derivative,
  'boxcar': surrogate.boxcar,
  'gaussian': surrogate.gaussian,
  'multi_gaussian': surrogate.multi_gaussian,
  'spike_rate_escape': surrogate.spike_rate_escape,
  'stochastic_spike_operator': functools.partial(
    surrogate.stochastic_spike_operator, jax.random.key(0)
  ),
  'leaky_spike_operator': surrogate.leaky_spike_operator,
  'sparse_fast_sigmoid': surrogate.sparse_fast_sigmoid,
}


def derivative(spike_fn, z):
  """dS/dz by a vector-Jacobian product with ones."""
  spikes, pullback = jax.vjp(spike_fn, jnp.asarray(z))
  return np.asarray(pullback(jnp.ones_like(spikes))[0])


@pytest.mark.parametrize('name', TABLE)
def test_golden_table(name):
  spike_fn, expected = TABLE[name]
  with jax.enable_x64(True):
    got = derivative(spike_fn, Z)
  expected = np.array(expected.split(), float)
  np.testing.assert_allclose(got, expected, rtol=5e-7)


@pytest.mark.parametrize('name', STATED)
def test_stated_derivative_on_a_grid(name):
  spike_fn, stated = STATED[name]
  grid = np.concatenate([np.linspace(-3, 3, 241) + 1e-4, [0, -1e4, 1e4]])
  with jax.enable_x64(True):
    got = derivative(spike_fn, grid)
  np.testing.assert_allclose(got, stated(grid), rtol=1e-9, atol=1e-250)


@pytest.mark.parametrize('name', FACTORIES)
def test_forward_is_the_step_and_gradients_are_finite_far_away(name):
  z = np.array([*Z, -3e38, -1e20, -30, 30, 1e20, 3e38], np.float32)
  for fires in (jnp.greater, jnp.greater_equal):
    spike_fn = FACTORIES[name](fires=fires)
    np.testing.assert_array_equal(spike_fn(z), np.asarray(fires(z, 0)))
    assert np.isfinite(derivative(spike_fn, z)).all()


@pytest.mark.parametrize('name', FACTORIES)
@pytest.mark.parametrize('dtype', ['bfloat16', 'float32'])
def test_spikes_and_gradients_have_the_type_of_the_membrane(name, dtype):
  z = jnp.asarray([-0.5, 0.0, 0.5], dtype)
  spikes, pullback = jax.vjp(FACTORIES[name](), z)
  assert spikes.dtype == dtype
  assert pullback(spikes)[0].dtype == dtype


def test_stochastic_operator_draws_anew_for_each_membrane():
  with jax.enable_x64(True):
    spike_fn = surrogate.stochastic_spike_operator(jax.random.key(0), 0.0, 0.2)
    slopes = derivative(spike_fn, np.linspace(-2, 2, 1001))
    again = derivative(spike_fn, np.linspace(-2, 2, 1001))
    other = derivative(spike_fn, np.linspace(-2.1, 2, 1001))
  np.testing.assert_array_equal(slopes, again)
  assert (slopes[501:] == 1).all()
  below = slopes[:501]
  assert below.min() >= -0.1
  assert below.max() < 0.1
  np.testing.assert_allclose(below.mean(), 0, atol=0.01)
  np.testing.assert_allclose(below.std(), 0.2 / 12**0.5, rtol=0.1)
  assert not np.isclose(below[:450], other[:450]).all()


def test_stochastic_operator_draws_for_each_neuron_alone():
  spike_fn = surrogate.stochastic_spike_operator(jax.random.key(0))
  z = np.linspace(-2, -1, 12, dtype=np.float32).reshape(2, 3, 2)
  each = [derivative(spike_fn, step) for step in z]
  np.testing.assert_array_equal(derivative(spike_fn, z), each)
  np.testing.assert_array_equal(derivative(spike_fn, z[0, 1:]), each[0][1:])


def test_parameters_may_be_traced_and_are_not_trained():
  z = jnp.asarray(Z, jnp.float32)

  def total(slope, z):
    return surrogate.fast_sigmoid(slope)(z).sum()

  by_slope, by_z = jax.jit(jax.grad(total, (0, 1)))(7.0, z)
  assert by_slope == 0
  np.testing.assert_allclose(by_z, 1 / (7 * np.abs(Z) + 1) ** 2, rtol=1e-6)
  many = jax.vmap(jax.grad(total, 1), (0, None))(jnp.array([1.0, 7.0]), z)
  np.testing.assert_allclose(many[1], by_z)
  assert not np.allclose(many[0], many[1])


def test_a_derivative_of_ones_own_takes_one_line():
  spike_fn = surrogate.surrogate(lambda z: jnp.exp(-jnp.abs(z)))
  np.testing.assert_allclose(
    derivative(spike_fn, Z.astype(np.float32)), np.exp(-np.abs(Z)), rtol=1e-6
  )


def test_jit_vmap_and_grad_agree_with_each_other():
  spike_fn = surrogate.arctan()
  z = jnp.linspace(-1.0, 1.0, 12).reshape(3, 4)
  plain = derivative(spike_fn, z)
  gradient = jax.grad(lambda z: spike_fn(z).sum())
  np.testing.assert_allclose(jax.jit(gradient)(z), plain, rtol=1e-6)
  np.testing.assert_allclose(jax.vmap(gradient)(z), plain, rtol=1e-6)
  np.testing.assert_array_equal(jax.vmap(spike_fn)(z), spike_fn(z))


def test_gradient_is_scaled_by_what_comes_from_above():
  spike_fn = surrogate.fast_sigmoid(25.0)
  gradient = jax.grad(lambda z: (3.0 * spike_fn(z)).sum())(jnp.array([0.1]))
  np.testing.assert_allclose(gradient, 3 * 0.08163265, rtol=1e-6)


def test_inhibition_leaves_the_foremost_of_each_example():
  spike_fn = surrogate.inhibit(surrogate.straight_through())
  z = jnp.array([[0.3, 0.2, 0.9], [0.5, 0.5, -1.0], [-3.0, -2.0, -1.0]])
  spikes, pullback = jax.vjp(spike_fn, z)
  np.testing.assert_array_equal(spikes, [[0, 0, 1], [1, 0, 0], [0, 0, 0]])
  np.testing.assert_array_equal(
    pullback(jnp.ones((3, 3)))[0], [[0, 0, 1], [1, 0, 0], [0, 0, 1]]
  )
