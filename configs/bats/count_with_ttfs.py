# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST by spike counts and by first spikes at once: both readings hold.

Source: the finding of `count_eval_ttfs`, that counting alone ruins the other
reading. Here the loss of first spikes is added to that of counts.
Command: python -m experiments.bats --config=configs/bats/count_with_ttfs.py
Expected: 98.0 % by counts and 98.2 % by first spikes after 10 epochs.
"""

from ml_collections import ConfigDict

from configs.bats import default, mnist_count


def get_config(variant: str = '') -> ConfigDict:
  config = mnist_count.get_config()
  config.exp_id = 'count_with_ttfs'
  config.train.also.ttfs = 1.0
  return default.smoke(config) if variant == 'smoke' else config
