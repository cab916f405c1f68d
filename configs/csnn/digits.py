# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The demo: the handwritten digits that scikit-learn carries.

Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", 1998.
Command: python -m experiments.csnn --config=configs/csnn/digits.py
Expected: 98.6 to 99.5 % of 359 test images; half a minute on 2 cores.
"""

from ml_collections import ConfigDict

from configs.csnn import default, mnist_subset


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'digits'
  mnist_subset.recommend(config)
  config.data.name = 'digits'
  config.data.size = 16
  config.data.validation = 0.0
  config.train.batch_size = 64
  config.train.num_epochs = 20
  return default.smoke(config) if variant == 'smoke' else config
