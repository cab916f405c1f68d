# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What every test runs under: strict shapes, compiled programs kept."""

import hashlib
import os
import pathlib
import platform

import hypothesis
import jax
import pytest

hypothesis.settings.register_profile('here', deadline=None, derandomize=True)
hypothesis.settings.load_profile('here')


def pytest_configure(config: pytest.Config) -> None:
  """Sets JAX up, here and in the processes that tests start."""
  # Of each worker its own: JAX does not lock these files.
  worker = os.environ.get('PYTEST_XDIST_WORKER', 'main')
  kept = config.rootpath / '.pytest_cache' / f'jax-{_processor()}' / worker
  shared = {
    'jax_compilation_cache_dir': str(kept),
    'jax_persistent_cache_min_compile_time_secs': 0,
    'jax_num_cpu_devices': 2,  # for tests of what devices share
  }
  for name, value in shared.items():
    jax.config.update(name, value)
    os.environ[name.upper()] = str(value)
  jax.config.update('jax_numpy_rank_promotion', 'raise')
  # Most programs run once, for an instant: without LLVM's passes, and with
  # XLA's former loops for fusions, compiled in half of the time (JAX 0.11 has
  # none). `XLA_FLAGS= make test` has what users have.
  flags = '--xla_backend_optimization_level=0'
  if jax.__version_info__ < (0, 11):
    flags += ' --xla_cpu_use_fusion_emitters=false'
  os.environ.setdefault('XLA_FLAGS', flags)
  os.environ.setdefault('MPLBACKEND', 'agg')
  os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')


def _processor() -> str:
  """Tells processors apart: a program compiled for one may crash another."""
  traits = [platform.platform(), platform.processor()]
  listing = pathlib.Path('/proc/cpuinfo')
  if listing.exists():
    wanted = ('model name', 'flags', 'CPU part', 'Features')
    lines = listing.read_text().splitlines()
    traits += sorted({line for line in lines if line.startswith(wanted)})
  return hashlib.sha256('\n'.join(traits).encode()).hexdigest()[:12]


@pytest.fixture(scope='session')
def data_dir() -> pathlib.Path:
  """The folder of real data sets that `SNNJAX_DATA_DIR` names."""
  name = os.environ.get('SNNJAX_DATA_DIR')
  if not name:
    pytest.skip('set SNNJAX_DATA_DIR to a folder with mnist/, nmnist/, ...')
  folder = pathlib.Path(name).resolve()
  if not folder.is_dir():
    pytest.fail(f'SNNJAX_DATA_DIR must be a folder; got {folder}')
  return folder
