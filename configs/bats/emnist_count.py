# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""EMNIST, 47 balanced classes, by spike counts: 784-800-47.

Source: F. Bacho, D. Chu, "Exploring trade-offs in spiking neural networks",
2023. Here outputs that are silent when they should not be are
strengthened.
Command: python -m experiments.bats --config=configs/bats/emnist_count.py
Expected: not yet run.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'emnist_count'
  config.data.name = 'emnist/balanced'
  config.train.num_epochs = 100
  config.train.revive = 1.0
  return default.smoke(config) if variant == 'smoke' else config
