# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Digits that scikit-learn carries, trained by spike rates, not through time.

Source: `spatial`, on what needs no download.
Command: python -m experiments.csnn --config=configs/csnn/digits_spatial.py
Expected: 98.9 % of 359 test images; a minute on 2 cores.
"""

from ml_collections import ConfigDict

from configs.csnn import default, spatial


def get_config(variant: str = '') -> ConfigDict:
  config = spatial.get_config()
  config.exp_id = 'digits_spatial'
  config.data.name = 'digits'
  config.data.size = 16
  config.data.validation = 0.0
  config.train.batch_size = 64
  config.train.num_epochs = 20
  return default.smoke(config) if variant == 'smoke' else config
