# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""MNIST: the small network of SpikingJelly's example, by all rules.

Source: SpikingJelly, "ANN2SNN" tutorial: 98.48 % after 50 steps.
Command: python -m experiments.conversion.train
  --config=configs/conversion/mnist_cnn.py, then
  python -m experiments.conversion.compare with the same.
Expected: 99.0 % trained; converted 98.1 % after 2 steps, 98.9 % after 4.
"""

from ml_collections import ConfigDict

from configs.conversion import default


def get_config(variant: str = '') -> ConfigDict:
  config = default.get_config()
  config.exp_id = 'mnist_cnn'
  config.seed = 0
  grey_images(config, 'mnist')
  config.compare = rules()
  return default.smoke(config) if variant == 'smoke' else config


def grey_images(config: ConfigDict, name: str) -> None:
  """Sets data, network and training for small grey images."""
  config.data.name = name
  config.data.validation = 1 / 12
  config.data.mean = (0.0,)
  config.data.std = (1.0,)
  config.data.crop = 0
  config.data.flip = False
  config.data.cutout = 0
  config.model.name = 'cnn'
  config.train.optimizer = 'adam'
  config.train.batch_size = 100
  config.train.num_epochs = 10
  config.train.lr = 1e-3
  config.rule.eta = 0.5
  config.rule.gamma = 0.6
  config.rule.search = 8
  config.evaluate.steps = (1, 2, 4, 8, 16, 32, 64, 128)
  config.evaluate.batch_size = 200


def rules() -> ConfigDict:
  """The rules that `compare` puts into one table."""
  table = ConfigDict()

  def add(name, rule, **fields):
    table[name] = default.rule(rule)
    table[name].update(fields)

  as_shipped = {'eta': 0.15, 'gamma': 0.95, 'dead_zone': 0.0}
  element = {'scale': 'maximum', 'per': 'element'}
  fire = 'integrate_and_fire'
  add('if_max', fire, charge=0.0, scale='maximum', per='layer')
  add('if_max_charged', fire, scale='maximum', per='layer')
  add('if_quantile', fire, scale='quantile', per='layer')
  add('if_channel', fire, scale='quantile')
  add('if_local', fire, scale='local')
  add('if_hard_reset', fire, hard_reset=True, scale='quantile')
  add('leaky', 'leaky', scale='quantile')
  add('subgradient', 'subgradient')
  add('subgradient_source', 'subgradient', offset=1, code='analog')
  add('signgd_source', 'signgd', **as_shipped, **element, code='float')
  add('signgd_exact', 'signgd', **as_shipped, **element)
  add('signgd_fast', 'signgd', eta=0.3, gamma=0.85, dead_zone=0.0)
  add('ternary', 'signgd')
  add('ternary_fast', 'signgd', eta=0.5, gamma=0.6)
  add('ternary_searched', 'signgd', eta=0.5, gamma=0.6, search=8)
  return table
