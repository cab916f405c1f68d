# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What moves, what does not, and how far."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from snnjax.training import optimisers
from snnjax.training.gradient import (
  TrainState,
  gradient_task,
  stateful_gradient_task,
)
from snnjax.types import Batch, Mean

PARAMS = {
  'dense': {'kernel': jnp.ones((2, 3)), 'bias': jnp.ones(3)},
  'lif': {'decay': jnp.asarray(0.5), 'threshold': jnp.asarray(1.0)},
}


@pytest.mark.parametrize(
  'tx', [optax.adam(0.1), optax.adamw(0.1, weight_decay=1.0), optax.sgd(0.1)]
)
def test_frozen_leaves_do_not_move(tx):
  tx = optimisers.partition(tx, lambda path: path[0] == 'dense')
  params, state = PARAMS, tx.init(PARAMS)
  update = jax.jit(tx.update)
  for _ in range(3):
    gradient = jax.tree.map(jnp.ones_like, params)
    updates, state = update(gradient, state, params)
    params = optax.apply_updates(params, updates)
  assert params['lif'] == PARAMS['lif']
  assert np.all(params['dense']['kernel'] < 1)
  assert np.all(params['dense']['bias'] < 1)


def test_a_leaf_is_known_by_all_its_names():
  seen = []
  tree = {'a': [TrainState(jnp.ones(1), (), (), (), ())], 'b': jnp.ones(1)}
  optimisers.partition(
    optax.sgd(1.0), lambda path: seen.append(path) or True
  ).init(tree)
  assert set(seen) == {('a', '0', 'params'), ('b',)}


def test_frozen_leaves_have_no_moments():
  tx = optimisers.partition(optax.adam(0.1), lambda path: path[-1] == 'bias')
  sizes = [leaf.size for leaf in jax.tree.leaves(tx.init(PARAMS))]
  assert sorted(sizes) == [1, 3, 3]


def test_learning_rate_falls_when_its_epochs_begin():
  schedule = optimisers.piecewise(0.01, [15, 30], 0.1, steps_per_epoch=47)
  steps = [0, 15 * 47 - 1, 15 * 47, 30 * 47 - 1, 30 * 47, 45 * 47]
  rates = [float(schedule(step)) for step in steps]
  np.testing.assert_allclose(
    rates, [1e-2, 1e-2, 1e-3, 1e-3, 1e-4, 1e-4], rtol=1e-6
  )


def test_projection_bounds_by_name():
  params = {
    'a': {'decay': jnp.asarray([-0.5, 0.3, 1.5]), 'kernel': jnp.asarray(7.0)},
    'decay': jnp.asarray(2.0),
    'decay_bias': jnp.asarray(2.0),
  }
  bounded = optimisers.project(params)
  np.testing.assert_array_equal(bounded['a']['decay'], np.float32([0, 0.3, 1]))
  assert bounded['a']['kernel'] == 7
  assert bounded['decay'] == 1
  assert bounded['decay_bias'] == 2
  bounded = optimisers.project(params, {'kernel': (0.0, 5.0)})
  assert bounded['a']['kernel'] == 5
  assert bounded['decay'] == 2


def batch(mask):
  return Batch(
    inputs=np.float32([[1, 2], [3, 4], [50, 60]]),
    labels=np.zeros(3, np.int32),
    mask=np.float32(mask),
    index=np.arange(3, dtype=np.int32),
  )


def squares(params, batch, key):
  del key
  errors = batch.inputs @ params['kernel']
  return errors**2, {'error': Mean(errors[0], jnp.ones(()))}


def nothing(params, batch):
  del params, batch
  return {}


def ones(key):
  del key
  return {'kernel': jnp.asarray([1.0, -1.0])}


def test_update_follows_the_mean_over_the_mask():
  task = gradient_task(ones, squares, nothing, optax.sgd(0.1))
  state = task.init(jax.random.key(0))
  state, sums = jax.jit(task.update)(state, batch([1, 1, 0]))
  # Errors -1 and -1: L = 1 and dL/dk = -2 (mean input) = -(4, 6).
  np.testing.assert_allclose(state.params['kernel'], [1.4, -0.4], rtol=1e-6)
  assert (sums['loss'].total, sums['loss'].count) == (2, 2)
  assert sums['error'].total == -1
  norm = 0.1 * np.hypot(4, 6)
  np.testing.assert_allclose(sums['update_norm'].total, norm, rtol=1e-6)
  assert state.step == 1


def test_nan_loss_of_padding_does_not_count():
  def loss_fn(params, batch, key):
    loss, sums = squares(params, batch, key)
    return jnp.where(batch.mask > 0, loss, jnp.nan), sums

  tasks = [
    gradient_task(ones, fn, nothing, optax.sgd(0.1))
    for fn in (squares, loss_fn)
  ]
  states = [
    jax.jit(task.update)(task.init(jax.random.key(0)), batch([1, 1, 0]))[0]
    for task in tasks
  ]
  np.testing.assert_array_equal(*[s.params['kernel'] for s in states])


def test_bounds_hold_after_the_update():
  task = gradient_task(
    lambda key: {'decay': jnp.asarray(0.5)},
    lambda params, batch, key: (-params['decay'] * batch.mask, {}),
    nothing,
    optax.sgd(100.0),
  )
  state = task.init(jax.random.key(0))
  state, _ = jax.jit(task.update)(state, batch([1, 1, 1]))
  assert state.params['decay'] == 1


def test_every_update_has_its_own_key():
  task = gradient_task(
    lambda key: {'kernel': jnp.zeros(())},
    lambda params, batch, key: (
      params['kernel'] * batch.mask,
      {'draw': Mean(jax.random.uniform(key), jnp.ones(()))},
    ),
    nothing,
    optax.sgd(0.0),
  )
  update = jax.jit(task.update)
  draws = set()
  for seed in (0, 1):
    state = task.init(jax.random.key(seed))
    for _ in range(3):
      state, sums = update(state, batch([1, 1, 1]))
      draws.add(float(sums['draw'].total))
  assert len(draws) == 6


def test_model_state_is_carried():
  task = stateful_gradient_task(
    lambda key: (ones(key), jnp.zeros(2)),
    lambda params, mean, batch, key: (
      *squares(params, batch, key),
      0.5 * mean + 0.5 * batch.inputs[0],
    ),
    lambda params, mean, batch: {'mean': Mean(mean[1], jnp.ones(()))},
    optax.sgd(0.1),
  )
  state = task.init(jax.random.key(0))
  for _ in range(2):
    state, _ = jax.jit(task.update)(state, batch([1, 1, 0]))
  np.testing.assert_allclose(state.model_state, [0.75, 1.5])
  assert task.evaluate(state, (), batch([1, 1, 0]))['mean'].total == 1.5
