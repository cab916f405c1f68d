# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: trained and read by spike counts, without remedies.

Source: the capstone fork of F. Bacho, D. Chu, "Exploring trade-offs in spiking
neural networks", 2023.
Command: python -m experiments.bats --config=configs/bats/count.py
Expected: not yet run; the fork has 98.74 % last.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'count'
  return default.smoke(config) if variant == 'smoke' else config
