# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST, 400 neurons.

Source: `mnist`, with more neurons in larger batches. The more neurons, the
fewer spikes each: so that all are soon used, thresholds and weights take larger
steps.
Command: python -m experiments.stdp --config=configs/stdp/mnist_400.py
Expected: 91 % after 60,000 images.
"""

from ml_collections import ConfigDict

from configs.stdp import default, mnist


def get_config(variant: str = '') -> ConfigDict:
  config = mnist.get_config()
  config.exp_id = 'mnist_400'
  config.n_neurons = 400
  config.batch_size = 32
  config.theta_plus = 0.25
  config.tc_theta_decay = 5e4
  config.nu = (1.5e-4, 1.5e-2)
  return default.smoke(config) if variant == 'smoke' else config
