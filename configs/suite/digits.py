# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The demo: all five systems on the digits that scikit-learn carries.

Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", 1998.
Command: python -m experiments.suite --config=configs/suite/digits.py
Expected: 96 to 99 % each, by STDP 85 to 92 %; 5 minutes on 2 cores.
"""

from ml_collections import ConfigDict

from configs.suite import default

_NEAREST = '98.0, nearest neighbour'
_INTEGRATE_AND_FIRE = (
  '--config.rule.name=integrate_and_fire',
  '--config.rule.scale=quantile',
  '--config.rule.search=0',
)


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config(variant)
  config.exp_id = 'digits'
  config.title = 'Five kinds of spiking networks on handwritten digits'
  config.runs = (
    default.run(
      'csnn',
      'csnn',
      'configs/csnn/digits.py',
      title='Convolutional network, surrogate gradients',
      source=_NEAREST,
      seconds=30,
      picture='figures/confusion.png',
    ),
    default.run(
      'spatial',
      'csnn',
      'configs/csnn/digits_spatial.py',
      title='The same kind, trained by spike rates',
      source=_NEAREST,
      seconds=75,
      picture='figures/accuracy_against_latency.png',
    ),
    default.run(
      'bats',
      'bats',
      'configs/bats/digits_count.py',
      title='Event-based network, exact gradients of spike times',
      source=_NEAREST,
      seconds=90,
      picture='output_metrics/accuracy_test.png',
    ),
    default.run(
      'trained',
      'conversion.train',
      'configs/conversion/digits.py',
      seconds=15,
    ),
    _converted('rate', 'integrate-and-fire', _INTEGRATE_AND_FIRE),
    _converted('signgd', 'ternary signGD'),
    default.run(
      'stdp',
      'stdp',
      'configs/stdp/digits.py',
      title='Two-layer network, unsupervised by STDP',
      source='82.9 on MNIST, as published',
      seconds=35,
      picture='figures/receptive_fields.png',
    ),
  )
  return config


def _converted(name, rule, options=()):
  return default.run(
    name,
    'conversion.evaluate',
    'configs/conversion/digits.py',
    title=f'Converted network, {rule}',
    source=_NEAREST,
    seconds=30,
    picture='accuracy.png',
    options=options,
    trained='trained',
    steps=8,
  )
