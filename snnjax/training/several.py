# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Several runs of a task that differ in their seed, in one compiled program.

Meant for devices that one run does not fill, as a GPU with a small network.
A run equals one by itself up to rounding, since sums may be taken in another
order; in spiking networks that grows with every update, until spikes differ.
"""

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from snnjax.training.updates import stack
from snnjax.types import Array, Batch, Mean, Stream, Sums, Task


def several(task: Task, seeds: Sequence[int]) -> Task:
  """Makes a task of S runs, for `fit` with the stream of `stacked`.

  Args:
    task: of one run; what it does must bear `jax.vmap`.
    seeds: of the runs, each as `fit` would be given it.

  Returns:
    A task whose states have a leading axis, `[S, ...]`: run k is
    `jax.tree.map(lambda leaf: leaf[k], state)`. Its metrics are those of all
    runs together, and of each as `<name>/seed_<seed>`; so the best state is the
    best of them on average. The seed that `fit` is given has no effect; give
    it `config={'seeds': seeds}`, so that it resumes with the same ones only.

  Raises:
    ValueError: if a seed stands twice, or there is none.
  """
  seeds = tuple(seeds)
  if not seeds or len({*seeds}) < len(seeds):
    raise ValueError(f'runs need a seed each, all different; got {seeds}')

  def init(key: Array):
    del key
    keys = jnp.stack([jax.random.key(seed) for seed in seeds])
    return jax.vmap(task.init)(keys)

  def update(states, batches: Batch):
    states, sums = jax.vmap(task.update)(states, batches)
    return states, _named(sums, seeds)

  def evaluate(states, stats, batch: Batch):
    each = jax.vmap(task.evaluate, in_axes=(0, 0, None))(states, stats, batch)
    return _named(each, seeds)

  def probe(states, batch: Batch):
    return jax.vmap(task.probe, in_axes=(0, None))(states, batch)

  return Task(init, update, evaluate, task.score, probe)


def stacked(streams: Sequence[Stream]) -> Stream:
  """Puts the batches of S streams of one length side by side, `[S, B, ...]`.

  Raises:
    ValueError: if their epochs differ in length.
  """
  lengths = {stream.steps_per_epoch for stream in streams}
  if len(lengths) != 1:
    raise ValueError(
      f'streams must have epochs of one length; got {sorted(lengths)} steps'
    )

  def batch(step: int) -> Batch:
    return stack([stream.batch(step) for stream in streams])

  return Stream(lengths.pop(), batch)


def _named(sums: Sums, seeds: tuple[int, ...]) -> Sums:
  """Sums of each run, leaves `[S]`, as one of all runs and one of each."""
  found = {}
  for name, mean in sums.items():
    found[name] = Mean(*map(jnp.sum, mean))
    for k, seed in enumerate(seeds):
      found[f'{name}/seed_{seed}'] = Mean(*(part[k] for part in mean))
  return found
