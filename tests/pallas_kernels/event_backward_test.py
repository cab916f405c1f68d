# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Gradients by kernels beside plain sums, however events are shared out."""

import numpy as np
import pytest

from pallas_kernels import backend
from pallas_kernels.event_backward import time_gradient, weight_gradient

TAU = 0.1
LAYERS = {  # B, I, E, O, and how many events each example has
  'several': (3, 4, 30, 5, (30, 0, 17)),
  'no events': (2, 3, 6, 2, (0, 0)),
  'one source': (2, 1, 12, 2, (12, 5)),
  'one event': (1, 3, 1, 1, (1,)),
  'more neurons than a tile': (1, 2, 9, 40, (9,)),
}


def layer(batch, num_inputs, num_places, num_outputs, num_events):
  """Arguments; source 0 of several has no event."""
  rng = np.random.default_rng(0)
  shape = batch, num_places
  sources = rng.integers(num_inputs > 1, num_inputs, shape, np.int32)
  times = np.sort(rng.random(shape).astype(np.float32), axis=1)
  spikes = rng.random((batch, 3, num_outputs)).astype(np.float32)
  spikes[:, 2][rng.random((batch, num_outputs)) < 0.5] = np.inf
  factors = rng.normal(size=spikes.shape).astype(np.float32)
  weights = rng.normal(size=(num_inputs, num_outputs)).astype(np.float32)
  return weights, times, sources, np.int32(num_events), spikes, factors


def plain(weights, times, sources, num_events, spikes, factors):
  """The sums as the module has them, of one event after the other."""
  by_weights, by_times = np.zeros_like(weights), np.zeros_like(times)
  for b, count in enumerate(num_events):
    for e in range(count):
      gap = spikes[b] - times[b, e]
      decay = np.where(gap > 0, np.exp(-np.maximum(gap, 0) / TAU), 0)
      slow, fast = (factors[b] * decay).sum(0), (factors[b] * decay**2).sum(0)
      by_weights[sources[b, e]] += TAU * (fast - slow)
      by_times[b, e] = (weights[sources[b, e]] * (2 * fast - slow)).sum()
  return by_weights, by_times


@pytest.mark.parametrize('programs', [1, backend.PROGRAMS])
@pytest.mark.parametrize('name', LAYERS)
def test_gradients_are_plain_sums(monkeypatch, name, programs):
  monkeypatch.setattr(backend, 'PROGRAMS', programs)
  weights, *args = layer(*LAYERS[name])
  found = (
    weight_gradient(len(weights), *args, tau=TAU),
    time_gradient(weights, *args, tau=TAU),
  )
  for ours, expected in zip(found, plain(weights, *args), strict=True):
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)
