# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Mammograms, or any folder of class folders.

Source: the two-layer program's settings for INbreast.
Command: python -m experiments.stdp --config=configs/stdp/mammo.py
Expected: depends on the images; see docs/stdp.md.
"""

from ml_collections import ConfigDict

from configs.stdp import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mammo'
  config.task = 'MAMMO'
  config.n_classes = 2
  config.input_size = 128
  config.time = 250.0
  config.n_neurons = 400
  config.inh = 400.0
  config.reduction = 'max'
  config.batch_size = 8
  config.tc_theta_decay = 2.5e5
  config.epochs = 5
  config.test_every = 0
  return default.smoke(config) if variant == 'smoke' else config
