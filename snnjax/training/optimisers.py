# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Which leaves are trained, how fast, and within which bounds."""

from collections.abc import Callable, Iterable, Mapping

import jax
import jax.numpy as jnp
import optax

from snnjax.types import Params

Path = tuple[str, ...]  # a leaf's names from the root: ('conv', 'kernel')
Bounds = Mapping[str, tuple[float, float]]

DECAY_BOUNDS: Bounds = {'decay': (0.0, 1.0)}


def partition(
  tx: optax.GradientTransformation, trainable: Callable[[Path], bool]
) -> optax.GradientTransformation:
  """Applies a transformation to some leaves and holds the others still.

    Δp = tx(∂L/∂p) if trainable, else 0

  Args:
    tx: for the leaves that are trained; it keeps no state for the others.
    trainable: tells by the names on the way to a leaf.

  Returns:
    The transformation of all leaves.
  """

  def label(params: Params) -> Params:
    return jax.tree.map_with_path(
      lambda path, _: 'trained' if trainable(_names(path)) else 'frozen', params
    )

  return optax.partition({'trained': tx, 'frozen': optax.set_to_zero()}, label)


def piecewise(
  learning_rate: float,
  epochs: Iterable[int],
  factor: float,
  steps_per_epoch: int,
) -> optax.Schedule:
  """Multiplies the learning rate by a factor when given epochs begin.

    lr(step) = lr · factor^|{e ∈ epochs : e · steps_per_epoch ≤ step}|

  Args:
    learning_rate: the first one.
    epochs: distinct, counted from 0.
    factor: what each multiplies by.
    steps_per_epoch: updates per epoch.

  Returns:
    The rate as a function of the step.
  """
  boundaries = {epoch * steps_per_epoch: factor for epoch in epochs}
  return optax.piecewise_constant_schedule(learning_rate, boundaries)


def project(params: Params, bounds: Bounds = DECAY_BOUNDS) -> Params:
  """Moves every leaf of a given name to the nearest value within its bounds.

    p ← min(max(p, low), high)

  Args:
    params: after an update.
    bounds: `(low, high)` by the ending of a leaf's own name, the last of its
      path: 'decay' bounds `current_decay`, too.

  Returns:
    The parameters; leaves of other names as they were.
  """

  def bound(path, leaf):
    name = _names(path)[-1] if path else ''
    for ending, limits in bounds.items():
      if name.endswith(ending):
        return jnp.clip(leaf, *limits)
    return leaf

  return jax.tree.map_with_path(bound, params)


def _names(path) -> Path:
  return tuple(jax.tree_util.keystr((key,), simple=True) for key in path)
