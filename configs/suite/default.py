# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How a suite lists its runs; the other files of this folder fill it.

Command: python -m experiments.suite --config=configs/suite/digits.py
"""

from ml_collections import ConfigDict


def get_config(variant: str = '') -> ConfigDict:
  config = ConfigDict()
  config.exp_id = 'default'
  config.title = 'snnjax'  # of the report
  config.smoke = variant == 'smoke'  # all runs in their smallest form
  config.runs = ()  # in this order; see `run`
  return config


def run(
  name: str,
  experiment: str,
  config: str,
  *,
  seconds: float,
  title: str = '',
  source: str = '',
  picture: str = '',
  options: tuple[str, ...] = (),
  trained: str = '',
  steps: int = 0,
  seed: int | None = None,
  asked: str = '',
) -> ConfigDict:
  """Describes a run.

  Args:
    name: of the run and of its folder.
    experiment: a launcher of `experiments`.
    config: its settings.
    seconds: about how long it takes; only the progress bar reads it.
    title: of its row; empty: only other runs need it. Runs that differ in
      their seed only share it.
    source: what the row is compared with (%), and whose it is.
    picture: a file of the run's folder that the report shows.
    options: further flags.
    trained: the run whose network it converts.
    steps: with how many of them a converted network's accuracy is reported.
    seed: for `--config.seed`; None: as the settings have it.
    asked: what the row aims at (%).
  """
  return ConfigDict(
    {
      'name': name,
      'experiment': experiment,
      'config': config,
      'title': title,
      'source': source,
      'seconds': seconds,
      'picture': picture,
      'options': options,
      'trained': trained,
      'steps': steps,
      'seed': seed,
      'asked': asked,
    }
  )
