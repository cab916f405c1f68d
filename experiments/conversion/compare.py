# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Runs several rules on one trained network: one table, one figure.

python -m experiments.conversion.compare --config=configs/conversion/digits.py
"""

from pathlib import Path

from absl import logging
from ml_collections import ConfigDict

from experiments import launch
from experiments.conversion import figures, measure, networks, tables


def compare(config: ConfigDict, folder: Path, data_dir: str | None) -> None:
  """Measures every rule of `config.compare` and writes into a folder."""
  if not config.compare:
    raise ValueError('config.compare names no rules; see mnist_cnn.py')
  folder.mkdir(parents=True, exist_ok=True)
  trained = networks.load(config, data_dir)
  config = ConfigDict(config.to_dict())
  config.evaluate.num_latency = 0
  table = {}
  for name, rule in config.compare.items():
    logging.warning('Rule %s', name)
    converted = networks.convert(config, trained, rule)
    table[name] = measure.sweep(config, trained, converted).rows
    tables.write_comparison(folder, table)  # a later rule may be cut off
  tables.print_comparison(table, measure.references(config, trained))
  figures.draw_comparison(folder)
  print(f'The comparison is in {folder.resolve()}')


if __name__ == '__main__':
  launch.launch(compare, 'configs/conversion/mnist_cnn.py', 'logs/{exp_id}')
