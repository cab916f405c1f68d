# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, ResNet-18: the source's signGD neurons, as published.

Source: H. Oh, Y. Lee, "Sign gradient descent-based neuronal dynamics:
ANN-to-SNN conversion beyond ReLU network", 2024; but its input, whose code lost
a part of the image, is read as it is.
Command: python -m experiments.conversion.train
  --config=configs/conversion/signgd.py --gpu=0, then
  python -m experiments.conversion.evaluate with the same.
Expected: not yet run: it needs a GPU.
"""

from ml_collections import ConfigDict

from configs.conversion import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'signgd'
  config.model.options.depth = 18
  config.data.auto_augment = True
  config.rule.eta = 0.15
  config.rule.gamma = 0.95
  config.rule.dead_zone = 0.0
  config.rule.scale = 'maximum'
  config.rule.per = 'element'
  return default.smoke(config) if variant == 'smoke' else config
