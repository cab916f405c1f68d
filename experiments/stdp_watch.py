# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What TensorBoard shows while `experiments.stdp` learns.

Names are those that the source's users know; the step is images seen.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from ml_collections import ConfigDict
from tensorboardX import SummaryWriter

from experiments import stdp_task
from snnjax import viz
from snnjax.types import Metrics


class Watch(NamedTuple):
  """The two ends of `training.fit` that show what is going on.

  Attributes:
    chunk: `(updates made, means of the last ones) -> None`.
    state: `(updates made, state) -> None`.
  """

  chunk: Callable[[int, Metrics], None]
  state: Callable[[int, stdp_task.State], None]


def write_parameters(config: ConfigDict, workdir: Path) -> None:
  """Writes the settings, a line each, and as JSON."""
  settings = config.to_dict()
  lines = [f'{name}: {value}\n' for name, value in settings.items()]
  (workdir / 'parameters.txt').write_text(''.join(lines), encoding='utf-8')
  strict = json.loads(json.dumps(settings), parse_constant=str)  # no Infinity
  text = json.dumps(strict, indent=2)
  (workdir / 'parameters.json').write_text(text + '\n', encoding='utf-8')


@contextmanager
def open_watch(config: ConfigDict, workdir: Path) -> Iterator[Watch]:
  """Opens the events of a run, beside those of `training.fit`."""
  with SummaryWriter(str(workdir), filename_suffix='.stdp') as events:
    yield Watch(_on_chunk(config, events), _on_state(config, events))


def _on_chunk(config, events):
  told, made = time.monotonic(), None

  def on_chunk(step: int, metrics: Metrics) -> None:
    nonlocal told, made
    seen = step * config.batch_size
    shown = {
      'accuracy/all vote': metrics['accuracy_all'],
      'accuracy/proportion weighting': metrics['accuracy_proportion'],
      'spikes/mean': metrics['spikes/output'] / config.n_neurons,
      'spikes/X': metrics['spikes/input'],
      'spikes/Y': metrics['spikes/output'],
      'theta/mean': metrics['theta/mean'],
      'theta/max': metrics['theta/max'],
    }
    now = time.monotonic()
    if made is not None and step > made:
      shown['time/simulation'] = (now - told) / (step - made)
    told, made = now, step
    for name, value in shown.items():
      events.add_scalar(name, value, seen)

  return on_chunk


def _on_state(config, events):
  shape = config.input_size, config.input_size

  def on_state(step: int, state: stdp_task.State) -> None:
    seen = step * config.batch_size
    weights = np.asarray(state.params.weights)
    picture = viz.mosaic_colors(weights, shape)
    events.add_image('weights', picture[..., :3], seen, dataformats='HWC')
    events.add_histogram('weights/values', weights, seen)
    events.add_histogram('theta', np.asarray(state.params.theta), seen)
    assigned = np.asarray(state.running.label)
    events.add_histogram('assignments', assigned, seen)
    events.flush()

  return on_state
