# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The digits that scikit-learn carries, by spike counts: 64-200-10.

Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", 1998.
Command: python -m experiments.bats --config=configs/bats/digits_count.py
Expected: 96.5 to 98 % of 359 test images; a minute on 2 cores.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'digits_count'
  config.data.name = 'digits'
  config.data.validation = 0.0
  config.model.sizes = (200,)
  config.model.thresholds = (0.2, 0.6)
  config.train.batch_size = 32
  config.train.lr = 3e-2
  config.train.lr_factor = 0.3
  config.train.revive = 1.0
  return default.smoke(config) if variant == 'smoke' else config
