# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Arrays that are slow to make, kept on disk under a hash of their making.

An entry is a folder of `.npy` files. It is written beside its place and then
renamed, so that it is whole or absent even if a writer is killed or several
write it at once.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import tempfile
from collections.abc import Callable

import numpy as np

from snnjax.data import archive

_NAMES = 'names.json'


def cache_dir() -> pathlib.Path:
  """Names the folder for caches and downloads; it need not exist yet.

  Returns:
    `SNNJAX_CACHE_DIR`, else `XDG_CACHE_HOME`/snnjax, else ~/.cache/snnjax.
  """
  if own := os.environ.get('SNNJAX_CACHE_DIR'):
    return pathlib.Path(own).expanduser()
  shared = os.environ.get('XDG_CACHE_HOME') or '~/.cache'
  return pathlib.Path(shared).expanduser() / 'snnjax'


def stamp(path: str | os.PathLike) -> list[str | int]:
  """Describes a file or folder so that a change of content changes it.

  Args:
    path: a file, or a folder with all that lies in it.

  Returns:
    The absolute path and a hash over names, sizes and times of modification:
    a part of a key.
  """
  path = pathlib.Path(path).resolve()
  listing = hashlib.sha256()
  for file in archive.files_below(path) if path.is_dir() else [path]:
    status = file.stat()
    entry = (str(file.relative_to(path)), status.st_size, status.st_mtime_ns)
    listing.update(repr(entry).encode())
  return [str(path), listing.hexdigest()]


def cached_arrays(
  key_parts, build: Callable[[], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
  """Returns what `build()` returns, from disk if it was built before.

  Args:
    key_parts: everything that the arrays depend on (stamps of files, options,
      a version of the code), as JSON can write it.
    build: makes the arrays; their names are file names without ending.

  Returns:
    The arrays, memory-mapped, read-only.

  Raises:
    OSError: the cache folder cannot be written.
  """
  text = json.dumps(key_parts, sort_keys=True)
  key = hashlib.sha256(text.encode()).hexdigest()[:32]
  entry = cache_dir() / 'arrays' / key
  if (kept := _read(entry)) is not None:
    return kept
  built = build()
  _write(entry, built)
  return _read(entry) or built


def _read(entry: pathlib.Path) -> dict[str, np.ndarray] | None:
  """The arrays of a whole entry; none if it is absent or damaged."""
  try:
    names = json.loads((entry / _NAMES).read_text())
    return {
      name: np.load(entry / f'{name}.npy', mmap_mode='r') for name in names
    }
  except (OSError, ValueError, EOFError):
    return None


def _write(entry: pathlib.Path, arrays: dict[str, np.ndarray]):
  try:
    entry.parent.mkdir(parents=True, exist_ok=True)
    temporary = tempfile.TemporaryDirectory(
      dir=entry.parent, prefix='.', ignore_cleanup_errors=True
    )
  except OSError as error:
    raise OSError(
      f'The cache folder must be writable, but {entry.parent} is not '
      f'({error}); set SNNJAX_CACHE_DIR to one that is.'
    ) from error
  with temporary as folder:
    made = pathlib.Path(folder) / 'made'
    made.mkdir()
    for name, array in arrays.items():
      with open(made / f'{name}.npy', 'wb') as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    (made / _NAMES).write_text(json.dumps(list(arrays)))
    if entry.is_dir() and _read(entry) is None:
      with contextlib.suppress(FileNotFoundError):  # another has moved it
        entry.rename(made.with_name('damaged'))
    try:
      made.rename(entry)
    except OSError:  # another process was faster with the same arrays
      if not entry.is_dir():
        raise
