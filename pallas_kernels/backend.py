# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What depends on the Pallas backend, and the sizes of blocks.

On a GPU kernels are compiled through Triton; on a CPU they are interpreted.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import jax
from jax.experimental import pallas as pl
from jax.experimental.pallas import triton

from snnjax.types import Array

# Powers of two, all of them.
LANES = 32  # neurons of a program that goes through events one by one
GROUP = 128  # events of one neuron that are tested at once
GROUP_WARPS = 4  # of 32 threads, that share it
LEAST_FOR_LANES = 64  # outputs; with fewer a group per neuron is faster
ROWS, COLUMNS = 4, 32  # events and neurons of a program of the backward pass
PROGRAMS = 2048  # enough to fill a device

load = triton.load
store = triton.store

Count = TypeVar('Count', int, Array)


def launch(
  kernel: Callable[..., None],
  grid: tuple[int, ...],
  inputs: Sequence[Array],
  outputs: Any,
  *,
  preset: Mapping[int, Array] | None = None,
  warps: int = 1,
) -> Any:
  """Runs a kernel on every point of a grid.

  Args:
    kernel: takes references to the inputs and to the outputs.
    grid: numbers of programs.
    inputs: arrays, each of which every program sees whole.
    outputs: shapes and dtypes.
    preset: what outputs hold at first, by their place; all else is garbage.
    warps: of 32 threads, that share a program.

  Returns:
    Arrays like `outputs`.
  """
  preset = dict(preset or {})
  aliases = dict(enumerate(preset))

  def without_preset(*refs):
    return kernel(*refs[len(preset) :])

  def run(*args, interpret):
    return pl.pallas_call(
      without_preset,
      outputs,
      grid=grid,
      input_output_aliases=aliases,
      interpret=interpret,
      compiler_params=triton.CompilerParams(num_warps=warps, num_stages=1),
    )(*args)

  return jax.lax.platform_dependent(
    *preset.values(),
    *inputs,
    cpu=functools.partial(run, interpret=True),
    default=functools.partial(run, interpret=False),
  )


def num_blocks(size: Count, block: int) -> Count:
  """How many blocks it takes to cover `size`."""
  return (size + block - 1) // block
