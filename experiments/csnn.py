# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains a convolutional spiking network, or resumes what is in `--workdir`.

python -m experiments.csnn --config=configs/csnn/digits.py --workdir=DIR
"""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import (
  csnn_data,
  csnn_figures,
  csnn_task,
  launch,
  report,
  splits,
)
from snnjax import data, training


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains, evaluates and draws, or goes on with what is in `workdir`."""
  csnn_task.check(config)
  sources = csnn_data.sources(config, data_dir)
  source, size = sources['train'], config.train.batch_size
  stream = data.training_stream(source, size, seed=config.seed)
  task = csnn_task.make(config, source, stream.steps_per_epoch)
  state = training.fit(
    task.task,
    stream,
    splits.evaluations(config, sources),
    num_steps=config.train.num_epochs * stream.steps_per_epoch,
    chunk=config.train.chunk,
    workdir=workdir,
    seed=config.seed,
    config=config.to_dict(),
    may_change=csnn_task.may_change(config),
    learning_rate=task.learning_rate,
  )
  csnn_figures.draw(config, task.cell, state.params, sources, workdir)
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/csnn/default.py')
