# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST by the first spike: 784-800-10, one spike per neuron.

Source: F. Bacho, D. Chu, "Exploring trade-offs in spiking neural networks",
2023. With a constant learning rate such runs tend to collapse late: an output
falls silent, has no gradient any more, and the others follow. Here a
label's output that is silent is strengthened, and does not push the others; one
that fires is pulled earlier; the rate halves every five epochs; images are bent
by about a pixel.
Command: python -m experiments.bats --config=configs/bats/mnist_ttfs.py
Expected: 98.3 %, 97.3 % from images as they are; an hour on one core.
"""

from ml_collections import ConfigDict

from configs.bats import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mnist_ttfs'
  first_spikes(config)
  config.data.validation = 1 / 30
  config.data.elastic = 1.0
  config.train.lr_factor = 0.5
  config.train.lr_every = 5
  config.train.lr_min = 3e-5
  config.loss.spare_others = True
  config.train.revive = 1.0
  config.train.hurry = 0.03
  return default.smoke(config) if variant == 'smoke' else config


def first_spikes(config: ConfigDict) -> None:
  """Sets what the source trains by first spikes with."""
  config.model.thresholds = (0.7, 2.0)
  config.model.max_spikes = (1, 1)
  config.model.t_max = 1.0
  config.model.low = 0.0
  config.train.loss = 'ttfs'
  config.train.lr = 2e-3
