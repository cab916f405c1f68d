# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What of NIR has no state, as cells."""

import jax
import jax.numpy as jnp
import nir
import numpy as np

from snnjax import convolution, neurons, synapses
from snnjax.interop.nir_reading import Layer, Reading


def affine(reading: Reading, node: nir.Affine | nir.Linear) -> Layer:
  """Weights `[O, I]`, with or without a bias."""
  weight = np.asarray(node.weight, np.float32)
  reading.require(weight.ndim == 2, f'weights are {weight.shape}; needs [O, I]')
  if reading.places is not None:
    weight = weight[:, reading.places]
  bias = getattr(node, 'bias', None)
  if reading.out_places is not None:
    weight = weight[reading.out_places]
    bias = None if bias is None else bias[reading.out_places]
  return Layer(
    synapses.dense(len(weight), use_bias=bias is not None),
    _kernel(weight.T, bias),
  )


def conv(reading: Reading, node: nir.Conv2d) -> Layer:
  """Weights `[O, C, H, W]`."""
  reading.require(node.groups == 1, f'has {node.groups} groups; needs 1')
  reading.require(
    set(np.ravel(node.dilation)) == {1},
    f'has a dilation of {node.dilation}; needs 1',
  )
  kernel = np.asarray(node.weight, np.float32).transpose(2, 3, 1, 0)
  rows, columns = np.broadcast_to(node.stride, 2).tolist()
  if isinstance(node.padding, str):
    padding = node.padding.upper()
  else:
    above, left = np.broadcast_to(node.padding, 2).tolist()
    padding = (above, above), (left, left)
  cell = synapses.conv(
    kernel.shape[-1],
    kernel.shape[:2],
    strides=(rows, columns),
    padding=padding,
    use_bias=node.bias is not None,
  )
  return Layer(cell, _kernel(kernel, node.bias))


def _kernel(kernel, bias):
  params = {'kernel': kernel}
  if bias is not None:
    params['bias'] = np.asarray(bias, np.float32)
  return jax.tree.map(jnp.asarray, params)


def pool(reading: Reading, node: nir.AvgPool2d | nir.SumPool2d) -> Layer:
  """Means or sums over windows."""
  sides = {*np.ravel(node.kernel_size), *np.ravel(node.stride)}
  reading.require(
    len(sides) == 1 and not np.any(node.padding),
    'a pooling needs square windows side by side, and no padding; got '
    f'{node.kernel_size}, stride {node.stride}, padding {node.padding}',
  )
  side = int(sides.pop())
  size = side * side if isinstance(node, nir.SumPool2d) else 1

  def apply(params, x):
    del params
    return size * convolution.average_pool(x, side)

  return Layer(synapses.stateless(lambda key, shape: (), apply), ())


def scale(reading: Reading, node: nir.Scale) -> Layer:
  """A factor for each input."""
  return reading.layer(synapses.one_to_one(reading.value(node.scale)))


def threshold(reading: Reading, node: nir.Threshold) -> Layer:
  """1 where an input is above its threshold."""

  def init(key, shape):
    return {'threshold': neurons.value(threshold, key, shape)}

  threshold = reading.value(node.threshold)

  def apply(params, x):
    return reading.spike_fn(x - neurons.over_batch(params['threshold'], x.ndim))

  return reading.layer(synapses.stateless(init, apply))


def flatten(reading: Reading, node: nir.Flatten) -> Layer:
  """A vector of an image."""
  made = node.output_type['output']
  reading.require(
    made is None or len(made) == 1, f'must make a vector; makes {made}'
  )
  return Layer(synapses.flatten(), ())
