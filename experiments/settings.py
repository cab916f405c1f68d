# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Settings that choose."""

from collections.abc import Mapping
from typing import TypeVar

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
