# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""How excitatory neurons act on each other: fixed, never learnt.

Without matrices where the pattern is 'all but oneself': a sum over all, less
one's own part.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from snnjax.plasticity.neurons import Neuron
from snnjax.types import Array


class Lateral(NamedTuple):
  """Lateral connections.

  Attributes:
    start: `(batch, num_neurons) -> state`.
    step: `(state, before [B, N], spikes [B, N]) -> (state, current [B, N])`,
      given the neurons' spikes of the last step and of this one, the current
      into them in the next one (millivolts).
  """

  start: Callable[[int, int], Any]
  step: Callable[[Any, Array, Array], tuple[Any, Array]]


def none() -> Lateral:
  """Makes neurons that do not know of each other."""
  return _direct(jnp.zeros_like)


def inhibition(strength: float) -> Lateral:
  """Makes each neuron inhibit all others: the two-population network.

    I_j(t+1) = -strength · Σ_(k≠j) S_k(t)

  Args:
    strength: `inh` (millivolts per spike).
  """
  return _direct(lambda spikes: _others(spikes, strength))


def by_matrix(weights: Array) -> Lateral:
  """Makes lateral connections of any pattern.

    I_j(t+1) = Σ_k S_k(t) w_kj

  Args:
    weights: `[N, N]`, from the first axis to the second (millivolts).
  """
  return _direct(
    lambda spikes: jnp.matmul(spikes, weights, precision='highest')
  )


def interneurons(
  neuron: Neuron,
  *,
  excitation: float,
  strength: float,
  feed_forward: bool,
) -> Lateral:
  """Makes one inhibitory neuron per excitatory one: the three-population net.

  Each excites its own interneuron, which inhibits all the others.

  Args:
    neuron: inhibitory; it must reach its threshold by `excitation` alone.
    excitation: `exc` (millivolts per spike).
    strength: `inh` (millivolts per spike).
    feed_forward: whether a spike excites within its step, or in the next.
  """

  def step(population, before, spikes):
    current = excitation * (spikes if feed_forward else before)
    theta = neuron.init(spikes.shape[1])
    key = jax.random.key(0)  # interneurons do not choose
    _, population = neuron.step(theta, population, current, key, False)
    return population, _others(population.spikes, strength)

  return Lateral(neuron.start, step)


def increasing(num_neurons: int, *, start: float, largest: float) -> np.ndarray:
  """Weights that grow with the distance of neurons on a grid.

    w_kj = start + largest · √d_kj / max √d,   w_jj = start

  Near neighbours excite and far ones inhibit with, say, 10 and -40.

  Args:
    num_neurons: N; the grid is floor(√N) wide.
    start: at distance 0 (millivolts).
    largest: change at the largest distance (millivolts).

  Returns:
    `[N, N]`, for `by_matrix`.
  """
  side = math.isqrt(num_neurons)
  place = np.stack(np.divmod(np.arange(num_neurons), side), axis=1)
  distance = np.linalg.norm(place[:, None] - place[None], axis=-1)
  root = np.sqrt(distance)
  farthest = root.max() or 1  # one neuron alone is at distance 0
  return start + largest * root / farthest


def within_windows(
  num_windows: int, num_filters: int, strength: float
) -> np.ndarray:
  """Inhibition among the filters of a window, none between windows.

  Args:
    num_windows: places in the input.
    num_filters: neurons that see the same place; they lie side by side.
    strength: (millivolts).

  Returns:
    `[N, N]`, N = windows · filters, for `by_matrix`.
  """
  same = np.kron(np.eye(num_windows), np.ones((num_filters, num_filters)))
  return -strength * (same - np.eye(len(same)))


def _others(spikes, strength):
  return -strength * (jnp.sum(spikes, axis=1, keepdims=True) - spikes)


def _direct(current: Callable[[Array], Array]) -> Lateral:
  return Lateral(
    start=lambda batch, num_neurons: (),
    step=lambda state, before, spikes: (state, current(spikes)),
  )
