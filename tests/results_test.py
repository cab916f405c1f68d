# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The pages' tables are those of the records, and records are those of runs."""

import json
import re

import pytest

from benchmarks import records, results, targets
from configs.suite import default
from experiments import provenance
from experiments.suite_outcomes import Outcome
from experiments.suite_runs import Record, plan, write


@pytest.mark.parametrize('page', results.PAGES, ids=lambda page: page.name)
def test_pages_and_records_agree(page):
  text = page.read_text()
  assert '<!-- table: ' in text
  assert text == results.filled(text), 'run python -m benchmarks.results'


def suite():
  config = default.get_config()
  config.exp_id = 'paper'
  config.runs = [
    default.run(
      f'stdp_mnist_{seed}',
      'stdp',
      'configs/stdp/mnist.py',
      title='STDP, 100 neurons',
      source='',
      seconds=1,
      picture='',
      seed=seed,
    )
    for seed in (1, 2, 3)
  ]
  return config


def finish(workdir, which, last, device='a device', seconds=120.0):
  """Writes what a finished run of the suite would."""
  run = plan(suite(), workdir, None)[which]
  command = provenance.public_command(run.command)
  process = provenance.Process(command, 'abc', device, seconds, 6.0, 300.0)
  write(run, Record(run.name, process, Outcome(last, 0.5), ''))


def test_records_are_added_and_replaced(tmp_path):
  (tmp_path / 'paper.jsonl').touch()
  finish(tmp_path, 0, 0.75)
  finish(tmp_path, 2, 0.25)
  assert results.add(suite(), tmp_path, tmp_path) == 2
  finish(tmp_path, 2, 0.65)
  assert results.add(suite(), tmp_path, tmp_path) == 2
  lines = (tmp_path / 'paper.jsonl').read_text().splitlines()
  assert [json.loads(line)['last'] for line in lines] == [0.75, 0.65]

  page = 'A\n<!-- table: paper -->\nold\n<!-- end of table -->\nB\n'
  filled = results.filled(page, tmp_path)
  assert re.match(
    r'A\n<!-- table: paper -->\n\| what .* -->\nB\n', filled, re.S
  )
  assert '| 70.00 ± 7.07 | 50.00 ± 0.00 | 2 |' in filled
  assert '| 120 | 6 | 300 | a device |' in filled
  assert '--config.seed=S` | abc |' in filled


def test_devices_have_times_of_their_own(tmp_path):
  (tmp_path / 'paper.jsonl').touch()
  finish(tmp_path, 0, 0.75)
  finish(tmp_path, 1, 0.75, 'a GPU', 20.0)
  finish(tmp_path, 2, 0.75, seconds=130.0)
  results.add(suite(), tmp_path, tmp_path)
  filled = results.filled(
    '<!-- table: paper -->\n<!-- end of table -->', tmp_path
  )
  assert '| 125; 20 | 6; 6 | 300; 300 | a device; a GPU |' in filled


def test_a_run_by_another_command_is_not_added(tmp_path):
  (tmp_path / 'paper.jsonl').touch()
  finish(tmp_path, 0, 0.75)
  config = suite()
  config.runs[0].options = ('--config.n_samples=1',)
  assert results.add(config, tmp_path, tmp_path) == 0


def record(lib, phase, min_s, median_s, case='csnn_step', size='128 x 50'):
  return records.Record(case, lib, '1', size, phase, median_s, min_s, 1.0, 0.0)


def test_targets_are_met_or_not():
  found = [
    record('snnjax', 'train_step', 1.0, 2.0),
    record('norse', 'train_step', 1.4, 2.4),
    record('spyx', 'train_step', 9.0, 9.0),
    record('bare products', 'train_step', 0.1, 0.1),
    record('snnjax', 'inference', 1.0, 1.0),
    record('norse', 'inference', 2.0, 2.0),
  ]
  rows = targets.table(found).splitlines()[2:]
  assert [row.split(' | ')[-4:] for row in rows] == [
    ['≥ 1.3', '1.4', '1.2', 'in part |'],
    ['≥ 2.5', '2', '2', 'no |'],
  ]


def test_targets_compare_problems_of_one_size():
  found = [
    record(
      lib, 'forward', seconds, seconds, 'event_step', f'784-800-10, {size}'
    )
    for size, factor in (('0 updates', 1.0), ('300 updates', 0.1))
    for lib, seconds in (('snnjax', 1.5 * factor), ('C loop', factor))
  ]
  (row,) = targets.table(found).splitlines()[2:]
  assert row.split(' | ')[-4:] == ['≤ 2', '1.5', '1.5', 'yes |']
