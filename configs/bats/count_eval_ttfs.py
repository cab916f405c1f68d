# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: trained by spike counts, read by first spikes as well.

Source: the capstone fork of F. Bacho, D. Chu, "Exploring trade-offs in spiking
neural networks", 2023; `count` with another reading. Nothing in that loss makes
the label's output the first, so the second reading rises and then falls to
chance.
Command: python -m experiments.bats --config=configs/bats/count_eval_ttfs.py
Expected: 98.7 % by counts; by first spikes 97 % at first, chance in the end.
"""

from ml_collections import ConfigDict

from configs.bats import count, default


def get_config(variant: str = '') -> ConfigDict:
  config = count.get_config()
  config.exp_id = 'count_eval_ttfs'
  config.evaluate.losses = ('ttfs',)
  return default.smoke(config) if variant == 'smoke' else config
