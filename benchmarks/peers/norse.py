# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Norse: a loop over time through its own neuron, one without a current.

Its membrane is our membrane times (1 - decay), and so is its threshold. Its
surrogate has no slope, so the spikes are those of the common law, and gradients
are not compared.
"""

import torch
from norse.torch import LIFBoxCell, LIFBoxParameters, SequentialState
from torch import nn

from benchmarks.peers import with_torch

PACKAGES = ('torch', 'norse')


class Network(nn.Module):
  """12C5-MP2-64C5-MP2-FC10."""

  def __init__(self, problem):
    """Makes the layers."""
    super().__init__()
    self.num_steps = problem.num_steps
    self.conv1, self.conv2 = nn.Conv2d(1, 12, 5), nn.Conv2d(12, 64, 5)
    self.dense = nn.Linear(1024, 10)
    self.layers = SequentialState(
      self.conv1,
      nn.MaxPool2d(2),
      _neuron(problem),
      self.conv2,
      nn.MaxPool2d(2),
      _neuron(problem),
      nn.Flatten(),
      self.dense,
      _neuron(problem),
    )

  def forward(self, images):
    """Maps images to spikes."""
    return _loop(self.layers, [images] * self.num_steps)


def csnn_step(problem):
  """Trains the convolutional network."""
  contender = with_torch.training(
    Network(problem), with_torch.rate_loss, problem
  )
  return with_torch.of_loss(contender)


def csnn_inference(problem):
  """Counts its spikes."""
  return with_torch.inference(Network(problem), problem)


def lif_layer(problem):
  """Steps a layer of neurons."""
  neuron = _neuron(problem)
  contender = with_torch.layer(problem, lambda xs: _loop(neuron, xs))
  return with_torch.of_loss(contender)


def _loop(module, xs):
  state, outputs = None, []
  for x in xs:
    output, state = module(x, state)
    outputs.append(output)
  return torch.stack(outputs)


def _neuron(problem):
  gain = 1 - problem.decay
  parameters = LIFBoxParameters(
    tau_mem_inv=torch.tensor(gain),
    v_th=torch.tensor(gain),
    v_reset=torch.tensor(gain / problem.decay),
    reset_method=lambda z, v, reset, threshold: v - z.detach() * reset,
  )
  return LIFBoxCell(parameters, dt=1.0)
