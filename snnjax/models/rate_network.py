# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Networks of integrate-and-fire neurons that are read as rates."""

from collections.abc import Sequence

from snnjax import combinators, synapses
from snnjax.neurons.integrate_and_fire import integrate_and_fire
from snnjax.types import Cell

POOL = 'pool'
CHARGE = 0.5  # of membranes before the first step, in thresholds


def rate_network(
  layers: Sequence[int | str], *, num_outputs: int = 10, padding: str = 'SAME'
) -> Cell:
  """Makes 3x3 convolution - neuron, or average pooling, in a row; then dense.

  Synapses bear the names that Flax gives them in `cnn.Cnn` and `vgg.Vgg`, so
  that `conversion.balance` can fill in what these have learnt.

  Args:
    layers: features of a convolution, or `POOL`, in order.
    num_outputs: classes.
    padding: of the convolutions.

  Returns:
    A network from images `[B, H, W, C]` to `[B, num_outputs]`, whose mean over
    time approaches the ordinary network's output; with layers `Conv_0`,
    `neuron_0`, `pool_0`, ..., `flatten`, `Dense_0`.

  Raises:
    ValueError: a layer is something else.
  """
  cells, num_convs, num_pools = {}, 0, 0
  for layer in layers:
    if layer == POOL:
      cells[f'pool_{num_pools}'] = synapses.average_pool(2)
      num_pools += 1
    elif isinstance(layer, str):
      raise ValueError(
        f'layers must be numbers of features or {POOL!r}; got {layer!r}'
      )
    else:
      cells[f'Conv_{num_convs}'] = synapses.conv(layer, 3, padding=padding)
      cells[f'neuron_{num_convs}'] = integrate_and_fire(charge=CHARGE)
      num_convs += 1
  cells['flatten'] = synapses.flatten()
  cells['Dense_0'] = synapses.dense(num_outputs)
  return combinators.serial(cells)
