# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What contenders written in JAX share."""

from collections.abc import Callable

import jax
import numpy as np
import optax

from benchmarks.csnn_step import counted
from benchmarks.timing import Contender, nothing


def training(loss: Callable, params, batch, learning_rate: float) -> Contender:
  """Trains with Adam on one batch.

  Args:
    loss: `(params, *batch) -> []`.
    params: dictionary of `{layer: {'kernel', 'bias'}}`.
    batch: arrays.
    learning_rate: of Adam.
  """
  return descent(
    jax.value_and_grad(loss), jax.device_put(params), batch, learning_rate
  )


def descent(
  gradient: Callable, params, batch, learning_rate: float
) -> Contender:
  """Likewise, by `(params, *batch) -> (loss [], gradient)`.

  Parameters are on the devices that work.
  """
  tx = optax.adam(learning_rate)
  batch = jax.device_put(batch)
  # Donated, so our own; counts lie with the parameters, or the second update
  # compiles anew.
  where = jax.tree.leaves(params)[0].sharding
  state = jax.tree.map(
    lambda leaf: jax.numpy.array(leaf, device=where),
    (jax.numpy.zeros(()), params, tx.init(params)),
  )

  def update(state, batch):
    _, params, opt_state = state
    value, found = gradient(params, *batch)
    updates, opt_state = tx.update(found, opt_state, params)
    return value, optax.apply_updates(params, updates), opt_state

  def read(state):
    value, _, opt_state = state
    moments = optax.tree.get(opt_state, 'mu')  # (1 - 0.9) gradient
    return {
      'loss': float(value),
      **{
        f'{layer}/{name}': 10 * float(optax.tree.norm(leaf))
        for layer, leaves in moments.items()
        for name, leaf in leaves.items()
      },
    }

  compiled = jax.jit(update, donate_argnums=0)
  return Contender(
    state=state,
    step=lambda state: jax.block_until_ready(compiled(state, batch)),
    read=read,
  )


def classification(network: Callable, problem) -> Contender:
  """Trains with the cross-entropy of the spikes at every step.

  Args:
    network: `(params, images) -> spikes [T, B, O]`.
    problem: of `csnn_step`.
  """

  def loss(params, images, labels):
    spikes = network(params, images)
    labels = jax.numpy.broadcast_to(labels, spikes.shape[:2])
    return optax.softmax_cross_entropy_with_integer_labels(
      spikes, labels
    ).mean()

  batch = problem.images, problem.labels
  return training(loss, problem.params, batch, problem.learning_rate)


def layer(problem, spikes: Callable, is_comparable: bool = True) -> Contender:
  """Differentiates the weighted sum of a layer's spikes.

  Args:
    problem: of `lif_layer`.
    spikes: `(kernel, xs [T, B, I]) -> spikes [T, B, N]`.
    is_comparable: whether its gradient follows the common law.
  """

  def loss(kernel, xs, weights):
    return (spikes(kernel, xs) * weights).sum()

  arrays = problem.kernel, problem.xs, problem.weights
  if not problem.has_gradient:
    return repeated(loss, arrays, lambda value: {'loss': float(value)})

  def read(found):
    value, gradient = found
    first = {'loss': float(value), 'kernel': float(optax.tree.norm(gradient))}
    return first if is_comparable else {'loss': first['loss']}

  return repeated(jax.value_and_grad(loss), arrays, read)


def inference(network: Callable, problem) -> Contender:
  """Counts the spikes of outputs.

  Args:
    network: `(params, images) -> spikes [T, B, O]`.
    problem: of `csnn_step`.
  """
  return repeated(
    lambda params, images: network(params, images).sum(0),
    (problem.params, problem.images),
    lambda counts: counted(np.asarray(counts)),
  )


def repeated(function: Callable, arrays, read: Callable = nothing) -> Contender:
  """Does the same again and again."""
  arrays = jax.device_put(arrays)
  compiled = jax.jit(function)
  return Contender(
    state=None,
    step=lambda _: jax.block_until_ready(compiled(*arrays)),
    read=read,
  )
