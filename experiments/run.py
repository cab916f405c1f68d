# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What all experiments do between their data and their pictures."""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import splits
from snnjax import data, training
from snnjax.types import PyTree, Source, Stream


def training_stream(config: ConfigDict, source: Source) -> Stream:
  """Makes the batches that the settings ask for."""
  return data.training_stream(source, config.train.batch_size, seed=config.seed)


def fit(
  config: ConfigDict,
  experiment,
  stream: Stream,
  sources: dict[str, Source],
  workdir: Path,
  **options,
) -> PyTree:
  """Trains, or goes on with what is in `workdir`; see `training.fit`.

  Args:
    config: the settings.
    experiment: has the `task` and its `learning_rate`.
    stream: training batches.
    sources: the splits by name.
    workdir: the run's folder.
    **options: of `training.fit`.

  Returns:
    The last state.
  """
  return training.fit(
    experiment.task,
    stream,
    splits.evaluations(config, sources),
    num_steps=config.train.num_epochs * stream.steps_per_epoch,
    chunk=config.train.chunk,
    workdir=workdir,
    seed=config.seed,
    config=config.to_dict(),
    learning_rate=experiment.learning_rate,
    **options,
  )
