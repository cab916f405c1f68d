# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every source's headline setting on its real data, several seeds each.

Source: the specifications' figures to beat, row by row.
Command: python -m experiments.suite --config=configs/suite/paper.py
Expected: the rows of docs/results.md; days on 2 cores, in the order of value
  per minute, so that it may be stopped and taken up again at any time.
"""

from typing import NamedTuple

from ml_collections import ConfigDict

from configs.suite import default


class Trained(NamedTuple):
  """A row of networks that are trained.

  Attributes:
    settings: `<experiment>/<file>` of `configs`.
    source: the figure to beat (%).
    asked: what is aimed at (%).
    minutes: of a run on 2 cores.
    seeds: of the runs.
    num_epochs: where fewer than the settings have.
  """

  settings: str
  source: str
  asked: str
  minutes: int
  seeds: tuple[int, ...]
  num_epochs: int | None = None


class Converted(NamedTuple):
  """A row of networks that are trained, then converted.

  Attributes:
    settings: file of `configs/conversion`.
    source: the figure to beat (%).
    asked: what is aimed at (%), or how far below the trained network.
    steps: of the converted network.
    minutes: of training on 2 cores.
    seeds: of the runs.
    num_epochs: where fewer than the settings have.
  """

  settings: str
  source: str
  asked: str
  steps: int
  minutes: int
  seeds: tuple[int, ...]
  num_epochs: int | None = None


_TRAINED = {
  'STDP, 100 neurons, MNIST': Trained(
    'stdp/mnist', source='82.9', asked='86', minutes=3, seeds=(1, 2, 3)
  ),
  'CSNN, MNIST, 10,000 images': Trained(
    'csnn/mnist_subset',
    source='98.21',
    asked='98.4',
    minutes=15,
    seeds=(0, 1, 2),
  ),
  'STDP, 400 neurons, MNIST': Trained(
    'stdp/mnist_400', source='87.0', asked='89.5', minutes=15, seeds=(1, 2, 3)
  ),
  'CSNN by spike rates, MNIST': Trained(
    'csnn/spatial', source='96.6 after 40', asked='98.5', minutes=15, seeds=(0,)
  ),
  'CSNN, N-MNIST': Trained(
    'csnn/nmnist', source='88.0', asked='94', minutes=20, seeds=(0, 1, 2)
  ),
  'CSNN, N-MNIST, settings of the source': Trained(
    'csnn/nmnist_source',
    source='88.0',
    asked='88.0',
    minutes=20,
    seeds=(0, 1, 2),
  ),
  'First spikes, MNIST, 10 epochs': Trained(
    'bats/mnist_ttfs',
    source='97.85',
    asked='',
    minutes=20,
    seeds=(1, 2),
    num_epochs=10,
  ),
  'First spikes, MNIST': Trained(
    'bats/mnist_ttfs', source='97.85', asked='97.6', minutes=60, seeds=(0,)
  ),
  'Spike counts, MNIST, 10 epochs': Trained(
    'bats/mnist_count',
    source='98.85',
    asked='',
    minutes=20,
    seeds=(1, 2),
    num_epochs=10,
  ),
  'Spike counts, MNIST': Trained(
    'bats/mnist_count', source='98.85', asked='98.75', minutes=60, seeds=(0,)
  ),
  'Spike counts, Fashion-MNIST': Trained(
    'bats/fashion_count', source='88.0', asked='88.0', minutes=40, seeds=(0,)
  ),
  'Decaying counts, MNIST': Trained(
    'bats/decay', source='98.91', asked='98.75', minutes=60, seeds=(0,)
  ),
  'CSNN, MNIST': Trained(
    'csnn/mnist', source='99.12', asked='99.2', minutes=120, seeds=(0, 1)
  ),
  'STDP, 1,600 neurons, MNIST': Trained(
    'stdp/mnist_1600', source='91.9', asked='90.5', minutes=60, seeds=(1,)
  ),
  'Spike counts, convolutional, MNIST': Trained(
    'bats/mnist_conv', source='99.3', asked='98.8', minutes=240, seeds=(0,)
  ),
}
_CONVERTED = {
  'Converted CNN, MNIST': Converted(
    'mnist_cnn',
    source='98.48 after 50',
    asked='98.5',
    steps=4,
    minutes=10,
    seeds=(0, 1, 2),
  ),
  'Converted CNN with GELU and maximum pooling, MNIST': Converted(
    'mnist_gelu',
    source='',
    asked='trained - 1',
    steps=16,
    minutes=10,
    seeds=(0,),
    num_epochs=4,
  ),
  'Converted CNN, Fashion-MNIST': Converted(
    'fashion_cnn',
    source='',
    asked='trained - 0.5',
    steps=8,
    minutes=10,
    seeds=(0,),
    num_epochs=6,
  ),
  'Converted Mixer, Fashion-MNIST': Converted(
    'fashion_mixer',
    source='',
    asked='trained - 1',
    steps=16,
    minutes=30,
    seeds=(0,),
  ),
  'Converted VGG-11 of half the width, CIFAR-10': Converted(
    'cifar10_vgg11',
    source='88.0 (VGG-16, after 40, fine-tuned)',
    asked='trained - 0.3',
    steps=32,
    minutes=150,
    seeds=(0,),
    num_epochs=20,
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
  runs = [run for row in _TRAINED.items() for run in _training(*row)]
  runs += [run for row in _CONVERTED.items() for run in _conversion(*row)]
  config.runs = tuple(sorted(runs, key=_place))
  return config


def _place(run):
  """By duration; what converts a network of that duration comes behind it."""
  return run.seconds, run.trained != ''


def _training(title, row):
  experiment, name = row.settings.split('/')
  variant = '_short' if row.num_epochs else ''
  for seed in row.seeds:
    yield default.run(
      f'{experiment}_{name}{variant}_{seed}',
      experiment,
      f'configs/{row.settings}.py',
      title=title,
      source=row.source,
      asked=row.asked,
      picture=_PICTURES[experiment],
      **_shared(row, seed),
    )


def _conversion(title, row):
  settings = f'configs/conversion/{row.settings}.py'
  for seed in row.seeds:
    trained = f'trained_{row.settings}_{seed}'
    shared = _shared(row, seed)
    yield default.run(trained, 'conversion.train', settings, **shared)
    yield default.run(
      f'converted_{row.settings}_{seed}',
      'conversion.evaluate',
      settings,
      title=title,
      source=row.source,
      asked=row.asked,
      picture='accuracy.png',
      trained=trained,
      steps=row.steps,
      **shared,
    )


def _shared(row, seed):
  """What both kinds of rows say alike, of every run."""
  num_epochs = f'--config.train.num_epochs={row.num_epochs}'
  return {
    'seconds': 60 * row.minutes,
    'seed': seed,
    'options': (num_epochs,) if row.num_epochs else (),
  }
