# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Cells and Flax modules in each other's place."""

import functools

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, dropout, neurons, simulate, synapses
from snnjax.interop.flax_modules import CellModule, from_flax

XS = jax.random.normal(jax.random.key(0), (6, 2, 4))


class Network(nn.Module):
  @nn.compact
  def __call__(self, xs):
    spikes = CellModule(neurons.lif(0.8, 0.5))(nn.Dense(3)(xs))
    return nn.Dense(2)(jnp.mean(spikes, axis=0))


def test_a_neuron_in_a_flax_network_learns_as_in_ours():
  network = Network()
  params = network.init(jax.random.key(1), XS)['params']
  lif, first, second = (
    params[name] for name in ('CellModule_0', 'Dense_0', 'Dense_1')
  )
  assert lif['cell'].decay == np.float32(0.8)
  cell = combinators.serial(dense=synapses.dense(3), neuron=neurons.lif())

  def theirs(params):
    return jnp.sum(network.apply({'params': params}, XS) ** 2)

  def ours(first, second):
    own = {'dense': first, 'neuron': lif['cell']}
    spikes = simulate.simulate(cell, own, XS).outputs
    rates = jnp.mean(spikes, axis=0)
    return jnp.sum((rates @ second['kernel'] + second['bias'][None]) ** 2)

  loss, gradient = jax.jit(jax.value_and_grad(theirs))(params)
  expected, own = jax.jit(jax.value_and_grad(ours, (0, 1)))(first, second)
  np.testing.assert_allclose(loss, expected, rtol=1e-5)
  assert np.any(own[0]['kernel'] != 0)
  for found, wanted in zip(
    (gradient['Dense_0'], gradient['Dense_1']), own, strict=True
  ):
    jax.tree.map(
      lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6),
      found,
      wanted,
    )


def test_a_constant_input_is_shown_for_so_many_steps():
  cell = combinators.serial(dense=synapses.dense(3), neuron=neurons.lif())
  module = CellModule(cell, num_steps=5)
  variables = module.init(jax.random.key(0), XS[:1])
  found = module.apply(variables, 4 * XS[:1])
  repeated = jnp.repeat(4 * XS[:1], 5, axis=0)
  expected = CellModule(cell).apply(variables, repeated)
  assert 0 < np.mean(found) < 1
  np.testing.assert_array_equal(found, expected)


def test_random_cells_take_the_stream_of_their_name():
  module = CellModule(dropout.dropout(0.5))
  keys = {'params': jax.random.key(0), 'cell': jax.random.key(1)}
  outputs = module.apply(module.init(keys, XS), XS, rngs=keys)
  assert 0 < np.mean(outputs == 0) < 1


def test_a_module_among_cells_is_as_our_own():
  ours = combinators.serial(
    conv=synapses.conv(3, 3, padding='SAME'), neuron=neurons.lif()
  )
  theirs = combinators.serial(
    conv=from_flax(nn.Conv(3, (3, 3))), neuron=neurons.lif()
  )
  xs = jax.random.normal(jax.random.key(0), (4, 2, 5, 5, 1))
  params = theirs.init(jax.random.key(1), xs.shape[2:])
  assert jax.tree.map(jnp.shape, params) == jax.tree.map(
    jnp.shape, ours.init(jax.random.key(1), xs.shape[2:])
  )

  def membranes(cell):
    run = jax.jit(functools.partial(simulate.simulate, cell))
    return run(params, xs).trace['neuron'][0].membrane

  found, expected = membranes(theirs), membranes(ours)
  np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_module_with_statistics_is_refused():
  cell = from_flax(nn.BatchNorm(use_running_average=True))
  with pytest.raises(ValueError, match='batch_stats'):
    cell.init(jax.random.key(0), (3,))
