# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""States on disk, by step: written atomically, restored to the bit.

A thin layer over orbax. A run's folder holds `checkpoints/<step>/` and
`best/<step>/`; a step that was being written when the process died keeps a
temporary name, is never read, and is swept away by the next run.
"""

from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import orbax.checkpoint as ocp

from snnjax.types import Params, PyTree

LATEST, BEST = 'checkpoints', 'best'
_ITEM = 'state'


def _manager(folder: Path, **options) -> ocp.CheckpointManager:
  return ocp.CheckpointManager(
    folder.absolute(),
    options=ocp.CheckpointManagerOptions(
      enable_async_checkpointing=False, **options
    ),
    handler_registry=ocp.handlers.create_default_handler_registry(
      **{_ITEM: ocp.PyTreeCheckpointHandler()}
    ),
  )


def _open_for_reading(folder: Path) -> ocp.CheckpointManager:
  """Opens a folder for this process alone, whether or not others are there."""
  own = jax.process_index()
  alone = ocp.options.MultiprocessingOptions(
    primary_host=own,
    active_processes={own},
    barrier_sync_key_prefix=f'process_{own}',
  )
  return _manager(folder, multiprocessing_options=alone, create=False)


def open_for_writing(
  folder: Path, *, keep: int | None = None
) -> ocp.CheckpointManager:
  """Opens a folder of checkpoints; a context manager.

  Args:
    folder: made if it is not there. What an interrupted save left is removed,
      so only one run may write.
    keep: how many of the latest steps stay; default all.

  Returns:
    The manager for `save` and `restore`.

  Raises:
    ValueError: if none would stay.
  """
  if keep is not None and keep < 1:
    raise ValueError(
      f'keep must be at least 1: a run resumes from what stays; got {keep}'
    )
  policy = ocp.checkpoint_managers.LatestN(keep)
  return _manager(
    folder, preservation_policy=policy, cleanup_tmp_directories=True
  )


def save(manager: ocp.CheckpointManager, step: int, state: PyTree) -> None:
  """Writes a state; it is there as a whole or not at all.

  Args:
    manager: from `open_for_writing`.
    step: later than all steps saved before.
    state: a pytree of arrays, typed keys included.
  """
  item = ocp.args.Composite(**{_ITEM: ocp.args.PyTreeSave(state)})
  manager.save(step, args=item, force=True)


def restore(
  manager: ocp.CheckpointManager,
  step: int,
  template: PyTree,
  *,
  is_part: bool = False,
) -> PyTree:
  """Reads a state as it was saved: bits, types and typed keys.

  Args:
    manager: of the folder.
    step: which.
    template: arrays or `jax.ShapeDtypeStruct`s; the result has their
      structure, and their sharding where they have one.
    is_part: whether the checkpoint may hold more than the template.

  Returns:
    The state.

  Raises:
    ValueError: if names, shapes or types are not the template's.
  """
  metadata = manager.metadata(step).item_metadata
  saved = _kinds(metadata[_ITEM].tree) if metadata else {}
  asked = _kinds(template)
  names = asked if is_part else asked | saved
  wrong = [name for name in names if saved.get(name) != asked.get(name)]
  if wrong:
    evidence = ', '.join(
      f'{name} is {saved.get(name)} saved and {asked.get(name)} here'
      for name in sorted(wrong)[:4]
    )
    raise ValueError(
      f'a checkpoint must hold the leaves that are asked for; {evidence} '
      f'({len(wrong)} in all, {manager.directory}/{step}); restore with the '
      'model and optimiser that wrote it'
    )
  default = jnp.zeros(()).sharding
  template = jax.tree.map(
    lambda leaf: jax.ShapeDtypeStruct(
      leaf.shape,
      leaf.dtype,
      sharding=getattr(leaf, 'sharding', None) or default,
    ),
    template,
  )
  item = ocp.args.PyTreeRestore(
    template,
    restore_args=ocp.checkpoint_utils.construct_restore_args(template),
    partial_restore=is_part,
  )
  return manager.restore(step, args=ocp.args.Composite(**{_ITEM: item}))[_ITEM]


def restore_latest(workdir: Path | str, template: PyTree) -> PyTree:
  """Reads the last state of a run; see `restore`."""
  return _restore_last(Path(workdir) / LATEST, template)


def restore_best(workdir: Path | str, template: PyTree) -> PyTree:
  """Reads the state of a run that scored best; see `restore`."""
  return _restore_last(Path(workdir) / BEST, template)


def latest_step(workdir: Path | str) -> int:
  """The step of a run's last checkpoint; 0 if there is none."""
  return max(_steps(Path(workdir) / LATEST), default=0)


def all_params(
  workdir: Path | str, template: Params
) -> Iterator[tuple[int, Params]]:
  """Reads the parameters of every checkpoint that a run has kept.

  Args:
    workdir: a run whose state has a field `params`.
    template: the parameters' structure, shapes and types; see `restore`.

  Yields:
    The step, ascending, and the parameters.
  """
  with _open_for_reading(Path(workdir) / LATEST) as manager:
    for step in sorted(manager.all_steps()):
      item = restore(manager, step, {'params': template}, is_part=True)
      yield step, item['params']


def load_params(workdir: Path | str, template: Params) -> Params:
  """Reads another run's parameters, and nothing else of its state.

  Args:
    workdir: a run whose state has a field `params`; its best state counts, or
      the last one if it kept no best.
    template: the parameters' structure, shapes and types; see `restore`.

  Returns:
    The parameters.
  """
  folder = Path(workdir) / BEST
  if not _steps(folder):
    folder = Path(workdir) / LATEST  # a run without a best, or not yet
  return _restore_last(folder, {'params': template}, is_part=True)['params']


def _steps(folder):
  return [int(path.name) for path in folder.glob('*') if path.name.isdigit()]


def _restore_last(folder, template, *, is_part=False):
  if folder.is_dir():
    with _open_for_reading(folder) as manager:
      step = manager.latest_step()
      if step is not None:
        return restore(manager, step, template, is_part=is_part)
  raise FileNotFoundError(
    f'a run to restore from must hold a checkpoint; found none in {folder}; '
    'check the folder, or train first'
  )


def _kinds(tree) -> dict[str, str]:
  """Shape and type by name; of a key those of its bits, as orbax tells them."""
  kinds = {}
  for path, leaf in jax.tree.leaves_with_path(tree):
    if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
      leaf = jax.eval_shape(jax.random.key_data, leaf)
    name = jax.tree_util.keystr(path, simple=True, separator='/')
    kinds[name] = f'{jnp.dtype(leaf.dtype).name}{tuple(leaf.shape)}'
  return kinds
