# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Levels, the nearest of them, and the gradient that ignores them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.neurons import (
  quantise,
  threshold_centred_levels,
  uniform_levels,
)


@pytest.mark.parametrize('num_bits', [1, 2, 4, 8])
@pytest.mark.parametrize('make', [uniform_levels, threshold_centred_levels])
def test_levels_span_their_limits(make, num_bits):
  levels = make(num_bits, threshold=2.0, lower_limit=0.1, upper_limit=0.3)
  assert levels.shape == (2**num_bits,)
  assert (np.diff(levels) > 0).all()
  np.testing.assert_allclose(levels[0], -2.2, rtol=1e-6)
  np.testing.assert_allclose(levels[-1], 2.6, rtol=1e-6)


def test_uniform_levels_are_even():
  np.testing.assert_allclose(
    uniform_levels(2, upper_limit=0.5), [-1, -1 / 6, 2 / 3, 1.5], rtol=1e-6
  )


def test_centred_levels_crowd_at_the_threshold():
  levels = threshold_centred_levels(3, upper_limit=0.2)
  expected = [-1, -0.125, 0.5, 0.875, 1.0125, 1.05, 1.1125, 1.2]
  np.testing.assert_allclose(levels, expected, atol=1e-6)


def test_takes_the_nearest_level_exactly():
  levels = np.array([-1.0, 0.1, 0.3, 1.2], np.float32)
  x = jnp.array([-9.0, -0.46, -0.44, 0.19, 0.21, 0.7, 0.8, 1e30])
  expected = levels[[0, 0, 1, 1, 2, 2, 3, 3]]
  np.testing.assert_array_equal(quantise(levels)(x), expected)


def test_gradient_is_one_everywhere():
  gradient = jax.grad(lambda x: quantise(uniform_levels(4))(x).sum())
  np.testing.assert_array_equal(gradient(jnp.linspace(-3.0, 3.0, 13)), 1)
