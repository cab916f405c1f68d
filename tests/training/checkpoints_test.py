# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""States come back as they went: bits, types, keys, structure."""

import re
import shutil
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from snnjax import training
from snnjax.training import checkpoints
from tests.training import tiny


class State(NamedTuple):
  params: Any
  rest: Any


@pytest.fixture
def state():
  params = {'dense': {'kernel': jnp.arange(6.0).reshape(2, 3) / 7}}
  rest = {
    'adam': optax.adam(0.1).init(params),
    'key': jax.random.key(3),
    'keys': jax.random.split(jax.random.key(4, impl='rbg'), 2),
    'legacy': jnp.asarray([1, 2], jnp.uint32),
    'half': jnp.asarray([1.5, jnp.inf], jnp.bfloat16),
    'bytes': jnp.arange(3, dtype=jnp.uint8),
    'flag': jnp.asarray(True),
    'nothing': (),
  }
  return State(params=params, rest=rest)


def write(workdir, state, *steps, keep=None):
  folder = workdir / checkpoints.LATEST
  with checkpoints.open_for_writing(folder, keep=keep) as manager:
    for step in steps:
      checkpoints.save(manager, step, state)


def assert_equal(one, other):
  assert jax.tree.structure(one) == jax.tree.structure(other)
  for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
    assert (a.dtype, a.shape) == (b.dtype, b.shape)
    assert not getattr(a, 'weak_type', False)
    if jnp.issubdtype(a.dtype, jax.dtypes.prng_key):
      a, b = jax.random.key_data(a), jax.random.key_data(b)
    assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


@pytest.mark.parametrize('is_abstract', [False, True])
def test_round_trip_is_exact(tmp_path, state, is_abstract):
  write(tmp_path, state, 5)
  template = jax.eval_shape(lambda: state) if is_abstract else state
  back = checkpoints.restore_latest(tmp_path, template)
  assert_equal(back, state)
  draw = jax.random.uniform(back.rest['key'])
  assert draw == jax.random.uniform(state.rest['key'])


def test_latest_counts_and_keep_bounds(tmp_path, state):
  for step in (1, 2, 10):
    params = jax.tree.map(lambda x, step=step: x + step, state.params)
    write(tmp_path, state._replace(params=params), step, keep=2)
  names = {path.name for path in (tmp_path / 'checkpoints').iterdir()}
  assert names == {'2', '10'}
  back = checkpoints.restore_latest(tmp_path, state)
  assert back.params['dense']['kernel'][0, 0] == 10


@pytest.mark.parametrize('is_renaming_all_that_lacks', [False, True])
def test_unfinished_write_is_ignored(
  tmp_path, state, is_renaming_all_that_lacks
):
  write(tmp_path, state, 1)
  folder = tmp_path / checkpoints.LATEST
  cut = folder / '2.orbax-checkpoint-tmp'
  shutil.copytree(folder / '1', cut)
  if not is_renaming_all_that_lacks:
    (cut / 'commit_success.txt').unlink()
    shutil.rmtree(cut / 'state' / 'd')
  assert_equal(checkpoints.restore_latest(tmp_path, state), state)
  assert cut.exists()  # a reader must not sweep away a living run's write
  params = jax.tree.map(jnp.negative, state.params)
  write(tmp_path, state._replace(params=params), 2)
  assert sorted(path.name for path in folder.iterdir()) == ['1', '2']
  back = checkpoints.load_params(tmp_path, state.params)
  assert_equal(back, params)


@pytest.mark.parametrize(
  ('kernel', 'evidence'),
  [
    (jnp.zeros((3, 2)), 'float32(3, 2)'),
    (jnp.zeros((2, 3), jnp.int32), 'int32(2, 3)'),
    (jnp.zeros((2, 3), jnp.bfloat16), 'bfloat16(2, 3)'),
  ],
)
def test_other_shapes_and_types_are_refused(tmp_path, state, kernel, evidence):
  write(tmp_path, state, 1)
  other = state._replace(params={'dense': {'kernel': kernel}})
  expected = f'kernel is float32(2, 3) saved and {evidence} here (1 in all'
  with pytest.raises(ValueError, match=re.escape(expected)):
    checkpoints.restore_latest(tmp_path, other)


def test_other_names_are_refused(tmp_path, state):
  write(tmp_path, state, 1)
  other = state._replace(params={'conv': state.params['dense']})
  with pytest.raises(ValueError, match=r'params/conv/kernel is None saved'):
    checkpoints.restore_latest(tmp_path, other)
  less = state._replace(rest={})
  with pytest.raises(ValueError, match=r'and None here \(9 in all'):
    checkpoints.restore_latest(tmp_path, less)


def test_params_alone_can_be_loaded(tmp_path, state):
  write(tmp_path, state, 1)
  assert_equal(checkpoints.load_params(tmp_path, state.params), state.params)
  with pytest.raises(ValueError, match='params/dense/bias is None saved'):
    checkpoints.load_params(tmp_path, {'dense': {'bias': jnp.zeros(3)}})


def test_params_are_the_best_if_a_best_was_kept(tmp_path, state):
  write(tmp_path, state, 1)
  best = jax.tree.map(jnp.negative, state.params)
  with checkpoints.open_for_writing(tmp_path / checkpoints.BEST) as manager:
    checkpoints.save(manager, 1, State(params=best, rest=()))
  assert_equal(checkpoints.load_params(tmp_path, state.params), best)
  # As if killed while the first best was written.
  folder = tmp_path / checkpoints.BEST
  (folder / '1').rename(folder / '1.orbax-checkpoint-tmp')
  assert_equal(checkpoints.load_params(tmp_path, state.params), state.params)


def test_nothing_to_restore_is_told(tmp_path, state):
  with pytest.raises(FileNotFoundError, match=r'found none in .*checkpoints'):
    checkpoints.restore_latest(tmp_path, state)
  with pytest.raises(FileNotFoundError, match=r'found none in .*best'):
    checkpoints.restore_best(tmp_path, state)
  assert not list(tmp_path.iterdir())


def test_all_params_are_those_of_every_checkpoint(tmp_path):
  state = tiny.fit(tmp_path, num_steps=15)
  found = dict(training.all_params(tmp_path, state.params))
  assert list(found) == [5, 10, 15]
  jax.tree.map(np.testing.assert_array_equal, found[15], state.params)
  assert not np.array_equal(
    found[5]['dense']['kernel'], found[15]['dense']['kernel']
  )
