# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The gradient through rates: what it equals, and what it does not cost."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from snnjax import combinators, simulate, spatial, synapses
from snnjax.models import csnn
from snnjax.neurons import integrate_and_fire

IN_SHAPE = (8, 8, 1)


def _network():
  cell = csnn(
    functools.partial(integrate_and_fire, charge=0.5),
    channels=(4,),
    kernel_size=3,
    pool=synapses.average_pool,
    num_outputs=3,
  )
  return cell, cell.init(jax.random.key(0), IN_SHAPE)


def _clipped_ann(cell, params, x):
  """The network with every neuron but the last replaced by a clipped line."""
  for name, part in cell.parts[:-1]:
    if name.startswith('neuron'):
      x = jnp.clip(x, 0.0, 1.0)
    else:
      x = part.step(params.get(name, ()), (), x)[1]
  return x


def test_rates_are_those_of_the_simulation():
  cell, params = _network()
  x = jax.random.uniform(jax.random.key(1), (5, *IN_SHAPE))
  rates = spatial.spatial_rates(cell, params, x, num_steps=7)
  state, spikes = simulate.run(cell, params, x[None], num_steps=7)
  np.testing.assert_allclose(rates.layers['out'], spikes.mean(0), atol=1e-6)
  assert set(rates.layers) == {'neuron1', 'out'}
  # The membrane is that before the last spike's reset, and began at 0.5.
  held = spikes[:-1].sum(0) + state['out'].membrane - 0.5
  np.testing.assert_allclose(rates.outputs, held / 7, atol=1e-5)


def test_rates_and_gradients_tend_to_those_of_the_clipped_network():
  cell, params = _network()
  x = jax.random.uniform(jax.random.key(1), (5, *IN_SHAPE))
  weights = jax.random.normal(jax.random.key(2), (5, 3))

  def of_spikes(params, num_steps):
    rates = spatial.spatial_rates(cell, params, x, num_steps=num_steps)
    return jnp.sum(jnp.square(rates.layers['neuron1'])), rates.outputs

  def gradient(num_steps):
    return jax.grad(lambda p: jnp.sum(weights * of_spikes(p, num_steps)[1]))(
      params
    )

  ann = jax.grad(lambda p: jnp.sum(weights * _clipped_ann(cell, p, x)))(params)
  errors = [
    jnp.max(jnp.abs(gradient(t)['dense']['kernel'] - ann['dense']['kernel']))
    for t in (4, 64)
  ]
  assert errors[1] < errors[0] / 4
  np.testing.assert_allclose(
    gradient(64)['conv1']['kernel'], ann['conv1']['kernel'], rtol=2e-2, atol=0.1
  )


def test_each_neuron_may_have_a_threshold_of_its_own():
  cell = combinators.serial(
    neuron=integrate_and_fire(np.array([0.5, 2.0]), charge=0.5)
  )
  params = cell.init(jax.random.key(0), (2,))
  rates = spatial.spatial_rates(cell, params, jnp.ones((3, 2)), num_steps=8)
  np.testing.assert_allclose(rates.outputs, [[2.0, 0.5]] * 3)


def test_silent_classes_still_learn():
  cell, params = _network()
  params['dense']['bias'] -= 10.0  # nobody fires
  x = jax.random.uniform(jax.random.key(1), (5, *IN_SHAPE))

  def loss(params):
    rates = spatial.spatial_rates(cell, params, x, num_steps=4)
    return -jnp.sum(rates.outputs), rates.layers['out']

  gradient, spikes = jax.grad(loss, has_aux=True)(params)
  assert not spikes.any()
  assert jnp.all(gradient['dense']['bias'] != 0)


def test_memory_does_not_grow_with_the_number_of_steps():
  cell, params = _network()
  x = jnp.zeros((16, *IN_SHAPE))

  def in_rates(params, num_steps):
    return spatial.spatial_rates(
      cell, params, x, num_steps=num_steps
    ).outputs.sum()

  def through_time(params, num_steps):
    return simulate.simulate(
      cell, params, x[None], num_steps=num_steps
    ).outputs.sum()

  def memory(function, num_steps):
    gradient = jax.jit(
      jax.grad(functools.partial(function, num_steps=num_steps))
    )
    compiled = gradient.lower(params).compile()
    return compiled.memory_analysis().temp_size_in_bytes

  assert memory(in_rates, 200) < 1.1 * memory(in_rates, 10)
  assert memory(through_time, 200) > 5 * memory(through_time, 10)
