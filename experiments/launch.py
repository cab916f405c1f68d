# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The command line that all experiments share."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import jax
from absl import app, flags, logging
from ml_collections import ConfigDict, config_flags

from experiments import provenance, settings
from experiments.exclusive import exclusive
from snnjax import training

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
    'config',
    config_file,
    'Settings; `:smoke` makes them small, on bundled or made-up data; '
    '--config.name=value changes one.',
  )
  workdir = flags.DEFINE_string('workdir', None, f'Default {default_folder}.')
  data_dir = flags.DEFINE_string(
    'data_dir', None, 'Where data sets lie; else SNNJAX_DATA_DIR.'
  )
  gpu = flags.DEFINE_integer('gpu', None, 'Number of the GPU to run on.')
  coordinator = flags.DEFINE_string(
    'coordinator', None, 'Where several processes run: host:port of the first.'
  )
  num_processes = flags.DEFINE_integer('num_processes', None, 'How many do.')
  process_id = flags.DEFINE_integer('process_id', None, 'Which one: from 0.')
  shared = workdir, data_dir, gpu, coordinator, num_processes, process_id
  for flag in (config, *shared):  # so that `--help` shows them
    flags.FLAGS.register_key_flag_for_module(
      sys.argv[0], flags.FLAGS[flag.name]
    )

  def main(argv: list[str]) -> None:
    del argv
    # What takes a machine back ends a run as Ctrl-C does: recorded.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.set_verbosity(logging.WARNING)  # of the libraries
    named = config_flags.get_config_filename(flags.FLAGS['config'])
    settings.require_kind(config.value, named, config_file)
    if gpu.value is not None:
      _choose_gpu(gpu.value)
    num_devices = config.value.get('devices', 1)
    if coordinator.value is not None:
      num_devices = _join(
        coordinator.value, num_processes.value, process_id.value, num_devices
      )
    jax.config.update('jax_num_cpu_devices', num_devices)
    if gpu.value is not None:
      _require_gpu(gpu.value)
    folder = Path(workdir.value or default_folder.format(**config.value))
    own = training.own_folder(folder)
    with exclusive(own), provenance.recorded(own):
      train(config.value, folder, data_dir.value)

  app.run(main)


def _choose_gpu(number: int) -> None:
  """For this process and for those that it starts."""
  jax.config.update('jax_platforms', 'cuda')
  seen = os.environ.get('CUDA_VISIBLE_DEVICES')
  chosen = seen.split(',')[number : number + 1] if seen else [str(number)]
  os.environ['JAX_PLATFORMS'] = 'cuda'
  os.environ['CUDA_VISIBLE_DEVICES'] = ''.join(chosen)  # '': there is none


def _require_gpu(number: int) -> None:
  try:
    jax.devices()
  except (AssertionError, RuntimeError) as error:
    raise RuntimeError(
      f'--gpu={number} needs a GPU that JAX can use: is it there (nvidia-smi), '
      "and is `pip install -e '.[cuda]'` done? Without --gpu the CPU is taken"
    ) from error


def _join(
  address: str, num: int | None, process_id: int | None, num_devices: int
) -> int:
  """Joins the processes that share a run; returns how many devices each has."""
  if not num or process_id is None or num_devices % num:
    raise ValueError(
      '--coordinator needs --num_processes and --process_id, and an experiment '
      'whose config.devices they divide; got '
      f'{num}, {process_id} and {num_devices}'
    )
  jax.distributed.initialize(address, num, process_id)
  return num_devices // num
