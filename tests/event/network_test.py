# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Layers with names: convolutions, what can be learnt, networks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import event, training
from snnjax.event import network
from tests.event import scalar_loop

NEURON = event.EventNeuron(0.13, 0.05, 0.07)
OPTIONS = {
  'max_spikes': 4,
  't_max': 0.4,
  'kernel_init': network.uniform(-0.4, 1.0),
}


@pytest.fixture(autouse=True)
def _x64():
  with jax.enable_x64(True):
    yield


def images(seed=0, height=5, width=6, channels=2, slots=2):
  rng = np.random.default_rng(seed)
  shape = 2, height, width, channels, slots
  times = rng.uniform(0, 0.15, shape)
  times[rng.random(shape) < 0.4] = np.inf
  return np.sort(times, axis=-1)


def test_a_convolution_is_a_dense_layer_at_every_place():
  times = images()
  layer = network.conv('conv', 3, 3, NEURON, **OPTIONS)
  params = layer.init(jax.random.key(0), (5, 6, 2))
  kernel = np.asarray(params['kernel'])
  assert kernel.shape == (3, 3, 2, 3)
  found, crossings = layer.apply(params, jnp.asarray(times))
  assert found.shape == (2, *layer.out_shape((5, 6, 2)), 4)
  assert crossings.times.shape == (2, 3 * 4 * 3, 4)
  for y in range(3):
    for x in range(4):
      square = times[:, y : y + 3, x : x + 3].reshape(2, -1, 2)
      expected = scalar_loop.spike_times(
        kernel.reshape(-1, 3), square, NEURON, 4, 0.4
      )
      np.testing.assert_allclose(found[:, y, x], expected, atol=1e-12)


def conv_pool_dense():
  return network.network(
    [
      network.conv('first', 2, 2, NEURON, **OPTIONS),
      network.pool('pool'),
      network.dense('last', 3, NEURON, **OPTIONS),
    ]
  )


def test_gradients_through_convolution_and_pooling_are_differences():
  net, times = conv_pool_dense(), jnp.asarray(images())
  params = net.init(jax.random.key(1), (5, 6, 2))
  assert set(params) == {'first', 'last'}
  assert params['last']['kernel'].shape == (2 * 2 * 2, 3)
  weighting = np.random.default_rng(0).normal(size=(2, 3, 4))
  run = jax.jit(lambda params: net.apply(params, times)['last'].times)
  present = np.isfinite(run(params))

  def loss(params):
    spikes = run(params)
    return jnp.sum(jnp.where(jnp.isfinite(spikes), weighting * spikes, 0))

  gradients = jax.grad(loss)(params)
  assert present.sum() > 6
  for name in params:
    gradient = np.asarray(gradients[name]['kernel']).ravel()
    for place in np.argsort(-np.abs(gradient))[:6]:

      def moved(step, name=name, place=place):
        kernel = np.array(params[name]['kernel'])
        kernel.ravel()[place] += step
        changed = params | {name: {'kernel': kernel}}
        assert (np.isfinite(run(changed)) == present).all()
        return float(loss(changed))

      h = 1e-6
      difference = 8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))
      np.testing.assert_allclose(
        difference / (12 * h), gradient[place], rtol=1e-6
      )


def test_what_is_learnable_has_a_gradient_of_differences():
  layer = network.dense(
    'dense', 3, NEURON, learnable=network.LEARNABLE, **OPTIONS
  )
  times = jnp.asarray(images(height=2, width=3))
  params = layer.init(jax.random.key(0), (2, 3, 2))
  params['delay'] += 0.01
  run = jax.jit(lambda params: layer.apply(params, times)[0])

  def loss(params):
    spikes = run(params)
    return jnp.sum(jnp.where(jnp.isfinite(spikes), spikes, 0))

  gradients = jax.grad(loss)(params)
  for name in network.LEARNABLE:
    assert params[name].shape == {'delay': (12,)}.get(name, (3,))
    place = int(np.argmax(np.abs(gradients[name])))

    def moved(step, name=name, place=place):
      return loss(params | {name: params[name].at[place].add(step)})

    difference = (moved(1e-6) - moved(-1e-6)) / 2e-6
    np.testing.assert_allclose(difference, gradients[name][place], rtol=1e-6)


def test_without_delays_nothing_is_late():
  times = jnp.asarray(images(height=2, width=3))
  layers = [
    network.dense('dense', 3, NEURON, learnable=learnable, **OPTIONS)
    for learnable in ((), ('delay',))
  ]
  params = layers[1].init(jax.random.key(0), (2, 3, 2))
  params['delay'] -= 0.01  # negative ones count as 0
  plain, delayed = (layer.apply(params, times)[0] for layer in layers)
  np.testing.assert_array_equal(plain, delayed)


def test_delays_need_spike_trains():
  layer = network.dense('dense', 3, NEURON, learnable=['delay'], **OPTIONS)
  params = layer.init(jax.random.key(0), (4,))
  with pytest.raises(ValueError, match='spike trains'):
    layer.apply(params, event.sort_events(jnp.zeros((1, 4, 1))))


def test_unknown_learnable_is_an_error():
  with pytest.raises(ValueError, match='learnable are'):
    network.dense('dense', 3, NEURON, learnable=['slope'], **OPTIONS)


def test_names_must_differ():
  layer = network.pool('pool')
  with pytest.raises(ValueError, match='distinct'):
    network.network([layer, layer])


def test_activity_is_counted_by_layer():
  crossings = {
    'a': event.Crossings(
      times=jnp.array([[[0.1, 0.2], [np.inf, np.inf]]] * 2),
      slopes=jnp.array([[[1.0, 0.0], [1.0, 1.0]]] * 2),
      has_overflown=jnp.array([[True, False]] * 2),
    )
  }
  sums = event.observers.activity(crossings, jnp.array([1.0, 0.0]))
  assert {name: float(mean.total) for name, mean in sums.items()} == {
    'spikes/a': 2,
    'silent/a': 0.5,
    'overflow/a': 0.5,
    'grazing/a': 1,
  }
  assert all(mean.count == 1 for mean in sums.values())


@pytest.mark.parametrize('kind', ['dense', 'conv'])
def test_other_numbers_of_inputs_are_refused(kind):
  size = {'conv': (2,)}.get(kind, ())
  layer = getattr(network, kind)('layer', 3, *size, NEURON, **OPTIONS)
  params = layer.init(jax.random.key(0), (4, 4, 2))
  with pytest.raises(ValueError, match="'layer' has weights of"):
    layer.apply(params, jnp.zeros((1, 4, 4, 3, 1)))


SQUARES = pytest.mark.parametrize(
  'layer',
  [network.conv('conv', 3, 5, NEURON, **OPTIONS), network.pool('pool', 5)],
)


@SQUARES
def test_squares_must_fit_into_the_image(layer):
  net = network.network([layer])
  with pytest.raises(ValueError, match='must fit into the image; got'):
    net.init(jax.random.key(0), (4, 6, 2))


@SQUARES
def test_squares_are_of_images(layer):
  events = event.sort_events(jnp.zeros((1, 4, 1)))
  with pytest.raises(ValueError, match='needs the spike trains of images'):
    layer.apply({}, events)


def test_projection_keeps_constants_positive():
  layer = network.dense(
    'dense', 3, NEURON, learnable=network.LEARNABLE, **OPTIONS
  )
  params = layer.init(jax.random.key(0), (4,))
  below = jax.tree.map(lambda leaf: leaf - 1, params)
  kept = training.project(below, network.LEARNABLE)
  assert (kept['threshold'] > 0).all()
  assert (kept['reset'] > 0).all()
  assert (kept['delay'] == 0).all()
  np.testing.assert_array_equal(kept['kernel'], below['kernel'])
