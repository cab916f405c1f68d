# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Neurons that nothing resets: readout, delta, filter, rectified."""

import jax
import jax.numpy as jnp
import numpy as np

from snnjax import simulate
from snnjax.neurons import (
  delta_leaky,
  leaky_filter,
  leaky_integrator,
  rectified_leaky,
)

INPUTS = np.random.default_rng(3).normal(0.4, 1.0, 23)


def filtered(decay):
  """U[t] = Σ βᵏ·I[t-k], summed term by term."""
  return np.array(
    [sum(decay**k * INPUTS[t - k] for k in range(t + 1)) for t in range(23)]
  )


def test_readout_is_the_filtered_input(respond):
  response = respond(leaky_integrator(0.8), INPUTS)
  np.testing.assert_allclose(response.outputs, filtered(0.8), rtol=1e-9)


def test_filter_equals_its_sum(respond):
  """StateLeaky(β = 0.5): the true decay is exp(β - 1)."""
  decay = np.exp(0.5 - 1)
  response = respond(leaky_filter(decay), INPUTS)
  np.testing.assert_allclose(response.states.membrane, filtered(decay))
  np.testing.assert_array_equal(response.outputs, filtered(decay) > 1)


def test_filter_of_no_leak_and_of_no_memory(respond):
  for decay in (0.0, 1.0):
    membrane = respond(leaky_filter(decay), INPUTS).states.membrane
    np.testing.assert_allclose(membrane, filtered(decay), atol=1e-12)


def test_filter_of_spikes_that_are_no_floats():
  spikes = np.array([1, 0, 1, 1], np.uint8)
  cell = leaky_filter(0.5)
  params = cell.init(jax.random.key(0), (1,))
  xs = jnp.asarray(spikes)[:, None, None]
  first = simulate.simulate(cell, params, xs[:2])
  rest = simulate.simulate(cell, params, xs[2:], state=first.state)
  np.testing.assert_allclose(
    rest.trace[0].membrane[:, 0, 0], [1.25, 1.625], rtol=1e-6
  )


def test_filter_is_precise_over_many_steps():
  cell = leaky_filter(0.99)
  params = cell.init(jax.random.key(0), (1,))
  unroll = jax.jit(
    lambda xs: simulate.simulate(cell, params, xs, num_steps=1025)
  )
  membrane = unroll(jnp.ones((1, 1, 1))).trace[0].membrane[:, 0, 0]
  expected = (1 - 0.99 ** np.arange(1, 1026)) / 0.01
  np.testing.assert_allclose(membrane, expected, rtol=1e-5)


def test_delta_fires_where_the_membrane_jumps_either_way(respond):
  response = respond(delta_leaky(1.0, 0.5), [1.0, 0.2, -0.3, -0.6, 0.5, 0.51])
  assert response.flags == '100101'
  np.testing.assert_allclose(
    response.states.membrane, [1, 1.2, 0.9, 0.3, 0.8, 1.31]
  )


def test_rectified_membrane_forgets_what_is_negative(respond):
  response = respond(rectified_leaky(0.5), [3.0, -2.0, 0.5, 1.1, 0.5])
  np.testing.assert_allclose(response.states.membrane, [3, 0, 0.5, 1.35, 1.175])
  assert response.flags == '10011'


def test_silence_does_not_move_a_delta_neuron():
  cell = delta_leaky(0.9, 0.1)
  params = cell.init(jax.random.key(0), (1,))

  def spikes(xs):
    return simulate.simulate(cell, params, xs).outputs.sum()

  assert not jax.grad(spikes)(jnp.zeros((4, 1, 1))).any()
