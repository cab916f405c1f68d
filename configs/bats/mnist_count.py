# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST by spike counts: 784-800-10, 15 spikes for the label, 3 for the others.

Source: F. Bacho, D. Chu, "Exploring trade-offs in spiking neural networks",
2023. Here images are bent by about a pixel, the rate falls to a third after ten
epochs and after twenty, and outputs that are silent when they should not be are
strengthened.
Command: python -m experiments.bats --config=configs/bats/mnist_count.py
Expected: 99.0 % after 30 epochs; an hour on one core.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mnist_count'
  config.data.validation = 1 / 30
  config.data.elastic = 1.0
  config.train.lr_factor = 1 / 3
  config.train.revive = 1.0
  config.evaluate.losses = ('ttfs',)
  return default.smoke(config) if variant == 'smoke' else config
