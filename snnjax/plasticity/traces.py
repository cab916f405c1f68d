# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Traces: what a synapse remembers of the spikes on one of its sides."""

import math
from collections.abc import Callable

import jax.numpy as jnp

from snnjax.types import Array

Trace = Callable[[Array, Array], Array]  # (trace, spikes) -> trace, [B, N]


def trace(
  *,
  dt: float = 1e-3,
  tau: float = 0.02,
  scale: float = 1.0,
  additive: bool = False,
) -> Trace:
  """Makes a trace that decays and is set, or raised, by a spike.

    x ← x e^(-dt/τ);   x ← scale where S   (or x ← x + scale · S)

  Args:
    dt: length of a step (seconds).
    tau: τ (seconds).
    scale: the value at a spike.
    additive: whether spikes add up, or the last one alone counts.
  """
  decay = math.exp(-dt / tau)

  def follow(x, spikes):
    if additive:
      return x * decay + scale * spikes
    return jnp.where(spikes > 0, scale, x * decay)

  return follow
