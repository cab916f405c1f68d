# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the settings of `experiments.stdp` to a network and its task.

Nothing learns but in `update`. Labels are of two kinds: running ones, which a
window of training images after the other renews while the network learns, and
those that the frozen network is given by `probe` before it is evaluated.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from ml_collections import ConfigDict

from experiments import stdp_data
from experiments.settings import chosen
from snnjax import devices, metrics, plasticity
from snnjax.plasticity import labels, linear, neurons, reductions, rules
from snnjax.types import Array, Batch, Sums, Task

_RIDGE = 1e-2
_REDUCTIONS = {
  'sum': reductions.total,
  'mean': reductions.mean,
  'max': reductions.maximum,
}
_VOTES = {
  'all': labels.all_activity,
  'proportion': labels.proportion_weighting,
}


class State(NamedTuple):
  """What a run carries.

  Attributes:
    params: of the network.
    running: labels of the neurons, from windows of training images.
    window: responses since they were renewed.
    key: of the run.
    step: updates made.
  """

  params: plasticity.Params
  running: labels.Assignment
  window: labels.Responses
  key: Array
  step: Array


class Shown(NamedTuple):
  """What a frozen network does with a batch.

  Attributes:
    spikes: of the inputs, `[T, B, I]`.
    counts: of the neurons' spikes, `[B, N]`.
    neurons: all of them at every step, leaves `[T, B, N]`.
  """

  spikes: Array
  counts: Array
  neurons: neurons.Population


class HeldIn(NamedTuple):
  """What labels a frozen network; sums over training images."""

  responses: labels.Responses
  moments: linear.Moments


def make_network(
  config: ConfigDict, factor: Array | float = 1.0
) -> plasticity.Network:
  """Makes the network that the settings describe.

  Args:
    config: the settings.
    factor: of the learning rates.
  """
  dt, num_inputs = config.dt / 1000, config.input_size**2
  reduction = chosen(_REDUCTIONS, 'reduction', config.reduction)
  depression, potentiation = config.nu
  make = chosen(
    {
      'two_population': plasticity.two_population,
      'three_population': functools.partial(
        plasticity.three_population, excitation=config.exc
      ),
    },
    'network',
    config.network,
  )
  return make(
    num_inputs,
    config.n_neurons,
    dt=dt,
    inhibition=config.inh,
    neuron=neurons.adaptive(
      dt=dt,
      theta_plus=config.theta_plus,
      theta_max=config.theta_max,
      tau_theta=config.tc_theta_decay / 1000,
    ),
    rule=rules.post_pre(
      depression=depression * factor,
      potentiation=potentiation * factor,
      reduce=reduction(),
    ),
    norm=config.norm or 0.1 * num_inputs,
  )


def make_task(config: ConfigDict, num_steps: int) -> Task:
  """Makes the task of learning without labels.

  Args:
    config: the settings.
    num_steps: updates in all, for the learning rates.
  """
  chosen({**_VOTES, 'linear': None}, 'label_mode', config.label_mode)
  num_labels, show = config.n_classes, frozen(config)

  def init(key):
    of_weights, of_run = jax.random.split(key)
    nothing = jnp.zeros((config.n_neurons, num_labels))
    return State(
      params=plasticity.init(make_network(config), of_weights),
      running=labels.unassigned(config.n_neurons, num_labels),
      window=labels.Responses(nothing, jnp.zeros(num_labels)),
      key=of_run,
      step=jnp.zeros((), jnp.int32),
    )

  def probe(state: State, batch: Batch) -> HeldIn:
    counts = show(state.params, batch).counts
    seen = counts, batch.labels, batch.mask, num_labels
    return HeldIn(labels.responses(*seen), linear.moments(*seen))

  def evaluate(state: State, stats: HeldIn, batch: Batch) -> Sums:
    spikes, counts, _ = show(state.params, batch)
    sums = _activity(state.params, spikes, counts, batch)
    running = _accuracies(counts, state.running, batch)
    sums |= {f'{name}_running': mean for name, mean in running.items()}
    for name, scored in scores(counts, stats).items():
      sums[f'accuracy_{name}'] = _right(scored, batch)
    sums['accuracy'] = sums[f'accuracy_{config.label_mode}']
    return sums

  update = _make_update(config, num_steps)
  return Task(init, update, evaluate, probe=probe)


def _make_update(config, num_steps):
  encode = stdp_data.spikes(config)
  per_window, num_labels = updates_per_window(config), config.n_classes

  def update(state: State, batch: Batch) -> tuple[State, Sums]:
    of_spikes, of_choice = jax.random.split(
      jax.random.fold_in(state.key, state.step)
    )
    factor = 1 - (1 - config.nu_final) * state.step / num_steps
    spikes = encode(jnp.asarray(batch.inputs), of_spikes)
    params, counts, _ = plasticity.present(
      make_network(config, factor),
      state.params,
      spikes,
      of_choice,
      learning=True,
    )
    sums = _activity(params, spikes, counts, batch)
    sums |= _accuracies(counts, state.running, batch)
    kind = 'all' if config.label_mode == 'all' else 'proportion'
    sums['accuracy'] = sums[f'accuracy_{kind}']
    window = metrics.add(
      state.window,
      labels.responses(counts, batch.labels, batch.mask, num_labels),
    )
    step = state.step + 1
    running, window = jax.lax.cond(
      step % per_window == 0,
      lambda: (
        labels.assign(window, state.running.rates),
        jax.tree.map(jnp.zeros_like, window),
      ),
      lambda: (state.running, window),
    )
    return State(params, running, window, state.key, step), sums

  return update


def frozen(config: ConfigDict) -> Callable[[plasticity.Params, Batch], Shown]:
  """Makes the function that shows images to a network which does not learn.

  The same batch is always encoded alike.
  """
  network, encode = make_network(config), stdp_data.spikes(config)

  def show(params, batch):
    key = jax.random.fold_in(jax.random.key(0), batch.index[0])
    of_spikes, of_choice = jax.random.split(key)
    spikes = encode(jnp.asarray(batch.inputs), of_spikes)
    _, counts, seen = plasticity.present(
      network,
      params,
      spikes,
      of_choice,
      learning=False,
      observe=lambda params, now: now.excitatory,
    )
    return Shown(spikes, counts, seen)

  return show


def compiler_options() -> dict[str, bool]:
  """What XLA is told: on a CPU, products of a step are too small to share."""
  return {'xla_cpu_multi_thread_eigen': False} if devices.is_cpu() else {}


def updates_per_window(config: ConfigDict) -> int:
  """Updates between two renewals of the running labels."""
  return max(config.update_interval // config.batch_size, 1)


def length(config: ConfigDict, steps_per_epoch: int) -> tuple[int, int]:
  """Counts updates: in all, and from one evaluation to the next.

  A run ends with an evaluation, so it may be longer than its epochs.
  """
  epoch = _updates(config, config.n_samples) or steps_per_epoch
  every = min(_updates(config, config.test_every) or epoch, epoch)
  return -(-config.epochs * epoch // every) * every, every


def may_change(config: ConfigDict, is_finished: bool) -> tuple[str, ...]:
  """The settings that a run may have different when it is started again.

  Labels can be read again from a finished run, while one that goes on compares
  its accuracies; learning rates that fall have its length in them.
  """
  names = ['ngram']
  if is_finished:
    names += 'label_mode', 'n_assign'
  if config.nu_final == 1:
    names.append('epochs')
  return tuple(names)


def _updates(config, images):
  return max(images // config.batch_size, 1) if images else 0


def scores(counts: Array, stats: HeldIn) -> dict[str, Array]:
  """Labels a frozen network, and reads counts in every `label_mode`.

  Args:
    counts: `[B, N]`.
    stats: of training images.

  Returns:
    Scores of labels `[B, L]`, by mode.
  """
  assignment = labels.assign(stats.responses)
  scored = {name: vote(counts, assignment) for name, vote in _VOTES.items()}
  readout = linear.solve(stats.moments, _RIDGE)
  return scored | {'linear': linear.scores(counts, readout)}


def _accuracies(counts, assignment, batch):
  return {
    f'accuracy_{name}': _right(vote(counts, assignment), batch)
    for name, vote in _VOTES.items()
  }


def _right(scored, batch):
  predictions = jnp.argmax(scored, axis=1)
  return metrics.accuracy(predictions, batch.labels, batch.mask)


def _activity(params, spikes, counts, batch):
  inputs = jnp.sum(spikes, axis=(0, 2), dtype=jnp.float32)
  fired = jnp.sum(counts, axis=1)
  one = jnp.ones(())
  return {
    'spikes/input': metrics.mean_of(inputs, batch.mask),
    'spikes/output': metrics.mean_of(fired, batch.mask),
    'silent_images': metrics.mean_of(
      (fired == 0).astype(jnp.float32), batch.mask
    ),
    'theta/mean': metrics.Mean(jnp.mean(params.theta), one),
    'theta/max': metrics.Mean(jnp.max(params.theta), one),
  }
