# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: trained and read by spike counts in which late spikes weigh less.

Source: the capstone fork of F. Bacho, D. Chu, "Exploring trade-offs in spiking
neural networks", 2023. Here images are bent by about a pixel, the rate falls to
a third after ten epochs and after twenty, outputs that are silent when they
should not be are strengthened, and targets are what 15 and 3 spikes weigh in
the middle of their time (the fork's, 10 and 0.7, silence most outputs).
Command: python -m experiments.bats --config=configs/bats/decay.py
Expected: 98.9 % after 30 epochs; an hour and a half on one core.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'decay'
  config.train.loss = 'decay'
  config.loss.decayed_true = 7.0
  config.loss.decayed_false = 1.5
  config.data.validation = 1 / 30
  config.data.elastic = 1.0
  config.train.lr_factor = 1 / 3
  config.train.revive = 1.0
  return default.smoke(config) if variant == 'smoke' else config
