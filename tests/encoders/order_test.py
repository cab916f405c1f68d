# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The other encoders of BindsNET, each by its definition."""

import jax
import jax.numpy as jnp
import numpy as np

from snnjax import encoders

KEY = jax.random.key(0)


def test_bernoulli_draws_in_proportion():
  values = jnp.array([0.0, 0.25, 1.0])
  spikes = encoders.bernoulli(KEY, values, num_steps=4000, largest=0.5)
  np.testing.assert_allclose(
    np.mean(spikes, axis=0), [0, 0.125, 0.5], atol=0.03
  )


def test_bernoulli_divides_by_a_maximum_above_one_only():
  spikes = encoders.bernoulli(KEY, jnp.array([4.0, 2.0]), num_steps=4000)
  np.testing.assert_allclose(np.mean(spikes, axis=0), [1, 0.5], atol=0.03)


def test_approximate_poisson_fires_with_the_probability_of_its_formula():
  rates = jnp.array([0.0, 128.0])
  spikes = encoders.approximate_poisson(KEY, rates, num_steps=20000)
  z = np.abs(np.random.default_rng(0).standard_normal((20000, 2)))
  expected = np.mean(z ** ((np.array([0, 128]) * 0.11 + 5) / 50) < 0.6, axis=0)
  np.testing.assert_allclose(np.mean(spikes, axis=0), expected, atol=0.015)


def test_rates_may_be_whole_numbers():
  rates = np.full(1000, 2000)  # |z|^4.5 < 0.6, in 63 of 100 cases
  spikes = encoders.approximate_poisson(jax.random.key(0), rates, num_steps=2)
  assert 0.5 < np.mean(spikes) < 0.7


def test_repeat_and_silence():
  spikes = jnp.array([True, False])
  assert encoders.repeat(spikes, num_steps=3).tolist() == [[True, False]] * 3
  assert encoders.silence(spikes, num_steps=3).tolist() == [[False] * 2] * 3


def test_single_lets_the_largest_fire_first():
  values = jnp.array([0.1, 0.9, 0.5, 0.7])
  spikes = encoders.single(values, num_steps=3)
  assert spikes[0].tolist() == [False, True, False, True]
  assert not np.any(spikes[1:])
  fires = encoders.single(values, num_steps=1, sparsity=0.75)
  assert fires[0].tolist() == [False, True, True, True]


def test_rank_order_is_the_earlier_the_larger():
  spikes = encoders.rank_order(jnp.array([1.0, 0.5, 0.2, 0.0]), num_steps=10)
  # 1/v = 1, 2, 5: ceilings 2, 4, 10; the last is not before the end.
  assert np.argwhere(np.asarray(spikes)).tolist() == [[1, 0], [3, 1]]
