# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST by the source's own settings: thresholds grow without bound.

Source: the two-layer program on BindsNET.
Command: python -m experiments.stdp --config=configs/stdp/mnist_source.py
Expected: 85.7 % after 30,000 images, 82.1 % after 60,000.
"""

from ml_collections import ConfigDict

from configs.stdp import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mnist_source'
  config.n_samples = 60000
  config.test_every = 30000
  return default.smoke(config) if variant == 'smoke' else config
