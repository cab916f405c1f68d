# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What the two kernels that find spikes have in common.

The plain twin of both is `snnjax.event.solve_by_scan`.
"""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from pallas_kernels import backend
from pallas_kernels.crossings import Root
from snnjax.types import Array


class Refs(NamedTuple):
  """A layer's arrays, inputs and outputs.

  Attributes:
    weights: `[I, O]`.
    times: ascending `[B, E]` (s).
    sources: int32 `[B, E]`.
    num_events: int32 `[B]`, how many of the times are spikes.
    c: θ/τ `[O]`.
    drop: Δθ/τ `[O]`.
    found: spike times `[B, S, O]` (s).
    slopes: du/dt at spikes `[B, S, O]`.
    overflown: int32 `[B, O]`, 1 where a further spike found no room.
  """

  weights: Any
  times: Any
  sources: Any
  num_events: Any
  c: Any
  drop: Any
  found: Any
  slopes: Any
  overflown: Any


class Progress(NamedTuple):
  """Of a neuron: all int32, `[LANES]` or `[]`."""

  count: Array  # spikes so far
  is_over: Array  # 1 where one found no room


def find(
  kernel: Any,
  grid: tuple[int, ...],
  inputs: tuple[Array, ...],
  *,
  max_spikes: int,
  tau: float,
  t_max: float,
  warps: int,
) -> tuple[Array, Array, Array]:
  """Runs `kernel(refs, tau, t_max)` on a grid.

  Args:
    kernel: writes the spikes that there are.
    grid: numbers of programs.
    inputs: from `weights` to `drop` of `Refs`.
    max_spikes: S.
    tau: τ (s).
    t_max: no spike is later (s).
    warps: of a program.

  Returns:
    `found`, inf where nothing was, `slopes`, 1 there, and `overflown`.
  """
  weights, times, *_ = inputs
  slots = len(times), max_spikes, weights.shape[1]
  dtype = weights.dtype
  like = jax.ShapeDtypeStruct(slots, dtype)
  return backend.launch(
    functools.partial(_with_refs, kernel=kernel, tau=tau, t_max=t_max),
    grid,
    inputs,
    (like, like, jax.ShapeDtypeStruct(slots[::2], jnp.int32)),
    preset={0: jnp.full(slots, jnp.inf, dtype), 1: jnp.ones(slots, dtype)},
    warps=warps,
  )


def _with_refs(*refs, kernel, tau, t_max):
  kernel(Refs(*refs), tau, t_max)


def record(
  refs: Refs,
  example: Array,
  neuron: Array,
  progress: Progress,
  root: Root,
  time: Array,
  is_spike: Array,
) -> Progress:
  """Writes down one spike of each neuron that has one.

  Args:
    refs: of the layer.
    example: which, `[]`.
    neuron: which, `[LANES]` or `[]`.
    progress: of these neurons.
    root: their crossings.
    time: of the crossings (s).
    is_spike: bool, whether there is one.
  """
  count, is_over = progress
  room = refs.found.shape[1]
  fits = is_spike & (count < room)
  at = example, jnp.minimum(count, room - 1), neuron
  backend.store(refs.found.at[at], time, mask=fits)
  backend.store(refs.slopes.at[at], root.slope, mask=fits)
  is_over = is_over | (is_spike & (count == room)).astype(jnp.int32)
  return Progress(count + is_spike, is_over)
