# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Static MNIST, all 60,000 training images.

Source: H. Zhu, "SNN Image Classification", 2022, second version, which reports
99.12 % after 20 epochs of 50 steps. Here 8 epochs of 8 steps, as
`mnist_subset`.
Command: python -m experiments.csnn --config=configs/csnn/mnist.py
Expected: 99.3 %; 40 s on a large GPU, about 20 minutes on 2 cores.
"""

from ml_collections import ConfigDict

from configs.csnn import default, mnist_subset


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mnist'
  mnist_subset.recommend(config)
  config.train.num_epochs = 8
  config.train.chunk = 20
  return default.smoke(config) if variant == 'smoke' else config
