# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The one training loop: chunks of updates, evaluation, checkpoints, records.

All lies on a fixed grid of steps. An interval of `evaluate_every` steps ends
with evaluation and a checkpoint; it is cut into chunks from its start: of two
lengths at most, and a resumed run repeats an uninterrupted one to the bit (a
GPU must be told so: `XLA_FLAGS=--xla_gpu_deterministic_ops=true`).

At an interval's end come the records, then the checkpoint, then `best/`: where
a run is killed, its last checkpoint says which records count, and these say
which state is best.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import orbax.checkpoint as ocp
from tensorboardX import SummaryWriter

from snnjax.training import checkpoints, records
from snnjax.training.contract import require_score
from snnjax.training.evaluation import evaluator, scores
from snnjax.training.records import Record
from snnjax.training.run import log, open_folder, own_folder, progress
from snnjax.training.updates import (
  NonFiniteLoss,
  compile_updates,
  peak_mib,
  run_updates,
)
from snnjax.types import Array, Batches, Metrics, PyTree, Stream, Task


class _Plan(NamedTuple):
  """What `fit` is asked for, see there."""

  task: Task
  train: Stream
  evals: Mapping[str, Batches]
  num_steps: int
  chunk: int
  every: int
  workdir: Path  # of records
  shared: Path  # of checkpoints
  learning_rate: Callable[[int], Any] | None
  score_split: str | None
  probe_batches: Batches | None
  evaluate_first: bool
  watch: Callable[[int, Metrics], None]
  inspect: Callable[[int, PyTree], None]
  compiler_options: Mapping[str, Any] | None


def fit(
  task: Task,
  train: Stream,
  evals: Mapping[str, Batches],
  *,
  num_steps: int,
  chunk: int,
  workdir: Path | str,
  seed: int,
  config: Mapping[str, Any] | None = None,
  may_change: Collection[str] = ('train.num_epochs',),
  evaluate_every: int | None = None,
  learning_rate: Callable[[int], Any] | None = None,
  score_split: str | None = 'validation',
  probe_batches: Batches | None = None,
  keep: int | None = None,
  evaluate_first: bool = False,
  watch: Callable[[int, Metrics], None] = lambda step, metrics: None,
  inspect: Callable[[int, PyTree], None] = lambda step, state: None,
  compiler_options: Mapping[str, Any] | None = None,
) -> PyTree:
  """Trains from where the folder's last checkpoint stands.

  Args:
    task: what is trained, and how it is judged.
    train: batches by step.
    evals: splits to evaluate, by name.
    num_steps: updates in all; more than before extends a run.
    chunk: updates per compiled call.
    workdir: the run's folder; several processes share it: see `own_folder`.
    seed: of the key for `task.init`.
    config: the experiment's settings, for `config.json` and the log.
    may_change: dotted names in it, of settings or of groups of them, that an
      extended run may have different.
    evaluate_every: steps from checkpoint to checkpoint; default an epoch.
    learning_rate: by step, for the log.
    score_split: picks `best/`; not the test split; None keeps no best.
    probe_batches: held-in batches for `task.probe`.
    keep: how many of the latest checkpoints stay; default all.
    evaluate_first: whether step 0 (epoch -1) is recorded, too; never the best.
    watch: told, after every chunk, the step and the means of its sums.
    inspect: shown the state at every evaluation, before its checkpoint.
    compiler_options: of XLA, for updates.

  Returns:
    The state after `num_steps` updates.

  Raises:
    ValueError: if settings, folder and what the task returns do not fit.
    NonFiniteLoss: if a sum of an update is not finite.
  """
  every = train.steps_per_epoch if evaluate_every is None else evaluate_every
  plan = _Plan(
    task=task,
    train=train,
    evals=evals,
    num_steps=num_steps,
    chunk=min(chunk, every),
    every=every,
    workdir=own_folder(Path(workdir).expanduser()),
    shared=Path(workdir).expanduser(),
    learning_rate=learning_rate,
    score_split=score_split,
    probe_batches=probe_batches,
    evaluate_first=evaluate_first,
    watch=watch,
    inspect=inspect,
    compiler_options=compiler_options,
  )
  _check(plan)
  settings = {
    'seed': seed,
    'steps_per_epoch': train.steps_per_epoch,
    'chunk': plan.chunk,
    'evaluate_every': every,
    'score_split': score_split,
    'num_steps': num_steps,
    'config': dict(config or {}),
  }
  open_folder(
    plan.workdir,
    settings,
    may_change={'num_steps', *(f'config.{name}' for name in may_change)},
  )
  return _resume(plan, jax.random.key(seed), keep)


def _check(plan: _Plan) -> None:
  sizes = plan.chunk, plan.every, plan.num_steps
  if min(sizes) < 1 or plan.num_steps % plan.every:
    raise ValueError(
      'a run must be whole intervals of at least one step; num_steps is '
      f'{plan.num_steps}, evaluate_every {plan.every}, chunk {plan.chunk}; '
      'make num_steps a multiple of evaluate_every'
    )
  split = plan.score_split
  if split is not None and (split == 'test' or split not in plan.evals):
    raise ValueError(
      'score_split must be an evaluated split other than test; got '
      f'{split!r} of {sorted(plan.evals)}; hold examples out, or pass None'
    )


def _resume(plan: _Plan, key: Array, keep: int | None) -> PyTree:
  """Restores the last checkpoint, if there is one, and trains from there."""
  latest_in = plan.shared / checkpoints.LATEST
  best_in = plan.shared / checkpoints.BEST
  with (
    checkpoints.open_for_writing(latest_in, keep=keep) as latest,
    checkpoints.open_for_writing(best_in, keep=1) as best,
  ):
    step = latest.latest_step() or 0
    if step > plan.num_steps:
      raise ValueError(
        f'a run cannot go back; num_steps is {plan.num_steps} and {latest_in} '
        f'holds step {step}; take another workdir'
      )
    state = _initial_state(plan.task, key)
    if step:
      state = checkpoints.restore(latest, step, state)
      log(plan.workdir, f'Resuming from step {step}')
    try:
      return _train(plan, state, step, latest, best)
    except BaseException as stop:
      saved = latest.latest_step()
      good = 'none' if saved is None else latest_in / str(saved)
      where = f'the last good checkpoint is {good}'
      if not isinstance(stop, KeyboardInterrupt | NonFiniteLoss):
        stop.add_note(where)
        raise
      message = f'{str(stop) or "interrupted"}; {where}'
      log(plan.workdir, message)
      raise type(stop)(message) from None


def _initial_state(task: Task, key: Array) -> PyTree:
  # Copies, since updates take the state's memory; and of strong types, as a
  # restored state is.
  def init(key):
    return jax.tree.map(
      lambda leaf: jnp.array(leaf, dtype=jnp.asarray(leaf).dtype, copy=True),
      task.init(key),
    )

  return jax.jit(init)(key)


def _train(
  plan: _Plan,
  state: PyTree,
  step: int,
  latest: ocp.CheckpointManager,
  best: ocp.CheckpointManager,
) -> PyTree:
  """Trains, evaluates, records and saves, interval after interval."""
  known = [r for r in records.truncate(plan.workdir, step or -1) if r['step']]
  _keep_best(plan, known, step, state, best)
  if step == plan.num_steps:
    return state
  evaluate = evaluator(plan.task, plan.probe_batches)
  if split := plan.score_split:
    require_score(plan.task, evaluate.names(state, plan.evals, split))
  lengths = {plan.chunk, plan.every % plan.chunk} - {0}
  programs = compile_updates(
    plan.task, plan.train, state, lengths, plan.compiler_options
  )
  if peak := peak_mib(programs[plan.chunk]):
    log(plan.workdir, f'Peak memory of {plan.chunk} updates: {peak:.3g} MiB')
  with (
    SummaryWriter(
      str(plan.workdir), purge_step=step + 1 if step else 0
    ) as events,
    progress(plan.num_steps, step) as advance,
  ):
    if plan.evaluate_first and not step:
      for split, metrics in evaluate.measure(state, plan.evals).items():
        _record(plan, events, 0, split, metrics)
    for start in range(step, plan.num_steps, plan.every):
      stop = start + plan.every
      _log_start(plan, start)
      state, metrics = run_updates(
        programs,
        plan.train,
        state,
        range(start, stop),
        chunk=plan.chunk,
        advance=advance,
        watch=plan.watch,
      )
      results = {'train': metrics, **evaluate.measure(state, plan.evals)}
      for split, metrics in results.items():
        known.append(_record(plan, events, stop, split, metrics))
      plan.inspect(stop, state)
      checkpoints.save(latest, stop, state)
      _keep_best(plan, known, stop, state, best)
  return state


def _log_start(plan: _Plan, start: int) -> None:
  epoch = start // plan.train.steps_per_epoch
  if epoch != (start - plan.every) // plan.train.steps_per_epoch:
    rate = plan.learning_rate
    text = '' if rate is None else f' | LR: {float(rate(start)):.6g}'
    log(plan.workdir, f'Starting Epoch {epoch}{text}')


def _record(
  plan: _Plan, events: SummaryWriter, step: int, split: str, metrics: Metrics
) -> Record:
  """Writes metrics to all places that show them."""
  epoch = (step - 1) // plan.train.steps_per_epoch  # -1 before training
  record = Record(
    step=step, epoch=epoch, split=split, metrics=metrics, wall_time=time.time()
  )
  records.append(plan.workdir, record)
  for name, value in metrics.items():
    events.add_scalar(f'{split}/{name}', value, step, record['wall_time'])
  events.flush()
  for name, short in (('loss', 'loss'), ('accuracy', 'acc')):
    if name in metrics:
      when = f'Epoch {epoch}' if step else 'Before training'
      title = f'{when} | {split.capitalize()} {short}'
      log(plan.workdir, f'{title}: {metrics[name]:.6g}')
  return record


def _keep_best(
  plan: _Plan,
  known: Iterable[Record],
  step: int,
  state: PyTree,
  best: ocp.CheckpointManager,
) -> None:
  """Saves the state of this step if the records say that it is the best."""
  split = plan.score_split
  scored = scores(plan.task, (r for r in known if r['split'] == split))
  if not scored:
    return
  score, best_step, epoch = max(scored)  # of equals the last
  if best_step == step and best.latest_step() != step:
    checkpoints.save(best, step, state)
  entry = {'step': best_step, 'epoch': epoch, 'split': split, 'score': score}
  records.write_best(plan.workdir, entry)
