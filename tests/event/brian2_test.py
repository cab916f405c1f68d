# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Twenty random layers against Brian2; see brian2_layers.py."""

from pathlib import Path

import jax
import numpy as np
import pytest

from pallas_kernels import solve_by_pallas
from snnjax import event

FILE = Path(__file__).with_name('brian2_layers.npz')
ROOM = 48


@pytest.mark.parametrize(
  'solver', [event.solve_by_scan, event.solve_by_chunks, solve_by_pallas]
)
def test_twenty_random_layers_fire_as_in_brian2(solver):
  with np.load(FILE) as file:
    theirs = dict(file)
  num_layers, _, num_outputs = theirs['weights'].shape
  run, errors = simulator(solver, theirs), []
  for layer in range(num_layers):
    found = np.asarray(run(layer))[0]
    for output, train in enumerate(found):
      is_ours = theirs['neurons'] == layer * num_outputs + output
      expected = theirs['spikes'][is_ours]
      train = train[np.isfinite(train)]
      assert len(train) == len(expected), (layer, output)
      errors.extend(train - expected)
  assert len(errors) > 1000
  # They see a crossing at the next step, and reset there.
  assert np.abs(errors).max() < 5 * theirs['dt']
  assert np.median(np.abs(errors)) < 2 * theirs['dt']


def simulator(solver, theirs):
  """The function from a layer's number to its spike times `[1, O, K]`."""
  tau_syn, t_max = float(theirs['tau_syn']), float(theirs['t_max'])

  @jax.jit
  def simulate(weights, times, threshold, reset):
    neuron = event.EventNeuron(tau_syn, threshold, reset)
    return event.event_layer(weights, times, neuron, ROOM, t_max, solver)

  def run(layer):
    names = 'weights', 'times', 'thresholds', 'resets'
    weights, times, threshold, reset = (theirs[name][layer] for name in names)
    with jax.enable_x64(True):
      return simulate(weights, times[None], threshold, reset)

  return run
