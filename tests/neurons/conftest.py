# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""One neuron, in double precision, under a known input."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import simulate
from snnjax.types import State
from tests.neurons import golden


class Response(NamedTuple):
  flags: str  # one '0' or '1' per step
  outputs: np.ndarray  # [T]
  states: State  # every leaf [T]


@pytest.fixture
def respond():
  """Runs a cell of one neuron over `inputs` (by default the golden ones)."""

  def run(cell, inputs=golden.INPUTS):
    with jax.enable_x64(True):
      xs = jnp.asarray(inputs, jnp.float64)[:, None, None]
      params = cell.init(jax.random.key(0), (1,))
      simulation = jax.jit(functools.partial(simulate.simulate, cell))
      outputs, trace, _ = simulation(params, xs)
      states, outputs = jax.tree.map(np.ravel, (trace[0], outputs))
    flags = ''.join(str(int(spike)) for spike in outputs)
    return Response(flags, outputs, states)

  return run
