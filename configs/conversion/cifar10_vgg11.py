# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, VGG-11 of half the width: what two cores can train.

Source: `cifar10_vgg16`, smaller.
Command: python -m experiments.conversion.train
  --config=configs/conversion/cifar10_vgg11.py, then
  python -m experiments.conversion.compare with the same.
Expected: 85.4 % trained and after 16 steps, with 20 epochs: 2 hours on 1 core.
"""

from ml_collections import ConfigDict

from configs.conversion import cifar10_vgg16, default


def get_config(variant: str = '') -> ConfigDict:
  config = cifar10_vgg16.get_config()
  config.exp_id = 'cifar10_vgg11'
  config.model.options.depth = 11
  config.model.options.width = 0.5
  config.train.num_epochs = 30
  config.data.cutout = 8
  return default.smoke(config) if variant == 'smoke' else config
