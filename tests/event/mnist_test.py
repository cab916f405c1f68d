# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Real digits through untrained networks: the statistics of G6."""

import jax
import numpy as np
import pytest

from configs.bats import fashion_count, mnist_conv
from experiments import bats_task
from snnjax import data, encoders, event

TAU_SYN = 0.13


@pytest.fixture(scope='module')
def images(data_dir):
  return data.load('mnist', 'test', data_dir=data_dir).inputs[:40, ..., 0]


def simulate(images, low, thresholds, max_spikes, t_max):
  """The spike times of both layers, 784-800-10, in float64."""
  rng = np.random.default_rng(0)
  shapes = (800, 784), (10, 800)
  weights = [rng.uniform(low, 1, s).astype(np.float32).T for s in shapes]
  with jax.enable_x64(True):
    times = encoders.first_spike_times(images / 255, t_max=0.1)
    layers = []
    for weight, threshold in zip(weights, thresholds, strict=True):
      neuron = event.EventNeuron(TAU_SYN, threshold, threshold)
      times = event.event_layer(
        weight.astype(np.float64), times, neuron, max_spikes, t_max
      )
      layers.append(np.asarray(times))
  return layers


def test_g6_several_spikes_per_neuron(images):
  hidden, outputs = simulate(images, -1, (0.2, 1.3), 30, 0.2)
  hidden, outputs = (np.isfinite(x).sum(-1) for x in (hidden, outputs))
  np.testing.assert_array_equal(hidden[:3].sum(-1), [642, 799, 384])
  np.testing.assert_array_equal(outputs[0], [0, 2, 1, 0, 0, 0, 1, 1, 0, 0])
  np.testing.assert_array_equal(outputs[1:3], 0)
  assert round(hidden.sum(-1).mean(), 1) == 717.4
  assert round(outputs.sum(-1).mean(), 2) == 3.10
  assert hidden.max() == 12


def test_g6_first_spikes(images):
  hidden, outputs = simulate(images[:20], 0, (0.7, 2.0), 1, 1.0)
  for times, figures in (
    (hidden, (0.0133, 0.0296, 0.0856)),
    (outputs, (0.0202, 0.0347, 0.0682)),
  ):
    found = times.min(), times.mean(), times.max()
    np.testing.assert_array_equal(np.round(found, 4), figures)


def layers_of(net, images, kernels):
  """The numbers of spikes by layer and image, in float64."""
  with jax.enable_x64(True):
    params = {
      name: {'kernel': np.moveaxis(kernel.astype(np.float32), 0, -1)}
      for name, kernel in kernels.items()
    }
    params = jax.tree.map(lambda leaf: leaf.astype(np.float64), params)
    times = encoders.first_spike_times(images / 255, t_max=0.1)
    crossings = jax.jit(net.apply)(params, times.reshape(*images.shape, 1))
    return [
      np.isfinite(layer.times).sum((1, 2)) for layer in crossings.values()
    ]


def drawn(shapes):
  rng = np.random.default_rng(0)
  return {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}


def test_g6_convolutions(images):
  config = mnist_conv.get_config()
  net = bats_task.make_network(config, 10)
  kernels = drawn(
    {
      'convolution_1': (15, 5, 5, 1),
      'convolution_2': (40, 5, 5, 15),
      'feedforward_1': (300, 640),
      'output_layer': (10, 300),
    }
  )
  found = layers_of(net, images[:2, ..., None], kernels)
  np.testing.assert_array_equal(
    np.transpose(found), [[2007, 1732, 618, 16], [2659, 1997, 703, 11]]
  )


def test_g6_three_dense_layers(data_dir):
  images = data.load('fashion_mnist', 'test', data_dir=data_dir).inputs[:20]
  net = bats_task.make_network(fashion_count.get_config(), 10)
  kernels = drawn(
    {
      'hidden_layer_1': (400, 784),
      'hidden_layer_2': (400, 400),
      'output_layer': (10, 400),
    }
  )
  means = [layer.mean() for layer in layers_of(net, images, kernels)]
  np.testing.assert_allclose(means, [680.3, 564.3, 13.45], atol=0.05)
