# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How much the device at hand had best be given at a time.

A CPU is fast on what stays in its cache. Elsewhere each launch takes
microseconds, whatever it does, and should do much.
"""

import jax


def is_cpu() -> bool:
  """Whether programs run on a CPU unless they are told otherwise."""
  return jax.default_backend() == 'cpu'


def images_at_once() -> int | None:
  """How many images a convolution takes in one call; None: all there are."""
  return 128 if is_cpu() else None


def steps_at_once() -> int:
  """How many time steps a layer of neurons takes in a turn of its loop."""
  return 1 if is_cpu() else 25
