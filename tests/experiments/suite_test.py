# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs one after the other: records, failures, going on, the report."""

import importlib
import io
import json
import pathlib
import time

import pytest
from tqdm import tqdm

from configs.suite import default
from experiments import provenance, suite, suite_outcomes, suite_runs
from snnjax import training

ROOT = pathlib.Path(__file__).parents[2]


def small(*names):
  """A suite of the smallest run there is, and of one that cannot succeed."""
  config = default.get_config('smoke')
  config.title = 'A <small> suite'
  known = {
    'good': default.run(
      'good',
      'stdp',
      'configs/stdp/digits.py',
      title='Learns',
      source='10.0, chance',
      seconds=20,
      picture='figures/accuracy.png',
    ),
    'bad': default.run(
      'bad',
      'bats',
      'configs/bats/digits_count.py',
      title='Fails',
      seconds=5,
      options=('--config.model.solver=abacus',),
    ),
  }
  config.runs = tuple(known[name] for name in names)
  return config


def test_a_failure_stops_nobody_and_what_is_done_stays_done(
  monkeypatch, tmp_path, capsys
):
  monkeypatch.chdir(ROOT)
  with pytest.raises(SystemExit):
    suite.run(small('bad', 'good'), tmp_path, None)
  page = (tmp_path / 'report.html').read_text()
  assert 'A &lt;small&gt; suite' in page
  assert 'ended with status 1' in page
  assert 'data:image/png;base64,' in page
  assert 'abacus' in (tmp_path / 'bad.log').read_text()
  assert not (tmp_path / 'bad.json').exists()

  record = json.loads((tmp_path / 'good.json').read_text())
  process = record['process']
  assert process['command'].startswith('python -m experiments.stdp ')
  assert str(tmp_path) not in process['command']
  assert process['seconds'] > process['compile_s'] > 0.1
  assert process['peak_mib'] > 100
  kept = training.read_records(tmp_path / 'good')
  tests = [r['metrics']['accuracy'] for r in kept if r['split'] == 'test']
  assert record['outcome']['last'] == tests[-1]
  assert f'{100 * tests[-1]:.2f}' in capsys.readouterr().out

  (tmp_path / 'good.log').unlink()
  suite.run(small('good'), tmp_path, None)
  assert not (tmp_path / 'good.log').exists()


def test_a_run_without_readable_records_has_failed(tmp_path):
  (run,) = suite_runs.plan(small('good'), tmp_path, None)
  run = run._replace(command=('platform',))  # ends well and leaves nothing
  with tqdm(disable=True) as bar:
    record = suite_runs.execute(run, [run], bar)
  assert 'no readable records' in record.failure
  assert not run.record.exists()


def test_a_network_is_converted_only_once_it_is_trained(tmp_path):
  trained, converted = (
    suite_runs.plan(small(name), tmp_path, None)[0] for name in ('bad', 'good')
  )
  runs = [trained, converted._replace(trained='bad')]
  converted.record.write_text('of the network as it was before')
  with tqdm(disable=True) as bar:
    records = [
      suite_runs.execute(run._replace(command=('abacus',)), runs, bar)
      for run in runs
    ]
  assert 'ended with status 1' in records[0].failure
  assert 'not trained, bad' in records[1].failure
  assert not converted.log.exists()
  assert not converted.record.exists()

  command = provenance.public_command(trained.command)
  process = provenance.Process(command, '', '', 1.0, 0.0, 1.0)
  suite_runs.write(trained, records[0]._replace(process=process))
  with tqdm(disable=True) as bar:
    run = runs[1]._replace(command=('platform',))
    record = suite_runs.execute(run, runs, bar)
  assert 'no readable records' in record.failure


def test_what_was_done_before_says_nothing_of_the_time_that_remains(tmp_path):
  (run,) = suite_runs.plan(small('good'), tmp_path, None)
  command = provenance.public_command(run.command)
  process = provenance.Process(command, '', '', 1.0, 0.0, 1.0)
  done = suite_runs.Record(run.name, process, suite_runs.Outcome(), '')
  suite_runs.write(run, done)
  with tqdm(
    total=3 * run.seconds,
    bar_format='{remaining}',
    file=io.StringIO(),
    smoothing=0,
  ) as bar:
    assert suite_runs.execute(run, [run], bar) == done
    assert (bar.n, str(bar)) == (run.seconds, '?')
    bar.start_t -= 5  # seconds, in which half of the next one is done
    bar.update(run.seconds / 2)
    assert str(bar) == '00:15'  # for three halves


CHILD = """
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.default_int_handler)
print('at work', flush=True)
try:
  time.sleep(60)
finally:
  pathlib.Path(__file__).with_suffix('.ended').touch()
"""


def test_a_stopped_suite_lets_its_run_come_to_an_end(tmp_path, monkeypatch):
  (tmp_path / 'child.py').write_text(CHILD)
  monkeypatch.setenv('PYTHONPATH', str(tmp_path))
  (run,) = suite_runs.plan(small('good'), tmp_path, None)

  def interrupted(*_):
    while 'at work' not in run.log.read_text():
      time.sleep(0.01)
    raise KeyboardInterrupt

  monkeypatch.setattr(suite_runs, '_wait', interrupted)
  with tqdm(disable=True) as bar, pytest.raises(KeyboardInterrupt):
    suite_runs.execute(run._replace(command=('child',)), [], bar)
  assert (tmp_path / 'child.ended').exists()


@pytest.mark.parametrize(
  'folders',
  [
    ['--workdir=a', '--data_dir=b', '--config.evaluate.checkpoint=c'],
    ['--workdir', 'a', '-data_dir', 'b', '--config.evaluate.checkpoint', 'c'],
    [
      '--config.data_dir=a',
      '--config.log_dir=b',
      '--config.model.checkpoint=c',
    ],
  ],
)
def test_a_public_command_names_no_folder(folders):
  command = provenance.public_command(
    ['a.b', '--config=x', *folders, '--gpu=0']
  )
  assert command == 'python -m a.b --config=x --gpu=0'


def test_a_converted_network_is_read_at_the_steps_asked_for(tmp_path):
  (tmp_path / 'metrics.csv').write_text(
    'steps,accuracy,trained_network\n4,0.5,0.97\n8,0.75,0.97\n16,0.875,0.97\n'
  )
  assert suite_outcomes.read(tmp_path, 8).last == 0.75
  most = suite_outcomes.read(tmp_path, 9)
  assert most.best == 0.875
  assert most.note == 'after 16 steps; trained 97.00'


@pytest.mark.parametrize('name', ['digits', 'paper'])
def test_every_run_names_a_launcher_and_settings(name):
  config = importlib.import_module(f'configs.suite.{name}').get_config()
  names = [run.name for run in config.runs]
  assert len(set(names)) == len(names)
  for place, run in enumerate(config.runs):
    path = run.experiment.replace('.', '/')
    assert (ROOT / 'experiments' / f'{path}.py').is_file()
    assert (ROOT / run.config).is_file()
    assert not run.trained or run.trained in names[:place]


def test_a_cut_line_of_processes_is_passed_over(tmp_path):
  for _ in range(2):
    with provenance.recorded(tmp_path):
      pass
    with (tmp_path / 'processes.jsonl').open('a') as file:
      file.write('{"command": "python -m')
  assert provenance.read(tmp_path).peak_mib > 0
  provenance.forget(tmp_path)
  with pytest.raises(FileNotFoundError):
    provenance.read(tmp_path)
