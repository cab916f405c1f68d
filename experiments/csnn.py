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
  run,
)


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains, evaluates and draws, or goes on with what is in `workdir`."""
  csnn_task.check(config)
  sources = csnn_data.sources(config, data_dir)
  stream = run.training_stream(config, sources['train'])
  experiment = csnn_task.make(config, sources['train'], stream.steps_per_epoch)
  state = run.fit(
    config,
    experiment,
    stream,
    sources,
    workdir,
    may_change=csnn_task.may_change(config),
  )
  csnn_figures.draw(config, experiment.cell, state.params, sources, workdir)
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/csnn/default.py')
