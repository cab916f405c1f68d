# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The machine's name, a process's memory; imports no array library."""

import platform
import resource
import sys


def processor() -> str:
  """The processor's name, as Linux tells it; else as Python does."""
  return _told('model name') or platform.processor() or platform.machine()


def has_amx() -> bool:
  """Whether 8-bit integers are multiplied by AMX, as Linux tells it."""
  return 'amx_int8' in _told('flags').split()


def _told(name):
  """What Linux tells of the first processor; empty where it does not."""
  try:
    with open('/proc/cpuinfo') as lines:
      values = [line.split(':')[1] for line in lines if line.startswith(name)]
    return values[0].strip()
  except (OSError, IndexError):
    return ''


def peak_mib() -> float:
  """The largest resident memory of this process so far."""
  peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
  return peak / (2**20 if sys.platform == 'darwin' else 2**10)
