# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The digits that scikit-learn carries: trained and converted in a minute.

Source: `mnist_cnn`, on what needs no download.
Command: python -m experiments.conversion.train
  --config=configs/conversion/digits.py, then
  python -m experiments.conversion.evaluate with the same.
Expected: about 96 %, trained and after 8 steps.
"""

from ml_collections import ConfigDict

from configs.conversion import default, mnist_cnn


def get_config(variant: str = '') -> ConfigDict:
  config = mnist_cnn.get_config()
  config.exp_id = 'digits'
  config.data.name = 'digits'
  config.data.validation = 0.1
  config.model.options.channels = (16, 32)
  config.model.options.padding = 'SAME'
  config.train.batch_size = 64
  config.train.num_epochs = 20
  config.evaluate.steps = (1, 2, 4, 8, 16, 32)
  config.evaluate.batch_size = 128
  return default.smoke(config) if variant == 'smoke' else config
