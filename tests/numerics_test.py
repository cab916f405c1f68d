# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Finite values, finite gradients, and the sign estimator of spike steps."""

import jax
import jax.numpy as jnp
import numpy as np

from snnjax import numerics

HOSTILE = jnp.array([-1e30, -1.0, -0.0, 0.0, 1e-38, 1e-20, 1.0, 1e30])


def test_safe_sqrt_is_plain_for_positive_arguments():
  x = np.array([1e-30, 0.3, 1.0, 7.0, 1e30], np.float32)
  np.testing.assert_allclose(numerics.safe_sqrt(x), np.sqrt(x), rtol=1e-6)


def test_safe_sqrt_is_finite_and_flat_where_not_positive():
  values = numerics.safe_sqrt(HOSTILE)
  gradient = jax.grad(lambda x: numerics.safe_sqrt(x).sum())(HOSTILE)
  assert np.isfinite(values).all()
  assert np.isfinite(gradient).all()
  np.testing.assert_array_equal(gradient[:4], 0)


def test_safe_divide_gives_zero_over_zero():
  numerator = jnp.array([0.0, 1.0, 6.0])
  denominator = jnp.array([0.0, 0.0, 3.0])

  def total(n, d):
    return numerics.safe_divide(n, d).sum()

  np.testing.assert_array_equal(
    numerics.safe_divide(numerator, denominator), [0, 0, 2]
  )
  by_numerator, by_denominator = jax.grad(total, (0, 1))(numerator, denominator)
  np.testing.assert_allclose(by_numerator, [0, 0, 1 / 3], rtol=1e-6)
  np.testing.assert_allclose(by_denominator, [0, 0, -2 / 3], rtol=1e-6)


def test_masked_mean_ignores_padding_even_if_it_is_nan():
  values = jnp.array([1.0, jnp.nan, 3.0, jnp.inf])
  mask = jnp.array([1.0, 0.0, 1.0, 0.0])
  mean, gradient = jax.value_and_grad(numerics.masked_mean)(values, mask)
  assert mean == 2
  np.testing.assert_array_equal(gradient, [0.5, 0, 0.5, 0])


def test_masked_mean_of_nothing_is_zero():
  mean, gradient = jax.value_and_grad(numerics.masked_mean)(
    jnp.ones(3), jnp.zeros(3)
  )
  assert mean == 0
  np.testing.assert_array_equal(gradient, 0)


def test_spike_steps_finds_each_spike_and_its_sign():
  spikes = jnp.array([[0, 1, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0.0]])
  steps, pullback = jax.vjp(lambda s: numerics.spike_steps(s, 2), spikes)
  np.testing.assert_array_equal(steps, [[1, 0, 3], [3, 3, 3]])
  (gradient,) = pullback(jnp.array([[10, 20, 30], [1, 2, 3.0]]))
  expected = np.zeros((4, 3))
  expected[1, 0], expected[3, 0] = -10, -1
  expected[0, 1], expected[3, 1] = -20, -2
  expected[3, 2] = -33  # silent: both spikes are missed at the last step
  np.testing.assert_array_equal(gradient, expected)


def test_spike_steps_counts_exactly_in_half_precision():
  spikes = jnp.zeros((1000, 1), jnp.bfloat16).at[601].set(1)
  assert numerics.spike_steps(spikes)[0, 0] == 601
  gradient = jax.grad(lambda s: numerics.spike_steps(s).sum())(spikes)
  assert gradient.dtype == jnp.bfloat16
  assert gradient[601, 0] == -1
  assert jnp.abs(gradient).sum() == 1


def test_spike_steps_of_one_step():
  np.testing.assert_array_equal(
    numerics.spike_steps(jnp.array([[0.0, 1.0]])), [[0, 0]]
  )
