# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spike trains whose intervals are whole numbers of steps, Poisson distributed.

BindsNET's `poisson`: nearly regular, unlike a Poisson process. From one spike
to the next an input of rate r waits λ = 1/(r · dt) steps on average, with
variance λ; bright pixels fire in volleys, and dark ones not at all.

References:
  H. Hazan et al., BindsNET: a machine learning-oriented spiking neural networks
  library in Python, 2018.
"""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy import special

from snnjax.numerics import leading_range
from snnjax.types import Array

_BITS = 14  # of a quantile
_PART = 1024  # inputs that are drawn at a time


class RenewalTable(NamedTuple):
  """The intervals of some rates, for trains of T steps.

  Attributes:
    intervals: their quantiles in steps, `[L, 2^14]`, of at least 1 and at most
      T + 1.
    num: how many intervals fill T steps, almost surely.
    num_steps: T.
  """

  intervals: np.ndarray
  num: int
  num_steps: int


def renewal(
  key: Array, rates: Array, *, num_steps: int, dt: float = 1e-3
) -> Array:
  """Draws spike trains of any rates; slow, as Poisson numbers are.

  Args:
    key: consumed.
    rates: `[...]` (hertz); 0: silent.
    num_steps: T.
    dt: length of a step (seconds).

  Returns:
    Spikes bool `[T, ...]`.
  """
  mean = 1 / jnp.where(rates > 0, rates * dt, 1)[None]
  intervals = jax.random.poisson(key, mean, (num_steps, *rates.shape))
  return at_intervals(intervals, num_steps) & (rates > 0)[None]


def renewal_table(
  rates: np.ndarray, *, num_steps: int, dt: float = 1e-3
) -> RenewalTable:
  """Tabulates the intervals of a few rates: those of grey levels.

  Args:
    rates: `[L]` (hertz).
    num_steps: T.
    dt: length of a step (seconds).
  """
  rates = np.asarray(rates, np.float64)
  quantile = (np.arange(2**_BITS) + 0.5) / 2**_BITS
  intervals = np.arange(num_steps + 1)
  rows = np.full((len(rates), len(quantile)), num_steps + 1)
  for row, rate in zip(rows, rates, strict=True):
    if rate > 0:
      below = special.pdtr(intervals, 1 / (rate * dt))
      row[:] = np.maximum(np.searchsorted(below, quantile), 1)
  smallest = np.min_scalar_type(num_steps + 1)
  num = _num_intervals(rates.max(), num_steps, dt)
  return RenewalTable(rows.astype(smallest), num, num_steps)


def renewal_levels(key: Array, levels: Array, table: RenewalTable) -> Array:
  """Draws spike trains of tabulated rates.

  Args:
    key: consumed.
    levels: rows of the table, int `[...]`.
    table: of `renewal_table`.

  Returns:
    Spikes bool `[T, ...]`.
  """
  rows, num, num_steps = jnp.asarray(table.intervals), *table[1:]
  flat = jnp.asarray(levels, jnp.int32).ravel()
  # Most pixels are dark: the others are gathered, some at a time.
  can_fire = (rows[:, 0] <= num_steps)[flat]
  places = jnp.flatnonzero(
    can_fire, size=-(-flat.size // _PART) * _PART, fill_value=flat.size
  )
  num_parts = -(-jnp.sum(can_fire) // _PART)

  def draw(k, words):
    part = jax.lax.dynamic_slice_in_dim(places, k * _PART, _PART)
    bits = jax.random.bits(jax.random.fold_in(key, k), (num, _PART), jnp.uint16)
    place = flat.at[part].get(mode='clip')[None] << _BITS
    intervals = rows.ravel()[place + (bits >> (16 - _BITS))]
    return words.at[:, part].set(_pack(intervals, num_steps), mode='drop')

  words = jnp.zeros((-(-num_steps // 32), flat.size), jnp.uint32)
  words = jax.lax.fori_loop(0, num_parts, draw, words)
  return _unpack(words.reshape(-1, *levels.shape), num_steps)


def at_intervals(intervals: Array, num_steps: int) -> Array:
  """Puts spikes one interval after the other.

    k_n = Σ_(m≤n) max(interval_m, 1);   a spike in step k_n - 1 if k_n ≤ T

  Args:
    intervals: whole steps, `[K, ...]`.
    num_steps: T.

  Returns:
    Spikes bool `[T, ...]`.
  """
  return _unpack(_pack(intervals, num_steps), num_steps)


def _pack(intervals, num_steps):
  """The same in a few words per train, uint32 `[W, ...]`, a bit per step."""
  shape = intervals.shape[1:]
  place = leading_range(-(-num_steps // 32), len(shape))

  def add(carry, interval):
    step, words = carry
    step = step + jnp.maximum(interval.astype(jnp.int32), 1)
    bit = jnp.uint32(1) << (step % 32).astype(jnp.uint32)
    is_word = (step // 32)[None] == place
    return (step, jnp.where(is_word, words | bit[None], words)), None

  start = jnp.full(shape, -1), jnp.zeros((len(place), *shape), jnp.uint32)
  return jax.lax.scan(add, start, intervals)[0][1]


def _unpack(words, num_steps):
  shape = words.shape[1:]
  shifts = jnp.arange(32, dtype=jnp.uint32).reshape((1, -1) + (1,) * len(shape))
  bits = (words[:, None] >> shifts) & 1
  return bits.reshape(-1, *shape)[:num_steps].astype(bool)


def _num_intervals(rate: float, num_steps: int, dt: float) -> int:
  """How many intervals fill T steps, in all but one of 10^9 trains."""
  if rate <= 0:
    return 1
  mean = 1 / (rate * dt)
  num = math.ceil(num_steps / mean)
  while num < num_steps and special.pdtr(num_steps, num * mean) > 1e-9:
    num += 1
  return min(num, num_steps)
