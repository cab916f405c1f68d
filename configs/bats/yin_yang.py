# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Points of three classes by the first spike: 5-120-3.

Source: J. Göltz et al., "Fast and energy-efficient neuromorphic deep learning
with first-spike times", 2021: inputs in 0.15 to 2 synaptic time constants, a
bias at 0.9 of them, 95.9 % on the test set.
Command: python -m experiments.bats --config=configs/bats/yin_yang.py
Expected: 95.5 %; two minutes on a core.
"""

from ml_collections import ConfigDict

from configs.bats import default, mnist_ttfs


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'yin_yang'
  mnist_ttfs.first_spikes(config)
  config.data.name = 'yin_yang'
  config.data.validation = 0.0
  config.data.early = 0.15 * config.model.tau_syn
  config.data.window = 2 * config.model.tau_syn
  config.data.bias_time = 0.9 * config.model.tau_syn
  config.model.sizes = (120,)
  config.model.thresholds = (0.13, 0.13)
  config.model.low = -1.0
  config.model.high = 2.0
  config.loss.tau = 0.2 * config.model.tau_syn
  config.train.batch_size = 100
  config.train.num_epochs = 100
  config.train.lr = 5e-3
  config.train.lr_factor = 0.5
  config.train.lr_every = 20
  config.loss.spare_others = True
  config.train.revive = 1.0
  return default.smoke(config) if variant == 'smoke' else config
