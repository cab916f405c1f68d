# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains an ordinary network, or resumes what is in `--workdir`.

python -m experiments.conversion.train --config=configs/conversion/digits.py
"""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import launch, report, splits
from experiments.conversion import images, task
from snnjax import data, training

FOLDER = 'resources/checkpoints/{exp_id}'


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains and evaluates, or goes on with what is in `workdir`."""
  sources = images.sources(config, data_dir)
  source, size = sources['train'], config.train.batch_size
  stream = data.training_stream(source, size, seed=config.seed)
  experiment = task.make(config, source, stream.steps_per_epoch)
  training.fit(
    experiment.task,
    stream,
    splits.evaluations(config, sources),
    num_steps=config.train.num_epochs * stream.steps_per_epoch,
    chunk=config.train.chunk,
    workdir=workdir,
    seed=config.seed,
    config=config.to_dict(),
    may_change=task.may_change(config),
    learning_rate=experiment.learning_rate,
    keep=2,
  )
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/conversion/signgd.py', FOLDER)
