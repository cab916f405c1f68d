# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a simulation keeps for its gradient, and in which order it goes.

A policy takes blocks of steps through the network, one after the other, and
says what is kept of each. All of them give the same outputs and, but for
truncation, the same gradient.

References: Chen et al., "Training deep nets with sublinear memory cost", 2016.
"""

import functools
import math

import jax
import jax.numpy as jnp

from snnjax.convolution import WINNER
from snnjax.devices import images_at_once
from snnjax.synapses import is_image
from snnjax.types import Memory


def store_all(*, block: int | None = None, truncate: bool = False) -> Memory:
  """Keeps what the gradient needs, at every step.

  Args:
    block: steps that pass through all layers before the next ones do; by
      default of images what stays in a CPU's cache, and else all steps.
    truncate: truncated backpropagation through time: gradients do not pass
      from one block into the one before; needs the block's length.

  Raises:
    ValueError: if a block is shorter than a step, or none is given to truncate.
  """
  if (truncate and block is None) or (block is not None and block < 1):
    raise ValueError(
      'a block must be at least one step, and be given where it truncates; got '
      f'{block=}, {truncate=}'
    )
  choose = _fit_into_cache if block is None else lambda num_steps, xs: block
  return Memory(choose, _as_it_is, _as_it_is, truncates=truncate)


def rematerialise(
  *, block: int | None = None, truncate: bool = False
) -> Memory:
  """Keeps the states between blocks and computes again what lies inside.

  Inside, all is kept while the block's gradient is computed.

  Args:
    block: number of steps; by default about √T.
    truncate: as in `store_all`.
  """
  kept = store_all(block=block, truncate=truncate)
  return kept._replace(
    block=_near_square_root if block is None else kept.block,
    pass_through=functools.partial(jax.checkpoint, prevent_cse=False),
    within=store_all(),
  )


def pack_spikes(*, block: int | None = None, truncate: bool = False) -> Memory:
  """As `store_all`, with the spikes that reach synapses kept as bits.

  Spikes are 0 or 1 then: not for neurons with a smooth function in their place.

  Args:
    block: as there.
    truncate: as there.
  """
  return store_all(block=block, truncate=truncate)._replace(
    of_spikes=_keep_bits
  )


def _as_it_is(function):
  return function


def _fit_into_cache(num_steps, xs):
  most = images_at_once()
  if most is None or not is_image(xs.shape[2:]):
    return num_steps
  return max(1, most // max(1, xs.shape[1]))


def _near_square_root(num_steps, xs):
  """A divisor of `num_steps` near its root, or the root rounded."""
  del xs
  root = math.sqrt(num_steps)
  divisors = [
    c
    for c in range(1, num_steps + 1)
    if num_steps % c == 0 and root / 2 <= c <= 2 * root
  ]
  return min(divisors, key=lambda c: abs(c - root), default=round(root))


def _keep_bits(synapse):
  """Makes a synapse's function keep its binary input `[B, ...]` as bits.

  Of what else it computes, only which input wins a maximum is kept: that would
  take the convolution before it again.
  """

  @functools.partial(
    jax.checkpoint,
    policy=jax.checkpoint_policies.save_only_these_names(WINNER),
    prevent_cse=False,
  )
  def apply(params, bits, x):
    return synapse(params, _restore(bits, x))

  return lambda params, x: apply(params, _pack(x), x)


@jax.custom_vjp
def _restore(bits, x):
  """The value of what was packed, with the gradient of x."""
  return _unpack(bits, x.shape).astype(x.dtype)


_restore.defvjp(lambda *args: (_restore(*args), None), lambda _, g: (None, g))


def _pack(x):
  """`[B, ...] -> uint8 [B, N]`: eighths of an example lie over one another."""
  flat = x.reshape(x.shape[0], -1) > 0
  flat = jnp.pad(flat, ((0, 0), (0, -flat.shape[1] % 8)))
  eighths = flat.reshape(x.shape[0], 8, -1).astype(jnp.uint8)
  return functools.reduce(
    jnp.bitwise_or, (eighths[:, k] << k for k in range(8))
  )


def _unpack(bits, shape):
  eighths = jnp.stack([bits >> k & 1 for k in range(8)], axis=1)
  flat = eighths.reshape(shape[0], -1)
  return flat[:, : math.prod(shape[1:])].reshape(shape)
