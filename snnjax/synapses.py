# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Synapses: what lies between two layers of neurons.

Their leaves have Flax's names and layout (`kernel` `[I, O]` or `[H, W, I, O]`,
`bias` `[O]`), so that the parameters of a Flax network fit. A synapse without
state is a function of one time step; `unroll` joins time and batch.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax import convolution
from snnjax.devices import images_at_once
from snnjax.integers import spike_product
from snnjax.neurons.neuron import Value, over_batch, value
from snnjax.products import product
from snnjax.types import Array, Cell, Params, Shape

Init = Callable[[Array, Shape, int], Array]  # (key, shape, fan_in)


def uniform(key: Array, shape: Shape, fan_in: int) -> Array:
  """U(-1/√fan_in, 1/√fan_in): the initialisation of the field's papers."""
  bound = 1.0 / math.sqrt(fan_in)
  return jax.random.uniform(key, shape, minval=-bound, maxval=bound)


def stateless(
  init: Callable[[Array, Shape], Params],
  apply: Callable[[Params, Array], Array],
  *,
  keeps_binary: bool = False,
) -> Cell:
  """Makes a cell from a function of one time step.

  Args:
    init: `(key, in_shape) -> params`.
    apply: `(params, x [B, ...]) -> y [B, ...]`, each example by itself.
    keeps_binary: whether binary inputs give binary outputs.
  """

  def start(params, key, in_shape, batch):
    del params, key, in_shape, batch
    return ()

  def step(params, state, x):
    return state, apply(params, x)

  def unroll(params, state, xs, num_steps, memory):
    del num_steps
    ys = join_time_and_batch(memory.wrap(apply))(params, xs)
    return state, ys, (state, ys)

  return Cell(
    init, start, step, unroll, lambda is_binary: keeps_binary and is_binary
  )


def is_image(shape: Shape) -> bool:
  """Whether inputs of a shape are images, which may go in blocks."""
  return len(shape) > 1


def join_time_and_batch(apply: Callable) -> Callable:
  """Maps `apply` over `[T, B, ...]`: vectors in one call, images in blocks.

  Blocks are as large as the device likes them: see `snnjax.devices`.

  Args:
    apply: `(params, x [N, ...]) -> pytree of [N, ...]`.

  Returns:
    `(params, xs [T, B, ...]) -> pytree of [T, B, ...]`.
  """

  def over_time(params, xs):
    num = xs.shape[0] * xs.shape[1]
    joined = xs.reshape(num, *xs.shape[2:])
    most = images_at_once() or num
    if not is_image(xs.shape[2:]) or num <= most:
      ys = apply(params, joined)
    else:
      block = _block(num, most)
      pads = ((0, -num % block), *((0, 0),) * (joined.ndim - 1))
      blocks = jnp.pad(joined, pads).reshape(-1, block, *xs.shape[2:])
      ys = jax.lax.map(lambda x: apply(params, x), blocks)
      ys = jax.tree.map(lambda y: y.reshape(-1, *y.shape[2:])[:num], ys)
    return jax.tree.map(lambda y: y.reshape(*xs.shape[:2], *y.shape[1:]), ys)

  return over_time


def _block(num, most):
  """A divisor of `num` near `most`, or `most` itself (then with padding)."""
  divisors = [b for b in range(most, most // 2, -1) if num % b == 0]
  return divisors[0] if divisors else most


def vector_size(in_shape: Shape) -> int:
  """Returns I of inputs `[B, I]`, which all-to-all synapses need.

  Raises:
    ValueError: if the inputs are no vectors.
  """
  if len(in_shape) != 1:
    raise ValueError(
      f'all-to-all synapses need vectors [B, I]; got features {in_shape}: put '
      'snnjax.synapses.flatten() before them'
    )
  return in_shape[0]


def dense(
  features: int,
  *,
  use_bias: bool = True,
  kernel_init: Init = uniform,
  in_integers: bool = False,
) -> Cell:
  """Makes all-to-all synapses: I = S·W + b, `[B, I] -> [B, O]`.

  Args:
    features: O.
    use_bias: whether there is b.
    kernel_init: of W.
    in_integers: whether inputs are 0 or 1, and are to be multiplied so: see
      `snnjax.integers`.

  Raises:
    ValueError: where they are run, if there are other inputs than they were
      made for.
  """
  multiply = spike_product if in_integers else product

  def init(key, in_shape):
    size = vector_size(in_shape)
    return _affine(key, (size, features), size, use_bias, kernel_init)

  def apply(params, x):
    kernel = params['kernel']
    if x.shape[-1] != kernel.shape[0]:
      raise ValueError(
        f'all-to-all synapses were made for {kernel.shape[0]} inputs; got '
        f'{x.shape[-1]}'
      )
    return _add_bias(multiply(x, kernel), params)

  return stateless(init, apply)


def conv(
  features: int,
  kernel_size: int | tuple[int, int],
  *,
  strides: int | tuple[int, int] = 1,
  padding: convolution.Padding = 'VALID',
  use_bias: bool = True,
  kernel_init: Init = uniform,
  in_integers: bool = False,
) -> Cell:
  """Makes convolutional synapses, `[B, H, W, C] -> [B, H', W', features]`.

  Args:
    features: of the outputs.
    kernel_size: height and width, or one number for both.
    strides: likewise.
    padding: as in `convolution.convolve`.
    use_bias: whether a bias is added.
    kernel_init: of the kernel.
    in_integers: as in `dense`; on a CPU.
  """
  sides, steps = _pair(kernel_size), _pair(strides)

  def init(key, in_shape):
    if len(in_shape) != 3:
      raise ValueError(
        f'convolutional synapses need images [B, H, W, C]; got {in_shape}'
      )
    shape = (*sides, in_shape[-1], features)
    fan_in = math.prod(shape[:-1])
    return _affine(key, shape, fan_in, use_bias, kernel_init)

  def apply(params, x):
    y = convolution.convolve(
      x,
      params['kernel'],
      strides=steps,
      padding=padding,
      in_integers=in_integers,
    )
    return _add_bias(y, params)

  return stateless(init, apply)


def one_to_one(weight: Value = 1.0) -> Cell:
  """Makes one synapse per neuron, y = w·x: graded spikes, own feedback.

  Args:
    weight: a number, an array that broadcasts to the layer, or an initialiser.
  """

  def init(key, in_shape):
    return {'weight': value(weight, key, in_shape)}

  return stateless(
    init, lambda params, x: over_batch(params['weight'], x.ndim) * x
  )


def max_pool(window: int) -> Cell:
  """Takes the maximum of `window` x `window` squares of `[B, H, W, C]`."""
  return _plain(lambda x: convolution.max_pool(x, window), keeps_binary=True)


def average_pool(window: int) -> Cell:
  """Averages `window` x `window` squares of `[B, H, W, C]`."""
  return _plain(lambda x: convolution.average_pool(x, window))


def flatten() -> Cell:
  """Makes vectors of images: `[B, ...] -> [B, N]`."""
  return _plain(lambda x: x.reshape(x.shape[0], -1), keeps_binary=True)


def _plain(function, *, keeps_binary=False):
  return stateless(
    lambda key, in_shape: (),
    lambda params, x: function(x),
    keeps_binary=keeps_binary,
  )


def _affine(key, shape, fan_in, use_bias, kernel_init):
  kernel_key, bias_key = jax.random.split(key)
  params = {'kernel': kernel_init(kernel_key, shape, fan_in)}
  if use_bias:
    params['bias'] = uniform(bias_key, shape[-1:], fan_in)
  return params


def _add_bias(y, params):
  if 'bias' not in params:
    return y
  return y + over_batch(params['bias'], y.ndim)


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
  return (size, size) if isinstance(size, int) else size
