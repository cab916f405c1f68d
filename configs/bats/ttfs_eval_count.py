# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: trained by the first of up to 30 spikes, read by counts as well.

Source: the capstone fork of F. Bacho, D. Chu, "Exploring trade-offs in spiking
neural networks", 2023; `ttfs_multi` with another reading.
Command: python -m experiments.bats --config=configs/bats/ttfs_eval_count.py
Expected: not yet run; the fork's best epochs have 97.8 % by first spikes, and
up to 96.1 % by counts.
"""

from ml_collections import ConfigDict

from configs.bats import default, ttfs_multi


def get_config(variant: str = '') -> ConfigDict:
  config = ttfs_multi.get_config()
  config.exp_id = 'ttfs_eval_count'
  config.train.num_epochs = 10
  config.evaluate.losses = ('count',)
  return default.smoke(config) if variant == 'smoke' else config
