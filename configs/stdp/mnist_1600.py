# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST, 1,600 neurons.

Source: `mnist`, with more neurons in larger batches.
Command: python -m experiments.stdp --config=configs/stdp/mnist_1600.py
Expected: not yet run.
"""

from ml_collections import ConfigDict

from configs.stdp import default, mnist


def get_config(variant: str = '') -> ConfigDict:
  config = mnist.get_config()
  config.exp_id = 'mnist_1600'
  config.n_neurons = 1600
  config.batch_size = 64
  config.tc_theta_decay = 5e4
  config.epochs = 2
  return default.smoke(config) if variant == 'smoke' else config
