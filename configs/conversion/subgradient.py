# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, ResNet-18: the subgradient baseline of the source.

Source: H. Oh, Y. Lee, "Sign gradient descent-based neuronal dynamics:
ANN-to-SNN conversion beyond ReLU network", 2024.
Command: python -m experiments.conversion.train
  --config=configs/conversion/subgradient.py --gpu=0, then
  python -m experiments.conversion.evaluate with the same.
Expected: not yet run: it needs a GPU.
"""

from ml_collections import ConfigDict

from configs.conversion import default, signgd


def get_config(variant: str = '') -> ConfigDict:
  config = signgd.get_config()
  config.exp_id = 'subgradient'
  config.rule.name = 'subgradient'
  config.rule.offset = 1
  config.rule.code = 'analog'
  return default.smoke(config) if variant == 'smoke' else config
