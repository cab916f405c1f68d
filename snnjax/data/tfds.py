# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Image sets by way of TensorFlow Datasets, without TensorFlow.

Sets that it has prepared as array_record are read. Of the others it knows
addresses and checksums, and it downloads them; our own readers do the rest,
since preparing a set would need TensorFlow.
"""

import json
import os
import pathlib
import tempfile
import threading
import urllib.error
import urllib.request

import numpy as np

from snnjax import types
from snnjax.data import cache, places

_SECONDS_TO_ANSWER = 5
_STATUSES_RETRIED = (500, 502, 503, 504)


def prepared(
  name: str,
  split: str,
  folders: list[pathlib.Path],
  class_names: tuple[str, ...],
  *,
  first_label: int = 0,
) -> types.Source | None:
  """Reads a prepared set, from the cache if it was read before.

  Args:
    name: of the set, such as `emnist/balanced`.
    split: as the set calls it.
    folders: where to look for `<version>/dataset_info.json`.
    class_names: one name per class.
    first_label: the label of the first class.

  Returns:
    Images uint8 `[N, H, W, C]` and labels from 0 on, in the order in which
    they were prepared; none if there is no such set in array_record form.

  Raises:
    ValueError: the set is damaged, or a label has no class.
  """
  path = _find(name, folders)
  if path is None:
    return None
  key = ('tfds', 1, cache.stamp(path), split)
  arrays = cache.cached_arrays(key, lambda: _read(path, split))
  labels = arrays['labels'] - first_label
  wrong = np.flatnonzero((labels < 0) | (labels >= len(class_names)))
  if wrong.size:
    raise ValueError(
      f'{path}: labels must be {first_label} to '
      f'{first_label + len(class_names) - 1}, but that of example {wrong[0]} '
      f'of {split!r} is {arrays["labels"][wrong[0]]}.'
    )
  return types.Source(
    inputs=arrays['images'],
    labels=labels.astype(np.int32),
    class_names=class_names,
  )


def _find(name: str, folders: list[pathlib.Path]) -> pathlib.Path | None:
  """The folder of the newest version."""
  found = []
  for path in (p for f in folders for p in f.glob('*/dataset_info.json')):
    try:
      info = json.loads(path.read_text())
      title = '/'.join([info['name'], *filter(None, [info.get('configName')])])
      is_readable = info.get('fileFormat') == 'array_record'
      version = tuple(int(part) for part in info['version'].split('.'))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
      raise ValueError(
        f'{path}: must describe a prepared set, but: {error!r}.'
      ) from error
    if title == name and is_readable:
      found.append((version, path.parent))
  return max(found)[1] if found else None


def _read(path: pathlib.Path, split: str) -> dict[str, np.ndarray]:
  import tensorflow_datasets as tfds  # slow to import, rarely needed

  images, labels = [], []
  try:
    builder = tfds.builder_from_directory(path)
    # A decorator hides the arguments from the type checker.
    examples = builder.as_data_source(split=split)  # pyright: ignore[reportCallIssue]
    expected = len(examples)
    for example in examples:
      images.append(example['image'])
      labels.append(example['label'])
  except Exception as error:  # from C++, of any kind
    raise ValueError(
      f'{path}: the split {split!r} must be whole and readable, but at example '
      f'{len(labels)}: {error!r}.'
    ) from error
  if not expected or len(labels) != expected:
    raise ValueError(
      f'{path}: the split {split!r} must have examples, {expected} by its '
      f'description, but has {len(labels)}.'
    )
  return {'images': np.stack(images), 'labels': np.array(labels, np.int64)}


def download(name: str, *, looked_in: list[pathlib.Path]) -> pathlib.Path:
  """Downloads the published files of a set and verifies their checksums.

  Args:
    name: of the set, such as `emnist/balanced`.
    looked_in: folders where the files are not, for the error.

  Returns:
    The folder with the files under their published names.

  Raises:
    FileNotFoundError: a server cannot be reached, or has no such file.
    ValueError: a file's checksum is wrong.
  """
  # Slow to import, rarely needed.
  import tensorflow_datasets as tfds
  from tensorflow_datasets.core.download import download_manager

  folder = places.downloads(name)
  url_infos = tfds.builder_cls(name.split('/')[0]).url_infos or {}
  paths = {
    url: folder / os.path.basename(info.filename or url)
    for url, info in url_infos.items()
  }
  try:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix='.') as temporary:
      manager = tfds.download.DownloadManager(
        download_dir=temporary,
        url_infos=url_infos,
        force_checksums_validation=True,
      )
      for url, path in paths.items():
        if not path.exists():
          _knock(url)
          os.replace(manager.download(url), path)
  except download_manager.NonMatchingChecksumError as error:
    raise ValueError(str(error)) from error
  except (OSError, tfds.download.DownloadError) as error:
    raise FileNotFoundError(_absence(name, paths, looked_in, error)) from error
  return folder


def _knock(url: str):
  """Makes one short attempt, since a download retries for minutes.

  It runs in a thread, since the lookup of a name has no time limit of its own.
  """
  outcome = [f'no answer in {_SECONDS_TO_ANSWER} s']

  def attempt():
    request = urllib.request.Request(url, method='HEAD')
    try:
      urllib.request.urlopen(request, timeout=_SECONDS_TO_ANSWER).close()
      outcome[0] = ''
    except urllib.error.HTTPError as error:
      outcome[0] = str(error) if error.code in _STATUSES_RETRIED else ''
    except OSError as error:
      outcome[0] = str(error)

  thread = threading.Thread(target=attempt, daemon=True)
  thread.start()
  thread.join(_SECONDS_TO_ANSWER + 1)
  if outcome[0]:
    raise ConnectionError(f'{url}: {outcome[0]}')


def _absence(name, paths, looked_in, reason) -> str:
  files = ', '.join(path.name for path in paths.values())
  folders = ', '.join(map(str, looked_in)) or 'no folder, for none is named'
  return f"""\
{name} needs {files}, or what TensorFlow Datasets prepares as array_record.
Looked in: {folders}.
Download failed: {reason}

Either place the files, and name their folder by --data_dir, data_dir= or
SNNJAX_DATA_DIR:
  curl -fL --create-dirs --output-dir ~/data/{name.split('/')[0]} \
{' '.join(f'-O {url}' for url in paths)}
  export SNNJAX_DATA_DIR=~/data
or download them once, with a network, into {places.downloads(name)}:
  python -c "from snnjax import data; data.load('{name}', 'train')"
"""
