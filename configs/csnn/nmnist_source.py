# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""N-MNIST in the setting in which the source's framework was measured.

30 frames of equal duration after denoising, batches of 32, 20 epochs, no
augmentation: for comparison with `nmnist`, which is the one to use.
Source: H. Zhu, "SNN Image Classification", 2022, third version.
Command: python -m experiments.csnn --config=configs/csnn/nmnist_source.py
Expected: 86 to 92 % of 100 test recordings; 5 minutes on 2 cores.
"""

from ml_collections import ConfigDict

from configs.csnn import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'nmnist_source'
  config.data.name = 'nmnist'
  config.train.batch_size = 32
  config.train.num_epochs = 20
  config.train.lr_step = (10, 15)
  config.evaluate.batch_size = 50
  return default.smoke(config) if variant == 'smoke' else config
