# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a run of `experiments.stdp` leaves: figures, numbers, the network.

All is made from the records and the checkpoints, so it can be made again.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import jax
import numpy as np
from ml_collections import ConfigDict

from experiments import stdp_task
from snnjax import data, metrics, training, viz
from snnjax.plasticity import labels, ngram
from snnjax.types import Batches, Source, Task

_LONGEST_FILM = 100


class Assessment(NamedTuple):
  """What a frozen network makes of the test images.

  Attributes:
    assigned: its neurons' labels.
    confusion: `[L, L]`, true by predicted.
    silent: images without an output spike.
  """

  assigned: labels.Assignment
  confusion: np.ndarray
  silent: int

  def numbers(self) -> dict[str, float | list[float]]:
    """Accuracy, its mean over classes, and the recall of each class."""
    size = self.confusion.sum(axis=1)
    recalls = np.diag(self.confusion) / np.maximum(size, 1)
    return {
      'accuracy': float(np.trace(self.confusion) / size.sum()),
      'balanced_accuracy': float(recalls[size > 0].mean()),
      'recalls': recalls.tolist(),
      'silent_images': self.silent,
    }


def draw(
  config: ConfigDict,
  task: Task,
  state: stdp_task.State,
  sources: dict[str, Source],
  workdir: Path,
) -> None:
  """Writes everything, from the last state and what lies in the folder."""
  figures, shape = workdir / 'figures', (config.input_size, config.input_size)
  assess = _assessor(config, task, sources)
  best = training.restore_best(workdir, state)
  last = assessment = assess(state)
  if best.step != state.step:
    assessment = assess(best)
  results = {'best': assessment.numbers(), 'last': last.numbers()}
  _save_network(workdir / 'network_best.npz', best, assessment)
  _save_network(workdir / 'network_last.npz', state, last)
  if config.ngram:
    results['last']['accuracy_ngram'] = _by_ngrams(config, state, sources)
  text = json.dumps(results, indent=2)
  (workdir / 'results.json').write_text(text + '\n', encoding='utf-8')
  names = sources['test'].class_names

  figure = viz.new_figure(7, 6)
  viz.confusion(figure.subplots(), last.confusion, names)
  viz.save(figure, figures / 'confusion.png')
  figure = viz.new_figure(8, 7)
  viz.receptive_fields(figure.subplots(), state.params.weights, shape)
  viz.save(figure, figures / 'receptive_fields.png')
  figure = viz.new_figure(6, 5)
  viz.assignment_map(figure.subplots(), last.assigned.label, names)
  viz.save(figure, figures / 'assignments.png')
  saved = training.all_params(workdir, state.params)
  frames = [viz.mosaic(params.weights, shape) for _, params in saved]
  frames = frames[:: -(-len(frames) // _LONGEST_FILM)]
  viz.save_animation(
    figures / 'receptive_fields.gif',
    np.stack(frames),
    frames_per_second=2,
    colormap='hot_r',
  )
  _draw_accuracies(config, workdir)
  _draw_example(config, state, sources['test'], figures)


def _assessor(config, task, sources) -> Callable[..., Assessment]:
  probe = jax.jit(task.probe)
  show = stdp_task.frozen(config)
  count = jax.jit(lambda params, batch: show(params, batch).counts)

  @jax.jit
  def read(counts, stats):
    return stdp_task.scores(counts, stats)[config.label_mode]

  num = len(sources['test'].class_names)

  def assess(state):
    stats = metrics.add_all(
      probe(state, batch) for batch in held_in(config, sources)()
    )
    confusion, silent = np.zeros((num, num), int), 0
    assigned = labels.assign(stats.responses)
    for batch in _tests(config, sources)():
      counts = count(state.params, batch)
      is_example = np.asarray(batch.mask) > 0
      predicted = np.argmax(read(counts, stats), axis=1)
      silent += int(np.sum(np.sum(counts, axis=1)[is_example] == 0))
      pairs = batch.labels[is_example], predicted[is_example]
      np.add.at(confusion, pairs, 1)
    return Assessment(assigned, confusion, silent)

  return assess


def held_in(config: ConfigDict, sources: dict[str, Source]) -> Batches:
  """Makes the batches of training images that label the frozen network."""
  source = data.take(sources['train'], slice(config.n_assign))
  return data.evaluation_batches(source, config.test_batch_size)


def _tests(config, sources):
  return data.evaluation_batches(sources['test'], config.test_batch_size)


def _save_network(path, state, assessment):
  assigned = assessment.assigned
  with viz.replacing(path) as draft, draft.open('wb') as file:
    np.savez(
      file,
      w=np.asarray(state.params.weights).T,  # [inputs, neurons], as BindsNET
      theta=np.asarray(state.params.theta),
      assignments=np.asarray(assigned.label),
      proportions=np.asarray(assigned.proportions),
      rates=np.asarray(assigned.rates),
    )


def _by_ngrams(config, state, sources):
  """Accuracy by the order of spikes; slow, on the host."""
  show = stdp_task.frozen(config)
  fire = jax.jit(lambda *seen: show(*seen).neurons.spikes > 0)
  n, num = config.ngram, config.n_classes

  def examples(batches):
    for batch in batches():
      is_example = np.asarray(batch.mask) > 0
      spikes = np.asarray(fire(state.params, batch))
      yield spikes[:, is_example], np.asarray(batch.labels)[is_example]

  scores, is_right = {}, []
  for spikes, of_batch in examples(held_in(config, sources)):
    scores = ngram.update(scores, spikes, of_batch, num, n)
  for spikes, of_batch in examples(_tests(config, sources)):
    predicted = np.argmax(ngram.votes(scores, spikes, num, n), axis=1)
    is_right.extend(predicted == of_batch)
  return float(np.mean(is_right))


def _draw_accuracies(config, workdir):
  records = training.read_records(workdir)
  records = [r for r in records if r['split'] == 'test']
  seen = np.array([r['step'] * config.batch_size for r in records])
  kinds = ('all', 'proportion', 'linear', 'all_running', 'proportion_running')
  figure = viz.new_figure()
  ax = figure.subplots()
  for k, kind in enumerate(kinds):
    values = [r['metrics'][f'accuracy_{kind}'] for r in records]
    viz.curve(
      ax,
      seen,
      100 * np.array(values),
      x_label='Images seen',
      y_label='Test accuracy (%)',
      label=kind.replace('_', ', '),
      color=viz.color(k, len(kinds)),
    )
  ax.legend(frameon=False)
  viz.save(figure, workdir / 'figures' / 'accuracy.png')


def _draw_example(config, state, test, folder):
  """The first test image: spikes of both populations, and membranes."""
  batch = next(iter(data.evaluation_batches(data.take(test, slice(1)), 1)()))
  spikes, _, seen = jax.jit(stdp_task.frozen(config))(state.params, batch)
  label = test.class_names[test.labels[0]]
  for name, of in (('input', spikes), ('output', seen.spikes)):
    figure = viz.new_figure()
    ax = figure.subplots()
    viz.raster(ax, of[:, 0], seconds_per_step=config.dt / 1000)
    ax.set_title(f'Test image 0 ({label}), {name}')
    viz.save(figure, folder / f'{name}_raster.png')
  figure = viz.new_figure(8, 6)
  viz.traces(
    figure,
    seen.membrane[:, 0],
    seen.spikes[:, 0],
    seconds_per_step=config.dt / 1000,
  )
  viz.save(figure, folder / 'voltages.png')
