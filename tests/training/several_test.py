# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs side by side against the same runs one after the other."""

from contextlib import nullcontext

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import data, training
from snnjax.types import Mean, Source, Task
from tests.training import tiny

SEEDS = 3, 0
SOURCE = Source(tiny.INPUTS, tiny.LABELS, ('a', 'b', 'c'))
STREAMS = [
  data.training_stream(SOURCE, tiny.BATCH_SIZE, seed=seed) for seed in SEEDS
]
TASK = training.several(tiny.TASK, SEEDS)


def leaves(state):
  return [
    jax.random.key_data(leaf)
    if jax.numpy.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    else leaf
    for leaf in jax.tree.leaves(state)
  ]


def test_runs_side_by_side_are_those_by_themselves(tmp_path):
  together = tiny.fit(
    tmp_path / 'both',
    task=TASK,
    stream=training.stacked(STREAMS),
    num_steps=10,
    seed=7,
  )
  records = training.read_records(tmp_path / 'both')
  for k, seed in enumerate(SEEDS):
    workdir = tmp_path / str(seed)
    alone = tiny.fit(workdir, stream=STREAMS[k], num_steps=10, seed=seed)
    for found, expected in zip(leaves(together), leaves(alone), strict=True):
      np.testing.assert_allclose(found[k], expected, rtol=1e-4, atol=1e-6)
    for found, expected in zip(
      records, training.read_records(workdir), strict=True
    ):
      assert (found['step'], found['split']) == (
        expected['step'],
        expected['split'],
      )
      for name, value in expected['metrics'].items():
        own = found['metrics'][f'{name}/seed_{seed}']
        assert own == pytest.approx(value, rel=1e-4)
  for metrics in (r['metrics'] for r in records if r['split'] == 'test'):
    each = [metrics[f'accuracy/seed_{seed}'] for seed in SEEDS]
    assert metrics['accuracy'] == pytest.approx(np.mean(each))


def test_they_resume_to_the_bit(tmp_path):
  options = {'task': TASK, 'stream': training.stacked(STREAMS), 'num_steps': 10}
  whole = tiny.fit(tmp_path / 'whole', **options)
  tiny.fit(tmp_path / 'cut', **options | {'num_steps': 5})
  resumed = tiny.fit(tmp_path / 'cut', **options)
  jax.tree.map(np.testing.assert_array_equal, leaves(resumed), leaves(whole))


def test_other_seeds_do_not_resume(tmp_path):
  stream = training.stacked(STREAMS)
  for seeds, words in ((SEEDS, ''), ((1, 2), 'seeds was')):
    task, config = training.several(tiny.TASK, seeds), {'seeds': seeds}
    with pytest.raises(ValueError, match=words) if words else nullcontext():
      tiny.fit(tmp_path, task=task, stream=stream, num_steps=5, config=config)


def test_statistics_are_of_each_run():
  def probe(state, batch):
    return jnp.sum(state) + jnp.sum(batch)

  def evaluate(state, stats, batch):
    return {'accuracy': Mean(stats - state, jnp.sum(batch))}

  task = Task(None, None, evaluate, probe=probe)
  both, states = training.several(task, (4, 5)), jnp.array([1.0, 10.0])
  stats = both.probe(states, jnp.ones(3))
  np.testing.assert_array_equal(stats, [4.0, 13.0])
  sums = both.evaluate(states, stats, jnp.ones(2))
  assert {k: float(v.total) for k, v in sums.items()} == {
    'accuracy': 6.0,
    'accuracy/seed_4': 3.0,
    'accuracy/seed_5': 3.0,
  }
  assert sums['accuracy'].count == 4


@pytest.mark.parametrize('seeds', [(), (1, 2, 1)])
def test_runs_need_seeds_of_their_own(seeds):
  with pytest.raises(ValueError, match='all different'):
    training.several(tiny.TASK, seeds)


def test_streams_need_epochs_of_one_length():
  short = data.training_stream(SOURCE, 35, seed=0)
  with pytest.raises(ValueError, match=r'\[2, 5\]'):
    training.stacked([STREAMS[0], short])
