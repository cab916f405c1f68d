# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The loop: what it returns, records, keeps, and refuses."""

import json
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import training
from snnjax.training import read_records
from snnjax.training.updates import compile_updates
from snnjax.types import Mean, Stream, Task
from tests.training import tiny


def counting(scores=(), **fields) -> Task:
  """Counts updates; its accuracy is read from a table, by epoch."""
  table = jnp.asarray([0.0, *scores])

  def evaluate(state, stats, batch):
    del stats
    epoch = state['step'] // tiny.STEPS_PER_EPOCH
    return {'accuracy': Mean(table[epoch] * batch.mask.sum(), batch.mask.sum())}

  def update(state, batch):
    loss = Mean(jnp.sum(jnp.where(batch.mask > 0, batch.index, 0.0)), 1.0)
    return {'step': state['step'] + 1}, {'loss': loss}

  task = Task(
    init=lambda key: {'step': jnp.zeros((), jnp.int32)},
    update=update,
    evaluate=evaluate,
  )
  return task._replace(**fields)


def test_stopping_and_extending_changes_nothing(tmp_path, assert_same_run):
  half = tiny.fit(tmp_path, num_steps=15)
  assert int(half.step) == 15
  again = tiny.fit(tmp_path, num_steps=15)
  assert int(again.step) == 15
  assert_same_run(tmp_path, tiny.fit(tmp_path))


def test_interrupt_keeps_the_last_checkpoint(tmp_path, assert_same_run):
  def press():
    raise KeyboardInterrupt

  with pytest.raises(KeyboardInterrupt, match=r'checkpoints/10$'):
    tiny.fit(tmp_path, stream=tiny.dying_at(13, press))
  log = (tmp_path / 'training.log').read_text()
  assert 'interrupted; the last good checkpoint is' in log
  assert_same_run(tmp_path, tiny.fit(tmp_path))


def test_any_other_end_names_the_last_checkpoint(tmp_path):
  def full(step, state):
    del state
    if step == 10:
      raise OSError('no space left on device')

  with pytest.raises(OSError, match='no space') as caught:
    tiny.fit(tmp_path, task=counting([1.0] * 6), inspect=full)
  path = tmp_path / 'checkpoints' / '5'
  assert caught.value.__notes__ == [f'the last good checkpoint is {path}']
  assert path.is_dir()


def test_seed_matters(tmp_path, uninterrupted):
  other = tiny.fit(tmp_path, seed=1).params['dense']['kernel']
  assert np.any(other != uninterrupted[1].params['dense']['kernel'])


def test_partial_batches_count_exactly(uninterrupted):
  workdir, state = uninterrupted
  scores = np.asarray(tiny.logits(state.params, tiny.INPUTS))
  expected = np.mean(np.argmax(scores, -1) == tiny.LABELS)
  last = read_records(workdir)[-1]
  assert last['metrics']['accuracy'] == pytest.approx(expected, abs=1e-12)
  assert (last['step'], last['epoch'], last['split']) == (30, 5, 'test')


def test_train_metrics_are_means_over_the_interval(tmp_path):
  tiny.fit(tmp_path, task=counting([1.0] * 6), num_steps=10)
  records = read_records(tmp_path)
  losses = [r['metrics']['loss'] for r in records if r['split'] == 'train']
  assert losses == [sum(range(70)) / 5] * 2


def test_each_function_is_traced_once_per_shape(tmp_path):
  traced = []

  def noting(name):
    def note(*args):
      traced.append(name)
      return getattr(task, name)(*args)

    return note

  task = counting([1.0] * 6)
  names = ('init', 'update', 'evaluate')
  noted = task._replace(**{name: noting(name) for name in names})
  tiny.fit(tmp_path, task=noted)
  # Though chunks of 3 and of the remaining 2 are two programs.
  assert sorted(traced) == ['evaluate', 'init', 'update']


@pytest.mark.parametrize('chunk', [1, 3, 5, 9])
def test_every_step_is_made_once_and_in_order(tmp_path, chunk):
  asked = []
  stream = Stream(5, lambda step: asked.append(step) or tiny.at(step))
  task = counting([1.0] * 6)
  state = tiny.fit(
    tmp_path, task=task, stream=stream, num_steps=10, chunk=chunk
  )
  assert int(state['step']) == 10
  assert asked == [0, *range(10)]  # the first one for its shape


def test_best_is_picked_on_validation(tmp_path):
  scores = [0.2, 0.9, 0.3, 0.9, 0.1, 0.8]
  task = counting(scores)
  state = tiny.fit(tmp_path, task=task, num_steps=25)
  # Of equals the last.
  assert int(training.restore_best(tmp_path, state)['step']) == 20
  assert int(training.restore_latest(tmp_path, state)['step']) == 25
  best = json.loads((tmp_path / 'best.json').read_text())
  assert (best['step'], best['epoch'], best['split']) == (20, 3, 'validation')
  assert best['score'] == pytest.approx(0.9)


def test_records_before_training_are_no_candidates(tmp_path):
  scores = 0.9, 0.2, 0.5

  def run(num_steps):
    table = jnp.asarray(scores)

    def evaluate(state, stats, batch):
      del stats
      score = table[state['step'] // tiny.STEPS_PER_EPOCH]
      return {'accuracy': Mean(score * batch.mask.sum(), batch.mask.sum())}

    tiny.fit(
      tmp_path,
      task=counting(evaluate=evaluate),
      num_steps=num_steps,
      evaluate_first=True,
    )

  run(5)
  run(10)  # resumes
  found = [
    (record['step'], record['epoch'], record['metrics']['accuracy'])
    for record in read_records(tmp_path)
    if record['split'] == 'validation'
  ]
  np.testing.assert_allclose(found, [(0, -1, 0.9), (5, 0, 0.2), (10, 1, 0.5)])
  assert training.best_step(tmp_path) == 10
  log = (tmp_path / 'training.log').read_text()
  assert 'Before training | Validation acc: 0.9' in log


def test_best_missed_by_a_kill_is_made_up_for(tmp_path):
  task = counting([0.2, 0.9, 0.3])
  state = tiny.fit(tmp_path, task=task, num_steps=10)
  # As if killed between the two writes of step 10.
  (tmp_path / 'best' / '10').rename(tmp_path / 'best' / '5')
  (tmp_path / 'best.json').unlink()
  state = tiny.fit(tmp_path, task=task, num_steps=15)
  assert int(training.restore_best(tmp_path, state)['step']) == 10
  assert training.best_step(tmp_path) == 10


def test_score_may_be_of_another_metric_or_none(tmp_path):
  task = counting([0.2, 0.9, 0.3], score=lambda metrics: -metrics['accuracy'])
  state = tiny.fit(tmp_path / 'a', task=task, num_steps=15)
  assert int(training.restore_best(tmp_path / 'a', state)['step']) == 5
  tiny.fit(tmp_path / 'b', task=task, num_steps=5, score_split=None)
  with pytest.raises(FileNotFoundError, match='found none in'):
    training.restore_best(tmp_path / 'b', state)


def test_a_score_that_is_not_measured_is_told_before_training(tmp_path):
  task = counting([0.2, 0.9], score=lambda metrics: -metrics['error'])
  with pytest.raises(ValueError, match=r"score needs 'error' .*'accuracy'"):
    tiny.fit(tmp_path, task=task, num_steps=10)
  assert not read_records(tmp_path)


def test_a_score_may_be_another_in_a_run_that_goes_on(tmp_path):
  tiny.fit(tmp_path, task=counting([0.2, 0.9]), num_steps=5)
  path = tmp_path / 'metrics.jsonl'
  path.write_text(path.read_text().replace('"accuracy"', '"acc"'))
  state = tiny.fit(tmp_path, task=counting([0.2, 0.9]), num_steps=10)
  assert int(training.restore_best(tmp_path, state)['step']) == 10


@pytest.mark.parametrize(
  ('found', 'got'),
  [
    (lambda mean: {'accuracy': mean.total}, 'got .*accuracy'),
    (lambda mean: mean, r'a `Mean` by name.*got Mean'),
    (lambda mean: {'accuracy': Mean(jnp.ones(3), jnp.ones(3))}, r'3\b'),
  ],
)
@pytest.mark.parametrize('whose', ['evaluate', 'update'])
def test_what_are_no_sums_is_told_before_training(tmp_path, whose, found, got):
  task = counting([0.2, 0.9])
  right = task._asdict()[whose]

  def wrong(*args):
    result = right(*args)
    sums = result if whose == 'evaluate' else result[1]
    sums = found(next(iter(sums.values())))
    return sums if whose == 'evaluate' else (result[0], sums)

  with pytest.raises(ValueError, match=f'{whose}.* must return sums.*{got}'):
    tiny.fit(tmp_path, task=task._replace(**{whose: wrong}), num_steps=10)
  assert not read_records(tmp_path)


def test_a_home_folder_is_found(tmp_path, monkeypatch):
  monkeypatch.setenv('HOME', str(tmp_path))
  tiny.fit('~/run', task=counting([1.0]), num_steps=5)
  assert (tmp_path / 'run' / 'checkpoints' / '5').is_dir()


def test_keep_bounds_the_checkpoints(tmp_path):
  tiny.fit(tmp_path, task=counting([1.0] * 6), keep=2)
  names = sorted(path.name for path in (tmp_path / 'checkpoints').iterdir())
  assert names == ['25', '30']


def test_divergence_stops_and_names_the_batch(tmp_path):
  def poisoned(step):
    batch = tiny.at(step)
    return batch._replace(inputs=batch.inputs * np.nan) if step == 7 else batch

  stream = tiny.STREAM._replace(batch=poisoned)
  with pytest.raises(training.NonFiniteLoss) as raised:
    tiny.fit(tmp_path, stream=stream)
  examples = tiny.at(7).index.tolist()
  assert 'after 7 updates (epoch 1)' in str(raised.value)
  assert str(examples) in str(raised.value)
  assert str(raised.value).endswith('checkpoints/5')
  assert str(raised.value) in (tmp_path / 'training.log').read_text()
  saved = [path.name for path in (tmp_path / 'checkpoints').iterdir()]
  records = read_records(tmp_path)
  assert saved == ['5']
  assert {record['step'] for record in records} == {5}


def test_divergence_in_the_last_update_is_not_saved(tmp_path):
  def loss_fn(params, batch, key):
    loss, sums = tiny.loss_fn(params, batch, key)
    kernel = params['dense']['kernel']
    # Finite, with a gradient that is not.
    return loss + 0 * jnp.sqrt(jnp.sum((kernel - kernel) ** 2)), sums

  task = training.gradient_task(
    tiny.init, loss_fn, tiny.evaluate, tiny.optax.sgd(0.1)
  )
  with pytest.raises(training.NonFiniteLoss, match='checkpoint is none'):
    tiny.fit(tmp_path, task=task, num_steps=1, evaluate_every=1)


def test_probe_adds_up_over_held_in_batches(tmp_path):
  def evaluate(state, stats, batch):
    del state, batch
    return {'accuracy': Mean(stats['labels'], stats['count'])}

  task = counting(
    probe=lambda state, batch: {
      'labels': jnp.sum(batch.labels * batch.mask),
      'count': jnp.sum(batch.mask),
    },
    evaluate=evaluate,
  )
  tiny.fit(tmp_path, task=task, num_steps=5, probe_batches=tiny.batches)
  last = read_records(tmp_path)[-1]
  expected = np.mean(tiny.LABELS)
  assert last['metrics']['accuracy'] == pytest.approx(expected, abs=1e-12)


def test_log_and_events(tmp_path):
  tiny.fit(
    tmp_path,
    task=counting([0.25, 0.5]),
    num_steps=10,
    learning_rate=training.piecewise(0.01, [1], 0.1, 5),
    config={'model': {'beta': 0.5}},
  )
  lines = (tmp_path / 'training.log').read_text().splitlines()
  stars = [i for i, line in enumerate(lines) if re.fullmatch(r'\*+', line)]
  assert len(stars) == 2
  shown = json.loads('\n'.join(lines[stars[0] + 1 : stars[1]]))
  assert shown == json.loads((tmp_path / 'config.json').read_text())
  assert shown['config'] == {'model': {'beta': 0.5}}
  assert re.fullmatch(r'Peak memory of 3 updates: .* MiB', lines[stars[1] + 1])
  assert lines[stars[1] + 2 :] == [
    'Starting Epoch 0 | LR: 0.01',
    'Epoch 0 | Train loss: 483',
    'Epoch 0 | Validation acc: 0.25',
    'Epoch 0 | Test acc: 0.25',
    'Starting Epoch 1 | LR: 0.001',
    'Epoch 1 | Train loss: 483',
    'Epoch 1 | Validation acc: 0.5',
    'Epoch 1 | Test acc: 0.5',
  ]
  (events,) = tmp_path.glob('events.out.tfevents.*')
  assert events.read_bytes().count(b'validation/accuracy') == 2


def test_epoch_starts_are_told_once(tmp_path):
  tiny.fit(
    tmp_path, task=counting([1.0] * 6), num_steps=10, evaluate_every=2, chunk=2
  )
  log = (tmp_path / 'training.log').read_text()
  assert re.findall(r'Starting Epoch \d', log) == [
    'Starting Epoch 0',
    'Starting Epoch 1',
  ]
  records = read_records(tmp_path)
  epochs = [r['epoch'] for r in records if r['split'] == 'train']
  assert epochs == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
  ('changes', 'law'),
  [
    ({'num_steps': 12}, 'multiple of evaluate_every'),
    ({'num_steps': 0}, 'at least one step'),
    ({'num_steps': -5}, 'at least one step'),
    ({'keep': 0}, 'keep must be at least 1'),
    ({'chunk': 0}, 'at least one step'),
    ({'evaluate_every': 0}, 'at least one step'),
    ({'score_split': 'test'}, 'other than test'),
    ({'score_split': 'train'}, r"got 'train' of \['test', 'validation'\]"),
    ({'evals': {'validation': list}}, "'validation' holds none"),
  ],
)
def test_what_cannot_be_is_refused(tmp_path, changes, law):
  with pytest.raises(ValueError, match=law):
    tiny.fit(tmp_path, task=counting([1.0] * 6), **changes)


def test_other_settings_do_not_resume(tmp_path):
  def fit(seed=0, epochs=1, **config):
    return tiny.fit(
      tmp_path,
      task=counting([1.0] * 6),
      num_steps=5 * epochs,
      seed=seed,
      config={'train': {'lr': 0.1, 'num_epochs': epochs} | config},
    )

  fit()
  with pytest.raises(ValueError, match=r'config.train.lr was 0.1 and is 0.2'):
    fit(lr=0.2)
  with pytest.raises(ValueError, match='seed was 0 and is 1'):
    fit(seed=1)
  assert int(fit(epochs=2)['step']) == 10
  config = json.loads((tmp_path / 'config.json').read_text())
  assert config['config']['train']['num_epochs'] == 2
  with pytest.raises(ValueError, match='holds step 10'):
    fit(epochs=1)


def test_foreign_weights_survive(tmp_path):
  # The state's memory is given away; that of what init returns must not be.
  weights = jnp.arange(3.0)
  plain = counting([1.0] * 6)
  task = plain._replace(
    init=lambda key: plain.init(key) | {'params': weights},
    update=lambda s, b: (s | {'step': s['step'] + 1}, plain.update(s, b)[1]),
  )
  tiny.fit(tmp_path, task=task, num_steps=5)
  np.testing.assert_array_equal(weights, [0, 1, 2])
  loaded = training.load_params(tmp_path, jnp.zeros(3))
  np.testing.assert_array_equal(loaded, weights)


def test_single_update_is_no_loop():
  task = counting([1.0])
  programs = compile_updates(
    task, tiny.STREAM, task.init(jax.random.key(0)), {1, 3}
  )
  assert ' while(' not in programs[1].as_text()
  assert ' while(' in programs[3].as_text()
