# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What contenders written in JAX share."""

from collections.abc import Callable

import jax
import optax

from benchmarks.timing import Contender


def training(loss: Callable, params, batch, learning_rate: float) -> Contender:
  """Trains with Adam on one batch.

  Args:
    loss: `(params, *batch) -> []`.
    params: dictionary of `{layer: {'kernel', 'bias'}}`.
    batch: arrays.
    learning_rate: of Adam.
  """
  tx = optax.adam(learning_rate)
  batch = jax.device_put(batch)
  params = jax.tree.map(jax.numpy.array, params)  # donated, so our own

  def update(state, batch):
    _, params, opt_state = state
    value, gradient = jax.value_and_grad(loss)(params, *batch)
    updates, opt_state = tx.update(gradient, opt_state, params)
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
    state=(jax.numpy.zeros(()), params, tx.init(params)),
    step=lambda state: jax.block_until_ready(compiled(state, batch)),
    read=read,
  )


def layer(problem, spikes: Callable, is_comparable: bool = True) -> Contender:
  """Differentiates the weighted sum of a layer's spikes.

  Args:
    problem: of `lif_layer`.
    spikes: `currents [T, B, N] -> spikes [T, B, N]`.
    is_comparable: whether its gradient follows the common law.
  """

  def loss(kernel, xs, weights):
    return (spikes(xs @ kernel) * weights).sum()

  arrays = jax.device_put((problem.kernel, problem.xs, problem.weights))
  compiled = jax.jit(jax.value_and_grad(loss))

  def read(state):
    value, gradient = state
    first = {'loss': float(value), 'kernel': float(optax.tree.norm(gradient))}
    return first if is_comparable else {'loss': first['loss']}

  return Contender(
    state=None,
    step=lambda _: jax.block_until_ready(compiled(*arrays)),
    read=read,
  )
