# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What is read from a trace."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, delays, metrics, observers, simulate, synapses
from snnjax.models import csnn
from snnjax.neurons import leaky_integrator, lif, slstm

IN_SHAPE = (12, 12, 1)


@pytest.fixture(scope='module')
def network():
  cell = csnn(lambda: lif(0.5, 0.1), channels=(2, 3), kernel_size=3)
  return cell, start(cell)


def start(cell, in_shape=IN_SHAPE):
  return jax.jit(lambda key: cell.init(key, in_shape))(jax.random.key(0))


def fan_outs(cell, params, in_shape=IN_SHAPE):
  return jax.jit(lambda p: observers.fan_outs(cell, p, in_shape))(params)


def test_fan_out_counts_the_synapses(network):
  cell, params = network
  counts = fan_outs(cell, params)
  assert set(counts) == {'neuron1', 'neuron2'}
  # 5x5 neurons, 3x3 kernel positions, 3 features.
  reach = np.array([1, 2, 3, 2, 1])
  expected = np.broadcast_to(3.0 * np.outer(reach, reach)[..., None], (5, 5, 2))
  np.testing.assert_array_equal(counts['neuron1'], expected)


def test_fan_out_at_borders_counts_only_what_is_there():
  cell = csnn(lambda: lif(), channels=(2, 3), kernel_size=3, padding='SAME')
  counts = fan_outs(cell, start(cell))['neuron1']
  reach = np.array([2, 3, 3, 3, 3, 2])
  expected = np.broadcast_to(3.0 * np.outer(reach, reach)[..., None], (6, 6, 2))
  np.testing.assert_array_equal(counts, expected)


def test_fan_out_into_neurons_is_not_counted():
  cell = combinators.serial(
    lif=lif(), filter=leaky_integrator(np.full(3, 0.5)), dense=synapses.dense(2)
  )
  params = jax.tree.map(np.asarray, cell.init(jax.random.key(0), (3,)))
  assert observers.fan_outs(cell, params, (3,)) == {}


def test_fan_out_of_neurons_that_change_the_shape():
  cell = combinators.serial(
    units=slstm(synapses.dense(8)), dense=synapses.dense(3)
  )
  counts = fan_outs(cell, start(cell, (8,)), (8,))
  np.testing.assert_array_equal(counts['units'], [3, 3])


def test_networks_in_networks_are_looked_into():
  cell = combinators.serial(
    front=combinators.serial(flat=synapses.flatten(), lif=lif(0.5, 0.1)),
    back=combinators.serial(flat=synapses.flatten(), dense=synapses.dense(3)),
  )
  params = start(cell, (2, 2))
  counts = fan_outs(cell, params, (2, 2))
  np.testing.assert_array_equal(counts['front/lif'], [3, 3, 3, 3])
  trace = simulate.simulate(cell, params, jnp.ones((5, 4, 2, 2))).trace
  sums = observers.activity(cell, params, trace, jnp.ones(4), (2, 2))
  means = metrics.means(sums)
  spikes = trace['front']['lif'][1]
  assert means['firing_rate/front/lif'] == pytest.approx(spikes.mean()) != 0
  assert 'synaptic_operations/front/lif' in means


def test_activity_agrees_with_counting_by_hand(network):
  cell, params = network
  xs = jax.random.uniform(jax.random.key(1), (5, 4, *IN_SHAPE))
  mask = jnp.array([1.0, 1.0, 1.0, 0.0])

  @jax.jit
  def run(params):
    result = simulate.simulate(cell, params, xs)
    sums = observers.activity(cell, params, result.trace, mask, IN_SHAPE)
    return result, sums

  result, sums = run(params)
  means = metrics.means(sums)
  spikes = np.asarray(result.trace['neuron1'][1])[:, :3]
  assert spikes.any()
  assert means['firing_rate/neuron1'] == pytest.approx(spikes.mean())
  silent = ~spikes.any(axis=0)
  assert means['silent_share/neuron1'] == pytest.approx(silent.mean())
  fan_out = fan_outs(cell, params)['neuron1']
  operations = (spikes * np.asarray(fan_out)).sum() / 3
  assert means['synaptic_operations/neuron1'] == pytest.approx(operations)
  assert set(observers.spiking(cell, result.trace)) == {
    'neuron1',
    'neuron2',
    'out',
  }


def test_fan_out_into_delays_is_not_counted():
  cell = combinators.serial(
    neurons=lif(), delays=delays.delayed_dense(2, 3), others=lif()
  )
  assert not fan_outs(cell, start(cell, (4,)), (4,))
