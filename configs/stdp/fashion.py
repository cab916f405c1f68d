# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Fashion-MNIST, 400 neurons.

Source: `mnist_400`, on clothes.
Command: python -m experiments.stdp --config=configs/stdp/fashion.py
Expected: 51 % after 60,000 images, 54 % after 40,000, with settings for digits;
  clothes are 2.2 times as bright.
"""

from ml_collections import ConfigDict

from configs.stdp import default, mnist_400


def get_config(variant: str = '') -> ConfigDict:
  config = mnist_400.get_config()
  config.exp_id = 'fashion'
  config.task = 'FASHION_MNIST'
  return default.smoke(config) if variant == 'smoke' else config
