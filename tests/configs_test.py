# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every config: what its header says, and a run of its smoke variant."""

import importlib
import json
import math
from pathlib import Path

import pytest

from experiments import bats, csnn, stdp
from experiments.conversion import compare, evaluate
from experiments.conversion import train as conversion
from snnjax import training

LAUNCHERS = {
  'bats': bats,
  'conversion': conversion,
  'csnn': csnn,
  'stdp': stdp,
}
FOLDER = Path(__file__).parents[1] / 'configs'
CONFIGS = [
  (experiment, path.stem)
  for experiment in LAUNCHERS
  for path in sorted((FOLDER / experiment).glob('*.py'))
]
# Their programs are those of others, or run in experiments/; values differ.
LIKE_OTHERS = (
  {
    ('csnn', name)
    for name in (
      'default',
      'digits',
      'mnist',
      'mnist_subset',
      'nmnist_source',
      'spatial',
    )
  }
  | {
    ('bats', name)
    for name in (
      'count',
      'count_eval_ttfs',
      'count_with_ttfs',
      'decay',
      'default',
      'digits_count',
      'emnist_count',
      'fashion_count',
      'mnist_count',
      'mnist_ttfs',
      'ttfs_eval_count',
      'ttfs_multi',
      'ttfs_single',
      'yin_yang',
    )
  }
  | {
    ('stdp', name)
    for experiment, name in CONFIGS
    if experiment == 'stdp' and name != 'mnist'
  }
  | {
    ('conversion', name)
    for experiment, name in CONFIGS
    if experiment == 'conversion' and name not in {'mnist_gelu', 'signgd'}
  }
)
GRIDS = [('bats', 'convergence_count'), ('bats', 'convergence_ttfs')]
LEFT_BY_ALL = (
  'training.log',
  'events.out.tfevents.*',
  'checkpoints/*',
  'best/*',
)
LEFT_BY = {
  'conversion': (),
  'csnn': (
    'train_loss.png',
    'test_acc.png',
    'spike_bar_0_target?.gif',
    'figures/confusion.png',
    'figures/input_raster.png',
    'figures/output_raster.png',
    'figures/output_membranes.png',
  ),
  'stdp': (
    'parameters.txt',
    'parameters.json',
    'results.json',
    'network_last.npz',
    'network_best.npz',
    *(
      f'figures/{name}'
      for name in (
        'accuracy.png',
        'assignments.png',
        'confusion.png',
        'input_raster.png',
        'output_raster.png',
        'receptive_fields.gif',
        'receptive_fields.png',
        'voltages.png',
      )
    ),
  ),
  'bats': (
    *(
      f'output_metrics/{name}.{kind}'
      for name in (
        'loss_train',
        'accuracy_train',
        'loss_test',
        'accuracy_test',
        'weight_norm_Output layer',
        'silent_neurons_Output layer',
      )
      for kind in ('npz', 'png')
    ),
    'best_model/Output layer_weights.npy',
    'neuron_plots/output_layer_001.png',
    'neuron_plots/output_layer.gif',
    'spike_trains/test_0_001.png',
    'spike_trains/test_0.gif',
  ),
}


def module_of(experiment, name):
  return importlib.import_module(f'configs.{experiment}.{name}')


@pytest.mark.parametrize(('experiment', 'name'), CONFIGS)
def test_header_names_source_command_and_expectation(experiment, name):
  module = module_of(experiment, name)
  assert module.get_config('smoke').exp_id != module.get_config().exp_id
  header = module.__doc__
  assert 'Source: ' in header
  if name != 'default':
    launcher = LAUNCHERS[experiment].__name__
    command = f'python -m {launcher} --config=configs/{experiment}/{name}.py'
    assert command in ' '.join(header.split())
    assert 'Expected: ' in header


@pytest.mark.parametrize(
  ('experiment', 'name'),
  [
    pytest.param(*c, marks=[pytest.mark.slow] if c in LIKE_OTHERS else [])
    for c in CONFIGS
    if c not in GRIDS
  ],
)
def test_smoke_run_leaves_what_it_promises(
  experiment, name, tmp_path, monkeypatch, capsys
):
  monkeypatch.setenv('SNNJAX_CACHE_DIR', str(tmp_path / 'cache'))
  monkeypatch.delenv('SNNJAX_DATA_DIR', raising=False)
  config = module_of(experiment, name).get_config('smoke')
  workdir = tmp_path / 'run'
  LAUNCHERS[experiment].train(config, workdir, None)
  records = training.read_records(workdir)
  assert {record['split'] for record in records} >= {
    'train',
    'validation',
    'test',
  }
  values = [
    record['metrics']['accuracy' if experiment == 'stdp' else 'loss']
    for record in records
    if record['step']
  ]
  assert all(map(math.isfinite, values))
  settings = json.loads((workdir / 'config.json').read_text())['config']
  assert settings['exp_id'] == config.exp_id
  for pattern in LEFT_BY_ALL + LEFT_BY[experiment]:
    assert list(workdir.glob(pattern)), pattern
  assert str(workdir) in capsys.readouterr().out


@pytest.mark.parametrize(('experiment', 'name'), GRIDS)
def test_smoke_grid_leaves_what_it_promises(experiment, name, tmp_path):
  config = module_of(experiment, name).get_config('smoke')
  LAUNCHERS[experiment].train(config, tmp_path, None)
  for kind in ('csv', 'npz', 'png'):
    assert (tmp_path / f'convergence.{kind}').exists()
  rows = (tmp_path / 'convergence.csv').read_text().split('\n\n')
  assert len(rows[0].splitlines()) == config.grid.num


def test_smoke_evaluation_leaves_what_it_promises(tmp_path, capsys):
  config = module_of('conversion', 'mnist_cnn').get_config('smoke')
  for name in set(config.compare) - {'if_local', 'leaky', 'signgd_source'}:
    del config.compare[name]
  config.evaluate.checkpoint = str(tmp_path / 'run')
  config.rule.search = 1
  conversion.train(config, tmp_path / 'run', None)
  evaluate.evaluate(config, tmp_path / 'logs', None)
  compare.compare(config, tmp_path / 'logs', None)
  left = {path.name for path in (tmp_path / 'logs').iterdir()}
  assert left == {
    'accuracy.png',
    'comparison.csv',
    'comparison.png',
    'layers.png',
    'metrics.csv',
    'sites.csv',
  }
  table = (tmp_path / 'logs' / 'comparison.csv').read_text()
  assert all(rule in table for rule in config.compare)
  assert 'rewritten_network' in capsys.readouterr().out
