# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, MLP-Mixer: GELU and layer normalisation, beyond ReLU.

Source: H. Oh, Y. Lee, "Sign gradient descent-based neuronal dynamics:
ANN-to-SNN conversion beyond ReLU network", 2024.
Command: python -m experiments.conversion.train
  --config=configs/conversion/cifar10_mixer.py, then
  python -m experiments.conversion.evaluate with the same.
Expected: not yet run.
"""

from ml_collections import ConfigDict

from configs.conversion import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'cifar10_mixer'
  config.model.name = 'mixer'
  config.model.activation = 'gelu'
  config.train.optimizer = 'adam'
  config.train.batch_size = 128
  config.train.num_epochs = 30
  config.train.lr = 1e-3
  config.train.warmup = 1
  config.train.weight_decay = 0.0
  config.data.cutout = 8
  config.rule.eta = 0.3
  config.rule.gamma = 0.9
  config.evaluate.steps = (1, 2, 4, 8, 16, 32, 64)
  return default.smoke(config) if variant == 'smoke' else config
