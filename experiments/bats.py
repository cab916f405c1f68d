# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains an event-based network, or resumes what is in `--workdir`.

python -m experiments.bats --config=configs/bats/digits_count.py --workdir=DIR
"""

from pathlib import Path

import jax
from absl import app, flags, logging
from ml_collections import ConfigDict, config_flags

from experiments import (
  bats_convergence,
  bats_data,
  bats_figures,
  bats_task,
  report,
)
from snnjax import data, training

_CONFIG = config_flags.DEFINE_config_file(
  'config', 'configs/bats/default.py', 'Settings; `:smoke` makes them small.'
)
_WORKDIR = flags.DEFINE_string('workdir', None, 'Default exp/{exp_id}.')
_DATA_DIR = flags.DEFINE_string('data_dir', None, 'Else SNNJAX_DATA_DIR.')
_GPU = flags.DEFINE_integer('gpu', None, 'Number of the GPU to run on.')


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains, evaluates and draws, or goes on with what is in `workdir`."""
  if 'grid' in config:
    bats_convergence.run(config, workdir)
    return
  splits = bats_data.sources(config, data_dir)
  source, size = splits['train'], config.train.batch_size
  stream = data.training_stream(source, size, seed=config.seed)
  experiment = bats_task.make(config, source, stream.steps_per_epoch)
  state = training.fit(
    experiment.task,
    stream,
    bats_data.evaluations(config, splits),
    num_steps=config.train.num_epochs * stream.steps_per_epoch,
    chunk=config.train.chunk,
    workdir=workdir,
    seed=config.seed,
    config=config.to_dict(),
    learning_rate=experiment.learning_rate,
    evaluate_first=True,
  )
  bats_figures.draw(config, experiment.network, state, splits['test'], workdir)
  report.tell(workdir)


def main(argv: list[str]) -> None:
  """Reads the flags."""
  del argv
  logging.set_verbosity(logging.WARNING)  # of the libraries
  if _GPU.value is not None:
    jax.config.update('jax_platforms', 'cuda')
    jax.config.update('jax_cuda_visible_devices', str(_GPU.value))
  workdir = _WORKDIR.value or f'exp/{_CONFIG.value.exp_id}'
  train(_CONFIG.value, Path(workdir), _DATA_DIR.value)


if __name__ == '__main__':
  app.run(main)
