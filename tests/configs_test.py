# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every config: what its header says, and a run of its smoke variant."""

import importlib
import json
import math
from pathlib import Path

import pytest

from experiments import csnn
from snnjax import training

FILES = sorted(Path('configs/csnn').glob('*.py'))
NAMES = [path.stem for path in FILES]


@pytest.mark.parametrize('name', NAMES)
def test_header_names_source_command_and_expectation(name):
  module = importlib.import_module(f'configs.csnn.{name}')
  assert 'Source: ' in module.__doc__
  if name != 'default':
    command = f'python -m experiments.csnn --config=configs/csnn/{name}.py'
    assert command in module.__doc__
    assert 'Expected: ' in module.__doc__


@pytest.mark.parametrize('name', NAMES)
def test_smoke_run_leaves_what_it_promises(name, tmp_path, monkeypatch, capsys):
  monkeypatch.setenv('SNNJAX_CACHE_DIR', str(tmp_path / 'cache'))
  monkeypatch.delenv('SNNJAX_DATA_DIR', raising=False)
  config = importlib.import_module(f'configs.csnn.{name}').get_config('smoke')
  workdir = tmp_path / 'run'
  csnn.train(config, workdir, None)
  records = training.read_records(workdir / 'metrics.jsonl')
  assert {record['split'] for record in records} >= {
    'train',
    'validation',
    'test',
  }
  values = [v for record in records for v in record['metrics'].values()]
  assert all(math.isfinite(value) for value in values)
  settings = json.loads((workdir / 'config.json').read_text())['config']
  assert settings['exp_id'] == config.exp_id
  for pattern in (
    'training.log',
    'events.out.tfevents.*',
    'checkpoints/*',
    'best/*',
    'train_loss.png',
    'test_acc.png',
    'spike_bar_0_target?.gif',
    'figures/confusion.png',
    'figures/input_raster.png',
    'figures/output_raster.png',
    'figures/output_membranes.png',
  ):
    assert list(workdir.glob(pattern)), pattern
  assert str(workdir) in capsys.readouterr().out
