# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a process did, where, and at what cost: a line of its run's folder."""

import contextlib
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import jax
from jax import monitoring

from experiments import hardware
from snnjax import training

_FILE = 'processes.jsonl'
_FOLDERS = (  # flags
  'workdir',
  'data_dir',
  'config.data_dir',
  'config.log_dir',
  'config.model.checkpoint',
  'config.evaluate.checkpoint',
)
_COMPILATION = '/jax/core/compile/backend_compile_duration'


class Process(NamedTuple):
  """A process that worked on a run.

  Attributes:
    command: what does the same again, without folders.
    commit: of the code, with a + if files differ from it.
    device: where it ran.
    seconds: by the clock, with compilation and pictures, without imports.
    compile_s: seconds that XLA spent on compiling.
    peak_mib: its largest resident memory.
  """

  command: str
  commit: str
  device: str
  seconds: float
  compile_s: float
  peak_mib: float


@contextlib.contextmanager
def recorded(folder: Path) -> Iterator[None]:
  """Adds a line to the folder when the work within ends, or fails."""
  compilations = []

  def listen(event: str, duration_secs: float, **kwargs: str | int) -> None:
    del kwargs
    if event == _COMPILATION:
      compilations.append(duration_secs)

  monitoring.register_event_duration_secs_listener(listen)
  start = time.monotonic()
  try:
    yield
  finally:
    monitoring.unregister_event_duration_listener(listen)
    process = Process(
      command=public_command([_module(), *sys.argv[1:]]),
      commit=commit(),
      device=device(),
      seconds=round(time.monotonic() - start, 1),
      compile_s=round(sum(compilations), 1),
      peak_mib=round(hardware.peak_mib(), 1),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE
    is_cut = path.exists() and not path.read_text().endswith('\n')
    with path.open('a') as file:
      file.write('\n' * is_cut + json.dumps(process._asdict()) + '\n')


def read(folder: Path) -> Process:
  """The processes of a run as one: the last, with all their seconds."""
  processes = []
  for line in (folder / _FILE).read_text().splitlines():
    with contextlib.suppress(ValueError):  # a line that a full disk has cut
      processes.append(Process(**json.loads(line)))
  return processes[-1]._replace(
    seconds=sum(process.seconds for process in processes),
    compile_s=sum(process.compile_s for process in processes),
    peak_mib=max(process.peak_mib for process in processes),
  )


def forget(folder: Path) -> None:
  """Lets a run's next process count as its first."""
  (folder / _FILE).unlink(missing_ok=True)


def public_command(arguments: Sequence[str]) -> str:
  """What does the same anywhere: a module and its flags, without folders."""
  shown, is_folder = [], False
  for part in arguments:
    flag, equals, _ = part.lstrip('-').partition('=')
    names_folder = part.startswith('-') and flag in _FOLDERS
    if not (is_folder or names_folder):
      shown.append(part)
    is_folder = names_folder and not equals  # the next part is its value
  return 'python -m ' + shlex.join(shown)


def _module():
  spec = sys.modules['__main__'].__spec__
  return spec.name if spec else sys.argv[0]


def commit() -> str:
  """The short name of the code's commit, with a + if files differ from it."""
  found = training.commit()
  if found is None:
    return 'unknown'
  return found[:7] + ('+' if found.endswith('-dirty') else '')


def device() -> str:
  """What JAX computes on."""
  first = jax.devices()[0]
  name = first.device_kind
  if first.platform == 'cpu':
    name = f'{os.cpu_count()} cores of {hardware.processor()}'
  return f'{name}, JAX {jax.__version__}'
