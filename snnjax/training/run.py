# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""One run, one folder: its settings, its log, its progress.

`config.json` holds the settings, which may not change while a run lasts, and
the surroundings (versions, commit, device), whose change is logged.
`training.log` holds what the console shows.
"""

import contextlib
import functools
import importlib.metadata
import json
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import jax
from tqdm import tqdm

from snnjax.training.records import write_atomically
from snnjax.types import Metrics

_PACKAGES = ('jax', 'jaxlib', 'flax', 'optax', 'orbax-checkpoint', 'numpy')
_SECONDS_PER_LINE = 30.0


def own_folder(workdir: Path) -> Path:
  """Where a process keeps the records of a run that several processes share.

  The first (`jax.process_index`) keeps them in `workdir`, where the checkpoints
  of all are, too; the others in `process_<number>` of it.
  """
  number = jax.process_index()
  return workdir / f'process_{number}' if number else workdir


def log(workdir: Path, message: str) -> None:
  """Writes a line to `training.log` and to the console.

  Args:
    workdir: the run's folder.
    message: without the line's end.
  """
  with (workdir / 'training.log').open('a', encoding='utf-8') as file:
    file.write(message + '\n')
  with tqdm.external_write_mode():
    print(message, flush=True)


def open_folder(
  workdir: Path, settings: Mapping[str, Any], may_change: Collection[str]
) -> None:
  """Makes the folder, or finds that it is of the same run.

  Args:
    workdir: the run's folder.
    settings: what determines the run; goes to `config.json`, which follows
      when a setting that may change does.
    may_change: dotted names of settings, or of groups of them, that a resumed
      run may have different.

  Raises:
    ValueError: if another setting differs from that in the folder.
  """
  workdir.mkdir(parents=True, exist_ok=True)
  path = workdir / 'config.json'
  # Through JSON and back, so that tuples compare equal to lists; `Infinity`,
  # which is no JSON, becomes text.
  read = functools.partial(json.loads, parse_constant=str)
  now = read(json.dumps({**settings, **_surroundings()}, default=_as_json))
  changed = {}
  if path.exists():
    try:
      was = _flatten(read(path.read_text(encoding='utf-8')))
    except ValueError as error:
      raise ValueError(
        f'{path} must be the JSON that the run wrote, but: {error}; remove it '
        'to resume with the present settings'
      ) from error
    new = _flatten(now)
    changed = {
      name: f'{name} was {was.get(name)!r} and is {new.get(name)!r}'
      for name in sorted(was.keys() | new.keys())
      if was.get(name) != new.get(name)
    }
  refused = [
    text
    for name, text in changed.items()
    if name.split('.')[0] in settings
    and not any(f'{name}.'.startswith(f'{group}.') for group in may_change)
  ]
  if refused:
    raise ValueError(
      'a run must resume with the settings it began with; '
      f'{"; ".join(refused)} ({path}); give the same, or another workdir'
    )
  stars, text = '*' * 60, json.dumps(now, indent=2)
  write_atomically(path, text + '\n')
  for line in (stars, text, stars, *changed.values()):
    log(workdir, line)


@contextlib.contextmanager
def progress(
  num_steps: int, start: int
) -> Iterator[Callable[[int, Metrics], None]]:
  """Shows how far a run is: a bar on a terminal, else a line now and then.

  Args:
    num_steps: where it ends.
    start: where it starts.

  Yields:
    `(updates, metrics) -> None`, to be called after updates: their number and
    means, of which the bar shows the loss.
  """
  began = told = time.monotonic()
  step = start
  with tqdm(
    total=num_steps, initial=start, unit='step', disable=None, leave=False
  ) as bar:

    def advance(updates: int, metrics: Metrics) -> None:
      nonlocal step, told
      step += updates
      if 'loss' in metrics:
        bar.set_postfix(loss=f'{metrics["loss"]:.4g}', refresh=False)
      bar.update(updates)
      now = time.monotonic()
      if bar.disable and now - told >= _SECONDS_PER_LINE:
        told = now
        line = tqdm.format_meter(
          step,
          num_steps,
          now - began,
          unit='step',
          initial=start,
          bar_format='Step {n_fmt}/{total_fmt} | {rate_fmt} | {remaining} left',
        )
        print(line, file=sys.stderr, flush=True)

    yield advance


def _as_json(value: Any) -> Any:
  """What JSON has no word for, such that every process writes the same."""
  if isinstance(value, set | frozenset):
    return sorted(value, key=str)
  if hasattr(value, 'tolist'):  # an array, whole
    return value.tolist()
  name = getattr(value, '__qualname__', None)
  if name is not None:
    return f'{value.__module__}.{name}'
  return re.sub(r' at 0x[0-9a-f]+', '', str(value))


def _surroundings() -> dict[str, Any]:
  device = jax.local_devices()[0]
  return {
    'versions': {
      'python': platform.python_version(),
      # A checkout has no metadata; the package itself is imported by now.
      'snnjax': sys.modules['snnjax'].__version__,
      **{name: importlib.metadata.version(name) for name in _PACKAGES},
    },
    'commit': commit(),
    'device': f'{device.platform}: {device.device_kind}',
  }


def commit() -> str | None:
  """The commit checked out, if this file is part of it; -dirty if edited."""
  here = Path(__file__)
  command = ['git', 'rev-parse', f'HEAD:./{here.name}', 'HEAD']
  try:
    done = subprocess.run(
      command, cwd=here.parent, capture_output=True, text=True, check=True
    )
  except (OSError, subprocess.CalledProcessError):
    return None
  return done.stdout.split()[-1] + ('-dirty' if _is_edited(here.parent) else '')


def _is_edited(folder: Path) -> bool:
  """Whether tracked files differ from the commit checked out."""
  command = ['git', 'diff', '--quiet', 'HEAD']
  return subprocess.run(command, cwd=folder, check=False).returncode != 0


def _flatten(tree: Any, name: str = '') -> dict[str, Any]:
  if not isinstance(tree, dict) or (name and not tree):
    return {name: tree}
  flat = {}
  for key, value in tree.items():
    flat |= _flatten(value, f'{name}.{key}' if name else key)
  return flat
