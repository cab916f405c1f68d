# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The spiking LSTM against Flax's cell with the same weights."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, convolution, simulate, synapses
from snnjax.neurons import reset, slstm

GATES = 'ifgo'


def test_membrane_is_the_hidden_state_of_an_lstm():
  units, xs = 3, jax.random.normal(jax.random.key(0), (6, 2, 5))
  theirs = nn.OptimizedLSTMCell(units)
  carry = theirs.initialize_carry(jax.random.key(1), xs[0].shape)
  weights = theirs.init(jax.random.key(2), carry, xs[0])
  net = combinators.serial(
    gates=synapses.dense(4 * units, use_bias=False),
    units=slstm(synapses.dense(4 * units), 0.05),
  )
  params = net.init(jax.random.key(3), (5,))
  leaves = weights['params']

  def joined(prefix, leaf):
    return jnp.concatenate([leaves[prefix + g][leaf] for g in GATES], axis=-1)

  params['gates'] = {'kernel': joined('i', 'kernel')}
  recurrence = {'kernel': joined('h', 'kernel'), 'bias': joined('h', 'bias')}
  params['units'] = params['units']._replace(recurrence=recurrence)
  simulation = jax.jit(functools.partial(simulate.simulate, net))(params, xs)
  states, _ = simulation.trace['units']
  apply = jax.jit(theirs.apply)
  for t in range(6):
    carry, hidden = apply(weights, carry, xs[t])
    np.testing.assert_allclose(states.membrane[t], hidden, atol=1e-6)
    np.testing.assert_allclose(states.memory[t], carry[0], atol=1e-6)
    np.testing.assert_array_equal(simulation.outputs[t], hidden > 0.05)
  assert 0 < simulation.outputs.mean() < 1


def test_convolutional_units_pool_their_spikes_not_their_state():
  cell = slstm(
    synapses.conv(8, 3, padding='SAME'),
    0.05,
    pool=lambda u: convolution.max_pool(u, 2),
  )
  xs = jax.random.normal(jax.random.key(0), (3, 2, 4, 4, 8))
  params = cell.init(jax.random.key(1), xs.shape[2:])
  outputs, (states, _), _ = simulate.simulate(cell, params, xs)
  assert outputs.shape == (3, 2, 2, 2, 2)
  assert states.membrane.shape == (3, 2, 4, 4, 2)
  squares = np.asarray(states.membrane).reshape(3, 2, 2, 2, 2, 2, 2)
  np.testing.assert_array_equal(outputs, squares.max((3, 5)) > 0.05)


def test_reset_to_zero_wipes_the_new_membrane():
  cell = slstm(synapses.dense(4), 0.1, reset=reset.to_zero)
  params = cell.init(jax.random.key(0), (4,))
  spikes = simulate.simulate(
    cell, params, jnp.full((1, 1, 4), 3.0), num_steps=5
  ).outputs
  np.testing.assert_array_equal(spikes[:, 0, 0], [1, 0, 1, 0, 1])


def test_gates_that_do_not_come_in_fours_are_an_error():
  with pytest.raises(ValueError, match=r'4·N\]; got \(6,\)'):
    slstm(synapses.dense(4)).init(jax.random.key(0), (6,))


def test_a_recurrence_of_another_width_is_an_error():
  with pytest.raises(ValueError, match=r'gates \(8,\); got \(1,\)'):
    slstm(synapses.dense(1)).init(jax.random.key(0), (8,))
