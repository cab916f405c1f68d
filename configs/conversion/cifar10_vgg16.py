# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""CIFAR-10, VGG-16: rates and ternary signGD, no fine-tuning.

Source: SpikingJelly, "ANN2SNN": a scale per channel, charged membranes; the
source of the experiment fine-tunes to 88 % at 30 to 40 steps instead.
Command: python -m experiments.conversion.train
  --config=configs/conversion/cifar10_vgg16.py, then
  python -m experiments.conversion.compare with the same.
Expected: 87.8 % trained and after 16 steps; 90 minutes on 2 cores.
"""

from ml_collections import ConfigDict

from configs.conversion import default, mnist_cnn


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'cifar10_vgg16'
  config.model.name = 'vgg'
  config.model.options.depth = 16
  config.data.cutout = 0
  config.train.batch_size = 128
  config.train.num_epochs = 16
  config.train.warmup = 1
  config.evaluate.steps = (1, 2, 4, 8, 16, 32)
  every = mnist_cnn.rules()
  few = ('if_local', 'signgd_fast', 'if_channel', 'ternary')  # minutes each
  config.compare = ConfigDict({name: every[name] for name in few})
  return default.smoke(config) if variant == 'smoke' else config
