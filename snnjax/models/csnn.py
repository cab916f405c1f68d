# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Convolutional spiking networks."""

from collections.abc import Callable, Sequence

from snnjax import combinators, synapses
from snnjax.types import Cell


def csnn(
  neuron: Callable[[], Cell],
  *,
  channels: Sequence[int] = (12, 64),
  kernel_size: int = 5,
  padding: str = 'VALID',
  pool: Callable[[int], Cell] = synapses.max_pool,
  num_outputs: int = 10,
  kernel_init: synapses.Init = synapses.uniform,
  in_integers: bool = False,
) -> Cell:
  """Makes convolution - pooling - neuron, repeated, then dense - neuron.

  With the defaults this is 12C5-MP2-64C5-MP2-FC10. Pooling acts on the
  currents, before the neuron.

  Args:
    neuron: makes the neurons of a layer, outputs included.
    channels: features of each convolution.
    kernel_size: side of its kernels.
    padding: 'VALID' or 'SAME'.
    pool: `synapses.max_pool` or `synapses.average_pool`, of side 2.
    num_outputs: classes, times their population.
    kernel_init: of all kernels.
    in_integers: whether synapses between neurons multiply so: see
      `synapses.dense`.

  Returns:
    A network from images `[B, H, W, C]` to spikes `[B, num_outputs]`, with the
    layers `conv1`, `pool1`, `neuron1`, `conv2`, ..., `flatten`, `dense`, `out`.

  Raises:
    ValueError: if integers are asked for, and the neurons do not give 0 or 1.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023.
  """
  if in_integers and not neuron().is_binary(False):
    raise ValueError('in_integers needs neurons that give 0 or 1')
  layers = {}
  for i, features in enumerate(channels, start=1):
    layers[f'conv{i}'] = synapses.conv(
      features,
      kernel_size,
      padding=padding,
      kernel_init=kernel_init,
      in_integers=in_integers and i > 1,
    )
    layers[f'pool{i}'] = pool(2)
    layers[f'neuron{i}'] = neuron()
  layers['flatten'] = synapses.flatten()
  layers['dense'] = synapses.dense(
    num_outputs, kernel_init=kernel_init, in_integers=in_integers
  )
  layers['out'] = neuron()
  return combinators.serial(layers)
