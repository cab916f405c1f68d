# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains an ordinary network, or resumes what is in `--workdir`.

python -m experiments.conversion.train --config=configs/conversion/digits.py
"""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import launch, report, run
from experiments.conversion import images, task

FOLDER = 'resources/checkpoints/{exp_id}'


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains and evaluates, or goes on with what is in `workdir`."""
  sources = images.sources(config, data_dir)
  stream = run.training_stream(config, sources['train'])
  experiment = task.make(config, sources['train'], stream.steps_per_epoch)
  run.fit(
    config,
    experiment,
    stream,
    sources,
    workdir,
    may_change=task.may_change(config),
    keep=2,
  )
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/conversion/signgd.py', FOLDER)
