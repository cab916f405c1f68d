# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, ResNet-18: by all rules.

Source: H. Oh, Y. Lee, "Sign gradient descent-based neuronal dynamics:
ANN-to-SNN conversion beyond ReLU network", 2024.
Command: python -m experiments.conversion.train
  --config=configs/conversion/cifar10_resnet18.py, then
  python -m experiments.conversion.compare with the same.
Expected: not yet run: it needs a GPU.
"""

from ml_collections import ConfigDict

from configs.conversion import default, mnist_cnn


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'cifar10_resnet18'
  config.model.options.depth = 18
  config.compare = mnist_cnn.rules()
  return default.smoke(config) if variant == 'smoke' else config
