# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The time loop: lengths, keys, records, and what a policy keeps."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, dropout, policies, simulate, synapses
from snnjax.neurons import integrate_and_fire, leaky_integrator, lif

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
    synapses.flatten(), (), jnp.ones((1, 3, 2)), num_steps=5
  ).outputs
  np.testing.assert_array_equal(outputs, np.ones((5, 3, 2)))


@pytest.mark.parametrize('loop', [simulate.simulate, simulate.run])
def test_parameters_may_be_an_array(loop):
  cell = synapses.stateless(
    lambda key, in_shape: jnp.ones(in_shape), lambda gain, x: gain[None] * x
  )
  gain = jnp.array([2.0, 3.0])
  outputs = loop(cell, gain, jnp.ones((1, 3, 2)), num_steps=5)
  outputs = outputs.outputs if loop is simulate.simulate else outputs[1]
  np.testing.assert_array_equal(outputs, [[[2, 3]] * 3] * 5)


def test_run_of_a_constant_input_is_that_of_the_repeated_one():
  cell = combinators.serial(
    dense=synapses.dense(4), lif=lif(), out=synapses.dense(2)
  )
  params = cell.init(jax.random.key(0), (3,))
  xs = jax.random.normal(jax.random.key(1), (1, 2, 3))
  hoisted = simulate.run(cell, params, xs, num_steps=5)
  repeated = simulate.run(cell, params, jnp.broadcast_to(xs, (5, 2, 3)))
  np.testing.assert_allclose(hoisted[1], repeated[1], rtol=1e-6)
  np.testing.assert_allclose(
    hoisted[0]['lif'].membrane, repeated[0]['lif'].membrane, rtol=1e-6
  )


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


POLICIES = policies.store_all, policies.pack_spikes, policies.rematerialise


@pytest.mark.parametrize('policy', POLICIES)
@pytest.mark.parametrize('length', [1, 7])
def test_blocks_of_any_length_make_the_same_simulation(policy, length):
  cell = combinators.serial(
    front=synapses.dense(4),
    lif=lif(),
    dropout=dropout.dropout(0.5),
    out=synapses.dense(2),
  )
  params = cell.init(jax.random.key(0), (3,))
  xs = jax.random.normal(jax.random.key(1), (length, 2, 3))

  @functools.partial(jax.jit, static_argnums=1)
  def differentiate(params, block):
    def loss(params):
      memory = policy(block=block)
      key = jax.random.key(2)
      found = simulate.simulate(
        cell, params, xs, num_steps=7, key=key, memory=memory
      )
      return jnp.sum(jnp.square(found.outputs)), found

    return jax.grad(loss, has_aux=True)(params)

  expected = differentiate(params, 7)
  for block in (None, 1, 3, 20):
    got = differentiate(params, block)
    jax.tree.map(
      functools.partial(np.testing.assert_allclose, rtol=1e-5, atol=1e-6),
      got,
      expected,
    )


def test_what_is_constant_in_time_stays_so_in_blocks():
  cell = combinators.serial(dropout=dropout.dropout(0.5), lif=lif())
  xs = jnp.ones((1, 2, 3))
  trace = simulate.simulate(
    cell,
    cell.init(jax.random.key(0), (3,)),
    xs,
    num_steps=7,
    key=jax.random.key(0),
    memory=policies.store_all(block=3),
  ).trace
  assert trace['dropout'][1].shape == (1, 2, 3)
  assert trace['lif'][1].shape == (7, 2, 3)


def test_a_batch_may_be_empty():
  outputs = simulate.simulate(CELL, PARAMS, jnp.ones((3, 0, 4, 4, 2))).outputs
  assert outputs.shape == (3, 0, 4, 4, 2)


@pytest.mark.parametrize('truncate', [1, 2, 3, 5, 9])
def test_truncation_ends_the_gradient_of_a_sum_in_closed_form(truncate):
  """∂/∂I[t] of the last U is βᵏ within the last stretch, 0 before."""
  cell = leaky_integrator(0.5)
  params = cell.init(jax.random.key(0), (1,))

  def last(xs):
    memory = policies.store_all(block=truncate, truncate=True)
    return simulate.simulate(cell, params, xs, memory=memory).outputs[-1].sum()

  gradient = jax.grad(last)(jnp.ones((7, 1, 1)))[:, 0, 0]
  begin = 6 // truncate * truncate
  expected = np.where(np.arange(7) < begin, 0, 0.5 ** (6 - np.arange(7.0)))
  np.testing.assert_allclose(gradient, expected)


@pytest.mark.parametrize('block', [3, 7])
@pytest.mark.parametrize('policy', POLICIES)
def test_truncation_leaves_the_first_block_where_it_started(policy, block):
  cell = integrate_and_fire(1.0, charge=0.3)
  xs = jnp.full((7, 1, 1), 0.4)

  def membrane(params, step, **memory):
    found = simulate.simulate(cell, params, xs, memory=policy(**memory))
    return found.trace[0].membrane[step].sum()

  params = cell.init(jax.random.key(0), (1,))
  for step in (block - 1, 6):
    gradient = jax.grad(membrane)(params, step, block=block, truncate=True)
    whole = jax.grad(membrane)(params, step)
    assert whole.charge != 0
    expected = whole.charge if step < block else 0
    np.testing.assert_allclose(gradient.charge, expected)


@pytest.mark.parametrize('num_steps', [None, 0])
@pytest.mark.parametrize('loop', [simulate.simulate, simulate.run])
def test_there_is_a_step(loop, num_steps):
  cell = leaky_integrator(0.5)
  params = cell.init(jax.random.key(0), (1,))
  with pytest.raises(ValueError, match='at least one step'):
    loop(cell, params, jnp.ones((0, 1, 1)), num_steps=num_steps)


@pytest.mark.parametrize('policy', POLICIES)
@pytest.mark.parametrize('wrong', [{'block': 0}, {'truncate': True}])
def test_a_block_must_have_a_length(policy, wrong):
  with pytest.raises(ValueError, match='at least one step, and be given'):
    policy(**wrong)


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

  kept, packed, again = (peak(policy(block=16)) for policy in POLICIES)
  assert again < packed < kept


def test_key_reaches_the_cells_that_draw():
  cell, xs = dropout.dropout(0.5), jnp.ones((2, 3, 50))
  first, again, other = (
    simulate.simulate(cell, (), xs, key=jax.random.key(k)).outputs
    for k in (0, 0, 1)
  )
  np.testing.assert_array_equal(first, again)
  assert not np.array_equal(first, other)
