# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every source's headline setting on its real data, several seeds each.

Source: the specifications' figures to beat, row by row.
Command: python -m experiments.suite --config=configs/suite/paper.py
Expected: the rows of docs/results.md; two days on 2 cores, in the order of
  value per minute, so that it may be stopped and taken up again at any time.
"""

from typing import NamedTuple

from ml_collections import ConfigDict

from configs.suite import default


class Row(NamedTuple):
  """Networks that are trained, and perhaps converted.

  Attributes:
    settings: `<experiment>/<file>` of `configs`.
    source: the figure to beat (%).
    asked: what is aimed at (%), or how far below the trained network.
    minutes: of a run on 2 cores; as many to train as to convert.
    seeds: of the runs.
    num_epochs: where fewer than the settings have.
    steps: of the converted network; 0: nothing is converted.
  """

  settings: str
  source: str
  asked: str
  minutes: int
  seeds: tuple[int, ...]
  num_epochs: int | None = None
  steps: int = 0


_ROWS = {
  'STDP, 100 neurons, MNIST': Row(
    'stdp/mnist', source='82.9', asked='86', minutes=3, seeds=(1, 2, 3)
  ),
  'CSNN, MNIST, 10,000 images': Row(
    'csnn/mnist_subset',
    source='98.21',
    asked='98.4',
    minutes=9,
    seeds=(0, 1, 2),
  ),
  'STDP, 400 neurons, MNIST': Row(
    'stdp/mnist_400', source='87.0', asked='89.5', minutes=4, seeds=(1, 2, 3)
  ),
  'CSNN by spike rates, MNIST': Row(
    'csnn/spatial',
    source='96.6 after 40',
    asked='98.5',
    minutes=30,
    seeds=(0, 1, 2),
  ),
  'CSNN, N-MNIST': Row(
    'csnn/nmnist', source='88.0', asked='94', minutes=3, seeds=(0, 1, 2)
  ),
  'CSNN, N-MNIST, settings of the source': Row(
    'csnn/nmnist_source',
    source='88.0',
    asked='88.0',
    minutes=5,
    seeds=(0, 1, 2),
  ),
  'First spikes, MNIST, 10 epochs': Row(
    'bats/mnist_ttfs',
    source='97.85',
    asked='',
    minutes=17,
    seeds=(1, 2),
    num_epochs=10,
  ),
  'First spikes, MNIST': Row(
    'bats/mnist_ttfs', source='97.85', asked='97.6', minutes=60, seeds=(0, 1, 2)
  ),
  'Spike counts, MNIST, 10 epochs': Row(
    'bats/mnist_count',
    source='98.85',
    asked='',
    minutes=17,
    seeds=(1, 2),
    num_epochs=10,
  ),
  'Spike counts, MNIST': Row(
    'bats/mnist_count',
    source='98.85',
    asked='98.75',
    minutes=60,
    seeds=(0, 1, 2),
  ),
  'Spike counts, Fashion-MNIST': Row(
    'bats/fashion_count',
    source='88.0',
    asked='88.0',
    minutes=40,
    seeds=(0, 1, 2),
  ),
  'Decaying counts, MNIST': Row(
    'bats/decay', source='98.91', asked='98.75', minutes=60, seeds=(0, 1, 2)
  ),
  'CSNN, MNIST': Row(
    'csnn/mnist', source='99.12', asked='99.2', minutes=18, seeds=(0, 1)
  ),
  'STDP, 1,600 neurons, MNIST': Row(
    'stdp/mnist_1600', source='91.9', asked='90.5', minutes=8, seeds=(1, 2, 3)
  ),
  'Spike counts, convolutional, MNIST': Row(
    'bats/mnist_conv', source='99.3', asked='98.8', minutes=95, seeds=(0, 1, 2)
  ),
  'Converted CNN, MNIST': Row(
    'conversion/mnist_cnn',
    source='98.48 after 50',
    asked='98.5',
    steps=4,
    minutes=3,
    seeds=(0, 1, 2),
  ),
  'Converted CNN with GELU and maximum pooling, MNIST': Row(
    'conversion/mnist_gelu',
    source='',
    asked='trained - 1',
    steps=16,
    minutes=4,
    seeds=(0, 1, 2),
    num_epochs=4,
  ),
  'Converted CNN, Fashion-MNIST': Row(
    'conversion/fashion_cnn',
    source='',
    asked='trained - 0.5',
    steps=8,
    minutes=3,
    seeds=(0, 1, 2),
    num_epochs=6,
  ),
  'Converted Mixer, Fashion-MNIST': Row(
    'conversion/fashion_mixer',
    source='',
    asked='trained - 1',
    steps=16,
    minutes=30,
    seeds=(0, 1),
  ),
  'Converted VGG-11 of half the width, CIFAR-10': Row(
    'conversion/cifar10_vgg11',
    source='88.0 (VGG-16, after 40, fine-tuned)',
    asked='trained - 0.3',
    steps=32,
    minutes=150,
    seeds=(0, 1, 2),
    num_epochs=20,
  ),
  'Converted VGG-16, CIFAR-10': Row(
    'conversion/cifar10_vgg16',
    source='88.0 after 40, fine-tuned',
    asked='trained - 0.3',
    steps=32,
    minutes=120,
    seeds=(0,),
  ),
}
_PICTURES = {
  'bats': 'output_metrics/accuracy_test.png',
  'csnn': 'test_acc.png',
  'stdp': 'figures/receptive_fields.png',
}


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config(variant)
  config.exp_id = 'paper'
  config.title = "snnjax beside its sources, on the sources' data"
  runs = [run for row in _ROWS.items() for run in _runs(*row)]
  config.runs = tuple(sorted(runs, key=_place))
  return config


def _place(run):
  """By duration; what converts a network of that duration comes behind it."""
  return run.seconds, run.trained != ''


def _runs(title, row):
  experiment, name = row.settings.split('/')
  config = f'configs/{row.settings}.py'
  figures = {'title': title, 'source': row.source, 'asked': row.asked}
  num_epochs = f'--config.train.num_epochs={row.num_epochs}'
  for seed in row.seeds:
    shared = {
      'seconds': 60 * row.minutes,
      'seed': seed,
      'options': (num_epochs,) if row.num_epochs else (),
    }
    if row.steps:
      trained = f'trained_{name}_{seed}'
      yield default.run(trained, 'conversion.train', config, **shared)
      yield default.run(
        f'converted_{name}_{seed}',
        'conversion.evaluate',
        config,
        picture='accuracy.png',
        trained=trained,
        steps=row.steps,
        **figures,
        **shared,
      )
    else:
      variant = '_short' if row.num_epochs else ''
      yield default.run(
        f'{experiment}_{name}{variant}_{seed}',
        experiment,
        config,
        picture=_PICTURES[experiment],
        **figures,
        **shared,
      )
