# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The command line that all experiments share."""

from collections.abc import Callable
from pathlib import Path

import jax
from absl import app, flags, logging
from ml_collections import ConfigDict, config_flags

from experiments import provenance
from experiments.exclusive import exclusive

Train = Callable[[ConfigDict, Path, str | None], None]


def launch(
  train: Train, config_file: str, default_folder: str = 'exp/{exp_id}'
) -> None:
  """Reads the flags and runs an experiment.

  Args:
    train: `(config, workdir, data_dir or None) -> None`.
    config_file: of the settings if `--config` names no other.
    default_folder: the run's folder if `--workdir` names no other; settings
      stand in braces.
  """
  config = config_flags.DEFINE_config_file(
    'config', config_file, 'Settings; `:smoke` makes them small.'
  )
  workdir = flags.DEFINE_string('workdir', None, f'Default {default_folder}.')
  data_dir = flags.DEFINE_string('data_dir', None, 'Else SNNJAX_DATA_DIR.')
  gpu = flags.DEFINE_integer('gpu', None, 'Number of the GPU to run on.')

  def main(argv: list[str]) -> None:
    del argv
    logging.set_verbosity(logging.WARNING)  # of the libraries
    if gpu.value is not None:
      jax.config.update('jax_platforms', 'cuda')
      jax.config.update('jax_cuda_visible_devices', str(gpu.value))
    jax.config.update('jax_num_cpu_devices', config.value.get('devices', 1))
    folder = Path(workdir.value or default_folder.format(**config.value))
    with exclusive(folder), provenance.recorded(folder):
      train(config.value, folder, data_dir.value)

  app.run(main)
