# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The folder: its settings, its surroundings, its log, the progress told."""

import json
import subprocess

import jax
import numpy as np
import pytest

from snnjax.training import run

SETTINGS = {'seed': 0, 'num_steps': 5, 'config': {'lr': 0.1, 'steps': (1, 2)}}


def saved(workdir):
  return json.loads((workdir / 'config.json').read_text())


def test_config_says_what_ran_and_where(tmp_path):
  workdir = tmp_path / 'a' / 'b'
  run.open_folder(workdir, SETTINGS, ())
  config = saved(workdir)
  assert config['config'] == {'lr': 0.1, 'steps': [1, 2]}
  assert set(config['versions']) == {
    *('python', 'jax', 'jaxlib', 'flax', 'optax', 'orbax-checkpoint'),
    *('numpy', 'snnjax'),
  }
  assert config['device'].startswith(('cpu', 'gpu'))
  run.open_folder(workdir, SETTINGS, ())
  assert saved(workdir) == config


@pytest.mark.parametrize(
  ('changes', 'evidence'),
  [
    ({'seed': 1}, 'seed was 0 and is 1'),
    ({'config': {'lr': 0.1}}, r'config.steps was \[1, 2\] and is None'),
    (
      {'config': {'lr': 0.2, 'steps': (1, 3)}},
      r'config.lr was 0.1 and is 0.2; config.steps was \[1, 2\] and is \[1, 3',
    ),
    ({'config': {'lr': {'low': 1}, 'steps': (1, 2)}}, 'config.lr.low was None'),
  ],
)
def test_changed_settings_are_named(tmp_path, changes, evidence):
  run.open_folder(tmp_path, SETTINGS, ())
  before = saved(tmp_path)
  with pytest.raises(ValueError, match=evidence):
    run.open_folder(tmp_path, SETTINGS | changes, {'num_steps'})
  assert saved(tmp_path) == before


def test_what_is_no_number_of_json_becomes_text(tmp_path):
  settings = {'config': {'bound': float('inf')}}
  path = tmp_path / 'config.json'
  path.write_text(json.dumps(settings))  # as it was written once
  for _ in range(2):
    run.open_folder(tmp_path, settings, ())
    assert '"bound": "Infinity"' in path.read_text()


class _Told:
  def __repr__(self):
    return f'<told object at {id(self):#x}>'


def test_settings_that_json_has_no_word_for_are_compared(tmp_path):
  def settings(middle=5, names='ab', activation=jax.nn.relu):
    mask = np.arange(5000)  # of which a text would leave most out
    mask[2500] = middle
    of_objects = {'activation': activation, 'told': _Told()}
    return {'config': {'mask': mask, 'names': set(names), **of_objects}}

  run.open_folder(tmp_path, settings(), ())
  run.open_folder(tmp_path, settings(names='ba'), ())
  assert saved(tmp_path)['config']['told'] == '<told object>'
  for changes in ({'middle': 6}, {'names': 'abc'}, {'activation': jax.nn.silu}):
    with pytest.raises(ValueError, match='config'):
      run.open_folder(tmp_path, settings(**changes), ())


def test_a_file_of_settings_that_is_none_is_named(tmp_path):
  (tmp_path / 'config.json').touch()
  with pytest.raises(ValueError, match=r'config\.json must be the JSON that'):
    run.open_folder(tmp_path, SETTINGS, ())


def test_what_may_change_is_told_and_saved(tmp_path):
  run.open_folder(tmp_path, SETTINGS, ())
  run.open_folder(tmp_path, SETTINGS | {'num_steps': 9}, {'num_steps'})
  assert saved(tmp_path)['num_steps'] == 9
  assert 'num_steps was 5 and is 9' in (tmp_path / 'training.log').read_text()


def test_a_group_may_change(tmp_path):
  run.open_folder(tmp_path, {'rules': {'one': {'eta': 1}}, 'rulesets': 1}, ())
  changed = {'rules': {'one': {'eta': 2}, 'other': {'eta': 3}}, 'rulesets': 1}
  run.open_folder(tmp_path, changed, {'rules'})
  with pytest.raises(ValueError, match='rulesets was 1 and is 2'):
    run.open_folder(tmp_path, changed | {'rulesets': 2}, {'rules'})


def test_changed_surroundings_are_told_not_refused(tmp_path):
  run.open_folder(tmp_path, SETTINGS, ())
  config = saved(tmp_path) | {'device': 'tpu: v9'}
  (tmp_path / 'config.json').write_text(json.dumps(config))
  run.open_folder(tmp_path, SETTINGS, ())
  assert "device was 'tpu: v9'" in (tmp_path / 'training.log').read_text()


def test_commit_is_this_checkouts_or_null(tmp_path, monkeypatch):
  def no_git(*args, **options):
    raise FileNotFoundError('git')

  monkeypatch.setattr(subprocess, 'run', no_git)
  run.open_folder(tmp_path, SETTINGS, ())
  assert saved(tmp_path)['commit'] is None


def test_log_appends_and_shows(tmp_path, capsys):
  run.log(tmp_path, 'one')
  run.log(tmp_path, 'two')
  assert (tmp_path / 'training.log').read_text() == 'one\ntwo\n'
  assert capsys.readouterr().out == 'one\ntwo\n'


def test_progress_is_told_in_lines_off_a_terminal(capsys, monkeypatch):
  clock = iter([0.0, 1.0, 31.0, 32.0, 62.0])
  monkeypatch.setattr(run.time, 'monotonic', lambda: next(clock))
  with run.progress(100, 20) as advance:
    for _ in range(4):
      advance(10, {'loss': 0.5})
  lines = capsys.readouterr().err.splitlines()
  assert len(lines) == 2
  assert lines[0].startswith('Step 40/100 | ')
  assert lines[0].endswith(' left')
  assert 'Step 60/100' in lines[1]
