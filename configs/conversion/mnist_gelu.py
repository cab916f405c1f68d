# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: the small network with GELU and maximum pooling, beyond ReLU.

Source: `mnist_cnn`; integrate-and-fire neurons cannot follow GELU.
Command: python -m experiments.conversion.train
  --config=configs/conversion/mnist_gelu.py, then
  python -m experiments.conversion.evaluate with the same.
Expected: 98.5 % trained and converted after 8 steps, with 4 epochs.
"""

from ml_collections import ConfigDict

from configs.conversion import default, mnist_cnn


def get_config(variant: str = '') -> ConfigDict:
  config = mnist_cnn.get_config()
  config.exp_id = 'mnist_gelu'
  config.model.activation = 'gelu'
  config.model.options.pool = 'max'
  config.compare = ConfigDict(
    {n: rule for n, rule in mnist_cnn.rules().items() if rule.name == 'signgd'}
  )
  return default.smoke(config) if variant == 'smoke' else config
