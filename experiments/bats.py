# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains an event-based network, or resumes what is in `--workdir`.

python -m experiments.bats --config=configs/bats/digits_count.py --workdir=DIR
"""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import (
  bats_convergence,
  bats_data,
  bats_figures,
  bats_task,
  launch,
  report,
  splits,
)
from snnjax import data, training


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains, evaluates and draws, or goes on with what is in `workdir`."""
  if config.grid is not None:
    bats_convergence.run(config, workdir)
    return
  sources = bats_data.sources(config, data_dir)
  source, size = sources['train'], config.train.batch_size
  stream = data.training_stream(source, size, seed=config.seed)
  experiment = bats_task.make(config, source, stream.steps_per_epoch)
  state = training.fit(
    experiment.task,
    stream,
    splits.evaluations(config, sources),
    num_steps=config.train.num_epochs * stream.steps_per_epoch,
    chunk=config.train.chunk,
    workdir=workdir,
    seed=config.seed,
    config=config.to_dict(),
    learning_rate=experiment.learning_rate,
    evaluate_first=True,
  )
  bats_figures.draw(config, experiment.network, state, sources['test'], workdir)
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/bats/default.py')
