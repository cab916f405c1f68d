# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Simulates twenty random layers with Brian2, which steps through time.

Brian2 does not run beside the numpy that snnjax is tested with, so what it
finds is kept in `brian2_layers.npz` for brian2_test.py. To make it anew:

  python -m venv .venv-brian2
  .venv-brian2/bin/pip install brian2==2.9.0 numpy==2.3.5
  .venv-brian2/bin/python tests/event/brian2_layers.py
"""

from pathlib import Path

import numpy as np

TAU_SYN, T_MAX, DT = 0.02, 0.06, 5e-6  # seconds
NUM_LAYERS, NUM_INPUTS, NUM_OUTPUTS, SLOTS = 20, 12, 5, 2


def random_layers():
  """Weights, input times on the grid, thresholds and resets."""
  rng = np.random.default_rng(0)
  times = rng.uniform(0, 0.6 * T_MAX, (NUM_LAYERS, NUM_INPUTS, SLOTS))
  times = np.sort(np.round(times / DT) * DT, axis=-1)
  times[rng.random(times.shape[:2]) < 0.2, 1] = np.inf
  weights = rng.uniform(-1, 1.6, (NUM_LAYERS, NUM_INPUTS, NUM_OUTPUTS))
  thresholds = rng.uniform(0.005, 0.02, NUM_LAYERS)
  resets = thresholds * rng.uniform(0.5, 1.5, NUM_LAYERS)
  return weights, times, thresholds, resets


def simulate(weights, times, thresholds, resets):
  """Spike times of all neurons of all layers, in one group."""
  import brian2 as b2  # absent where only the tests run

  b2.prefs.codegen.target = 'numpy'
  b2.defaultclock.dt = DT * b2.second
  group = b2.NeuronGroup(
    NUM_LAYERS * NUM_OUTPUTS,
    """
    du/dt = -u / (2 * tau_syn) + v : 1
    dv/dt = -v / tau_syn : hertz
    threshold : 1 (constant)
    drop : 1 (constant)
    """,
    threshold='u > threshold',
    reset='u -= drop',
    method='exact',
    namespace={'tau_syn': TAU_SYN * b2.second},
  )
  group.threshold = np.repeat(thresholds, NUM_OUTPUTS)
  group.drop = np.repeat(resets, NUM_OUTPUTS)
  trains = times.reshape(-1, SLOTS)
  inputs, slots = np.nonzero(np.isfinite(trains))
  generator = b2.SpikeGeneratorGroup(
    NUM_LAYERS * NUM_INPUTS, inputs, trains[inputs, slots] * b2.second
  )
  synapses = b2.Synapses(generator, group, 'w : hertz', on_pre='v_post += w')
  layer, pre, post = np.indices(weights.shape).reshape(3, -1)
  synapses.connect(i=layer * NUM_INPUTS + pre, j=layer * NUM_OUTPUTS + post)
  synapses.w = weights.ravel() * b2.hertz
  monitor = b2.SpikeMonitor(group)
  b2.Network(group, generator, synapses, monitor).run(T_MAX * b2.second)
  return np.asarray(monitor.i), np.asarray(monitor.t / b2.second)


if __name__ == '__main__':
  layers = random_layers()
  neurons, found = simulate(*layers)
  names = 'weights', 'times', 'thresholds', 'resets'
  np.savez_compressed(
    Path(__file__).with_suffix('.npz'),
    **dict(zip(names, layers, strict=True)),
    neurons=neurons.astype(np.uint8),
    spikes=found,
    tau_syn=TAU_SYN,
    t_max=T_MAX,
    dt=DT,
  )
