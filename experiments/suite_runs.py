# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The runs of a suite: each a process of its own, with a record of it."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ml_collections import ConfigDict
from tqdm import tqdm

from experiments import provenance, suite_outcomes
from experiments.provenance import Process
from experiments.suite_outcomes import Outcome
from snnjax.training.records import write_atomically


class Run(NamedTuple):
  """What to do, and what to make of it; see `configs/suite/default.py`."""

  name: str
  title: str
  source: str
  command: tuple[str, ...]
  folder: Path
  seconds: float
  picture: str
  steps: int
  seed: int | None
  asked: str
  trained: str

  @property
  def label(self) -> str:
    """What tells the run from all others."""
    seed = '' if self.seed is None else f', seed {self.seed}'
    return (self.title or self.name) + seed

  @property
  def log(self) -> Path:
    """What its process prints."""
    return self.folder.with_name(f'{self.name}.log')

  @property
  def record(self) -> Path:
    """What it came to, once it is done."""
    return self.folder.with_name(f'{self.name}.json')


class Record(NamedTuple):
  """What a run came to.

  Attributes:
    name: of the run.
    process: what it cost; None if it failed.
    outcome: accuracies on the test set.
    failure: why there are none; else empty.
  """

  name: str
  process: Process | None
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
    *([] if settings.seed is None else [f'--config.seed={settings.seed}']),
    f'--workdir={workdir / name}',
  ]
  if settings.trained:
    trained = workdir / settings.trained
    command.append(f'--config.evaluate.checkpoint={trained}')
  if data_dir:
    command.append(f'--data_dir={data_dir}')
  return Run(
    name=name,
    title=settings.title,
    source=settings.source,
    command=tuple(command),
    folder=workdir / name,
    seconds=settings.seconds,
    picture=settings.picture,
    steps=settings.steps,
    seed=settings.seed,
    asked=settings.asked,
    trained=settings.trained,
  )


def execute(run: Run, runs: Sequence[Run], bar: tqdm) -> Record:
  """Does a run, unless its record says that it is done.

  Args:
    run: what to do.
    runs: of the suite. What converts this run's network will have to do it
      again; what this run converts has to be trained.
    bar: moves on as time passes, by the run's expected seconds, from which it
      tells what remains.
  """
  began = bar.n
  bar.set_description_str(run.label)
  record = read(run)
  if record is None:
    for other in runs:
      if other.trained == run.name:
        other.record.unlink(missing_ok=True)
        provenance.forget(other.folder)
    if any(read(r) is None for r in runs if r.name == run.trained):
      failure = f'converts a network that is not trained, {run.trained}'
      record = Record(run.name, None, Outcome(), failure)
    else:
      record = _execute(run, bar)
    if not record.failure:
      write(run, record)
  else:
    bar.initial += run.seconds  # done before, so says nothing of the speed
  bar.update(began + run.seconds - bar.n)
  return record


def read(run: Run) -> Record | None:
  """The record of a run; None unless it is done."""
  if not run.record.exists():
    return None
  fields = json.loads(run.record.read_text())
  process = Process(**fields.pop('process'))
  record = Record(
    **fields | {'process': process, 'outcome': Outcome(**fields['outcome'])}
  )
  wanted = provenance.public_command(run.command)
  return record if process.command == wanted else None


def write(run: Run, record: Record) -> None:
  """Keeps the record of a finished run."""
  parts = {
    'process': record.process and record.process._asdict(),
    'outcome': record.outcome._asdict(),
  }
  text = json.dumps(record._asdict() | parts, indent=2)
  write_atomically(run.record, text + '\n')


def _execute(run, bar):
  run.log.parent.mkdir(parents=True, exist_ok=True)
  with run.log.open('w') as log:
    process = subprocess.Popen(
      [sys.executable, '-m', *run.command],
      stdout=log,
      stderr=subprocess.STDOUT,
    )
    try:
      _wait(process, run.seconds, bar)
    except BaseException:
      with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)  # Ctrl-C has reached it, too
      process.terminate()  # once, for it records how far it came
      process.wait()
      raise
  if process.returncode:
    failure = f'ended with status {process.returncode}; see {run.log}'
    return Record(run.name, None, Outcome(), failure)
  try:
    outcome = Outcome()
    if run.title:
      outcome = suite_outcomes.read(run.folder, run.steps)
    return Record(run.name, provenance.read(run.folder), outcome, '')
  except (OSError, LookupError, ValueError) as error:
    failure = f'left no readable records, {error!r}; see {run.log}'
    return Record(run.name, None, Outcome(), failure)


def _wait(process, seconds, bar):
  """Waits for a process, and moves the bar up to the time it should take."""
  start, began = time.monotonic(), bar.n
  while process.poll() is None:
    time.sleep(0.2)
    passed = min(time.monotonic() - start, 0.98 * seconds)
    bar.update(began + passed - bar.n)
