# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs many experiments one after the other, and reports on all of them.

python -m experiments.suite --config=configs/suite/digits.py --workdir=DIR
"""

import sys
from pathlib import Path

from ml_collections import ConfigDict
from tqdm import tqdm

from experiments import launch, progress, suite_report, suite_runs


def run(config: ConfigDict, workdir: Path, data_dir: str | None) -> None:
  """Does what is not yet done; a run that fails does not stop the others."""
  runs = suite_runs.plan(config, workdir, data_dir)
  total = sum(run.seconds for run in runs)
  with tqdm(
    total=total,
    bar_format='{percentage:3.0f}% |{bar}| {elapsed}<{remaining} | {desc}',
    mininterval=progress.interval(),
    smoothing=0,  # by all runs so far: this computer may be a faster one
  ) as bar:
    records = []
    for k, run in enumerate(runs, 1):
      records.append(suite_runs.execute(run, runs, bar))
      suite_report.write(config.title, runs[:k], records, workdir)
  suite_report.tell(records, workdir)
  if any(record.failure for record in records):
    sys.exit(1)


if __name__ == '__main__':
  launch.launch(run, 'configs/suite/digits.py', 'exp/suite_{exp_id}')
