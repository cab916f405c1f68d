# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, VGG-16: integrate-and-fire neurons alone.

Source: SpikingJelly, "ANN2SNN": a scale per channel, charged membranes; the
source of the experiment fine-tunes to 88 % at 30 to 40 steps instead.
Command: python -m experiments.conversion.train
  --config=configs/conversion/rate.py, then
  python -m experiments.conversion.evaluate with the same.
Expected: not yet run: 90 minutes on 2 cores.
"""

from ml_collections import ConfigDict

from configs.conversion import cifar10_vgg16, default


def get_config(variant: str = '') -> ConfigDict:
  config = cifar10_vgg16.get_config()
  config.exp_id = 'rate'
  config.rule = default.rule('integrate_and_fire')
  config.rule.scale = 'quantile'
  return default.smoke(config) if variant == 'smoke' else config
