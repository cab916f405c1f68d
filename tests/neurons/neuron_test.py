# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Parameters of a neuron, and an equation of one's own."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import simulate
from snnjax.neurons import fired, lif, neuron, value, values, zeros
from snnjax.surrogate import arctan


def test_value_takes_a_number_an_array_or_an_initialiser():
  key, shape = jax.random.key(0), (4, 3)
  assert value(0.5, key, shape) == 0.5
  assert value(np.ones(3), key, shape).shape == (3,)
  np.testing.assert_array_equal(
    value(jax.random.normal, key, shape), jax.random.normal(key, shape)
  )


@pytest.mark.parametrize('array', [np.ones(4), np.ones((2, 4, 3))])
def test_value_that_does_not_fit_is_an_error(array):
  with pytest.raises(ValueError, match=r'to its layer \(4, 3\); got'):
    value(array, jax.random.key(0), (4, 3))


def test_initialisers_get_keys_of_their_own():
  cell = lif(jax.random.uniform, jax.random.uniform)
  decay, threshold = cell.init(jax.random.key(0), (3,))
  assert not np.isclose(decay, threshold).any()


@pytest.mark.parametrize('shape', [(), (3,), (2, 3), (5, 2, 3)])
def test_parameters_broadcast_over_the_batch(shape):
  cell = lif(np.full(shape, 0.5))
  xs = jax.random.uniform(jax.random.key(1), (4, 2, 5, 2, 3), maxval=2.0)
  per_neuron = simulate.simulate(
    cell, cell.init(jax.random.key(0), (5, 2, 3)), xs
  )
  scalar = simulate.simulate(lif(0.5), lif(0.5).init(jax.random.key(0), ()), xs)
  np.testing.assert_array_equal(per_neuron.outputs, scalar.outputs)


def test_spikes_may_be_bools():
  cell = lif(0.5, 0.8)
  params = cell.init(jax.random.key(0), (3,))
  xs = jax.random.bernoulli(jax.random.key(1), 0.6, (5, 2, 3))

  def total(params, xs):
    return simulate.simulate(cell, params, xs).outputs.sum()

  grad = jax.value_and_grad(total)
  value_, gradient = grad(params, xs)
  assert value_ > 0
  expected = grad(params, xs.astype(float))
  jax.tree.map(np.testing.assert_array_equal, (value_, gradient), expected)


def test_an_equation_of_ones_own():
  """A quadratic neuron in a dozen lines, as the documentation promises."""

  class Params(NamedTuple):
    threshold: jax.Array

  class State(NamedTuple):
    membrane: jax.Array

  def init(key, in_shape):
    return values(Params, key, in_shape, threshold=np.array([1.0, 4.0]))

  def step(params, state, x):
    has_fired = fired(arctan(), state.membrane, params.threshold)
    membrane = (1 - has_fired) * jnp.square(state.membrane) + x
    return State(membrane), arctan()(membrane - params.threshold)

  cell = neuron(init, zeros(State), step)
  params = cell.init(jax.random.key(0), (2,))
  xs = jnp.full((1, 1, 2), 0.9)
  simulation = simulate.simulate(cell, params, xs, num_steps=4)
  np.testing.assert_allclose(
    simulation.trace[0].membrane[:, 0],
    [[0.9, 0.9], [1.71, 1.71], [0.9, 3.8241], [1.71, 15.52374081]],
    rtol=1e-6,
  )
  np.testing.assert_array_equal(
    simulation.outputs[:, 0], [[0, 0], [1, 0], [0, 0], [1, 1]]
  )
