# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The settings of `experiments.csnn`: every name, and the source's defaults.

Source: H. Zhu, "SNN Image Classification", 2022: 12C5-MP2-64C5-MP2-FC10 of
leaky neurons on static MNIST, in the snnTorch manner. The other files of this
folder change some of these fields; the difference is the file.
"""

from ml_collections import ConfigDict


def get_config(variant: str = '') -> ConfigDict:
  config = ConfigDict()
  config.exp_id = 'default'
  config.seed = 0

  config.model = ConfigDict()
  config.model.neuron = 'lif'  # or 'integrate_and_fire'
  config.model.beta = 0.5
  config.model.threshold = 1.0
  config.model.surrogate = 'fast_sigmoid'  # or 'arctan', 'sigmoid', ...
  config.model.slope = 25.0  # the surrogate's parameter
  config.model.channels = (12, 64)
  config.model.kernel_size = 5
  config.model.padding = 'VALID'
  config.model.pool = 'max_pool'  # or 'average_pool'
  config.model.gain = 1.0  # of the initial kernels, U(±gain/√fan_in)
  config.model.in_integers = False  # spikes times weights: for AMX
  config.model.checkpoint = ''  # a run's folder whose weights to start from

  config.data = ConfigDict()
  config.data.name = 'mnist'
  config.data.size = 28  # images are resized to it
  config.data.subset = 1  # keep the first N // subset training images
  config.data.first_test = 0  # evaluate on the first N test images, too
  config.data.validation = 0.1  # share of training; 0: the set's own
  config.data.fold = -1  # k of 5: cross-validation over all examples
  config.data.rotation = 0.0  # degrees, random in ±
  config.data.shift = 0  # pixels, random in ±
  config.data.num_bins = 30  # frames of an event recording
  config.data.drop_prob = 0.0  # share of event cells that are emptied

  config.train = ConfigDict()
  config.train.method = 'through_time'  # or 'spatial'
  config.train.loss = 'ce_rate'  # or 'ce_count', 'ce_scaled_count', 'mse_count'
  config.train.batch_size = 128
  config.train.num_epochs = 45
  config.train.num_steps = 50
  config.train.lr = 1e-2
  config.train.schedule = 'piecewise'  # or 'one_cycle'
  config.train.lr_step = (15, 30)
  config.train.lr_factor = 0.1
  config.train.chunk = 10  # updates per compiled call
  config.train.memory = 'pack_spikes'  # or 'store_all', 'rematerialise'

  config.evaluate = ConfigDict()
  config.evaluate.batch_size = 125
  config.evaluate.num_steps = ()  # accuracy and latency at these, at the end
  config.evaluate.num_films = 5

  return smoke(config) if variant == 'smoke' else config


def smoke(config: ConfigDict) -> ConfigDict:
  """Shrinks a run to seconds: the digits, one epoch, few steps and channels."""
  config.exp_id = f'{config.exp_id}_smoke'
  if config.data.name in ('nmnist', 'saccades'):
    config.data.name = 'saccades'
    config.data.fold = -1
    config.data.num_bins = 4
  else:
    config.data.name = 'digits'
    config.data.size = 12
    config.data.validation = 0.0
  config.data.subset = 16
  config.data.first_test = min(config.data.first_test, 10)
  config.model.channels = (4, 8)
  config.model.kernel_size = 3
  config.train.batch_size = 32
  config.train.num_epochs = 1
  config.train.num_steps = 4
  config.train.chunk = 3
  config.evaluate.num_steps = tuple(
    t for t in config.evaluate.num_steps if t <= 4
  )
  config.evaluate.num_films = 1
  return config
