# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: trained and read by the first of up to 30 spikes.

Source: the capstone fork of F. Bacho, D. Chu, "Exploring trade-offs in spiking
neural networks", 2023, at a constant rate and without remedies.
Command: python -m experiments.bats --config=configs/bats/ttfs_multi.py
Expected: not yet run; the fork's best epochs have 97.8 %.
"""

from ml_collections import ConfigDict

from configs.bats import default, mnist_ttfs


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'ttfs_multi'
  mnist_ttfs.first_spikes(config)
  config.model.max_spikes = (30, 30)
  return default.smoke(config) if variant == 'smoke' else config
