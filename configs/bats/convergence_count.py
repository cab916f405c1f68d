# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Which initial weights let four inputs and two outputs learn to count.

Source: F. Bacho, D. Chu, "Exploring trade-offs in spiking neural networks",
2023: 100 networks from each point of a grid of means and spreads, 50 epochs of
gradient descent.
Command: python -m experiments.bats --config=configs/bats/convergence_count.py
Expected: a heat map.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'convergence_count'
  grid(config)
  config.model.max_spikes = (10,)
  config.loss.target_true = 10.0
  config.loss.target_false = 0.0
  return smoke(config) if variant == 'smoke' else config


def grid(config: ConfigDict) -> None:
  """Sets the tiny network and the grid: 0 to `last`, `num` points, each way."""
  config.grid = ConfigDict()
  config.grid.num = 13
  config.grid.last = 2.4
  config.grid.repeats = 100
  config.model.tau_syn = 1.0
  config.model.t_max = 10.0
  config.model.sizes = ()
  config.model.thresholds = (1.0,)
  config.train.num_epochs = 50
  config.train.lr = 0.1


def smoke(config: ConfigDict) -> ConfigDict:
  """Shrinks the grid to seconds."""
  config.exp_id = f'{config.exp_id}_smoke'
  config.grid.num = 3
  config.grid.repeats = 4
  config.train.num_epochs = 5
  return config
