# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What nodes of NIR are read with, and what they become."""

from typing import Any, NamedTuple

import jax
import numpy as np

from snnjax.types import Cell, Params, ResetFn, Shape, SpikeFn


class Layer(NamedTuple):
  cell: Cell
  params: Params


class Reading(NamedTuple):
  """What a node is read with.

  Attributes:
    name: of the node, for errors.
    shape: of its inputs, ours.
    places: of our inputs in NIR's order `[N]`, where vectors were images.
    time_step: Δt (s).
    reset: of neurons that fire.
    charge: of integrate-and-fire neurons at the start, in thresholds.
    spike_fn: the Heaviside function with its surrogate derivative.
    out_places: of our outputs, likewise, where they go back among images.
  """

  name: str
  shape: Shape
  places: np.ndarray | None
  time_step: float
  reset: ResetFn
  charge: float
  spike_fn: SpikeFn
  out_places: np.ndarray | None = None

  def value(self, values: Any) -> np.ndarray:
    """One parameter per neuron, in our order; one for all if they agree."""
    values = np.asarray(values, np.float32)
    if np.ptp(values) == 0:
      return values.ravel()[0]
    if values.ndim == 3:
      return values.transpose(1, 2, 0)
    return values if self.places is None else values[self.places]

  def layer(self, cell: Cell) -> Layer:
    """A cell that was given all its parameters, and these."""
    return Layer(cell, cell.init(jax.random.key(0), self.shape))

  def require(self, is_so: bool, what: str) -> None:
    """Raises a ValueError that says of the node what it needs."""
    if not is_so:
      raise ValueError(f'NIR node {self.name!r}: {what}')
