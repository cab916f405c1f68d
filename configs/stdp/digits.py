# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Bundled digits, 8 by 8 pixels: the whole experiment in under a minute.

Source: the UCI optical digits, of which scikit-learn bundles 1,797.
Command: python -m experiments.stdp --config=configs/stdp/digits.py
Expected: 85 to 92 %, in under a minute.
"""

from ml_collections import ConfigDict

from configs.stdp import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'digits'
  config.task = 'DIGITS'
  config.input_size = 8
  config.norm = 12.8
  config.tc_theta_decay = 2e4
  config.nu_final = 0.0
  config.epochs = 6
  config.test_every = 0
  return default.smoke(config) if variant == 'smoke' else config
