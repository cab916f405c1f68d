# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Alpha-function membrane: the difference of two exponentials."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax import surrogate
from snnjax.neurons import reset as resets
from snnjax.neurons.neuron import Value, fired, neuron, values, zeros
from snnjax.numerics import holds
from snnjax.types import Array, Cell, ResetFn, SpikeFn


class AlphaParams(NamedTuple):
  excitatory_decay: Array  # [] or [N...]
  inhibitory_decay: Array  # [] or [N...], below the excitatory one
  threshold: Array  # [] or [N...]


class AlphaState(NamedTuple):
  excitatory: Array  # [B, N...]
  inhibitory: Array  # [B, N...]
  membrane: Array  # [B, N...]


# (new state, state before the step, fired, threshold) -> new state
AlphaReset = Callable[[AlphaState, AlphaState, Array, Array], AlphaState]


def reset_each(reset: ResetFn) -> AlphaReset:
  """Resets both currents and the membrane alike."""
  return lambda new, old, has_fired, threshold: jax.tree.map(
    lambda field: reset(field, has_fired, threshold), new
  )


def reset_excitation(
  new: AlphaState, old: AlphaState, has_fired: Array, threshold: Array
) -> AlphaState:
  """E - R·θ, (1 - R)·N, U + R·N[t-1]: snnTorch's subtraction."""
  return AlphaState(
    resets.subtract(new.excitatory, has_fired, threshold),
    resets.to_zero(new.inhibitory, has_fired, threshold),
    new.membrane + has_fired * old.inhibitory,
  )


def alpha(
  excitatory_decay: Value = 0.9,
  inhibitory_decay: Value = 0.8,
  threshold: Value = 1.0,
  *,
  spike_fn: SpikeFn = surrogate.arctan(),
  reset: AlphaReset = reset_each(resets.to_zero),
) -> Cell:
  """Makes a layer of neurons whose membrane follows an alpha function.

    R[t] = H(U[t-1] - θ)                  without gradient
    E[t] = α·E[t-1] + I[t]
    N[t] = β·N[t-1] - I[t]
    U[t] = τ·(E[t] + N[t]),   τ = ln α / (ln β - ln α) + 1
    E, N, U = reset(E, N, U)              where R[t]
    S[t] = H(U[t] - θ)

  The response to an input starts one step later, at U = 0.

  Args:
    excitatory_decay: α, a number, one per neuron, or an initialiser.
    inhibitory_decay: β < α, likewise.
    threshold: θ, likewise.
    spike_fn: H and its surrogate derivative.
    reset: `reset_each` of one of `snnjax.neurons.reset`, or
      `reset_excitation`.

  Raises:
    ValueError: unless 1 > α > β > 0.

  References: Eshraghian et al., "Training spiking neural networks using
  lessons from deep learning", 2023.
  """

  def check(slow, fast):
    if not holds(lambda a, b: (a < 1) & (a > b) & (b > 0), slow, fast):
      raise ValueError(
        'an alpha neuron needs 1 > excitatory_decay > inhibitory_decay > 0; '
        f'got {slow} and {fast}'
      )

  if not (callable(excitatory_decay) or callable(inhibitory_decay)):
    check(excitatory_decay, inhibitory_decay)

  def init(key, in_shape):
    params = values(
      AlphaParams,
      key,
      in_shape,
      excitatory_decay=excitatory_decay,
      inhibitory_decay=inhibitory_decay,
      threshold=threshold,
    )
    check(params.excitatory_decay, params.inhibitory_decay)
    return params

  def step(params, state, x):
    has_fired = fired(spike_fn, state.membrane, params.threshold)
    excitatory = params.excitatory_decay * state.excitatory + x
    inhibitory = params.inhibitory_decay * state.inhibitory - x
    slow = jnp.log(params.excitatory_decay)
    tau = slow / (jnp.log(params.inhibitory_decay) - slow) + 1.0
    new = AlphaState(excitatory, inhibitory, tau * (excitatory + inhibitory))
    new = reset(new, state, has_fired, params.threshold)
    return new, spike_fn(new.membrane - params.threshold)

  return neuron(init, zeros(AlphaState), step)
