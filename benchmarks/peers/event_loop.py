# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The plain C loops over events, compiled on the fly."""

import ctypes
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import event_step
from benchmarks.timing import Contender

PACKAGES = ('numpy',)
_SOURCE = Path(__file__).with_suffix('.c')
_FLAGS = '-O3', '-march=native', '-fopenmp', '-shared', '-fPIC'


class Events(NamedTuple):
  times: np.ndarray  # [B, E] (s), ascending, padded with inf
  sources: np.ndarray  # int32 [B, E]
  y: np.ndarray  # [B, E], e^(times/τ)


class Layer:
  """All-to-all connected neurons; their arrays are written in place."""

  def __init__(
    self,
    weights: np.ndarray,
    batch: int,
    *,
    tau_syn: float,
    threshold: float,
    room: int,
    t_max: float,
  ):
    """Takes weights `[I, O]` and makes room for so many spikes of a neuron."""
    self.weights = np.ascontiguousarray(weights.T)
    like = (3, *self.weights.shape)
    self.by_weights, self.mean, self.square = np.zeros(like, np.float32)
    self.tau, self.threshold, self.t_max = 2 * tau_syn, threshold, t_max
    shape = batch, weights.shape[1], room
    self.found, self.slopes, self.errors = np.zeros((3, *shape), np.float32)
    spikes = batch, weights.shape[1] * room
    self._slots = np.zeros(spikes, np.int32)
    self._ordered = Events(
      *(np.zeros(spikes, kind) for kind in (np.float32, np.int32, np.float32))
    )

  def events(self, times: np.ndarray, sources: np.ndarray) -> Events:
    """Prepares inputs."""
    y = np.exp(np.where(np.isfinite(times), times, 0) / self.tau)
    return Events(times, sources, y.astype(np.float32))

  def forward(self, events: Events) -> int:
    """Writes `found` and `slopes`; returns the number of spikes."""
    written = self.found, self.slopes
    return _call(
      'find_spikes',
      *self._layer(events),
      self.tau,
      self.threshold,
      self.threshold,
      *self._ends(),
      *written,
    )

  def ordered(self) -> Events:
    """Returns what was found as inputs of the next layer."""
    times, sources, y = self._ordered
    written = times, sources, self._slots, y
    sizes = self.found.shape
    _call('order_spikes', self.found, *sizes, self.tau, self.t_max, *written)
    return self._ordered

  def backward(self, events: Events, by_times: np.ndarray | None) -> None:
    """Writes `by_weights` and, where wanted, `by_times` from `errors`."""
    if by_times is not None:
      by_times.fill(0)
    _call(
      'pass_back',
      *self._layer(events),
      self.tau,
      self.threshold,
      *self._ends(),
      self.found,
      self.slopes,
      self.errors,
      self.by_weights,
      by_times,
    )

  def take_errors(self, by_times: np.ndarray) -> None:
    """Writes `errors` from those of the events that `ordered` returned."""
    self.errors.fill(0)
    errors = self.errors.reshape(len(by_times), -1)
    counts = np.isfinite(self.found).sum((1, 2))
    for own, slots, error, n in zip(
      errors, self._slots, by_times, counts, strict=True
    ):
      own[slots[:n]] = error[:n]

  def update(self, step: int, rate: float) -> None:
    """Follows the gradient by Adam."""
    arrays = self.weights, self.mean, self.square, self.by_weights
    _call('adam', *arrays, self.weights.size, step, rate)

  def _layer(self, events):
    sizes = *events.times.shape, *self.weights.shape[::-1]
    return self.weights, *events, *sizes

  def _ends(self):
    return self.found.shape[-1], self.t_max


def event_forward(problem: event_step.Problem) -> Contender:
  """Finds the hidden layer's spikes."""
  hidden = _layers(problem)[0]
  events = hidden.events(problem.times, problem.sources)

  def read(number):
    times = hidden.found[np.isfinite(hidden.found)].astype(np.float64)
    return {'spikes': number, 'times': np.linalg.norm(times)}

  return Contender(0, lambda _: hidden.forward(events), read)


def event_backward(problem: event_step.Problem) -> Contender:
  """Sums the hidden layer's spike times and differentiates by weights."""
  hidden = _layers(problem)[0]
  events = hidden.events(problem.times, problem.sources)

  def step(_):
    hidden.forward(events)
    is_spike = np.isfinite(hidden.found)
    hidden.errors[:] = is_spike
    hidden.backward(events, None)
    return np.where(is_spike, hidden.found, 0).sum()

  def read(total):
    return {'loss': total, 'hidden/kernel': np.linalg.norm(hidden.by_weights)}

  return Contender(0.0, step, read)


def whole_step(problem: event_step.Problem) -> Contender:
  """Trains; at a rate of 0, so that every repeat does the same work."""
  hidden, output = _layers(problem)
  events = hidden.events(problem.times, problem.sources)
  by_times = np.zeros(hidden.ordered().times.shape, np.float32)

  def step(state):
    _, updates = state
    hidden.forward(events)
    between = hidden.ordered()
    output.forward(between)
    value = _count_loss(output, problem.labels)
    output.backward(between, by_times)
    hidden.take_errors(by_times)
    hidden.backward(events, None)
    for layer in (hidden, output):
      layer.update(updates + 1, 0.0)
    return value, updates + 1

  def read(state):
    norms = {
      f'{name}/kernel': np.linalg.norm(layer.by_weights)
      for name, layer in (('hidden', hidden), ('output', output))
    }
    return {'loss': state[0], **norms}

  return Contender((0.0, 0), step, read)


def _layers(problem):
  return [
    Layer(
      weights,
      len(problem.times),
      tau_syn=event_step.TAU_SYN,
      threshold=threshold,
      room=event_step.ROOM,
      t_max=event_step.T_MAX,
    )
    for weights, threshold in zip(
      problem.weights, event_step.THRESHOLDS, strict=True
    )
  ]


def _count_loss(output, labels):
  """Writes the errors of `class_spike_count_loss`, and returns its mean."""
  is_spike = np.isfinite(output.found)
  missing = np.full(is_spike.shape[:2], event_step.TARGETS[1], np.float32)
  missing[np.arange(len(labels)), labels] = event_step.TARGETS[0]
  missing -= is_spike.sum(-1)
  output.errors[:] = is_spike * missing[..., None] / len(labels)
  return 0.5 * np.square(missing).sum(-1).mean()


def _call(function, *arguments):
  """Calls C; arrays are C-contiguous and of the type that it declares."""

  def convert(x):
    if isinstance(x, np.ndarray):
      return x.ctypes.data_as(ctypes.c_void_p)
    return ctypes.c_float(x) if isinstance(x, float) else x

  return getattr(_compiled(), function)(*map(convert, arguments))


@functools.cache
def _compiled():
  compiler = os.environ.get('CC') or shutil.which('cc') or shutil.which('gcc')
  if compiler is None:
    raise ImportError('a C compiler is needed; set CC')
  with tempfile.TemporaryDirectory() as folder:
    library = Path(folder) / 'event_loop.so'
    command = [compiler, *_FLAGS, str(_SOURCE), '-lm', '-o', str(library)]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))
