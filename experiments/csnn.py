# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains a convolutional spiking network.

  python -m experiments.csnn --config=configs/csnn/digits.py --workdir=DIR

Starting again with the same `--workdir` resumes. Without one, the run lies in
`exp/{exp_id}`.
"""

from pathlib import Path

from absl import app, flags
import jax
from ml_collections import config_flags

from experiments import csnn_data, csnn_figures, csnn_task
from snnjax import data, training

_CONFIG = config_flags.DEFINE_config_file(
  'config', 'configs/csnn/default.py', 'Settings; `:smoke` makes them small.'
)
_WORKDIR = flags.DEFINE_string('workdir', None, 'Folder of the run.')
_DATA_DIR = flags.DEFINE_string(
  'data_dir', None, 'Folder of the data sets; else SNNJAX_DATA_DIR.'
)
_GPU = flags.DEFINE_integer('gpu', None, 'Number of the GPU to run on.')


def main(argv: list[str]) -> None:
  if len(argv) > 1:
    raise app.UsageError(f'flags only, please; got {argv[1:]}')
  if _GPU.value is not None:
    jax.config.update('jax_cuda_visible_devices', str(_GPU.value))
    jax.config.update('jax_platforms', 'cuda')
  config = _CONFIG.value
  workdir = Path(_WORKDIR.value or Path('exp') / config.exp_id)
  splits = csnn_data.sources(config, _DATA_DIR.value)
  train = data.training_stream(
    splits['train'], config.train.batch_size, seed=config.seed
  )
  learning_rate = csnn_task.schedule(config, train.steps_per_epoch)
  cell = csnn_task.network(config, len(splits['train'].class_names))
  state = training.fit(
    csnn_task.make_task(
      config, cell, splits['train'].inputs[:1], learning_rate
    ),
    train,
    {
      name: data.evaluation_batches(split, config.evaluate.batch_size)
      for name, split in splits.items()
      if name != 'train'
    },
    num_steps=config.train.num_epochs * train.steps_per_epoch,
    chunk=config.train.chunk,
    workdir=workdir,
    seed=config.seed,
    config=config.to_dict(),
    learning_rate=learning_rate,
  )
  csnn_figures.draw(config, cell, state.params, splits, workdir)
  csnn_figures.tell(workdir)


if __name__ == '__main__':
  app.run(main)
