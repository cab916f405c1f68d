# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""One process per folder: two would overwrite what each other writes."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

try:
  import fcntl
except ImportError:  # not on this system
  fcntl = None


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
  """Has a folder to itself; a process that dies lets go of it.

  Where the system or the file system has no locks, nothing is kept out.

  Raises:
    ValueError: if another process has it.
  """
  folder.mkdir(parents=True, exist_ok=True)
  with (folder / '.lock').open('w') as file:
    if fcntl:
      try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
      except BlockingIOError as error:
        raise ValueError(
          f'a folder takes one run at a time; another process works in {folder}'
          ': wait for it or stop it, or give another --workdir'
        ) from error
      except OSError:  # this file system has no locks
        pass
    yield
