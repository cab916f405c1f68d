# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What BindsNET does in `stdp_step`, as its own examples do it."""

import torch
from bindsnet.encoding import poisson
from bindsnet.models import DiehlAndCook2015v2

from benchmarks import stdp_step as case
from benchmarks.timing import Contender

PACKAGES = ('torch', 'bindsnet')


def stdp_step(problem: case.Problem) -> Contender:
  """Learns one batch after the other."""
  num_neurons, num_inputs = problem.weights.shape
  batch = problem.images.shape[1]
  network = DiehlAndCook2015v2(
    n_inpt=num_inputs,
    n_neurons=num_neurons,
    inh=case.INHIBITION,
    norm=case.NORM,
    reduction=torch.sum if problem.reduction == 'sum' else torch.amax,
    inpt_shape=(1, 28, 28),
  )
  with torch.no_grad():
    network.connections['X', 'Y'].w.copy_(torch.from_numpy(problem.weights.T))
  images = torch.from_numpy(problem.images).float() / 255 * problem.intensity
  images = images.reshape(len(images), batch, 1, 28, 28)

  @torch.no_grad()
  def step(k):
    for _ in range(problem.per_turn):
      spikes = poisson(images[k % len(images)], time=problem.num_steps, dt=1.0)
      network.run({'X': spikes}, time=problem.num_steps, one_step=True)
      network.reset_state_variables()
      k += 1
    return k

  k = 0
  for _ in range(case.NUM_WARM // problem.per_turn):
    k = step(k)
  return Contender(k, step)
