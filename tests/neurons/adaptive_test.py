# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The adaptive threshold: what it does, and what it remembers."""

import jax
import jax.numpy as jnp
import numpy as np

from snnjax import simulate, surrogate
from snnjax.neurons import adaptive_lif, lif


def test_follows_the_published_recursion(respond):
  decay, threshold, rho, strength = 0.9, 1.0, 0.8, 0.5
  inputs = np.random.default_rng(0).uniform(0, 1.5, 40)
  cell = adaptive_lif(decay, threshold, rho, strength)
  response = respond(cell, inputs)
  v = a = z = 0.0
  for t, x in enumerate(inputs):
    a = rho * a + z
    v = decay * v + x - z * threshold
    z = float(v > threshold + strength * a)
    np.testing.assert_allclose(response.states.membrane[t], v)
    np.testing.assert_allclose(response.states.adaptation[t], a, atol=1e-12)
    assert response.outputs[t] == z
  assert 3 < response.outputs.sum() < 30


def test_without_adaptation_it_is_lif(respond):
  assert respond(adaptive_lif(0.9, 1.0, 0.9, 0.0)).flags == (
    respond(lif(0.9)).flags
  )


def test_fires_ever_more_slowly_under_a_constant_input(respond):
  response = respond(adaptive_lif(0.9, 1.0, 0.995, 0.3), [0.6] * 300)
  intervals = np.diff(np.flatnonzero(response.outputs))
  assert intervals[0] < intervals[-1]
  assert (np.diff(intervals) >= -1).all()


def test_gradient_reaches_a_spike_long_ago_through_the_adaptation():
  """The membrane forgets at once; only the adaptation links the two steps."""
  xs = jnp.zeros((20, 1, 1)).at[0].set(1.2).at[-1].set(1.05)

  def last_spike(xs, strength):
    cell = adaptive_lif(
      0.0, 1.0, 0.99, strength, spike_fn=surrogate.triangular()
    )
    params = cell.init(jax.random.key(0), (1,))
    return simulate.simulate(cell, params, xs).outputs[-1, 0, 0]

  gradient = jax.grad(last_spike)(xs, 0.1)[:, 0, 0]
  barrier = 1.0 + 0.1 * 0.99**18  # the spike of step 0 enters A at step 1
  slope = 1 - abs(1.05 - barrier)
  np.testing.assert_allclose(gradient[-1], slope, rtol=1e-5)
  expected = -slope * 0.1 * 0.99**18 * (1 - 0.2)
  np.testing.assert_allclose(gradient[0], expected, rtol=1e-5)
  np.testing.assert_array_equal(jax.grad(last_spike)(xs, 0.0)[0], 0)
