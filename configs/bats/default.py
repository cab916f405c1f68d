# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The settings of `experiments.bats`: every name, and the source's defaults.

Source: F. Bacho, D. Chu, "Exploring trade-offs in spiking neural networks",
2023: 784-800-10 on MNIST, up to 30 spikes per neuron, a loss of spike counts.
The other files of this folder change some of these fields; the difference is
the file.
"""

from ml_collections import ConfigDict


def get_config(variant: str = '') -> ConfigDict:
  config = ConfigDict()
  config.exp_id = 'default'
  config.seed = 0
  config.devices = 2  # that share a batch: parts of a CPU, or GPUs
  config.grid = None  # of initial weights; see `convergence_count`

  config.model = ConfigDict()
  config.model.channels = ()  # of convolutions, each followed by a pooling
  config.model.kernel_size = 5
  config.model.sizes = (800,)  # of hidden dense layers
  config.model.tau_syn = 0.13  # seconds
  config.model.thresholds = (0.2, 1.3)  # by layer; a reset subtracts as much
  config.model.max_spikes = (30, 30)  # room per neuron, by layer
  config.model.t_max = 0.2  # seconds
  config.model.low = -1.0  # initial weights are uniform in [low, high)
  config.model.high = 1.0
  config.model.solver = 'auto'  # by device: 'chunks' (CPU), 'pallas' (GPU)
  config.model.min_slope = 0.0  # 1/s; more bounds gradients, inexactly

  config.data = ConfigDict()
  config.data.name = 'mnist'
  config.data.subset = 1  # keep the first N // subset training images
  config.data.validation = 1 / 12  # share of training; 0: the set's own
  config.data.window = 0.1  # seconds, in which inputs fire
  config.data.elastic = 0.0  # pixels, standard deviation of corners
  config.data.early = 0.0  # seconds, the first spikes of 'yin_yang'
  config.data.bias_time = 0.0  # seconds, of its bias

  config.loss = losses()

  config.train = ConfigDict()
  config.train.loss = 'count'  # or 'ttfs', 'decay'
  config.train.also = ConfigDict()  # further losses, each by its weight
  config.train.batch_size = 50
  config.train.num_epochs = 30
  config.train.lr = 3e-3
  config.train.lr_factor = 1.0  # every `lr_every` epochs, down to `lr_min`
  config.train.lr_every = 10
  config.train.lr_min = 1e-4
  config.train.epsilon = 1e-8  # Adam's; more calms it where gradients vanish
  config.train.clip_norm = 0.0  # of the gradient; 0: not clipped
  config.train.revive = 0.0  # strengthens a label's output that is silent
  config.train.hurry = 0.0  # pulls the label's first spike earlier
  config.train.chunk = 20  # updates per compiled call

  config.evaluate = ConfigDict()
  config.evaluate.losses = ()  # read the outputs in these ways, too
  config.evaluate.batch_size = 100
  config.evaluate.num_drawn = 2000  # test examples behind the neuron plots

  return smoke(config) if variant == 'smoke' else config


def losses() -> ConfigDict:
  """The parameters of the losses, each of which reads the outputs its way."""
  config = ConfigDict()
  config.tau = 0.005  # seconds; 'ttfs'
  config.silent_time = 1.0  # seconds, when a silent output counts as firing
  config.spare_others = False  # no gradient where the label is silent
  config.target_true = 15.0  # spikes; 'count'
  config.target_false = 3.0
  config.rate = 6.0  # 1/s; 'decay'
  config.decayed_true = 10.0  # weighted spikes
  config.decayed_false = 0.7
  config.exact = False  # the derivative of the weights, or -1 per spike
  return config


def smoke(config: ConfigDict) -> ConfigDict:
  """Shrinks a run to seconds: digits, one epoch, few neurons, little room."""
  config.exp_id = f'{config.exp_id}_smoke'
  if config.data.name != 'yin_yang':
    config.data.name = 'digits'
    config.data.subset = 16
    config.data.validation = 0.0
  config.model.sizes = tuple(12 for _ in config.model.sizes)
  config.model.channels = tuple(2 for _ in config.model.channels)
  if config.model.channels:
    config.model.kernel_size = 2
  config.model.thresholds = tuple(t / 8 for t in config.model.thresholds)
  config.model.max_spikes = tuple(min(s, 3) for s in config.model.max_spikes)
  config.train.batch_size = 32
  config.train.num_epochs = 1
  config.train.chunk = 3
  return config
