# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How often a tiny network learns, by the mean and spread of its first weights.

Four inputs, two outputs, two examples: the spikes (0, 0, 1, 2) and
(0, 0, 2, 1) (s). Many networks are trained side by side.
"""

import csv
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict
from tqdm import tqdm

from experiments import bats_task
from experiments.settings import chosen
from snnjax import event, viz
from snnjax.training.run import open_folder

_TIMES = np.array([[0, 0, 1, 2], [0, 0, 2, 1]], np.float32)[..., None]
_LABELS = (0, 1)


def run(config: ConfigDict, workdir: Path) -> None:
  """Trains from every point of the grid and writes the mean best accuracy.

  It writes `convergence.csv` (mean, standard deviation, accuracy; an empty row
  between standard deviations), `convergence.npz` and the heat map
  `convergence.png`.
  """
  grid = config.grid
  if grid.num < 2:
    raise ValueError(f'config.grid.num must be at least 2; got {grid.num}')
  open_folder(workdir, {'config': config.to_dict()}, may_change=())
  places = np.round(np.linspace(0, grid.last, grid.num), 6)
  train = _trainer(config)
  key = jax.random.key(config.seed)
  accuracies = np.stack(
    [
      np.asarray(train(jax.random.fold_in(key, row), places, std))
      for row, std in enumerate(tqdm(places, unit='row', disable=None))
    ]
  )
  table, arrays = (workdir / f'convergence.{end}' for end in ('csv', 'npz'))
  with viz.replacing(table) as draft, draft.open('w', newline='') as file:
    writer = csv.writer(file)
    for std, row in zip(places, accuracies, strict=True):
      writer.writerows(
        (mean, std, float(value))
        for mean, value in zip(places, row, strict=True)
      )
      writer.writerow([])
  with viz.replacing(arrays) as draft, draft.open('wb') as file:
    np.savez(file, mean=places, std=places, accuracy=accuracies)
  half = places[1] / 2
  ends = -half, places[-1] + half
  figure = viz.new_figure(5.5, 4.5)
  ax = figure.subplots()
  viz.heat_map(
    ax,
    accuracies,
    label='Best accuracy, mean',
    limits=(0.5, 1),
    extent=(*ends, *ends),
  )
  ax.set(xlabel='Mean weight', ylabel='Standard deviation')
  viz.save(figure, workdir / 'convergence.png')
  share = np.mean(accuracies == 1)
  print(f'Mean best accuracy over the grid: {100 * accuracies.mean():.2f} %')
  print(f'Points from which every network learns: {100 * share:.1f} %')
  print(f'The run is in {workdir.resolve()}')


def _trainer(config):
  """Makes `(key, means [M], std) -> mean best accuracy [M]`."""
  model, train = config.model, config.train
  neuron = event.EventNeuron(
    model.tau_syn, model.thresholds[0], model.thresholds[0]
  )
  reading = chosen(bats_task.readings(config), 'train.loss', train.loss)

  def outputs(weights):
    return event.event_layer(
      weights, jnp.asarray(_TIMES), neuron, model.max_spikes[0], model.t_max
    )

  def loss(weights):
    times, labels = outputs(weights), jnp.array(_LABELS)
    is_right = reading.predict(times) == labels
    return jnp.mean(reading.loss(times, labels)), jnp.mean(is_right)

  def learn(weights):
    def update(weights, _):
      gradient, accuracy = jax.grad(loss, has_aux=True)(weights)
      return weights - train.lr * gradient, accuracy

    return jax.lax.scan(update, weights, length=train.num_epochs)[1].max()

  @jax.jit
  def run(key, means, std):
    shape = len(means), config.grid.repeats, _TIMES.shape[1], 2
    weights = means[:, None, None, None] + std * jax.random.normal(key, shape)
    return jax.vmap(jax.vmap(learn))(weights).mean(1)

  return run
