# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The words of event-based simulation.

A neuron with membrane constant τ = 2τₛ, in closed form between two events:

  du/dt = -u/τ + v,   dv/dt = -v/τₛ,   v ← v + W[i, o] at a spike of input i

  u(t)/τ = b·e^(-t/τ) - a·e^(-2t/τ),   u ← u - Δθ where u reaches θ from below

No spike is `inf`, and spike times ascend along their last axis.

References: Göltz et al., "Fast and energy-efficient neuromorphic deep learning
with first-spike times", 2021. Bacho, Chu, "Exploring trade-offs in spiking
neural networks", 2023.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp

from snnjax.types import Array, ArrayLike


class EventNeuron(NamedTuple):
  """A layer's constants; threshold and reset have derivatives.

  Attributes:
    tau_syn: τₛ (s), the synaptic time constant.
    threshold: θ > 0, `[]` or `[O]`.
    reset: Δθ > 0, subtracted from the membrane at a spike, `[]` or `[O]`.
  """

  tau_syn: float
  threshold: ArrayLike
  reset: ArrayLike

  @property
  def tau(self) -> float:
    """τ (s), the time constant of the membrane."""
    return 2 * self.tau_syn


class Events(NamedTuple):
  """The spikes of a layer's inputs in the order of time.

  Attributes:
    times: ascending `[B, E]` (s), from 0 on, padded with inf.
    sources: int32 `[B, E]`, which of the I inputs fired.
  """

  times: Array
  sources: Array


def count_events(events: Events, until: ArrayLike = jnp.inf) -> Array:
  """Counts the events of every example up to a time (s): int32 `[B]`."""
  is_event = jnp.isfinite(events.times) & (events.times <= until)
  return jnp.sum(is_event, axis=1, dtype=jnp.int32)


class Crossings(NamedTuple):
  """Where membranes reach the threshold from below.

  Attributes:
    times: ascending `[B, O, K]` (s), padded with inf.
    slopes: du/dt just before each of them, `[B, O, K]`; 1 where there is none,
      and 0 where the membrane only grazes its threshold (`resolve`).
    has_overflown: bool `[B, O]`, whether a further spike found no room.
  """

  times: Array
  slopes: Array
  has_overflown: Array


# In time e^(t/τ) the squares have to be far from overflow.
_MOST_TIME_CONSTANTS = 20.0


def is_long(neuron: EventNeuron, t_max: float) -> bool:
  """Whether a simulation of `t_max` (s) is too long for time e^(t/τ)."""
  return t_max / neuron.tau > _MOST_TIME_CONSTANTS


def resolve(slopes: Array, c: Array) -> Array:
  """Sets slopes to 0 that rounding cannot tell from it: below √ε·θ/τ.

  Args:
    slopes: du/dt at crossings.
    c: θ/τ of the neurons, of a shape that broadcasts.
  """
  return jnp.where(slopes > jnp.finfo(slopes.dtype).eps ** 0.5 * c, slopes, 0)


class SpikeSolver(NamedTuple):
  """How a layer finds its spikes, and takes their errors to its inputs.

  It is given neurons with a threshold and a reset for each, `[O]`.

  Attributes:
    forward: `(weights [I, O], events, neuron, max_spikes, t_max) -> crossings`.
    backward: `(weights [I, O], events, neuron, t_max, times [B, O, K], factors
      [B, O, K]) -> (∂L/∂weights [I, O], ∂L/∂events.times [B, E])`, where a
      factor is the total derivative of L by a spike time over its slope.
    sweep: `(crossings, ∂L/∂times [B, O, K], Δθ/τ [O], τ, least slope) ->
      (factors [B, O, K], ∂L/∂Δθ [O])`.
  """

  forward: Callable[[Array, Events, EventNeuron, int, float], Crossings]
  backward: Callable[
    [Array, Events, EventNeuron, float, Array, Array], tuple[Array, Array]
  ]
  sweep: Callable[[Crossings, Array, Array, float, float], tuple[Array, Array]]
