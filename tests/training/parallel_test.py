# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Devices that share a batch compute what one does, and resume as one does."""

import jax
import numpy as np
import optax
import pytest
from jax.sharding import Mesh

from snnjax import training
from snnjax.metrics import mean_of
from snnjax.training.evaluation import total
from snnjax.types import Mean
from tests.training import tiny


def loss_fn(params, batch, key):
  del key
  sums = {'accuracy': tiny.evaluate(params, batch)['accuracy']}
  cross_entropy = optax.softmax_cross_entropy_with_integer_labels
  return cross_entropy(tiny.logits(params, batch.inputs), batch.labels), sums


def task(num_devices, loss_fn=loss_fn):
  devices = jax.devices()[:num_devices]
  assert len(devices) == num_devices
  mesh = Mesh(np.array(devices), 'batch') if num_devices > 1 else None
  return training.gradient_task(
    tiny.init, loss_fn, tiny.evaluate, optax.sgd(0.5), mesh=mesh
  )


@pytest.mark.parametrize('index', [range(16), range(3, 15), range(8), range(2)])
def test_two_devices_compute_what_one_does(index):
  """Though the examples that count lie on one of them, or are few."""
  batch = tiny.batch_of(np.arange(70)[list(index)])
  found = []
  for num_devices in (1, 2):
    both = task(num_devices)
    state = jax.jit(both.init)(jax.random.key(0))
    state, sums = jax.jit(both.update)(state, batch)
    measured = total([jax.device_get(jax.jit(both.evaluate)(state, (), batch))])
    found.append((state.params, sums, measured))
  for one, two in zip(*map(jax.tree.leaves, found), strict=True):
    np.testing.assert_allclose(one, two, rtol=1e-6, atol=1e-7)


def test_sums_keep_their_types():
  """Half floats, whole numbers, and those of Python."""

  def mixed(params, batch, key):
    losses, _ = loss_fn(params, batch, key)
    number = Mean(jax.numpy.sum(batch.labels), 2)
    return losses.astype('bfloat16'), {'number': number}

  batch = tiny.batch_of(np.arange(16))
  found = []
  for num_devices in (1, 2):
    both = task(num_devices, mixed)
    state = jax.jit(both.init)(jax.random.key(0))
    half = jax.tree.map(lambda p: p.astype('bfloat16'), state.params)
    state = state._replace(params=half)
    state, sums = jax.jit(both.update)(state, batch)
    found.append((state.params, sums['number'].total))
  (one, number), (two, of_both) = found
  assert number == of_both == batch.labels.sum()
  for a, b in zip(*map(jax.tree.leaves, (one, two)), strict=True):
    assert a.dtype == b.dtype == 'bfloat16'
    np.testing.assert_allclose(np.float32(a), np.float32(b), atol=0.01)


def test_every_device_has_a_key_of_its_own():
  def random(params, batch, key):
    draw = jax.random.uniform(key)
    losses = params['neuron']['decay'] * jax.numpy.full(len(batch.labels), draw)
    return losses, {'draw': mean_of(losses**2, batch.mask)}

  both = task(2, random)
  state = both.init(jax.random.key(0))
  _, sums = jax.jit(both.update)(state, tiny.at(0))
  mean, of_squares = (
    sums[name].total / sums[name].count for name in ('loss', 'draw')
  )
  assert of_squares > mean**2 * 1.001


def test_a_resumed_run_is_the_same(tmp_path):
  whole = tiny.fit(tmp_path / 'whole', task=task(2))
  tiny.fit(tmp_path / 'parts', task=task(2), num_steps=15)
  parts = tiny.fit(tmp_path / 'parts', task=task(2))
  assert len(parts.params['dense']['kernel'].devices()) == 2
  for a, b in zip(
    *map(jax.tree.leaves, (whole.params, parts.params)), strict=True
  ):
    np.testing.assert_array_equal(a, b)


def test_shares_must_be_equal():
  both = task(2)
  batch = jax.tree.map(lambda x: x[:15], tiny.at(0))
  with pytest.raises(ValueError, match='15'):
    jax.jit(both.update)(both.init(jax.random.key(0)), batch)
