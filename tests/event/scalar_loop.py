# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spike times by plain loops in absolute time: a second implementation.

Of complex arguments it takes decisions by the real parts, so that a complex
step has its derivative in the imaginary part.

References: Squire, Trapp, "Using complex variables to estimate derivatives of
real functions", 1998.
"""

import numpy as np


def spike_times(weights, times, neuron, max_spikes, t_max):
  """As `snnjax.event.event_layer`, one neuron at a time.

  Args:
    weights: float64 or complex128 `[I, O]`.
    times: likewise `[B, I, K]`.
    neuron: likewise.
    max_spikes: room per neuron.
    t_max: no spike is later.
  """
  shape = len(times), weights.shape[1], max_spikes
  kind = np.result_type(
    weights, times, neuron.threshold, neuron.reset, np.float64
  )
  found = np.full(shape, np.inf, kind)
  for example in range(len(times)):
    trains = [
      (t.real, i, t)
      for i, train in enumerate(times[example])
      for t in train
      if np.isfinite(t.real)
    ]
    trains.sort(key=lambda entry: entry[:2])
    for o in range(weights.shape[1]):
      inputs = [(t, weights[i, o]) for _, i, t in trains]
      spikes = _one_neuron(inputs, neuron, t_max)[:max_spikes]
      found[example, o, : len(spikes)] = spikes
  return found


def _one_neuron(inputs, neuron, t_max):
  tau = 2 * neuron.tau_syn
  c, drop = neuron.threshold / tau, neuron.reset / tau
  a = b = 0.0
  spikes = []
  for k, (time, weight) in enumerate(inputs):
    a += weight * np.exp(time / neuron.tau_syn)
    b += weight * np.exp(time / tau)
    upcoming = inputs[k + 1][0].real if k + 1 < len(inputs) else np.inf
    last = time.real
    while (discriminant := b * b - 4 * a * c).real >= 0:
      denominator = b + np.sqrt(discriminant)
      y = 2 * a / denominator if denominator.real else -1.0
      spike = tau * np.log(y) if y.real > 0 else np.float64(-np.inf)
      if not last < spike.real <= min(upcoming, t_max):
        break
      spikes.append(spike)
      last = spike.real
      b -= drop * y
  return spikes
