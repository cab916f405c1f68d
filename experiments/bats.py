# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Trains an event-based network, or resumes what is in `--workdir`.

python -m experiments.bats --config=configs/bats/digits_count.py --workdir=DIR
"""

from pathlib import Path

import jax
from ml_collections import ConfigDict

from experiments import (
  bats_convergence,
  bats_data,
  bats_figures,
  bats_task,
  launch,
  report,
  run,
)


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains, evaluates and draws, or goes on with what is in `workdir`."""
  if config.grid is not None:
    bats_convergence.run(config, workdir)
    return
  sources = bats_data.sources(config, data_dir)
  stream = run.training_stream(config, sources['train'])
  experiment = bats_task.make(config, sources['train'], stream.steps_per_epoch)
  state = run.fit(
    config, experiment, stream, sources, workdir, evaluate_first=True
  )
  if jax.process_index():  # the first process draws, on one device
    return
  state = jax.tree.map(lambda leaf: leaf.addressable_data(0), state)
  bats_figures.draw(config, experiment.network, state, sources['test'], workdir)
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/bats/default.py')
