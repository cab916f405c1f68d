# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""snnTorch: a loop over time through all layers, as its users write it."""

import snntorch
import snntorch.functional
import snntorch.surrogate
import torch
from torch import nn

from benchmarks.peers import with_torch

PACKAGES = ('torch', 'snntorch')


class Network(nn.Module):
  """12C5-MP2-64C5-MP2-FC10."""

  def __init__(self, problem):
    """Makes the layers."""
    super().__init__()
    self.num_steps = problem.num_steps
    self.pool = nn.MaxPool2d(2)
    self.conv1, self.neuron1 = nn.Conv2d(1, 12, 5), _neuron(problem)
    self.conv2, self.neuron2 = nn.Conv2d(12, 64, 5), _neuron(problem)
    self.dense, self.neuron3 = nn.Linear(1024, 10), _neuron(problem)

  def forward(self, images):
    """Maps images to spikes."""
    membrane1 = self.neuron1.reset_mem()
    membrane2 = self.neuron2.reset_mem()
    membrane3 = self.neuron3.reset_mem()
    outputs = []
    for _ in range(self.num_steps):
      currents = self.pool(self.conv1(images))
      spikes, membrane1 = self.neuron1(currents, membrane1)
      currents = self.pool(self.conv2(spikes))
      spikes, membrane2 = self.neuron2(currents, membrane2)
      currents = self.dense(spikes.flatten(1))
      spikes, membrane3 = self.neuron3(currents, membrane3)
      outputs.append(spikes)
    return torch.stack(outputs)


def csnn_step(problem):
  """Trains the convolutional network."""
  loss = snntorch.functional.ce_rate_loss()
  return with_torch.training(Network(problem), loss, problem)


def csnn_inference(problem):
  """Counts its spikes."""
  return with_torch.inference(Network(problem), problem)


def lif_layer(problem):
  """Steps a layer of neurons."""
  neuron = _neuron(problem).to(with_torch.DEVICE)

  def spikes(currents):
    membrane = neuron.reset_mem()
    outputs = []
    for current in currents:
      output, membrane = neuron(current, membrane)
      outputs.append(output)
    return torch.stack(outputs)

  return with_torch.layer(problem, spikes)


def _neuron(problem):
  spike_grad = snntorch.surrogate.fast_sigmoid(problem.slope)
  return snntorch.Leaky(problem.decay, spike_grad=spike_grad)
