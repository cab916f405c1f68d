# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What contenders written in PyTorch share."""

from collections.abc import Callable

import torch

from benchmarks.timing import Contender


def training(
  network: torch.nn.Module,
  loss: Callable,
  problem,
  memory_format: torch.memory_format = torch.contiguous_format,
) -> Contender:
  """Trains with Adam on one batch.

  Args:
    network: images `[B, 1, H, W]` to spikes `[T, B, 10]`; has the layers
      `conv1`, `conv2` and `dense`.
    loss: `(spikes [T, B, 10], labels [B]) -> []`.
    problem: of `csnn_step`.
    memory_format: of images and convolutions.
  """
  layers = {layer: getattr(network, layer) for layer in problem.params}
  with torch.no_grad():
    for layer, module in layers.items():
      kernel = torch.from_numpy(problem.params[layer]['kernel'])
      kernel = kernel.permute(3, 2, 0, 1).reshape(module.weight.shape)
      module.weight.copy_(kernel)
      module.bias.copy_(torch.from_numpy(problem.params[layer]['bias']))
  network = network.to(memory_format=memory_format)
  images = torch.from_numpy(problem.images).permute(0, 3, 1, 2)
  images = images.contiguous(memory_format=memory_format)
  labels = torch.from_numpy(problem.labels).long()
  optimiser = torch.optim.Adam(network.parameters(), problem.learning_rate)

  def step(_):
    optimiser.zero_grad()
    value = loss(network(images), labels)
    value.backward()
    optimiser.step()
    return value.item()

  def read(value):
    norms = {}
    for layer, module in layers.items():
      norms[f'{layer}/kernel'] = module.weight.grad.norm().item()
      norms[f'{layer}/bias'] = module.bias.grad.norm().item()
    return {'loss': value, **norms}

  return Contender(None, step, read)


def layer(problem, spikes: Callable) -> Contender:
  """Differentiates the weighted sum of a layer's spikes.

  Args:
    problem: of `lif_layer`.
    spikes: `currents [T, B, N] -> spikes [T, B, N]`.
  """
  kernel = torch.from_numpy(problem.kernel).requires_grad_()
  xs, weights = map(torch.from_numpy, (problem.xs, problem.weights))

  def step(_):
    value = (spikes(xs @ kernel) * weights).sum()
    return value, torch.autograd.grad(value, kernel)[0]

  def read(state):
    value, gradient = state
    return {'loss': value.item(), 'kernel': gradient.norm().item()}

  return Contender(None, step, read)
