# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Training: one loop for every task, one folder for every run."""

from snnjax.training.checkpoints import (
  all_params,
  latest_step,
  load_params,
  restore_best,
  restore_latest,
)
from snnjax.training.evaluation import evaluator
from snnjax.training.fit import fit
from snnjax.training.gradient import (
  TrainState,
  gradient_task,
  stateful_gradient_task,
)
from snnjax.training.optimisers import partition, piecewise, project
from snnjax.training.records import Record, best_step
from snnjax.training.records import read as read_records
from snnjax.training.run import commit, own_folder
from snnjax.training.several import several, stacked
from snnjax.training.updates import NonFiniteLoss

__all__ = [
  'NonFiniteLoss',
  'Record',
  'TrainState',
  'all_params',
  'best_step',
  'commit',
  'evaluator',
  'fit',
  'gradient_task',
  'latest_step',
  'load_params',
  'own_folder',
  'partition',
  'piecewise',
  'project',
  'read_records',
  'restore_best',
  'restore_latest',
  'several',
  'stacked',
  'stateful_gradient_task',
]
