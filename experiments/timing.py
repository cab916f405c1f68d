# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How long a compiled function takes."""

import statistics
import time
from collections.abc import Callable

import jax


def median_seconds(function: Callable, *args, repeats: int = 5) -> float:
  """The median of calls after a first one, which compiles.

  Args:
    function: returns arrays.
    *args: what it is called with.
    repeats: calls that count.
  """
  jax.block_until_ready(function(*args))
  seconds = []
  for _ in range(repeats):
    began = time.perf_counter()
    jax.block_until_ready(function(*args))
    seconds.append(time.perf_counter() - began)
  return statistics.median(seconds)
