# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Real digits through untrained networks: the statistics of G6."""

import jax
import numpy as np
import pytest

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
