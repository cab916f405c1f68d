# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""N-MNIST: 10 frames of equal duration, small random turns and shifts.

Source: Orchard, Jayawant, Cohen, Thakor, "Converting static image datasets to
spiking neuromorphic datasets using saccades", 2015.
Command: python -m experiments.csnn --config=configs/csnn/nmnist.py
  with --config.data.fold=K, K from 0 to 4, for cross-validation.
Expected: 98 to 100 % of 100 test recordings; 3 minutes on 2 cores.
"""

from ml_collections import ConfigDict

from configs.csnn import default, mnist_subset


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'nmnist'
  mnist_subset.recommend(config)
  config.data.name = 'nmnist'
  config.data.num_bins = 10
  config.data.shift = 2
  config.train.batch_size = 32
  config.train.num_epochs = 25
  config.train.lr = 4e-3
  config.evaluate.batch_size = 50
  return default.smoke(config) if variant == 'smoke' else config
