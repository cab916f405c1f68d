# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A recurrence in place, beside a scan."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.neurons.recurrence import trajectory

T, B, N = 6, 3, 4


def _leaky(params, state, x):
  return params * state + x


def _product(params, state, x):
  """Needs the input for its gradient."""
  return jnp.tanh(params * state * x + x**2)


def _two_leaves(params, state, x):
  current, membrane = state
  current = params * current + jnp.sin(x)
  return current, 0.5 * membrane * jnp.cos(current) + current


def _of_another_shape(params, state, x):
  return params * state + x[..., None]


def _by_scan(step, params, state, xs):
  def body(state, x):
    state = step(params, state, x)
    return state, state

  return jax.lax.scan(body, state, xs)


CASES = {
  'leaky': (_leaky, jnp.zeros((B, N))),
  'product': (_product, jnp.full((B, N), 0.3)),
  'two_leaves': (_two_leaves, (jnp.ones((B, N)), jnp.ones((B, N)))),
  'another_shape': (_of_another_shape, jnp.ones((B, N, 2))),
}


def test_inputs_wider_than_the_state_are_an_error():
  half = jnp.zeros((B, N), jnp.bfloat16)
  message = 'bfloat16; a step with inputs of float32 makes it float32'
  with pytest.raises(TypeError, match=message):
    trajectory(_leaky, jnp.bfloat16(0.5), half, jnp.ones((T, B, N)))


def test_whole_parameters_count_as_floats():
  xs = jnp.ones((T, B, N))

  def loss(xs, factor):
    return trajectory(_leaky, factor, jnp.zeros((B, N)), xs)[0].sum()

  for factor in (2, jnp.asarray(2)):
    np.testing.assert_array_equal(
      jax.grad(loss)(xs, factor), jax.grad(loss)(xs, 2.0)
    )


@pytest.mark.parametrize('num_steps', [1, 2, T])
@pytest.mark.parametrize('case', CASES)
def test_trajectory_and_its_gradient_are_those_of_a_scan(case, num_steps):
  step, state = CASES[case]
  keys = iter(jax.random.split(jax.random.key(0), 9))
  xs = jax.random.normal(next(keys), (num_steps, B, N))
  decay = jax.random.uniform(next(keys))
  shapes = jax.eval_shape(lambda: _by_scan(step, decay, state, xs))
  weights = jax.tree.map(
    lambda leaf: jax.random.normal(next(keys), leaf.shape), shapes
  )

  def loss(through_time, *args):
    found = through_time(step, *args)
    parts = jax.tree.map(lambda w, y: jnp.sum(w * y), weights, found)
    return sum(jax.tree.leaves(parts)), found

  found, expected = (
    jax.jit(
      jax.value_and_grad(
        lambda *args, f=f: loss(f, *args), argnums=(0, 1, 2), has_aux=True
      )
    )(decay, state, xs)
    for f in (trajectory, _by_scan)
  )
  jax.tree.map(
    lambda a, b: np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-6),
    found,
    expected,
  )


def test_what_a_step_closes_over_has_its_gradient():
  xs = jnp.ones((T, B, N))

  def loss(through_time, decay):
    last, _ = through_time(
      lambda params, state, x: decay * state + x, (), jnp.zeros((B, N)), xs
    )
    return last.sum()

  found, expected = (
    jax.grad(lambda decay, f=f: loss(f, decay))(0.5)
    for f in (trajectory, _by_scan)
  )
  np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_neither_pass_copies_or_makes_an_array_of_all_steps():
  num_steps = 64  # else XLA may unroll
  xs = jnp.zeros((num_steps, 8, 32))

  def gradient(xs):
    states, pull_back = jax.vjp(
      lambda xs: trajectory(_leaky, 0.5, jnp.zeros((8, 32)), xs)[1], xs
    )
    return pull_back(jnp.cos(states))[0]

  compiled = jax.jit(gradient, donate_argnums=0).lower(xs).compile()
  memory = compiled.memory_analysis()
  assert memory.alias_size_in_bytes == xs.nbytes
  assert memory.temp_size_in_bytes < xs.nbytes / 4


def test_a_step_may_close_over_a_traced_key():
  xs = jnp.ones((T, B, N))

  def total(decay, key):
    def step(params, state, x):
      return params * state + x * jax.random.uniform(key, x.shape)

    return trajectory(step, decay, jnp.zeros((B, N)), xs)[0].sum()

  key = jax.random.key(0)
  compiled = jax.grad(jax.jit(total))(0.5, key)
  np.testing.assert_allclose(compiled, jax.grad(total)(0.5, key), rtol=1e-6)
