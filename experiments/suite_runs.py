# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The runs of a suite: each a process of its own, with a record of it."""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import jax
from ml_collections import ConfigDict
from tqdm import tqdm

from experiments import suite_outcomes
from experiments.suite_outcomes import Outcome


class Run(NamedTuple):
  """What to do, and what to make of it; see `configs/suite/default.py`."""

  name: str
  title: str
  source: str
  command: tuple[str, ...]
  folder: Path
  log: Path
  seconds: float
  picture: str
  steps: int


class Record(NamedTuple):
  """What a run came to.

  Attributes:
    name: of the run.
    command: what does the same again, without folders.
    commit: of the code, with a + if files differ from it.
    device: where it ran.
    seconds: by the clock, with compilation and pictures.
    peak_mib: the process's largest resident memory.
    outcome: accuracies on the test set.
    failure: why there are none; else empty.
  """

  name: str
  command: str
  commit: str
  device: str
  seconds: float
  peak_mib: float
  outcome: Outcome
  failure: str


def plan(config: ConfigDict, workdir: Path, data_dir: str | None) -> list[Run]:
  """Makes the runs that the settings list, in their order."""
  return [
    _run(settings, config.smoke, workdir, data_dir) for settings in config.runs
  ]


def _run(settings, smoke, workdir, data_dir):
  name = settings.name
  variant = ':smoke' if smoke else ''
  command = [
    f'experiments.{settings.experiment}',
    f'--config={settings.config}{variant}',
    *settings.options,
    f'--workdir={workdir / name}',
  ]
  if settings.trained:
    trained = workdir / settings.trained
    command.append(f'--config.evaluate.checkpoint={trained}')
  if data_dir:
    command.append(f'--data_dir={data_dir}')
  return Run(
    name,
    settings.title,
    settings.source,
    tuple(command),
    workdir / name,
    workdir / f'{name}.log',
    settings.seconds,
    settings.picture,
    settings.steps,
  )


def execute(run: Run, bar: tqdm) -> Record:
  """Does a run, unless its record says that it is done.

  Args:
    run: what to do.
    bar: moves on as time passes, by the run's expected seconds.
  """
  file = run.folder.with_name(f'{run.name}.json')
  began = bar.n
  bar.set_description_str(run.title or run.name)
  record = _read(file, run)
  if record is None:
    record = _execute(run, bar)
    if not record.failure:
      content = record._asdict() | {'outcome': record.outcome._asdict()}
      file.write_text(json.dumps(content, indent=2) + '\n')
  bar.update(began + run.seconds - bar.n)
  return record


def _read(file, run):
  if not file.exists():
    return None
  content = json.loads(file.read_text())
  record = Record(**content | {'outcome': Outcome(**content['outcome'])})
  return record if record.command == _public(run) else None


def _execute(run, bar):
  run.log.parent.mkdir(parents=True, exist_ok=True)
  start = time.monotonic()
  with run.log.open('w') as log:
    process = subprocess.Popen(
      [sys.executable, '-m', *run.command],
      stdout=log,
      stderr=subprocess.STDOUT,
    )
    try:
      status, usage = _wait(process.pid, run.seconds, bar)
    except BaseException:
      process.kill()
      raise
  process.returncode = os.waitstatus_to_exitcode(status)
  failure, outcome = '', Outcome()
  if process.returncode:
    failure = f'ended with status {process.returncode}; see {run.log}'
  elif run.title:
    outcome = suite_outcomes.read(run.folder, run.steps)
  return Record(
    run.name,
    _public(run),
    _commit(),
    _device(),
    time.monotonic() - start,
    usage.ru_maxrss / 1024,
    outcome,
    failure,
  )


def _wait(pid, seconds, bar):
  """Waits for a process, and moves the bar up to the time it should take."""
  start, began = time.monotonic(), bar.n
  while True:
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if found:
      return status, usage
    time.sleep(0.2)
    passed = min(time.monotonic() - start, 0.98 * seconds)
    bar.update(began + passed - bar.n)


def _public(run):
  """The command without the folders of this machine."""
  own = '--workdir=', '--data_dir=', '--config.evaluate.checkpoint='
  return 'python -m ' + shlex.join(
    part for part in run.command if not part.startswith(own)
  )


def _commit():
  """The short name of the code's commit, or 'unknown'."""

  def git(*args):
    done = subprocess.run(
      ['git', *args], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None

  commit = git('rev-parse', '--short', 'HEAD')
  if not commit:
    return 'unknown'
  return commit + ('+' if git('status', '--porcelain') else '')


def _device():
  device = jax.devices()[0]
  if device.platform == 'cpu':
    return f'{os.cpu_count()} CPU cores, JAX {jax.__version__}'
  return f'{device.device_kind}, JAX {jax.__version__}'
