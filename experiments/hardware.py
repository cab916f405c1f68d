# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The machine's name, a process's memory; imports no array library."""

import platform
import resource
import sys


def processor() -> str:
  """The processor's name, as Linux tells it; else as Python does."""
  try:
    with open('/proc/cpuinfo') as lines:
      names = [line for line in lines if line.startswith('model name')]
    return names[0].split(':')[1].strip()
  except (OSError, IndexError):
    return platform.processor() or platform.machine()


def peak_mib() -> float:
  """The largest resident memory of this process so far."""
  peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
  return peak / (2**20 if sys.platform == 'darwin' else 2**10)
