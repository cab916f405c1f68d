# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The demo: the handwritten digits that scikit-learn carries.

Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", 1998.
Command: python -m experiments.csnn --config=configs/csnn/digits.py
"""

from ml_collections import ConfigDict

from configs.csnn import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'digits'
  config.model.surrogate = 'arctan'
  config.model.slope = 2.0
  config.model.gain = 2.45
  config.data.name = 'digits'
  config.data.white = 16.0
  config.data.size = 16
  config.data.rotation = 10.0
  config.data.shift = 1
  config.train.batch_size = 64
  config.train.num_epochs = 20
  config.train.num_steps = 8
  config.train.lr = 4e-3
  config.train.schedule = 'one_cycle'
  return default.smoke(config) if variant == 'smoke' else config
