# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The plain C loop over events, compiled on the fly."""

import ctypes
import math
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import event_step
from benchmarks.timing import Contender

PACKAGES = ()
_SOURCE = Path(__file__).with_suffix('.c')
_FLAGS = '-O3', '-march=native', '-fopenmp', '-shared', '-fPIC'


def event_forward(problem: event_step.Problem) -> Contender:
  """Finds the hidden layer's spikes."""
  tau = 2 * event_step.TAU_SYN
  batch, num_events = problem.times.shape
  num_inputs, num_outputs = problem.weights[0].shape
  weights = np.ascontiguousarray(problem.weights[0].T)
  is_event = np.isfinite(problem.times)
  y = np.exp(np.where(is_event, problem.times, 0) / tau).astype(np.float32)
  found = np.empty((batch, num_outputs, event_step.ROOM), np.float32)
  slopes = np.empty_like(found)
  arrays = weights, problem.times, problem.sources, y
  sizes = batch, num_events, num_inputs, num_outputs
  threshold = event_step.THRESHOLDS[0]
  run = _compiled().find_spikes

  def step(state):
    del state
    return run(
      *(array.ctypes.data_as(ctypes.c_void_p) for array in arrays),
      *sizes,
      *(ctypes.c_float(x) for x in (tau, threshold, threshold)),
      event_step.ROOM,
      ctypes.c_float(event_step.T_MAX),
      *(array.ctypes.data_as(ctypes.c_void_p) for array in (found, slopes)),
    )

  def read(state):
    times = found[np.isfinite(found)].astype(np.float64)
    return {'spikes': state, 'times': math.sqrt(np.sum(times**2))}

  return Contender(state=0, step=step, read=read)


def _compiled():
  compiler = os.environ.get('CC') or shutil.which('cc') or shutil.which('gcc')
  if compiler is None:
    raise ImportError('a C compiler is needed; set CC')
  with tempfile.TemporaryDirectory() as folder:
    library = Path(folder) / 'event_loop.so'
    command = [compiler, *_FLAGS, str(_SOURCE), '-lm', '-o', str(library)]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))
