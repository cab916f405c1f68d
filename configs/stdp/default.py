# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The settings of `experiments.stdp`: every name, and the source's defaults.

Source: the two-layer program for MNIST and mammograms on BindsNET; P. U. Diehl,
M. Cook, "Unsupervised learning of digit recognition using
spike-timing-dependent plasticity", 2015.
The other files of this folder change some of these fields; the difference is
the file.
"""

from ml_collections import ConfigDict


def get_config(variant: str = '') -> ConfigDict:
  config = ConfigDict()
  config.exp_id = 'default'

  config.task = 'MNIST'  # or 'FASHION_MNIST', 'DIGITS'; else an image folder
  config.data_dir = ''  # default --data_dir or SNNJAX_DATA_DIR
  config.log_dir = 'logs'  # the run is in {log_dir}/{task}/{exp_id}
  config.n_classes = 10
  config.input_size = 28  # pixels, the side of an image
  config.seed = 1234

  config.time = 100.0  # milliseconds per image
  config.dt = 1.0  # milliseconds
  config.encoder = 'poisson'  # nearly regular; or 'bernoulli'
  config.intensity = 128.0  # hertz of a white pixel

  config.network = 'two_population'  # or 'three_population'
  config.n_neurons = 100
  config.inh = 120.0  # millivolts
  config.exc = 22.5  # millivolts; 'three_population'
  config.theta_plus = 0.05  # millivolts per crossing
  config.theta_max = float('inf')  # millivolts
  config.tc_theta_decay = 1e7  # milliseconds of simulated time, per batch
  config.nu = (1e-4, 1e-2)  # depression, potentiation
  config.nu_final = 1.0  # what is left of both, linearly, at the end
  config.reduction = 'sum'  # or 'mean', 'max'
  config.norm = 0.0  # sum of a neuron's weights; 0: a tenth of the inputs

  config.batch_size = 16
  config.epochs = 1
  config.n_samples = 0  # of an epoch; 0: all training images
  config.update_interval = 250  # images between running assignments
  config.validation = 1 / 12  # share of training images; 0: the set's own
  config.test_share = 0.2  # of an image folder without a test folder
  config.n_assign = 10000  # training images that label the frozen network
  config.label_mode = 'proportion'  # or 'all', 'linear': what accuracy is by
  config.ngram = 0  # length of tuples of an n-gram vote at the end; 0: none
  config.test_every = 20000  # images; 0: an epoch; a run ends with a test
  config.test_batch_size = 250

  return smoke(config) if variant == 'smoke' else config


def smoke(config: ConfigDict) -> ConfigDict:
  """Shrinks a run to seconds: digits, few neurons, a few batches."""
  config.exp_id = f'{config.exp_id}_smoke'
  config.task = 'DIGITS'
  config.n_classes = 10
  config.input_size = 8
  config.time = 40.0
  config.norm = 20.0  # so that neurons fire in so short a time
  config.n_neurons = 16
  config.batch_size = 16
  config.epochs = 1
  config.n_samples = 96
  config.test_every = 48
  config.update_interval = 32
  config.n_assign = 64
  config.test_batch_size = 100
  return config
