# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What contenders written in PyTorch share."""

import os
from collections.abc import Callable

import torch

from benchmarks.csnn_step import counted
from benchmarks.timing import Contender

DEVICE = torch.device(
  'cuda' if os.environ.get('JAX_PLATFORMS') == 'cuda' else 'cpu'
)
if DEVICE.type == 'cuda':
  torch.set_float32_matmul_precision('high')  # as JAX does there


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
  network, images = _placed(network, problem, memory_format)
  labels = _moved(problem.labels).long()
  optimiser = torch.optim.Adam(network.parameters(), problem.learning_rate)

  def step(_):
    optimiser.zero_grad()
    value = loss(network(images), labels)
    value.backward()
    optimiser.step()
    return value.item()

  def read(value):
    norms = {}
    for layer in problem.params:
      module = getattr(network, layer)
      norms[f'{layer}/kernel'] = module.weight.grad.norm().item()
      norms[f'{layer}/bias'] = module.bias.grad.norm().item()
    return {'loss': value, **norms}

  return Contender(None, step, read)


def rate_loss(spikes: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
  """The cross-entropy of the spikes `[T, B, O]` at every step."""
  labels = labels.expand(spikes.shape[:2])
  return torch.nn.functional.cross_entropy(
    spikes.flatten(0, 1), labels.flatten()
  )


def inference(
  network: torch.nn.Module,
  problem,
  memory_format: torch.memory_format = torch.contiguous_format,
) -> Contender:
  """Counts the spikes of outputs; the arguments are those of `training`."""
  network, images = _placed(network.eval(), problem, memory_format)

  @torch.inference_mode()
  def step(_):
    return _done(network(images).sum(0))

  return Contender(None, step, lambda counts: counted(counts.cpu().numpy()))


def of_loss(contender: Contender) -> Contender:
  """Compares the loss only."""
  return contender._replace(
    read=lambda found: {'loss': contender.read(found)['loss']}
  )


def _placed(network, problem, memory_format):
  """Gives a network the problem's parameters; also returns the images."""
  network = network.to(DEVICE, memory_format=memory_format)
  with torch.no_grad():
    for layer, params in problem.params.items():
      module = getattr(network, layer)
      kernel = _moved(params['kernel']).permute(3, 2, 0, 1)
      module.weight.copy_(kernel.reshape(module.weight.shape))
      module.bias.copy_(_moved(params['bias']))
  images = _moved(problem.images).permute(0, 3, 1, 2)
  images = images.contiguous(memory_format=memory_format)
  return network, images


def layer(problem, spikes: Callable) -> Contender:
  """Differentiates the weighted sum of a layer's spikes.

  Args:
    problem: of `lif_layer`.
    spikes: `currents [T, B, N] -> spikes [T, B, N]`.
  """
  kernel = _moved(problem.kernel).requires_grad_()
  xs, weights = map(_moved, (problem.xs, problem.weights))

  @torch.set_grad_enabled(problem.has_gradient)
  def step(_):
    value = (spikes(xs @ kernel) * weights).sum()
    if not problem.has_gradient:
      return _done(value), None
    return value, _done(torch.autograd.grad(value, kernel)[0])

  def read(state):
    value, gradient = state
    first = {'loss': value.item()}
    if gradient is not None:
      first['kernel'] = gradient.norm().item()
    return first

  return Contender(None, step, read)


def _moved(array):
  return torch.from_numpy(array).to(DEVICE)


def _done(tensor):
  """Waits for a GPU."""
  if DEVICE.type == 'cuda':
    torch.cuda.synchronize()
  return tensor
