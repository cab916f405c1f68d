# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Metrics: exact sums over masked batches, health, synaptic operations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snnjax import metrics
from tests import losses_test
from tests.convolution_test import lax_convolve

SPIKES = losses_test.SPIKES.astype(np.float32)
LABELS = np.array([0, 1, 2])


def test_accuracies_golden():
  np.testing.assert_array_equal(metrics.predict_rate(SPIKES), [0, 1, 0])
  np.testing.assert_array_equal(metrics.predict_temporal(SPIKES), [0, 1, 2])
  assert metrics.accuracy_rate(SPIKES, LABELS).tolist() == [1, 1, 0]
  assert metrics.accuracy_temporal(SPIKES, LABELS).tolist() == [1, 1, 1]


def test_accuracy_leaves_padding_out():
  predictions, mask = jnp.array([1, 2, 2, 0]), jnp.array([1.0, 1, 1, 0])
  found = metrics.accuracy(predictions, jnp.array([1, 2, 0, 0]), mask)
  assert metrics.means({'accuracy': found})['accuracy'] == pytest.approx(2 / 3)


def test_silence_is_class_zero():
  silent = jnp.zeros((1, 2, 3))
  assert metrics.predict_rate(silent).tolist() == [0, 0]
  assert metrics.predict_temporal(silent).tolist() == [0, 0]


def test_a_mean_ignores_padding_even_if_it_is_nan():
  values = jnp.array([1.0, 2.0, jnp.nan])
  sums = {'loss': metrics.mean_of(values, jnp.array([1.0, 1, 0]))}
  assert metrics.means(sums) == {'loss': 1.5}


def test_a_mean_over_nothing_is_an_error():
  padding = metrics.mean_of(jnp.ones(2), jnp.zeros(2))
  with pytest.raises(ValueError, match=r"\['loss'\]"):
    metrics.means({'loss': padding})
  real = metrics.mean_of(jnp.ones(2), jnp.ones(2))
  joined = metrics.add({'loss': padding}, {'loss': real})
  assert metrics.means(joined) == {'loss': 1}


@given(
  values=st.lists(st.integers(-50, 50), min_size=1, max_size=23),
  batch=st.sampled_from([3, 8]),
)
@settings(max_examples=25)
def test_padded_batches_add_up_to_the_mean_of_the_whole(values, batch):
  sums = []
  for start in range(0, len(values), batch):
    part = values[start : start + batch]
    padding = batch - len(part)
    mask = jnp.array([1.0] * len(part) + [0.0] * padding)
    part = jnp.array(part + [999] * padding, jnp.float32)
    sums.append({'value': metrics.mean_of(part, mask)})
  total = metrics.means(metrics.add_all(sums))
  assert total['value'] == pytest.approx(np.mean(values), rel=1e-6)


def test_confusion_matrix_counts_label_by_prediction():
  predictions = jnp.array([0, 1, 1, 2, 2])
  labels = jnp.array([0, 1, 2, 2, 0])
  mask = jnp.array([1.0, 1, 1, 1, 0])
  # Two more, of no class.
  predictions = jnp.append(predictions, jnp.array([0, 0]))
  labels = jnp.append(labels, jnp.array([-1, 3]))
  mask = jnp.append(mask, jnp.ones(2))
  counts = metrics.confusion_matrix(predictions, labels, mask, num_classes=3)
  expected = [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
  np.testing.assert_array_equal(counts, expected)
  np.testing.assert_array_equal(
    metrics.add(counts, counts), 2 * np.array(expected)
  )


def test_health_of_a_layer_golden():
  spikes = np.zeros((4, 2, 2, 5), np.float32)
  spikes[:, 0, 0, :3] = 1  # three of ten saturated
  spikes[1, 0, 1, 0] = 1  # one fires once, six are silent
  sums = metrics.health({'lif': ((), spikes)}, jnp.array([1.0, 0]))
  assert metrics.means(sums) == pytest.approx(
    {
      'firing_rate/lif': 13 / 40,
      'silent_share/lif': 0.6,
      'saturated_share/lif': 0.3,
    }
  )
  sums = metrics.health({'lif': ((), spikes)}, jnp.ones(2))
  assert metrics.means(sums)['silent_share/lif'] == pytest.approx(0.8)


def test_health_of_one_step_has_no_neuron_between():
  spikes = jnp.array([[[1.0, 0, 0, 0]]])
  values = metrics.means(metrics.health({'a': ((), spikes)}, jnp.ones(1)))
  assert values == {
    'firing_rate/a': 0.25,
    'silent_share/a': 0.75,
    'saturated_share/a': 0.25,
  }


def reached(in_size, kernel, stride, before, out_size):
  """Counts, one axis at a time, the windows that cover each place."""
  return np.array(
    [
      sum(
        o * stride - before <= i < o * stride - before + kernel
        for o in range(out_size)
      )
      for i in range(in_size)
    ]
  )


@pytest.mark.parametrize(
  ('size', 'kernel', 'stride', 'before', 'after'),
  [(12, 5, 1, 0, 0), (7, 3, 1, 1, 1), (8, 3, 2, 1, 0), (5, 2, 3, 0, 0)],
)
def test_fan_out_of_a_convolution_is_exact_at_borders(
  size, kernel, stride, before, after
):
  def synapse(params, x):
    pads = [(before, after)] * 2
    y = lax_convolve(x, params['kernel'], (stride, stride), pads)
    return y + params['bias'][None, None, None]

  params = {
    'kernel': jnp.full((kernel, kernel, 2, 6), -0.3),
    'bias': jnp.full(6, 9.0),
  }
  out_size = (size + before + after - kernel) // stride + 1
  along = reached(size, kernel, stride, before, out_size)
  expected = 6 * np.outer(along, along)[..., None].repeat(2, -1)
  result = metrics.fan_out(synapse, params, (size, size, 2))
  np.testing.assert_array_equal(result, expected)


def test_synaptic_operations_are_the_additions_of_a_dense_layer():
  fan_out = metrics.fan_out(
    lambda kernel, x: x @ kernel, jnp.ones((4, 7)), (4,)
  )
  np.testing.assert_array_equal(fan_out, [7] * 4)
  operations = metrics.synaptic_operations(SPIKES, fan_out)
  np.testing.assert_array_equal(operations, [7 * 7, 5 * 7, 9 * 7])


def test_synaptic_operations_are_what_a_layer_of_ones_adds_up():
  spikes = np.random.default_rng(0).random((3, 2, 6, 6, 2)) < 0.3
  spikes = jnp.asarray(spikes, jnp.float32)
  ones = jnp.ones((3, 3, 2, 4))

  def synapse(kernel, x):
    return lax_convolve(x, kernel, (2, 2), 'SAME')

  fan_out = metrics.fan_out(synapse, ones, (6, 6, 2))
  expected = jax.vmap(synapse, (None, 0))(ones, spikes).sum((0, 2, 3, 4))
  np.testing.assert_allclose(
    metrics.synaptic_operations(spikes, fan_out), expected
  )
  graded = metrics.synaptic_operations(-2.5 * spikes, fan_out)
  np.testing.assert_allclose(graded, expected)  # one addition per event


def test_equal_counts_are_told_apart_by_the_membrane():
  counts = jnp.array([[2.0, 2.0, 1.0], [0.0, 3.0, 3.0], [1.0, 0.0, 0.0]])
  membranes = jnp.array([[0.1, 0.3, 9.0], [5.0, 0.2, -0.2], [-4.0, 2.0, 3.0]])
  predictions = metrics.predict_count(counts, membranes)
  np.testing.assert_array_equal(predictions, [1, 1, 0])
