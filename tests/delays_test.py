# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Delays against shifted arrays, and a delay that is learnt."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import delays, simulate

T = 9
XS = np.random.default_rng(0).normal(size=(T, 2, 3)).astype(np.float32)


def shifted(xs, steps):
  """xs[t - steps], linearly between whole steps; 0 before the start."""
  whole, part = int(steps), steps - int(steps)
  padded = np.concatenate([np.zeros((whole + 1, *xs.shape[1:])), xs])
  return (1 - part) * padded[1:][:T] + part * padded[:T]


def unroll(cell, params, xs):
  return jax.jit(functools.partial(simulate.simulate, cell))(params, xs).outputs


def test_each_neuron_has_its_own_delay():
  steps = np.array([0.0, 1.0, 2.75])
  cell = delays.delay(3, initial=steps)
  ys = unroll(cell, cell.init(jax.random.key(0), (3,)), XS)
  for n, d in enumerate(steps):
    np.testing.assert_allclose(ys[..., n], shifted(XS[..., n], d), atol=1e-6)


def test_one_delay_for_all_of_an_image():
  xs = XS.reshape(T, 2, 3, 1)
  cell = delays.delay(2, initial=2.0)
  ys = unroll(cell, cell.init(jax.random.key(0), (3, 1)), xs)
  np.testing.assert_allclose(ys, shifted(xs, 2.0), atol=1e-6)


def test_delays_start_anywhere_in_their_range():
  params = delays.delay(5).init(jax.random.key(0), (1000,))
  assert 0 <= params['delay'].min() < 0.1
  assert 4.9 < params['delay'].max() <= 5


def test_each_synapse_has_its_own_weight_and_delay():
  cell = delays.delayed_dense(2, 4)
  params = cell.init(jax.random.key(0), (3,))
  ys = unroll(cell, params, XS)
  expected = np.zeros((T, 2, 2))
  for i in range(3):
    for o in range(2):
      d, weight = params['delay'][i, o], params['kernel'][i, o]
      expected[..., o] += weight * shifted(XS[..., i], float(d))
  np.testing.assert_allclose(ys, expected, atol=1e-5)


def test_all_to_all_delays_of_images_are_an_error():
  with pytest.raises(ValueError, match=r'vectors.*\(4, 4, 1\).*flatten'):
    delays.delayed_dense(2, 3).init(jax.random.key(0), (4, 4, 1))


def test_gaussian_is_a_weighted_mean_that_narrows_to_a_shift():
  distance = jnp.arange(6.0)[:, None] - jnp.array([[0.0, 2.0, 4.3]])
  for sigma in (0.05, 1.0, 10.0):
    np.testing.assert_allclose(
      delays.gaussian(sigma)(distance).sum(0), 1, rtol=1e-6
    )
  np.testing.assert_allclose(
    delays.gaussian(0.05)(distance), np.eye(6)[:, [0, 2, 4]], atol=1e-6
  )


@pytest.mark.parametrize(
  ('initial', 'low'), [(1.4, 1), (0.0, 0), (1.0, 1), (3.0, 2)]
)
def test_gradient_of_a_delay_is_the_slope_between_two_steps(initial, low):
  cell = delays.delay(3, initial=initial)
  params = cell.init(jax.random.key(0), (3,))

  def last(params):
    return simulate.simulate(cell, params, jnp.asarray(XS)).outputs[-1].sum()

  slope = (XS[-2 - low] - XS[-1 - low]).sum()
  np.testing.assert_allclose(jax.grad(last)(params)['delay'], slope, rtol=1e-5)


def test_a_delay_can_be_learnt():
  time = np.arange(40)[:, None, None]
  xs = jnp.asarray(np.exp(-0.5 * ((time - 10) / 3.0) ** 2), jnp.float32)
  target = jnp.asarray(np.exp(-0.5 * ((time - 16.3) / 3.0) ** 2), jnp.float32)
  cell = delays.delay(10, initial=2.0)

  def loss(params):
    ys = simulate.simulate(cell, params, xs).outputs
    return jnp.mean(jnp.square(ys - target))

  @jax.jit
  def descend(params):
    def body(_, params):
      return jax.tree.map(
        lambda p, g: p - 20 * g, params, jax.grad(loss)(params)
      )

    return jax.lax.fori_loop(0, 200, body, params)

  learnt = descend(cell.init(jax.random.key(0), (1,)))
  np.testing.assert_allclose(learnt['delay'], 6.3, atol=0.05)
