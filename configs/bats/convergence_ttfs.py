# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Which initial weights let four inputs and two outputs learn to be first.

Source: F. Bacho, D. Chu, "Exploring trade-offs in spiking neural networks",
2023; see `convergence_count`.
Command: python -m experiments.bats --config=configs/bats/convergence_ttfs.py
Expected: a heat map.
"""

from ml_collections import ConfigDict

from configs.bats import convergence_count, default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'convergence_ttfs'
  convergence_count.grid(config)
  config.model.max_spikes = (1,)
  config.loss.tau = 0.1
  config.loss.silent_time = config.model.t_max
  config.train.loss = 'ttfs'
  return convergence_count.smoke(config) if variant == 'smoke' else config
