# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Lines that count, lines that do not, and what a kill leaves."""

import json
import math

import hypothesis
import hypothesis.strategies as st
import pytest

from snnjax.training import records
from snnjax.training.records import Record


def record(step, split='train', **metrics):
  return Record(
    step=step, epoch=step // 5, split=split, metrics=metrics, wall_time=0.25
  )


RECORDS = [
  record(5, loss=0.1 + 0.2, accuracy=1 / 3),
  record(5, 'validation', accuracy=0.5),
  record(10, loss=1e-300),
  record(10, 'Prüfung', accuracy=1.0),
]


@pytest.fixture
def path(tmp_path):
  path = tmp_path / 'metrics.jsonl'
  for entry in RECORDS:
    records.append(tmp_path, entry)
  return path


def test_round_trip_is_exact(path, tmp_path):
  assert records.read(tmp_path) == records.read(str(tmp_path)) == RECORDS
  assert len(path.read_text().splitlines()) == len(RECORDS)


def test_no_file_holds_no_records(tmp_path):
  assert records.read(tmp_path) == []
  assert records.truncate(tmp_path, 7) == []


def test_what_is_not_finite_is_null(tmp_path):
  path = tmp_path / 'metrics.jsonl'
  records.append(tmp_path, record(1, loss=math.nan, norm=math.inf))
  assert json.loads(path.read_text())['metrics'] == {'loss': None, 'norm': None}
  assert math.isnan(records.read(tmp_path)[0]['metrics']['loss'])


@pytest.mark.usefixtures('path')
def test_truncate_keeps_what_the_checkpoint_saw(tmp_path):
  assert records.truncate(tmp_path, 5) == RECORDS[:2]
  assert records.read(tmp_path) == RECORDS[:2]
  records.append(tmp_path, RECORDS[2])
  assert records.read(tmp_path) == RECORDS[:3]


@hypothesis.settings(max_examples=20)
@hypothesis.given(data=st.data())
def test_any_cut_leaves_whole_records(tmp_path_factory, data):
  folder = tmp_path_factory.mktemp('cut')
  path = folder / 'metrics.jsonl'
  for entry in RECORDS:
    records.append(folder, entry)
  whole = path.read_bytes()
  cut = data.draw(st.integers(0, len(whole)))
  path.write_bytes(whole[:cut])
  expected = RECORDS[: whole[:cut].count(b'\n')]
  assert records.read(folder) == expected
  records.truncate(folder, 10)
  records.append(folder, RECORDS[-1])
  assert records.read(folder) == [*expected, RECORDS[-1]]


@pytest.mark.parametrize(
  'line',
  ['', '{"step": 1', '[]', '3', '{"step": 1}', '{"step": 1, "epoch": "x"}'],
)
def test_a_broken_line_is_named(path, tmp_path, line):
  lines = path.read_text().splitlines()
  path.write_text('\n'.join([lines[0], line, *lines[1:]]) + '\n')
  with pytest.raises(ValueError, match=r'metrics.jsonl:2 is'):
    records.read(tmp_path)


def test_atomic_write_leaves_no_other_file(tmp_path):
  path = tmp_path / 'config.json'
  for text in ('old', 'new'):
    records.write_atomically(path, text)
    assert path.read_text() == text
  assert list(tmp_path.iterdir()) == [path]
