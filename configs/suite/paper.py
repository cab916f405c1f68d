# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every source's headline setting on its real data, several seeds each.

Source: the specifications' figures to beat, row by row.
Command: python -m experiments.suite --config=configs/suite/paper.py
Expected: the rows of docs/results.md; days on 2 cores, in the order of value
  per minute, so that it may be stopped and taken up again at any time.
"""

from ml_collections import ConfigDict

from configs.suite import default

# Experiment, settings, title, figure to beat, minutes on 2 cores, seeds.
_TRAINED = (
  ('stdp', 'mnist', 'STDP, 100 neurons', '82.9', 3, 3),
  ('csnn', 'mnist_subset', 'CSNN, 10,000 images', '98.21', 15, 3),
  ('stdp', 'mnist_400', 'STDP, 400 neurons', '87.0', 15, 3),
  ('csnn', 'spatial', 'Trained by spike rates', '96.6', 15, 3),
  ('csnn', 'nmnist', 'CSNN on N-MNIST', '88.0', 20, 3),
  ('csnn', 'nmnist_source', 'The same, settings of the source', '88.0', 20, 3),
  ('bats', 'mnist_ttfs', 'First spikes', '97.85', 60, 3),
  ('bats', 'mnist_count', 'Spike counts', '98.85', 60, 3),
  ('bats', 'fashion_count', 'Counts, Fashion-MNIST', '88.0', 40, 3),
  ('bats', 'decay', 'Decaying counts', '98.91', 60, 1),
  ('csnn', 'mnist', 'CSNN, MNIST', '99.12', 120, 3),
  ('stdp', 'mnist_1600', 'STDP, 1,600 neurons', '91.9', 60, 1),
  ('bats', 'mnist_conv', 'Convolutional, counts', '99.3', 240, 1),
)
# Settings, title, figure to beat, steps, minutes of training, seeds.
_CONVERTED = (
  ('mnist_cnn', 'Converted MNIST CNN', '98.48 after 50 steps', 4, 10, 3),
  ('mnist_gelu', 'Converted GELU CNN', '', 16, 10, 1),
  ('fashion_cnn', 'Converted CNN, Fashion-MNIST', '', 8, 10, 1),
  ('fashion_mixer', 'Converted Mixer, Fashion-MNIST', '', 16, 30, 1),
  (
    'cifar10_vgg11',
    'Converted VGG-11, half width, CIFAR-10',
    '88.0 after 40 steps and fine-tuning',
    32,
    150,
    1,
  ),
)
_PICTURES = {
  'bats': 'output_metrics/accuracy_test.png',
  'csnn': 'test_acc.png',
  'stdp': 'figures/receptive_fields.png',
}


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config(variant)
  config.exp_id = 'paper'
  config.title = "snnjax beside its sources, on the sources' data"
  trained = [
    run
    for experiment, name, title, source, minutes, seeds in _TRAINED
    for run in _seeds(experiment, name, title, source, minutes, seeds)
  ]
  converted = [run for row in _CONVERTED for run in _conversions(*row)]
  config.runs = tuple(sorted(trained + converted, key=_minutes))
  return config


def _minutes(run):
  """Of a run, with that of the one which it needs."""
  return run.seconds + (run.trained != '')


def _seeds(experiment, name, title, source, minutes, seeds):
  return [
    default.run(
      f'{experiment}_{name}_{seed}',
      experiment,
      f'configs/{experiment}/{name}.py',
      title=f'{title}, seed {seed}',
      source=source,
      seconds=60 * minutes,
      picture=_PICTURES[experiment],
      options=(f'--config.seed={seed}',),
    )
    for seed in range(seeds)
  ]


def _conversions(name, title, source, steps, minutes, seeds):
  for seed in range(seeds):
    trained = f'trained_{name}_{seed}'
    settings = {
      'config': f'configs/conversion/{name}.py',
      'options': (f'--config.seed={seed}',),
      'seconds': 60 * minutes,
    }
    yield default.run(
      trained,
      'conversion.train',
      title='',
      source='',
      picture='',
      **settings,
    )
    yield default.run(
      f'converted_{name}_{seed}',
      'conversion.evaluate',
      title=f'{title}, seed {seed}',
      source=source,
      picture='accuracy.png',
      trained=trained,
      steps=steps,
      **settings,
    )
