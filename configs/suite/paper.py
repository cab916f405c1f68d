# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every source's headline setting on its real data, several seeds each.

Source: the specifications' figures to beat, row by row.
Command: python -m experiments.suite --config=configs/suite/paper.py
Expected: the rows of docs/results.md; days on 2 cores, in the order of value
  per minute, so that it may be stopped and taken up again at any time.
"""

from ml_collections import ConfigDict

from configs.suite import default

# Experiment, settings, title, figure to beat, what is aimed at, minutes on 2
# cores, seeds, further flags.
_EPOCHS = '--config.train.num_epochs={}'
_TRAINED = (
  ('stdp', 'mnist', 'STDP, 100 neurons, MNIST', '82.9', '86', 3, (1, 2, 3)),
  (
    'csnn',
    'mnist_subset',
    'CSNN, MNIST, 10,000 images',
    '98.21',
    '98.4',
    15,
    (0, 1, 2),
  ),
  (
    'stdp',
    'mnist_400',
    'STDP, 400 neurons, MNIST',
    '87.0',
    '89.5',
    15,
    (1, 2, 3),
  ),
  (
    'csnn',
    'spatial',
    'CSNN by spike rates, MNIST',
    '96.6 after 40',
    '98.5',
    15,
    (0,),
  ),
  ('csnn', 'nmnist', 'CSNN, N-MNIST', '88.0', '94', 20, (0, 1, 2)),
  (
    'csnn',
    'nmnist_source',
    'CSNN, N-MNIST, settings of the source',
    '88.0',
    '88.0',
    20,
    (0, 1, 2),
  ),
  (
    'bats',
    'mnist_ttfs',
    'First spikes, MNIST, 10 epochs',
    '97.85',
    '',
    20,
    (1, 2),
    (_EPOCHS.format(10),),
  ),
  ('bats', 'mnist_ttfs', 'First spikes, MNIST', '97.85', '97.6', 60, (0,)),
  (
    'bats',
    'mnist_count',
    'Spike counts, MNIST, 10 epochs',
    '98.85',
    '',
    20,
    (1, 2),
    (_EPOCHS.format(10),),
  ),
  ('bats', 'mnist_count', 'Spike counts, MNIST', '98.85', '98.75', 60, (0,)),
  (
    'bats',
    'fashion_count',
    'Spike counts, Fashion-MNIST',
    '88.0',
    '88.0',
    40,
    (0,),
  ),
  ('bats', 'decay', 'Decaying counts, MNIST', '98.91', '98.75', 60, (0,)),
  ('csnn', 'mnist', 'CSNN, MNIST', '99.12', '99.2', 120, (0, 1)),
  (
    'stdp',
    'mnist_1600',
    'STDP, 1,600 neurons, MNIST',
    '91.9',
    '90.5',
    60,
    (1,),
  ),
  (
    'bats',
    'mnist_conv',
    'Spike counts, convolutional, MNIST',
    '99.3',
    '98.8',
    240,
    (0,),
  ),
)
# Settings, title, figure to beat, what is aimed at, steps, minutes of training,
# seeds, further flags.
_CONVERTED = (
  ('mnist_cnn', 'Converted CNN, MNIST', '98.48 after 50', '98.5', 4, 10, 3),
  (
    'mnist_gelu',
    'Converted CNN with GELU and maximum pooling, MNIST',
    '',
    'trained - 1',
    16,
    10,
    1,
    (_EPOCHS.format(4),),
  ),
  (
    'fashion_cnn',
    'Converted CNN, Fashion-MNIST',
    '',
    'trained - 0.5',
    8,
    10,
    1,
    (_EPOCHS.format(6),),
  ),
  (
    'fashion_mixer',
    'Converted Mixer, Fashion-MNIST',
    '',
    'trained - 1',
    16,
    30,
    1,
  ),
  (
    'cifar10_vgg11',
    'Converted VGG-11 of half the width, CIFAR-10',
    '88.0 (VGG-16, after 40, fine-tuned)',
    'trained - 0.3',
    32,
    150,
    1,
    (_EPOCHS.format(20),),
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
  trained = [run for row in _TRAINED for run in _seeds(*row)]
  converted = [run for row in _CONVERTED for run in _conversions(*row)]
  config.runs = tuple(sorted(trained + converted, key=_minutes))
  return config


def _minutes(run):
  """Of a run, with that of the one which it needs."""
  return run.seconds + (run.trained != '')


def _seeds(experiment, name, title, source, asked, minutes, seeds, options=()):
  for seed in seeds:
    variant = '_short' if options else ''
    yield default.run(
      f'{experiment}_{name}{variant}_{seed}',
      experiment,
      f'configs/{experiment}/{name}.py',
      title=title,
      source=source,
      asked=asked,
      seconds=60 * minutes,
      picture=_PICTURES[experiment],
      options=options,
      seed=seed,
    )


def _conversions(name, title, source, asked, steps, minutes, seeds, options=()):
  for seed in range(seeds):
    trained = f'trained_{name}_{seed}'
    settings = {
      'config': f'configs/conversion/{name}.py',
      'seconds': 60 * minutes,
      'seed': seed,
      'options': options,
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
      title=title,
      source=source,
      asked=asked,
      picture='accuracy.png',
      trained=trained,
      steps=steps,
      **settings,
    )
