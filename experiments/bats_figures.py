# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The files that a run of `experiments.bats` leaves beside its records.

Names and formats are those that the source's users know: `output_metrics/`,
`best_model/`, `neuron_plots/`, `spike_trains/`. All is drawn from the records
and the checkpoints, so it can be drawn again.
"""

from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict

from experiments import bats_data
from snnjax import data, metrics, training, viz
from snnjax.event.network import EventNetwork
from snnjax.types import Params, Source

_MOST_SPIKES = 15  # the last colour of a neuron plot
_FIRST_NEURONS = 100


def draw(
  config: ConfigDict,
  network: EventNetwork,
  state: training.TrainState,
  test: Source,
  workdir: Path,
) -> None:
  """Writes everything, from the last state and what lies in the folder."""
  records = training.read_records(workdir)
  _export_metrics(config, records, workdir / 'output_metrics')
  best = training.load_params(workdir, state.params)
  for name, leaves in best.items():
    _export_weights(leaves['kernel'], workdir / 'best_model', title(name))
  _draw_activity(config, network, state, test, records, workdir)


def title(layer: str) -> str:
  """The name of a layer as the source writes it: `Hidden layer 1`."""
  return layer.replace('_', ' ').capitalize()


def _export_weights(kernel, folder, name):
  """Saves a kernel as `[O, I]`, or `[C', size, size, C]`, float32."""
  folder.mkdir(exist_ok=True)
  weights = np.moveaxis(np.asarray(kernel, np.float32), -1, 0)
  np.save(folder / f'{name}_weights.npy', weights)


def _export_metrics(config, records, folder):
  """A curve per metric, as numbers and as a picture."""
  trained = config.train.loss
  curves = {}
  for name, factor in (('loss', 1), ('accuracy', 100)):
    for split in ('train', 'test'):
      curves[f'{name}_{split}'] = split, name, factor
    if config.evaluate.losses:
      curves[f'{name}_train_{trained}'] = 'train', name, factor
      for loss in (trained, *config.evaluate.losses):
        full = f'train_{trained}_{name}_{loss}_test'
        curves[full] = 'test', f'{name}_{loss}', factor
  for key in records[-1]['metrics']:
    kind, _, layer = key.partition('/')
    if kind == 'weight_norm':
      curves[f'weight_norm_{title(layer)}'] = 'test', key, 1
  for file, (split, metric, factor) in curves.items():
    of_split = [r for r in records if r['split'] == split]
    epochs = [r['epoch'] + 1 for r in of_split]
    values = [factor * r['metrics'][metric] for r in of_split]
    unit = ' (%)' if factor == 100 else ''
    _export_curve(folder / file, epochs, values, unit)


def _export_curve(path, epochs, values, unit):
  """`epochs` and `values` in an .npz, and the curve in a .png."""
  target = path.with_name(f'{path.name}.npz')
  with viz.replacing(target) as draft, draft.open('wb') as file:
    np.savez(file, epochs=np.array(epochs, float), values=np.array(values))
  label = path.name.replace('_', ' ') + unit
  figure = viz.new_figure()
  viz.curve(figure.subplots(), epochs, values, x_label='Epoch', y_label=label)
  viz.save(figure, path.with_name(f'{path.name}.png'))


def _draw_activity(config, network, state, test, records, workdir):
  """Which neurons fire for which class, and one example's output, by epoch."""
  plots, trains = workdir / 'neuron_plots', workdir / 'spike_trains'
  count = _counter(config, network, test)
  silent = {}
  epoch_of = {record['step']: record['epoch'] + 1 for record in records}
  for step, params in training.all_params(workdir, state.params):
    epoch = epoch_of[step]
    counts, example = count(params)
    for layer, by_class in counts.items():
      silent.setdefault(layer, []).append(
        (epoch, 100 * np.mean(by_class.sum(0) == 0))
      )
      _draw_counts(by_class, title(layer), plots / f'{layer}_{epoch:03d}.png')
      if by_class.shape[1] > _FIRST_NEURONS:
        file = plots / f'{layer}_first_{_FIRST_NEURONS}_{epoch:03d}.png'
        _draw_counts(by_class[:, :_FIRST_NEURONS], title(layer), file)
    figure = viz.new_figure()
    ax = figure.subplots()
    viz.spike_trains(ax, example, t_max=config.model.t_max)
    ax.set_title(f'Test image 0 (class {test.labels[0]}), epoch {epoch}')
    viz.save(figure, trains / f'test_0_{epoch:03d}.png')
  for layer, points in silent.items():
    file = workdir / 'output_metrics' / f'silent_neurons_{title(layer)}'
    epochs, shares = zip(*points, strict=True)
    _export_curve(file, epochs, shares, ' (%)')
  for folder in (plots, trains):
    series = {path.stem[:-4] for path in folder.glob('*_[0-9][0-9][0-9].png')}
    for name in sorted(series):
      pictures = sorted(folder.glob(f'{name}_[0-9][0-9][0-9].png'))
      viz.save_film(folder / f'{name}.gif', pictures)


def _counter(
  config, network, test
) -> Callable[[Params], tuple[dict[str, np.ndarray], np.ndarray]]:
  """Makes `params -> (mean spikes {layer: [C, N]}, output times [O, K])`.

  The means are by class, over the first test examples; the output is that of
  the very first.
  """
  source = data.take(test, slice(config.evaluate.num_drawn))
  batches = data.evaluation_batches(source, config.evaluate.batch_size)
  num_classes = len(test.class_names)
  to_spikes = bats_data.spikes(config)

  @jax.jit
  def count(params, batch):
    crossings = network.apply(params, to_spikes(batch.inputs, None))
    is_class = jax.nn.one_hot(batch.labels, num_classes) * batch.mask[:, None]
    sums = {
      name: is_class.T @ jnp.isfinite(layer.times).sum(-1).astype(jnp.float32)
      for name, layer in crossings.items()
    }
    return (sums, is_class.sum(0)), crossings['output_layer'].times[0]

  def run(params):
    parts, outputs = zip(
      *(count(params, batch) for batch in batches()), strict=True
    )
    sums, sizes = metrics.add_all(parts)
    sizes = np.maximum(sizes, 1)[:, None]
    means = {name: np.asarray(total) / sizes for name, total in sums.items()}
    return means, np.asarray(outputs[0])

  return run


def _draw_counts(counts, name, path):
  figure = viz.new_figure(10, 4)
  ax = figure.subplots()
  viz.heat_map(ax, counts, label='Spikes per example', limits=(0, _MOST_SPIKES))
  ax.set(title=name, xlabel='Neuron', ylabel='Class')
  viz.save(figure, path)
