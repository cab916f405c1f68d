# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What the machine is called; imports no array library."""

import platform


def processor() -> str:
  """The processor's name, as Linux tells it; else as Python does."""
  try:
    with open('/proc/cpuinfo') as lines:
      names = [line for line in lines if line.startswith('model name')]
    return names[0].split(':')[1].strip()
  except (OSError, IndexError):
    return platform.processor() or platform.machine()
