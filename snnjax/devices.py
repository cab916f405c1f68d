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


def steps_at_once(num_neurons: int, *, of_states: bool) -> int:
  """How many time steps a layer of neurons takes in a turn of its loop.

  Args:
    num_neurons: B x N. A GPU full of neurons loses more by what a longer turn
      computes again than it gains by fewer launches.
    of_states: whether a step makes the next state and nothing else, so that
      many of them are compiled in seconds.
  """
  if is_cpu():
    return 1
  if not of_states:
    return 8
  is_full = isinstance(num_neurons, int) and num_neurons >= 2**18
  return 10 if is_full else 25


def divisor_near(number: int, wanted: int) -> int | None:
  """The divisor nearest to what is wanted at a time, at most half of it off."""
  near = range(-(-wanted // 2), wanted * 3 // 2 + 1)
  divisors = [k for k in near if number % k == 0]
  return min(divisors, key=lambda k: abs(k - wanted), default=None)
