# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""SpikingJelly in its multi-step mode: layer by layer over time x batch.

The first convolution runs once per image. SpikingJelly's own neuron lets the
reset decay with the membrane, so it is timed, but cannot be compared; the one
that follows the common law is written as its documentation advises.
"""

import torch
from spikingjelly.activation_based import functional, layer, neuron, surrogate
from torch import nn

from benchmarks.peers import with_torch
from benchmarks.timing import nothing

PACKAGES = ('torch', 'spikingjelly')


class FastSigmoid(torch.autograd.Function):
  """H(z), with dS/dz = 1 / (slope·|z| + 1)²."""

  @staticmethod
  def forward(ctx, z, slope):
    """Fires above 0."""
    ctx.save_for_backward(z)
    ctx.slope = slope
    return (z > 0).to(z)

  @staticmethod
  def backward(ctx, gradient):
    """Multiplies by the surrogate."""
    (z,) = ctx.saved_tensors
    return gradient / (ctx.slope * z.abs() + 1.0) ** 2, None


class Leaky(neuron.SimpleBaseNode):
  """U ← βU + I, less 1 after a spike; without a gradient through the reset."""

  def __init__(self, problem):
    """Makes a layer of neurons."""
    super().__init__(
      surrogate_function=lambda z: FastSigmoid.apply(z, problem.slope),
      step_mode='m',
    )
    self.decay = problem.decay

  def neuronal_charge(self, x):
    """Integrates."""
    self.v = self.decay * self.v + x

  def neuronal_reset(self, spike):
    """Subtracts what will have decayed to 1 when the next input comes."""
    self.v = self.v - spike.detach() / self.decay


def own_neuron(problem):
  """Makes SpikingJelly's neuron and nearest surrogate."""
  return neuron.LIFNode(
    tau=1 / (1 - problem.decay),
    decay_input=False,
    v_reset=None,
    surrogate_function=surrogate.SoftSign(problem.slope),
    detach_reset=True,
    step_mode='m',
  )


class Network(nn.Module):
  """12C5-MP2-64C5-MP2-FC10."""

  def __init__(self, problem, make_neuron):
    """Makes the layers."""
    super().__init__()
    self.num_steps = problem.num_steps
    self.conv1, self.pool1 = nn.Conv2d(1, 12, 5), nn.MaxPool2d(2)
    self.conv2 = layer.Conv2d(12, 64, 5, step_mode='m')
    self.pool2 = layer.MaxPool2d(2, step_mode='m')
    self.dense = layer.Linear(1024, 10, step_mode='m')
    self.neuron1 = make_neuron(problem)
    self.neuron2 = make_neuron(problem)
    self.neuron3 = make_neuron(problem)

  def forward(self, images):
    """Maps images to spikes."""
    functional.reset_net(self)
    currents = self.pool1(self.conv1(images))
    currents = currents.expand(self.num_steps, *currents.shape)
    spikes = self.neuron1(currents)
    spikes = self.neuron2(self.pool2(self.conv2(spikes)))
    return self.neuron3(self.dense(spikes.flatten(2)))


def csnn_step(problem):
  """Trains the convolutional network."""
  return with_torch.training(
    Network(problem, Leaky), with_torch.rate_loss, problem
  )


def csnn_step_channels_last(problem):
  """Trains it with the channels of an image side by side in memory."""
  return with_torch.training(
    Network(problem, Leaky), with_torch.rate_loss, problem, torch.channels_last
  )


def csnn_step_own_neuron(problem):
  """Trains it with SpikingJelly's neuron, channels last."""
  contender = with_torch.training(
    Network(problem, own_neuron),
    with_torch.rate_loss,
    problem,
    torch.channels_last,
  )
  return contender._replace(read=nothing)


def csnn_inference(problem):
  """Counts its spikes."""
  return with_torch.inference(Network(problem, Leaky), problem)


def csnn_inference_channels_last(problem):
  """Counts them with the channels of an image side by side in memory."""
  return with_torch.inference(
    Network(problem, Leaky), problem, torch.channels_last
  )


def csnn_inference_own_neuron(problem):
  """Counts those of SpikingJelly's neuron, channels last."""
  contender = with_torch.inference(
    Network(problem, own_neuron), problem, torch.channels_last
  )
  return contender._replace(read=nothing)


def lif_layer(problem):
  """Unrolls a layer of neurons."""
  return with_torch.layer(problem, _multi_step(Leaky(problem)))


def lif_layer_own_neuron(problem):
  """Unrolls a layer of SpikingJelly's neurons."""
  contender = with_torch.layer(problem, _multi_step(own_neuron(problem)))
  return contender._replace(read=nothing)


def _multi_step(node):
  def spikes(currents):
    functional.reset_net(node)
    return node(currents)

  return spikes
