# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Converts a trained network and measures it on the whole test set.

python -m experiments.conversion.evaluate --config=configs/conversion/digits.py
"""

from pathlib import Path

from ml_collections import ConfigDict

from experiments import launch
from experiments.conversion import figures, measure, networks, tables


def evaluate(config: ConfigDict, folder: Path, data_dir: str | None) -> None:
  """Writes tables and figures of one rule into a folder."""
  folder.mkdir(parents=True, exist_ok=True)
  trained = networks.load(config, data_dir)
  converted = networks.convert(config, trained, config.rule)
  sweep = measure.sweep(config, trained, converted)
  tables.write_metrics(
    folder,
    sweep.rows,
    measure.references(config, trained) | sweep.early_exit,
  )
  tables.write_sites(folder, measure.reports(config, trained, converted))
  figures.draw(folder)
  print(f'The evaluation is in {folder.resolve()}')


if __name__ == '__main__':
  launch.launch(evaluate, 'configs/conversion/signgd.py', 'logs/{exp_id}')
