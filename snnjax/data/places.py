# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Where the files of a data set may lie."""

import os
import pathlib

from snnjax.data import cache


def data_dir_or_default(
  data_dir: str | os.PathLike | None,
) -> pathlib.Path | None:
  """Returns the argument, else `SNNJAX_DATA_DIR`, else none.

  Raises:
    FileNotFoundError: what is named does not exist.
  """
  named = data_dir or os.environ.get('SNNJAX_DATA_DIR')
  if not named:
    return None
  path = pathlib.Path(named).expanduser()
  if not path.exists():
    origin = 'data_dir' if data_dir else 'SNNJAX_DATA_DIR'
    raise FileNotFoundError(
      f'{origin} must name an existing folder, but {path} does not exist.'
    )
  return path


def downloads(name: str) -> pathlib.Path:
  """Names the folder that downloads of a set go to."""
  return cache.cache_dir() / 'downloads' / name.split('/')[0]


def folders(
  name: str, data_dir: str | os.PathLike | None
) -> list[pathlib.Path]:
  """Lists the folders where a set's files may lie, the likeliest first.

  Args:
    name: of the set, such as `emnist/balanced`.
    data_dir: of `load`, if any.

  Returns:
    Of `data_dir/emnist/balanced`, `data_dir/emnist`, `data_dir` and the
    folder of downloads, those that exist.
  """
  found = []
  if data_dir is not None:
    root = pathlib.Path(data_dir)
    path = root / name
    found = [path, *(p for p in path.parents if p.is_relative_to(root))]
  return [place for place in (*found, downloads(name)) if place.is_dir()]


def find(places: list[pathlib.Path], names: list[str]) -> pathlib.Path | None:
  """Finds the first of `names` that exists in the first of `places`."""
  candidates = (place / name for place in places for name in names)
  return next((path for path in candidates if path.exists()), None)
