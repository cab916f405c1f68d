# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Fashion-MNIST, a small MLP-Mixer: GELU and layer normalisation.

Source: `cifar10_mixer`, on what two cores train in a quarter of an hour.
Command: python -m experiments.conversion.train
  --config=configs/conversion/fashion_mixer.py, then
  python -m experiments.conversion.evaluate with the same.
Expected: 88.4 % trained; converted 87.7 % after 16 steps, 88.3 % after 32.
"""

from ml_collections import ConfigDict

from configs.conversion import default, mnist_cnn


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'fashion_mixer'
  mnist_cnn.grey_images(config, 'fashion_mnist')
  config.model.name = 'mixer'
  config.model.activation = 'gelu'
  config.model.options = ConfigDict({'features': 64, 'num_blocks': 2})
  config.train.num_epochs = 8
  config.train.warmup = 1
  config.rule.eta = 0.3
  config.rule.gamma = 0.9
  config.rule.search = 0  # takes long: a network of many sites
  config.evaluate.steps = (1, 2, 4, 8, 16, 32, 64)
  return default.smoke(config) if variant == 'smoke' else config
