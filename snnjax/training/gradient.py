# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tasks that follow a gradient: one update rule for all of them."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.sharding import Mesh

from snnjax.metrics import mean_of
from snnjax.numerics import masked_mean
from snnjax.training import parallel
from snnjax.training.optimisers import project
from snnjax.types import Array, Batch, Mean, Params, PyTree, Sums, Task


class TrainState(NamedTuple):
  """All that training carries from one update to the next.

  Attributes:
    params: what the optimiser changes.
    opt_state: the optimiser's.
    model_state: what the model itself carries on: running means of a batch
      normalisation; () if nothing.
    key: typed, `[]`; an update's own key is this one with the step folded in.
    step: int32 `[]`, updates made.
  """

  params: Params
  opt_state: optax.OptState
  model_state: PyTree
  key: Array
  step: Array


def gradient_task(
  init: Callable[[Array], Params],
  loss_fn: Callable[[Params, Batch, Array], tuple[Array, Sums]],
  evaluate: Callable[[Params, Batch], Sums],
  tx: optax.GradientTransformation,
  *,
  project: Callable[[Params], Params] = project,
  mesh: Mesh | None = None,
) -> Task:
  """Makes the task of lowering a loss by its gradient.

    L = Σ maskᵦ lossᵦ / Σ maskᵦ
    p ← project(p + tx(∂L/∂p))

  Args:
    init: `key -> params`.
    loss_fn: `(params, batch, key) -> (loss per example [B], sums to report)`.
    evaluate: `(params, batch) -> sums`.
    tx: the optimiser; see `partition` for leaves that are not trained.
    project: keeps parameters within their bounds.
    mesh: of one axis; its devices share every batch, which they must divide
      evenly, and each has another key. By default one has it all.

  Returns:
    The task. Its states are `TrainState`s; its updates report `loss`, the norm
    of the change (`update_norm`), and the sums of `loss_fn`.

  Raises:
    ValueError: at an update, if `loss_fn` returns anything else, or a loss that
      is not one per example.
  """

  def losses_and_sums(params, batch, key):
    found = loss_fn(params, batch, key)
    if not isinstance(found, tuple) or len(found) != 2:
      raise ValueError(
        'loss_fn must return the losses of the examples [B] and sums to '
        f'report, {{}} for none; got {jax.tree.map(jnp.shape, found)}'
      )
    return found

  if mesh is not None:
    share = parallel.over_devices(mesh, losses_and_sums, evaluate)
    return _task(
      lambda key: (share.place(init(key)), ()),
      lambda params, _, batch, key: (*share.gradient(params, batch, key), ()),
      lambda params, _, batch: share.evaluate(params, batch),
      tx,
      project,
    )
  return stateful_gradient_task(
    lambda key: (init(key), ()),
    lambda params, _, batch, key: (*losses_and_sums(params, batch, key), ()),
    lambda params, _, batch: evaluate(params, batch),
    tx,
    project=project,
  )


def stateful_gradient_task(
  init: Callable[[Array], tuple[Params, PyTree]],
  loss_fn: Callable[[Params, PyTree, Batch, Array], tuple[Array, Sums, PyTree]],
  evaluate: Callable[[Params, PyTree, Batch], Sums],
  tx: optax.GradientTransformation,
  *,
  project: Callable[[Params], Params] = project,
) -> Task:
  """Makes such a task for a model that carries a state; see `gradient_task`.

  Args:
    init: `key -> (params, model_state)`.
    loss_fn: `(params, model_state, batch, key) -> (loss per example [B], sums
      to report, model_state)`.
    evaluate: `(params, model_state, batch) -> sums`.
    tx: the optimiser.
    project: keeps parameters within their bounds.

  Returns:
    The task.
  """

  def gradient(params, model_state, batch, key):
    mask = jnp.asarray(batch.mask)

    def objective(params):
      losses, sums, new_state = loss_fn(params, model_state, batch, key)
      sums = {**sums, 'loss': mean_of(losses, mask)}
      return masked_mean(losses, mask), (sums, new_state)

    found, (sums, new_state) = jax.grad(objective, has_aux=True)(params)
    return found, sums, new_state

  return _task(init, gradient, evaluate, tx, project)


def _task(init, gradient, evaluate, tx, project):
  """Makes the task; see `stateful_gradient_task` for all but `gradient`.

  That is `(params, model_state, batch, key) -> (gradient of the mean loss, sums
  to report, model_state)`.
  """

  def start(key: Array) -> TrainState:
    init_key, key = jax.random.split(key)
    params, model_state = init(init_key)
    return TrainState(
      params=params,
      opt_state=tx.init(params),
      model_state=model_state,
      key=key,
      step=jnp.zeros((), jnp.int32),
    )

  def update(state: TrainState, batch: Batch) -> tuple[TrainState, Sums]:
    key = jax.random.fold_in(state.key, state.step)
    found, sums, model_state = gradient(
      state.params, state.model_state, batch, key
    )
    updates, opt_state = tx.update(found, state.opt_state, state.params)
    # Reported so that it is guarded: a finite loss may have a gradient that is
    # not. Of the updates, so that gradients of frozen leaves are not computed.
    norm = Mean(total=optax.tree.norm(updates), count=jnp.ones(()))
    state = state._replace(
      params=project(optax.apply_updates(state.params, updates)),
      opt_state=opt_state,
      model_state=model_state,
      step=state.step + 1,
    )
    return state, {**sums, 'update_norm': norm}

  return Task(
    init=start,
    update=update,
    evaluate=lambda state, _, batch: evaluate(
      state.params, state.model_state, batch
    ),
  )
