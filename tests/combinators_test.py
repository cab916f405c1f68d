# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What each combinator is for; that it is a cell, the contract test shows."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, simulate, synapses
from snnjax.neurons import leaky_integrator, lif, reset
from snnjax.neurons.neuron import out_shape


def spikes_of(cell, inputs):
  """Spikes of one neuron, as a string of flags."""
  params = cell.init(jax.random.key(0), (1,))
  xs = jnp.asarray(inputs, jnp.float32)[:, None, None]
  outputs = simulate.simulate(cell, params, xs).outputs
  return ''.join(str(int(s)) for s in outputs[:, 0, 0])


@pytest.mark.parametrize(
  ('num_steps', 'expected'),
  [(0, '1111111'), (1, '1010101'), (2, '1001001'), (9, '1000000')],
)
def test_refractory_neuron_is_silent_for_so_many_steps(num_steps, expected):
  cell = combinators.refractory(
    lif(0.0, reset=reset.to_zero), num_steps=num_steps
  )
  assert spikes_of(cell, [1.5] * 7) == expected


def test_refractory_neuron_loses_its_input_and_resets_when_it_thaws():
  cell = combinators.refractory(lif(1.0), num_steps=2)
  params = cell.init(jax.random.key(0), (1,))
  xs = jnp.array([1.5, 9.0, 9.0, 0.25, 0.25])[:, None, None]
  simulation = simulate.simulate(cell, params, xs)
  np.testing.assert_array_equal(simulation.outputs[:, 0, 0], [1, 0, 0, 0, 0])
  np.testing.assert_allclose(
    simulation.trace[0].neuron.membrane[:, 0, 0], [1.5, 1.5, 1.5, 0.75, 1.0]
  )


def test_feedback_comes_one_step_after_the_spike():
  cell = combinators.recurrent(
    lif(0.0, reset=reset.none), synapses.one_to_one(2.0)
  )
  assert spikes_of(cell, [0.0, 1.5, 0.0, -2.0, 0.0]) == '01100'


def test_feedback_of_another_shape_is_an_error():
  cell = combinators.recurrent(lif(), synapses.dense(3))
  with pytest.raises(ValueError, match=r'\(4,\); got \(3,\)'):
    cell.init(jax.random.key(0), (4,))


def test_a_sum_with_feedback_is_not_binary():
  cell = combinators.recurrent(synapses.flatten(), synapses.one_to_one())
  assert not cell.is_binary(True)


def test_residual_adds_the_input():
  cell = combinators.residual(synapses.one_to_one(3.0))
  params = cell.init(jax.random.key(0), (1,))
  outputs = simulate.simulate(cell, params, jnp.ones((2, 1, 1))).outputs
  np.testing.assert_array_equal(outputs, np.full((2, 1, 1), 4))


@pytest.mark.parametrize('num_steps', [1, 2])
def test_a_residual_block_of_another_shape_is_an_error(num_steps):
  cell = combinators.residual(synapses.dense(1))
  params = cell.init(jax.random.key(0), (3,))
  with pytest.raises(ValueError, match=r'inputs, \(2, 3\); got \(2, 1\)'):
    simulate.simulate(cell, params, jnp.ones((num_steps, 2, 3)), num_steps=2)


def test_feedback_is_of_the_type_of_the_parameters():
  cell = combinators.recurrent(lif(0.5), synapses.one_to_one())
  params = cell.init(jax.random.key(0), (3,))
  halves = jax.tree.map(lambda leaf: leaf.astype(jnp.bfloat16), params)
  xs = jnp.ones((2, 1, 3), jnp.bfloat16)
  outputs = simulate.simulate(cell, halves, xs).outputs
  assert outputs.dtype == jnp.bfloat16


def test_counted_layer_knows_its_counts_and_goes_on_from_them():
  cell = combinators.counted(lif(0.0, reset=reset.to_zero))
  params = cell.init(jax.random.key(0), (2,))
  xs = jnp.broadcast_to(jnp.array([2.0, 0.5]), (5, 3, 2))
  state = simulate.simulate(cell, params, xs).state
  np.testing.assert_array_equal(state.counts, [[5, 0]] * 3)
  state, _ = simulate.run(cell, params, xs, state=state)
  np.testing.assert_array_equal(state.counts, [[10, 0]] * 3)


def network():
  return combinators.serial(
    conv=synapses.conv(2, 2),
    pool=synapses.max_pool(2),
    lif=lif(),
    flat=synapses.flatten(),
    out=combinators.serial(dense=synapses.dense(3), readout=leaky_integrator()),
  )


def test_serial_keeps_entries_of_what_there_is_only():
  cell = network()
  params = cell.init(jax.random.key(0), (5, 5, 1))
  assert set(params) == {'conv', 'lif', 'out'}
  assert set(params['out']) == {'dense', 'readout'}
  assert params['out']['dense']['kernel'].shape == (8, 3)
  state = cell.start(params, None, (5, 5, 1), 4)
  assert set(state) == {'lif', 'out'}
  assert set(state['out']) == {'readout'}
  assert state['lif'].membrane.shape == (4, 2, 2, 2)
  assert out_shape(cell, params, (5, 5, 1)) == (3,)


def test_trace_has_every_layer_and_the_last_one_is_the_output():
  cell = network()
  params = cell.init(jax.random.key(0), (5, 5, 1))
  xs = jnp.ones((1, 2, 5, 5, 1))
  outputs, trace, _ = simulate.simulate(cell, params, xs, num_steps=6)
  assert set(trace) == {'conv', 'pool', 'lif', 'flat', 'out'}
  np.testing.assert_array_equal(trace['out']['readout'][1], outputs)
  assert trace['conv'][1].shape == (1, 2, 4, 4, 2)  # once, not six times
  assert trace['lif'][1].shape == (6, 2, 2, 2, 2)


def test_trace_of_a_network_in_a_network_names_its_layers():
  inner = combinators.serial(flat=synapses.flatten())
  cell = combinators.serial(first=inner, second=inner)
  trace = simulate.simulate(cell, {}, jnp.ones((2, 1, 3))).trace
  assert set(trace['first']) == set(trace['second']) == {'flat'}


def test_hoist_splits_before_the_first_state():
  cell = network()
  params = cell.init(jax.random.key(0), (5, 5, 1))
  front, rest = combinators.hoist(cell, cell.start(params, None, (5, 5, 1), 1))
  assert [name for name, _ in front.parts] == ['conv', 'pool']
  assert [name for name, _ in rest.parts] == ['lif', 'flat', 'out']
  front, rest = combinators.hoist(synapses.dense(3), ())
  assert not front.parts
