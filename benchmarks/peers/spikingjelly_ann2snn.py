# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""SpikingJelly's conversion of a network by rates, step by step."""

import torch
from spikingjelly.activation_based import ann2snn, functional
from spikingjelly.activation_based.ann2snn import modules
from torch import nn

from benchmarks import conversion_eval
from benchmarks.conversion_ours import reading
from benchmarks.timing import Contender

PACKAGES = ('torch', 'spikingjelly')


def rate(problem):
  """With its integrate-and-fire neurons, thresholds as given."""
  layers = []
  for kernel, bias in zip(
    problem.kernels[:-1], problem.biases[:-1], strict=True
  ):
    conv = nn.Conv2d(*kernel.shape[2:], 3)
    conv.weight.data = torch.tensor(kernel.transpose(3, 2, 0, 1).copy())
    conv.bias.data = torch.tensor(bias)
    layers += [conv, nn.ReLU(), nn.AvgPool2d(2)]
  dense = nn.Linear(*problem.kernels[-1].shape)
  dense.weight.data = torch.tensor(problem.kernels[-1].T.copy())
  dense.bias.data = torch.tensor(problem.biases[-1])
  network = nn.Sequential(*layers, nn.Flatten(), dense).eval()

  images = torch.from_numpy(problem.images).permute(0, 3, 1, 2).contiguous()
  recipe = ann2snn.RateCodingRecipe([(images, problem.labels)], mode='99.9%')
  snn = ann2snn.Converter(recipe).convert(network).eval()
  _set_thresholds(snn, problem.thresholds)

  @torch.no_grad()
  def step(_):
    functional.reset_net(snn)
    total = 0.0
    for _ in range(conversion_eval.NUM_STEPS):
      total = total + snn(images)
    return total / conversion_eval.NUM_STEPS

  return Contender(None, step, lambda out: reading(out.numpy(), problem))


def _set_thresholds(snn, thresholds):
  """Each neuron stands between a division and a multiplication by one."""
  scalers = [m for m in snn.modules() if isinstance(m, modules.VoltageScaler)]
  factors = [f for t in thresholds for f in (1 / t, t)]
  for scaler, factor in zip(scalers, factors, strict=True):
    scaler.scale.fill_(factor)
