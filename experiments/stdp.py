# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Lets a network learn images by STDP, or resumes what is in the run's folder.

python -m experiments.stdp --config=configs/stdp/mnist.py
"""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import (
  launch,
  report,
  stdp_data,
  stdp_figures,
  stdp_task,
  stdp_watch,
)
from snnjax import data, training


def train(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Trains, evaluates and draws, or goes on with what is in `workdir`."""
  sources = stdp_data.sources(config, data_dir)
  for name, source in sources.items():
    print(f'{name} images: {stdp_data.balance(source)}')
  stream = data.training_stream(
    sources['train'], config.batch_size, seed=config.seed
  )
  num_steps, every = stdp_task.length(config, stream.steps_per_epoch)
  task = stdp_task.make_task(config, num_steps)
  is_finished = training.latest_step(workdir) >= num_steps
  with stdp_watch.open_watch(config, workdir) as watch:
    state = training.fit(
      task,
      stream,
      {
        name: data.evaluation_batches(sources[name], config.test_batch_size)
        for name in ('validation', 'test')
      },
      num_steps=num_steps,
      chunk=stdp_task.updates_per_window(config),
      workdir=workdir,
      seed=config.seed,
      config=config.to_dict(),
      may_change=stdp_task.may_change(config, is_finished),
      evaluate_every=every,
      probe_batches=stdp_figures.held_in(config, sources),
      watch=watch.chunk,
      inspect=watch.state,
      compiler_options=stdp_task.compiler_options(),
    )
  stdp_watch.write_parameters(config, workdir)
  stdp_figures.draw(config, task, state, sources, workdir)
  report.tell(workdir)


if __name__ == '__main__':
  launch.launch(train, 'configs/stdp/mnist.py', '{log_dir}/{task}/{exp_id}')
