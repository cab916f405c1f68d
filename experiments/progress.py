# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How progress is shown."""

import sys


def interval() -> float:
  """How often a progress bar is drawn anew (s): a log would fill up."""
  return 1 if sys.stderr.isatty() else 10
