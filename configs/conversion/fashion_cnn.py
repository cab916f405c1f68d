# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Fashion-MNIST: the small convolutional network.

Source: `mnist_cnn`, on clothes.
Command: python -m experiments.conversion.train
  --config=configs/conversion/fashion_cnn.py, then
  python -m experiments.conversion.compare with the same.
Expected: 88.4 % trained, 88.2 % converted after 8 steps, with 6 epochs.
"""

from ml_collections import ConfigDict

from configs.conversion import default, mnist_cnn


def get_config(variant: str = '') -> ConfigDict:
  config = mnist_cnn.get_config()
  config.exp_id = 'fashion_cnn'
  config.data.name = 'fashion_mnist'
  return default.smoke(config) if variant == 'smoke' else config
