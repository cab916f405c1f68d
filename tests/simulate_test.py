# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The time loop: lengths, keys, records, and what a policy keeps."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, dropout, simulate, synapses
from snnjax.neurons import leaky_integrator, lif

CELL = leaky_integrator(0.5)
PARAMS = CELL.init(jax.random.key(0), (2,))


def test_a_constant_input_needs_a_number_of_steps():
  with pytest.raises(ValueError, match=r'num_steps=; got \(1, 3, 2\)'):
    simulate.simulate(CELL, PARAMS, jnp.ones((1, 3, 2)))


@pytest.mark.parametrize('loop', [simulate.simulate, simulate.run])
def test_lengths_that_contradict_each_other_are_an_error(loop):
  with pytest.raises(ValueError, match=r'num_steps = 5 or 1; got \(4, 3, 2\)'):
    loop(CELL, PARAMS, jnp.ones((4, 3, 2)), num_steps=5)


def test_a_constant_network_still_gives_one_output_per_step():
  outputs = simulate.simulate(
    synapses.scale(2.0), (), jnp.ones((1, 3, 2)), num_steps=5
  ).outputs
  np.testing.assert_array_equal(outputs, np.full((5, 3, 2), 2))


def test_run_records_what_it_is_asked_to():
  state, membranes = simulate.run(
    CELL,
    PARAMS,
    jnp.ones((1, 3, 2)),
    num_steps=3,
    record=lambda state, y: state.membrane[:, 0],
  )
  np.testing.assert_allclose(membranes[:, 0], [1, 1.5, 1.75])
  np.testing.assert_allclose(state.membrane, 1.75 * np.ones((3, 2)))


def test_chunked_scan_is_the_scan_for_every_chunk():
  xs = {'x': jnp.arange(1.0, 12.0)}

  def body(carry, x):
    carry = 0.5 * carry + jnp.sin(x['x'])
    return carry, {'y': carry, 'z': carry**2}

  expected = jax.lax.scan(body, 0.0, xs)
  for chunk in (None, 1, 3, 4, 11, 20):
    for policy in (simulate.rematerialise, simulate.pack_spikes):
      got = policy(chunk).scan(body, 0.0, xs)
      assert jax.tree.structure(got) == jax.tree.structure(expected)
      for a, b in zip(*map(jax.tree.leaves, (got, expected)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


@pytest.mark.parametrize('truncate', [1, 2, 3, 5, 9])
def test_truncation_ends_the_gradient_of_a_sum_in_closed_form(truncate):
  """∂/∂I[t] of the last U is βᵏ within the last stretch, 0 before."""
  cell = leaky_integrator(0.5)
  params = cell.init(jax.random.key(0), (1,))

  def last(xs):
    memory = simulate.store_all(truncate=truncate)
    return simulate.simulate(cell, params, xs, memory=memory).outputs[-1].sum()

  gradient = jax.grad(last)(jnp.ones((7, 1, 1)))[:, 0, 0]
  begin = 6 // truncate * truncate
  expected = np.where(np.arange(7) < begin, 0, 0.5 ** (6 - np.arange(7.0)))
  np.testing.assert_allclose(gradient, expected)


def test_a_policy_that_keeps_less_takes_less_memory():
  cell = combinators.serial(
    lif1=lif(), dense1=synapses.dense(64), lif2=lif(), dense2=synapses.dense(64)
  )
  params = cell.init(jax.random.key(0), (64,))
  xs = jnp.ones((256, 4, 64))

  def peak(memory):
    def loss(params):
      return simulate.simulate(cell, params, xs, memory=memory).outputs.sum()

    compiled = jax.jit(jax.grad(loss)).lower(params).compile()
    return compiled.memory_analysis().temp_size_in_bytes

  assert peak(simulate.pack_spikes()) < peak(simulate.store_all())


def test_key_reaches_the_cells_that_draw():
  cell, xs = dropout.dropout(0.5), jnp.ones((2, 3, 50))
  first, again, other = (
    simulate.simulate(cell, (), xs, key=jax.random.key(k)).outputs
    for k in (0, 0, 1)
  )
  np.testing.assert_array_equal(first, again)
  assert not np.array_equal(first, other)
