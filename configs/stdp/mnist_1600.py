# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST, 1,600 neurons.

Source: `mnist_400`, and more of the same.
Command: python -m experiments.stdp --config=configs/stdp/mnist_1600.py
Expected: 90.7 % after 60,000 images; 91.0 % with labels from all training
  images (--config.n_assign=55000).
"""

from ml_collections import ConfigDict

from configs.stdp import default, mnist


def get_config(variant: str = '') -> ConfigDict:
  config = mnist.get_config()
  config.exp_id = 'mnist_1600'
  config.n_neurons = 1600
  config.batch_size = 128
  config.theta_plus = 1.0
  config.tc_theta_decay = 1.25e4
  config.nu = (3e-4, 3e-2)
  return default.smoke(config) if variant == 'smoke' else config
