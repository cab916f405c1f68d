# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Cells in Flax networks, and Flax modules in cells."""

import flax.linen as nn
import jax.numpy as jnp

from snnjax import synapses
from snnjax.simulate import simulate
from snnjax.types import Array, Cell


class CellModule(nn.Module):
  """A neuron or a network as a module, `[T | 1, B, ...] -> [T, B, ...]`.

  Its parameters are one entry, `cell`, of the module's; a random number, where
  the cell needs one, comes from the stream `cell`.

  Attributes:
    cell: what is simulated.
    num_steps: T; needed where inputs are constant.
  """

  cell: Cell
  num_steps: int | None = None

  @nn.compact
  def __call__(self, xs: Array) -> Array:
    """Simulates from rest."""
    params = self.param('cell', self.cell.init, xs.shape[2:])
    key = self.make_rng('cell') if self.has_rng('cell') else None
    result = simulate(self.cell, params, xs, num_steps=self.num_steps, key=key)
    return result.outputs


def from_flax(module: nn.Module) -> Cell:
  """Makes synapses of a module, applied to every time step.

  Args:
    module: `[B, ...] -> [B, ...]`, each example by itself, with parameters
      only: no batch statistics, no random numbers.

  Returns:
    A stateless cell whose parameters are the module's.
  """

  def init(key, in_shape):
    variables = module.init(key, jnp.zeros((1, *in_shape)))
    if others := set(variables) - {'params'}:
      raise ValueError(
        f'a module in a cell must have parameters only; {module} has '
        f'{sorted(others)}, too: fold batch normalisation, or normalise by '
        'snnjax.normalisation'
      )
    return variables.get('params', {})

  def apply(params, x):
    return jnp.asarray(module.apply({'params': params}, x))

  return synapses.stateless(init, apply)
