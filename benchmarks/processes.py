# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The process of a contender: its cores, its memory, its packages."""

import contextlib
import importlib
import os
from collections.abc import Iterator, Sequence
from importlib import metadata

from experiments import hardware


@contextlib.contextmanager
def confined(platform: str, num_threads: int) -> Iterator[None]:
  """Processes started within have so many cores, or share a GPU.

  They inherit it: to set it there would be after their import of JAX.
  """
  before = dict(os.environ)
  os.environ |= {
    'JAX_NUM_CPU_DEVICES': str(num_threads),
    'JAX_PLATFORMS': platform,
    'MKL_NUM_THREADS': str(num_threads),
    'OMP_NUM_THREADS': str(num_threads),
    'XLA_PYTHON_CLIENT_PREALLOCATE': 'false',
  }
  is_bound = hasattr(os, 'sched_setaffinity') and platform == 'cpu'
  cores = sorted(os.sched_getaffinity(0)) if is_bound else []
  if is_bound:
    os.sched_setaffinity(0, cores[:num_threads])
  try:
    yield
  finally:
    os.environ.clear()
    os.environ.update(before)
    if is_bound:
      os.sched_setaffinity(0, cores)


def peak_mib(platform: str, packages: Sequence[str]) -> float:
  """The largest memory so far: of the process, or of a GPU."""
  if platform == 'cuda':
    if 'torch' in packages:
      import torch

      return torch.cuda.max_memory_allocated() / 2**20
    import jax

    return jax.local_devices()[0].memory_stats()['peak_bytes_in_use'] / 2**20
  return hardware.peak_mib()


def version(packages: Sequence[str]) -> str:
  """Names packages with their versions; one may lie here uninstalled."""

  def of(name):
    try:
      return metadata.version(name)
    except metadata.PackageNotFoundError:
      return importlib.import_module(name).__version__

  return ', '.join(f'{name} {of(name)}' for name in packages)
