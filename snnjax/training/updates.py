# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Updates in chunks: one compiled call each, checked for finite values."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import jax
import numpy as np
from jax.stages import Compiled

from snnjax.metrics import means
from snnjax.training.contract import require_sums
from snnjax.training.evaluation import one_behind, total
from snnjax.types import Batch, Metrics, PyTree, Stream, Sums, Task


class NonFiniteLoss(FloatingPointError):
  """Training diverged; the state that it led to was not saved."""


def compile_updates(
  task: Task,
  train: Stream,
  state: PyTree,
  lengths: Collection[int],
  compiler_options: Mapping[str, Any] | None = None,
) -> dict[int, Compiled]:
  """Compiles the scan of `task.update`, ahead of time.

  Args:
    task: whose update it is.
    train: gives the batches' shapes.
    state: gives the state's.
    lengths: numbers of updates per call.
    compiler_options: of XLA.

  Returns:
    For each length K, `(state, batches [K, B, ...]) -> (state, sums [K])`,
    which takes the state's memory.
  """

  def run(state, batches):
    # A single update must not become a loop: on a CPU, gradients of
    # `jax.lax` convolutions are some twenty times slower inside one
    # (those of `snnjax.convolution` are not).
    is_single = batches.mask.shape[0] == 1
    return jax.lax.scan(task.update, state, batches, unroll=is_single)

  jitted, batch = jax.jit(run, donate_argnums=0), train.batch(0)
  programs = {}
  for length in lengths:
    lowered = jitted.lower(state, stack([batch] * length))
    require_sums(lowered.out_info[1], 'update (with loss_fn)', (length,))
    programs[length] = lowered.compile(dict(compiler_options or {}))
  return programs


def peak_mib(program: Compiled) -> float | None:
  """The memory that a compiled program takes; None where XLA does not say.

  `peak_memory_in_bytes` leaves the CPU's temporary buffers out.
  """
  memory = program.memory_analysis()
  if memory is None:
    return None
  peak = (
    memory.argument_size_in_bytes
    + memory.output_size_in_bytes
    - memory.alias_size_in_bytes
    + memory.temp_size_in_bytes
  )
  return peak / 2**20


def run_updates(
  programs: Mapping[int, Compiled],
  train: Stream,
  state: PyTree,
  steps: range,
  *,
  chunk: int,
  advance: Callable[[int, Metrics], None],
  watch: Callable[[int, Metrics], None],
) -> tuple[PyTree, Metrics]:
  """Makes updates; the host stacks a chunk while the device runs another.

  Args:
    programs: from `compile_updates`, for `chunk` and for what remains.
    train: batches by step.
    state: is used up.
    steps: consecutive ones.
    chunk: updates per call, counted from the first step.
    advance: told the number of updates made and the means of their sums.
    watch: told the step that they lead to and the same means.

  Returns:
    The state, and the means over all examples seen.

  Raises:
    NonFiniteLoss: if a sum of an update is not finite.
  """

  def run_chunks():
    nonlocal state
    for i in range(0, len(steps), chunk):
      part = steps[i : i + chunk]
      batches = stack([train.batch(step) for step in part])
      state, sums = programs[len(part)](state, batches)
      yield part[0], len(part), sums

  parts = []
  for first, num_updates, sums in one_behind('train', run_chunks()):
    _check_finite(train, first, sums)
    parts.append(total([sums]))
    chunk_means = means(parts[-1])
    watch(first + num_updates, chunk_means)
    advance(num_updates, chunk_means)
  return state, means(total(parts))


def stack(batches: Sequence[Batch]) -> Batch:
  """Puts batches of one shape side by side, every leaf `[K, ...]`."""
  return jax.tree.map(lambda *leaves: np.stack(leaves), *batches)


def _check_finite(train: Stream, first: int, sums: Sums) -> None:
  fine = np.all([np.isfinite(mean.total) for mean in sums.values()], axis=0)
  if fine.all():
    return
  at = int(np.argmin(fine))
  step = first + at
  values = {name: float(mean.total[at]) for name, mean in sums.items()}
  batch = train.batch(step)
  examples = np.asarray(batch.index)[np.asarray(batch.mask) > 0]
  raise NonFiniteLoss(
    f'the sums of an update must be finite; after {step} updates (epoch '
    f'{step // train.steps_per_epoch}) those over the examples '
    f'{examples.tolist()} are {values}'
  )
