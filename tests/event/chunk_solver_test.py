# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Examples a few at a time: the same as all at once."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import event
from snnjax.event import chunk_solver


def trains(num_examples, seed=0):
  """Examples with very different numbers of spikes, one with none."""
  rng = np.random.default_rng(seed)
  shape = num_examples, 10, 2
  times = rng.uniform(0, 0.15, shape).astype(np.float32)
  times[rng.random(shape) < np.linspace(1, 0, num_examples)[:, None, None]] = (
    np.inf
  )
  return np.sort(times, axis=-1)


@pytest.mark.parametrize('num_examples', [3, 11])
def test_blocks_change_nothing(monkeypatch, num_examples):
  times = trains(num_examples)
  weights = np.random.default_rng(1).uniform(0, 1, (10, 4)).astype(np.float32)

  def run(neurons_per_block):
    monkeypatch.setattr(chunk_solver, '_NEURONS_PER_BLOCK', neurons_per_block)

    def loss(weights, times, threshold):
      events = event.sort_events(times)
      neuron = event.EventNeuron(0.13, threshold, 0.02)
      found = event.event_crossings(weights, events, neuron, 3, 0.4)
      is_spike = jnp.isfinite(found.times)
      return jnp.sum(jnp.where(is_spike, found.times**2, 0)), found

    gradient = jax.grad(loss, argnums=(0, 1, 2), has_aux=True)
    return jax.jit(gradient)(weights, times, 0.02)

  in_blocks, whole = run(16), run(1000)
  crossings = whole[1]
  assert np.isfinite(crossings.times).any()
  assert np.asarray(crossings.has_overflown).any()
  jax.tree.map(
    lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6),
    in_blocks,
    whole,
  )


def test_quiet_examples_come_first():
  times = trains(9)[::-1]
  order = event.quiet_first(event.sort_events(jnp.asarray(times)))
  num_events = np.isfinite(times).sum((1, 2))
  assert len(set(num_events)) > 5
  np.testing.assert_array_equal(num_events[order], np.sort(num_events))
