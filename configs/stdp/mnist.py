# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST, 100 neurons: the settings to start from.

Source: the two-layer program on BindsNET. Two things differ, so that accuracy
does not fall again after 20,000 images: thresholds forget within some 16,000
images, and the learning rates fall to zero.
Command: python -m experiments.stdp --config=configs/stdp/mnist.py
Expected: 88.8 % after 60,000 images, in 2 minutes on two cores.
"""

from ml_collections import ConfigDict

from configs.stdp import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mnist'
  config.n_samples = 60000
  config.tc_theta_decay = 1e5
  config.nu_final = 0.0
  return default.smoke(config) if variant == 'smoke' else config
