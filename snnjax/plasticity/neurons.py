# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The neurons of the two-layer networks, in millivolts, jumped by spikes.

Unlike the neurons of `snnjax.neurons` they fire *at* the threshold, are reset
in the step of the spike, and ignore inputs while they are refractory; the
order within a step is that of BindsNET, whose results they repeat.

References:
  P. U. Diehl, M. Cook, Unsupervised learning of digit recognition using
  spike-timing-dependent plasticity, 2015.
  H. Hazan et al., BindsNET: a machine learning-oriented spiking neural networks
  library in Python, 2018.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.devices import is_cpu
from snnjax.plasticity import traces
from snnjax.types import Array


class Population(NamedTuple):
  """What neurons remember of an example.

  Attributes:
    membrane: `[B, N]` (millivolts).
    refractory: `[B, N]`, steps until inputs count again; goes on below zero.
    spikes: `[B, N]`, 0 or 1, of the last step.
    trace: `[B, N]`, of the neuron's own spikes.
  """

  membrane: Array
  refractory: Array
  spikes: Array
  trace: Array


class Neuron(NamedTuple):
  """An equation, with its parameters inside.

  Attributes:
    init: `num_neurons -> theta [N]`, what adapts slowly and is shared by a
      batch (millivolts above the threshold).
    start: `(batch, num_neurons) -> Population` at rest.
    step: `(theta, population, current [B, N] (millivolts), key, learning)
      -> (theta, population)`. Theta moves only while learning.
  """

  init: Callable[[int], Array]
  start: Callable[[int, int], Population]
  step: Callable[
    [Array, Population, Array, Array, bool], tuple[Array, Population]
  ]


def leaky(
  *,
  dt: float = 1e-3,
  threshold: float = -52.0,
  rest: float = -65.0,
  reset: float = -65.0,
  refractory: float = 5e-3,
  tau: float = 0.1,
  lower_bound: float = -jnp.inf,
  trace: traces.Trace | None = None,
) -> Neuron:
  """Makes a leaky integrate-and-fire neuron; its threshold stays.

    V ← rest + (V - rest) e^(-dt/τ) + I [not refractory],   S = [V ≥ θ₀]

  Args:
    dt: length of a step (seconds).
    threshold: θ₀ (millivolts).
    rest: what the membrane decays to, and starts from (millivolts).
    reset: the membrane after a spike (millivolts).
    refractory: how long inputs are ignored after it (seconds).
    tau: τ of the membrane (seconds).
    lower_bound: the membrane falls no lower (millivolts).
    trace: of the spikes; default `traces.trace(dt=dt)`.
  """
  return adaptive(
    dt=dt,
    threshold=threshold,
    rest=rest,
    reset=reset,
    refractory=refractory,
    tau=tau,
    theta_plus=0.0,
    choose=everyone,
    lower_bound=lower_bound,
    trace=trace,
  )


def adaptive(
  *,
  dt: float = 1e-3,
  threshold: float = -52.0,
  rest: float = -65.0,
  reset: float = -60.0,
  refractory: float = 5e-3,
  tau: float = 0.1,
  theta_plus: float = 0.05,
  theta_max: float = jnp.inf,
  tau_theta: float = 1e4,
  choose: Callable[[Array, Array], Array] | None = None,
  lower_bound: float = -jnp.inf,
  trace: traces.Trace | None = None,
) -> Neuron:
  """Makes the excitatory neuron of Diehl and Cook, whose threshold adapts.

    V ← rest + (V - rest) e^(-dt/τ) + I [not refractory]
    crossed = [V ≥ θ₀ + θ],   θ ← θ e^(-dt/τ_θ) + θ₊ Σ_b crossed

  All that cross are reset, become refractory and raise their threshold; only
  those that are chosen send a spike and leave a trace. Theta is shared by the
  batch: it grows by the number of samples in which the neuron crossed.

  Args:
    dt: length of a step (seconds).
    threshold: θ₀ (millivolts).
    rest: what the membrane decays to, and starts from (millivolts).
    reset: the membrane after a crossing (millivolts).
    refractory: how long inputs are ignored after it (seconds).
    tau: τ of the membrane (seconds).
    theta_plus: θ₊ (millivolts).
    theta_max: θ grows no higher (millivolts).
    tau_theta: τ_θ (seconds).
    choose: `(key, crossed [B, N]) -> spikes [B, N]`; default `one_at_random`.
    lower_bound: the membrane falls no lower (millivolts).
    trace: of the spikes; default `traces.trace(dt=dt)`.
  """
  choose = choose or one_at_random
  follow = trace or traces.trace(dt=dt)
  decay, fade = math.exp(-dt / tau), math.exp(-dt / tau_theta)
  pause = round(refractory / dt, 6)

  def start(batch, num_neurons):
    zero = jnp.zeros((batch, num_neurons))
    return Population(zero + rest, zero, zero, zero)

  def step(theta, population, current, key, learning):
    membrane = rest + (population.membrane - rest) * decay
    membrane += jnp.where(population.refractory <= 0, current, 0)
    theta = theta * fade if learning else theta
    crossed = membrane >= threshold + theta[None]
    if learning:
      theta += theta_plus * jnp.sum(crossed, axis=0, dtype=theta.dtype)
      theta = jnp.minimum(theta, theta_max)
    spikes = choose(key, crossed).astype(membrane.dtype)
    membrane = jnp.where(crossed, reset, membrane)
    return theta, Population(
      membrane=jnp.maximum(membrane, lower_bound),
      refractory=jnp.where(crossed, pause, population.refractory - 1),
      spikes=spikes,
      trace=follow(population.trace, spikes),
    )

  return Neuron(jnp.zeros, start, step)


def one_at_random(key: Array, crossed: Array) -> Array:
  """Lets one of a sample's crossing neurons fire, any with equal probability.

  Args:
    key: consumed.
    crossed: bool `[B, N]`.

  Returns:
    bool `[B, N]`; a sample without a crossing stays silent.
  """
  num = jnp.sum(crossed, axis=1, dtype=jnp.int32)

  def pick(key, crossed):
    # Of those that crossed, counted from zero, the k-th.
    k = jax.random.randint(key, num.shape, 0, jnp.maximum(num, 1))
    place = jnp.cumsum(crossed, axis=1, dtype=jnp.int32) - 1
    return crossed & (place == k[:, None])

  if not is_cpu():  # where it takes longer to ask whether anybody has to
    return pick(key, crossed)
  # In most steps nobody has to choose.
  return jax.lax.cond(
    jnp.max(num) > 1, pick, lambda key, crossed: crossed, key, crossed
  )


def first(key: Array, crossed: Array) -> Array:
  """Lets the first of a sample's crossing neurons fire.

  Args:
    key: not used.
    crossed: bool `[B, N]`.

  Returns:
    bool `[B, N]`.
  """
  del key
  index = jnp.argmax(crossed, axis=1)
  return crossed & (jnp.arange(crossed.shape[1])[None] == index[:, None])


def everyone(key: Array, crossed: Array) -> Array:
  """Lets all crossing neurons fire."""
  del key
  return crossed
