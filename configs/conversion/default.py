# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The settings of `experiments.conversion`: every name, and its default.

Source: H. Oh, Y. Lee, "Sign gradient descent-based neuronal dynamics:
ANN-to-SNN conversion beyond ReLU network", 2024: CIFAR-10, ResNet-18, SGD. The
other files of this folder change some of these fields; the difference is the
file.
"""

from ml_collections import ConfigDict


def get_config(variant: str = '') -> ConfigDict:
  config = ConfigDict()
  config.exp_id = 'default'
  config.seed = 41

  config.model = ConfigDict()
  config.model.name = 'resnet'  # or 'cnn', 'vgg', 'mixer', 'resmlp', 'vit', ...
  config.model.activation = 'relu'  # or 'gelu', 'silu', 'leaky_relu', 'tanh'
  config.model.options = ConfigDict()  # of the model's class

  config.data = ConfigDict()
  config.data.name = 'cifar10'
  config.data.subset = 1  # keep the first N // subset training images
  config.data.validation = 0.1  # share of training; 0: the set's own
  config.data.mean = (0.4914, 0.4822, 0.4465)  # subtracted from [0, 1]
  config.data.std = (0.2023, 0.1994, 0.2010)  # and divided by
  config.data.crop = 4  # pixels of padding, then a random crop
  config.data.flip = True
  config.data.auto_augment = False
  config.data.cutout = 16  # side of a square that is blanked; 0: none

  config.train = ConfigDict()
  config.train.optimizer = 'sgd'  # or 'adam'
  config.train.batch_size = 256
  config.train.num_epochs = 300
  config.train.lr = 0.1
  config.train.schedule = 'cosine'  # to 0; or 'constant'
  config.train.warmup = 0  # epochs, from 0
  config.train.momentum = 0.9
  config.train.weight_decay = 5e-4  # added to the gradient
  config.train.label_smoothing = 0.0
  config.train.chunk = 10  # updates per compiled call

  config.rule = rule()
  config.compare = ConfigDict()  # for `compare`: rules by name

  config.evaluate = ConfigDict()
  config.evaluate.checkpoint = ''  # default resources/checkpoints/{exp_id}
  config.evaluate.num_test = 0  # only the first test images; 0: all
  config.evaluate.num_reported = 64  # test images whose errors are taken apart
  config.evaluate.batch_size = 128
  config.evaluate.steps = (32, 64, 128)
  config.evaluate.num_calibration = 12  # batches of training images
  config.evaluate.num_latency = 5  # repeats of each timing; 0: not timed
  config.evaluate.exit_repeats = 4  # equal answers in a row that end a run, and
  config.evaluate.exit_margin = 0.5  # the lead of the last in probability
  config.evaluate.pool_first = True  # maxima belong to a neuron's target

  return smoke(config) if variant == 'smoke' else config


def rule(name: str = 'signgd') -> ConfigDict:
  """How neurons spike; each rule reads its own fields."""
  config = ConfigDict()
  config.name = name  # or 'integrate_and_fire', 'leaky', 'subgradient'
  config.schedule = 'exponential'  # or 'inverse', 'constant'; 'signgd'
  config.eta = 0.4
  config.gamma = 0.8
  config.dead_zone = 0.5  # steps; 0: binary
  config.search = 0  # for up to so many steps, those three for each site
  config.stagger = 0  # steps, per layer
  config.charge = 0.5  # thresholds; 'integrate_and_fire'
  config.hard_reset = False
  config.tau = 2.0  # steps; 'leaky'
  config.offset = 0  # 'subgradient'
  config.scale = 'recommended'  # or 'maximum', 'quantile', 'local'
  config.per = 'channel'  # or 'element', 'layer'; 'maximum', 'quantile'
  config.quantile = 0.999
  # Of the input: or 'float', 'spike', 'stochastic', 'analog', 'poisson'.
  config.code = 'exact'
  return config


def smoke(config: ConfigDict) -> ConfigDict:
  """Shrinks a run to seconds: digits, one epoch, a narrow network."""
  config.exp_id = f'{config.exp_id}_smoke'
  config.data.name = 'digits'
  config.data.subset = 8
  config.data.validation = 0.1
  config.data.mean = (0.0,)
  config.data.std = (1.0,)
  config.data.crop = min(config.data.crop, 1)
  config.data.auto_augment = False
  config.data.cutout = min(config.data.cutout, 2)
  if config.model.name == 'mixer':
    config.model.options = ConfigDict({'features': 8, 'num_blocks': 1})
  else:
    config.model.name = 'cnn'
    config.model.options = ConfigDict({'channels': (4, 4), 'padding': 'SAME'})
  config.train.batch_size = 32
  config.train.num_epochs = 1
  config.train.chunk = 3
  config.evaluate.batch_size = 64
  config.evaluate.steps = (1, 4)
  config.evaluate.num_calibration = 2
  config.evaluate.num_latency = 1
  return config
