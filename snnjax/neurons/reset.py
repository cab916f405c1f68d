# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a spike does to the membrane: three functions, and your own.

Each takes the membrane `[B, ...]`, the flag `[B, ...]` of the neurons that
have fired (0 or 1) and the threshold.
"""

from snnjax.types import Array


def subtract(membrane: Array, has_fired: Array, threshold: Array) -> Array:
  """U - R·θ: a soft reset, which keeps the excess over the threshold."""
  return membrane - has_fired * threshold


def to_zero(membrane: Array, has_fired: Array, threshold: Array) -> Array:
  """(1 - R)·U: a hard reset."""
  del threshold
  return (1.0 - has_fired) * membrane


def none(membrane: Array, has_fired: Array, threshold: Array) -> Array:
  """U: no reset."""
  del has_fired, threshold
  return membrane
