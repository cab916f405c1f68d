# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Codes of the input: how it is sent where it is not read as it is.

Each is made from the rule of the network's neurons, and is read as these are.

References: Oh, Lee, "Sign gradient descent-based neuronal dynamics: ANN-to-SNN
conversion beyond ReLU network", 2024.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.conversion import ranges
from snnjax.conversion.decoding import SUM, Rule
from snnjax.types import Array


def float_code(rule: Rule) -> Rule:
  """For `signgd`: sends the error itself, y - x.

  After T steps y = x·(1 - Π(1 - η[t])), which stays short of x if the sum of η
  is bounded.
  """
  return _code(rule, lambda y, x, key: y - x, adds_up=True, is_analog=True)


def spike_code(rule: Rule) -> Rule:
  """For `signgd`: sends the sign of the error."""

  def emit(y, x, key):
    del key
    return jnp.where(y > x, 1, -1).astype(y.dtype)

  return _code(rule, emit, adds_up=True)


def stochastic_code(rule: Rule) -> Rule:
  """For `signgd`: sends 1 with probability sigmoid(y - x), else -1."""

  def emit(y, x, key):
    return 2.0 * jax.random.bernoulli(key, jax.nn.sigmoid(y - x)) - 1.0

  return _code(rule, emit, adds_up=True, is_random=True)


def analog_code(rule: Rule) -> Rule:
  """For rates: sends the value at every step."""
  return _code(rule, lambda y, x, key: x, adds_up=False, is_analog=True)


def poisson_code(rule: Rule) -> Rule:
  """For rates: sends a spike with probability x, in [0, 1]."""

  def emit(y, x, key):
    return jax.random.bernoulli(key, x).astype(y.dtype)

  return _code(rule, emit, adds_up=False, is_random=True)


def _code(
  rule: Rule,
  emit: Callable[[Array, Array, Array | None], Array],
  *,
  adds_up: bool,
  is_analog: bool = False,
  is_random: bool = False,
) -> Rule:
  """Makes a code of `emit(y[t-1], x, key) -> s[t]`."""
  if rule.reading is None or (rule.reading == SUM) != adds_up:
    kinds = 'signgd' if adds_up else 'rates'
    raise ValueError(f'this code is for {kinds}, but the rule reads otherwise')

  def start(site, range_, target, key):
    del site, range_, target
    if is_random and key is None:
      raise ValueError('this code draws random numbers: pass key=')
    return key

  def step(site, range_, key, y, target, t):
    del site, range_
    own = jax.random.fold_in(key, t) if is_random else None
    return key, emit(y, target.value, own)

  code = rule._replace(ranging=ranges.unit, start=start, step=step)
  if is_analog:  # any value can be sent
    return code._replace(within=lambda site, range_, value, num_steps: value)
  return code
