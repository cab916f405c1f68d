# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spike times by plain loops in absolute time: a second implementation."""

import math

import numpy as np


def spike_times(weights, times, neuron, max_spikes, t_max):
  """As `snnjax.event.event_layer`, in float64 and one neuron at a time."""
  batch, num_outputs = len(times), weights.shape[1]
  found = np.full((batch, num_outputs, max_spikes), np.inf)
  for example in range(batch):
    trains = [
      (t, i)
      for i, train in enumerate(times[example])
      for t in train
      if math.isfinite(t)
    ]
    trains.sort()
    for o in range(num_outputs):
      inputs = [(t, weights[i, o]) for t, i in trains]
      spikes = _one_neuron(inputs, neuron, t_max)[:max_spikes]
      found[example, o, : len(spikes)] = spikes
  return found


def _one_neuron(inputs, neuron, t_max):
  tau = 2 * neuron.tau_syn
  c, drop = neuron.threshold / tau, neuron.reset / tau
  a = b = 0.0
  spikes = []
  for k, (time, weight) in enumerate(inputs):
    a += weight * math.exp(time / neuron.tau_syn)
    b += weight * math.exp(time / tau)
    upcoming = inputs[k + 1][0] if k + 1 < len(inputs) else math.inf
    last = time
    while (discriminant := b * b - 4 * a * c) >= 0:
      denominator = b + math.sqrt(discriminant)
      y = 2 * a / denominator if denominator else -1.0
      spike = tau * math.log(y) if y > 0 else -math.inf
      if not last < spike <= min(upcoming, t_max):
        break
      spikes.append(spike)
      last = spike
      b -= drop * y
  return spikes
