# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Layers of neurons in a program."""

from collections.abc import Mapping
from typing import NamedTuple

import jax.numpy as jnp

from snnjax.conversion.program import Operation, Program
from snnjax.types import Array


class Target(NamedTuple):
  """What a neuron is to track.

  Attributes:
    value: F(x[t]) of the decoded inputs, `[B, ...]`.
    drive: z where F is max(z, 0); else None.
  """

  value: Array
  drive: Array | None


class Site(NamedTuple):
  """A layer of neurons.

  Attributes:
    name: of the module it stands in and its last operation; unique.
    value: the value it tracks.
    depth: the number of sites on the longest way from the input to it.
    is_rectified: whether the value is max(z, 0), a maximum of such values, or
      one of them bounded from above.
    drive: z where the value is max(z, 0) and z linear in what neurons send, or
      None.
    is_denominator: whether something is divided by (sums of) it.
    line: of the source.
    batch_axis: of the value, along which the examples lie.
  """

  name: str
  value: int
  depth: int
  is_rectified: bool
  drive: int | None
  is_denominator: bool
  line: str
  batch_axis: int = 0

  def target(self, values: Mapping[int, Array]) -> Target:
    """Picks what the neurons are to track."""
    drive = None if self.drive is None else values[self.drive]
    return Target(values[self.value], drive)

  def by_example(self, value: Array, batch: int) -> Array:
    """Puts the examples first, `[batch, ...]`, on an axis of their own."""
    value = jnp.moveaxis(value, self.batch_axis, 0)
    if value.shape[0] == batch:
      return value
    return value.reshape(batch, -1, *value.shape[1:])

  def beside(self, array: Array, shape: tuple[int, ...], batch: int) -> Array:
    """Makes `[...]`, one per neuron, channel or layer, broadcast to a value."""
    if array.ndim == 0:
      return array
    is_joined = shape[self.batch_axis] != batch
    num_axes = len(shape) - 1 + is_joined
    array = array.reshape((1,) * (num_axes - array.ndim) + array.shape)
    if not is_joined:
      array = array[None]
    elif len(array) > 1:
      array = jnp.tile(array, (batch,) + (1,) * (array.ndim - 1))
    return jnp.moveaxis(array, 0, self.batch_axis)


class Plan(NamedTuple):
  """A program with its sites.

  Attributes:
    program: the program.
    sites: in the order of their values.
    still: the operations that depend on no site: the same at every step.
    moving: the others in order, with each site where its value is known.
    affine: the values that synapses make: affine in what neurons send, or a
      product of two such.
  """

  program: Program
  sites: tuple[Site, ...]
  still: tuple[Operation, ...]
  moving: tuple[Operation | Site, ...]
  affine: frozenset[int]

  def is_synaptic(self, operation: Operation) -> bool:
    """Whether synapses carry it out."""
    return self.affine.issuperset(operation.outputs)

  def shape(self, site: Site) -> tuple[int, ...]:
    """Of a site's value, with the batch."""
    return self.program.avals[site.value].shape
