# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Settings that choose, and whether they are those of an experiment."""

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from ml_collections import ConfigDict

T = TypeVar('T')


def chosen(table: Mapping[str, T], setting: str, name: str) -> T:
  """What a setting names.

  Args:
    table: what there is, by name.
    setting: where the name stands: 'train.loss'.
    name: one of the table's.

  Raises:
    ValueError: it is none of them; says which there are.
  """
  if name not in table:
    raise ValueError(
      f'config.{setting} must be one of {sorted(table)}; got {name!r}'
    )
  return table[name]


def require_kind(config: ConfigDict, named: str, example: str) -> None:
  """Refuses settings of another experiment, and a variant that changes nothing.

  Args:
    config: the settings.
    named: where they come from, `path` or `path:variant`.
    example: a config file of the experiment, in this repository.

  Raises:
    ValueError: naming what is missing, or the variant.
  """
  path, _, variant = named.partition(':')
  known = runpy.run_path(str(Path(__file__).parents[1] / example))
  missing = sorted(_names(known['get_config']()) - _names(config))
  if missing:
    raise ValueError(
      f'{path} is of another experiment: unlike {example} it has no '
      f'{", ".join(missing[:5])}'
    )
  if variant:
    get_config = runpy.run_path(path)['get_config']
    if get_config(variant).to_dict() == get_config().to_dict():
      raise ValueError(f'{path} knows no variant {variant!r}; `:smoke` is one')


def _names(config):
  """Of settings and groups, and of the settings in groups."""
  inner = {
    f'{name}.{part}'
    for name in config
    if isinstance(config[name], ConfigDict)
    for part in config[name]
  }
  return {*config} | inner
