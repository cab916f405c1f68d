# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How long a compiled function takes."""

import statistics
import time
from collections.abc import Callable

import jax
import numpy as np

from snnjax.types import Array, Params

BATCH_SIZES = (1, 128)
# Of the seconds below, in tables and files.
NAMES = tuple(f'seconds_per_image_batch_{size}' for size in BATCH_SIZES)


def seconds_per_example(
  function: Callable,
  params: Params,
  inputs: Array | np.ndarray,
  *,
  repeats: int = 5,
) -> tuple[float, ...]:
  """Takes the median of calls after a first one, which compiles.

  Args:
    function: `(params, inputs [B, ...]) -> arrays`.
    params: its first argument.
    inputs: `[N, ...]`; a batch has the first of these.
    repeats: calls that count.

  Returns:
    Seconds / B, for each B of `BATCH_SIZES`, or N if that is less.
  """

  def seconds(batch):
    began = time.perf_counter()
    jax.block_until_ready(function(params, batch))
    return time.perf_counter() - began

  found = []
  for batch in (inputs[:size] for size in BATCH_SIZES):
    seconds(batch)
    median = statistics.median(seconds(batch) for _ in range(repeats))
    found.append(median / len(batch))
  return tuple(found)
