# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The ways in which neurons spike; see `decoding` for what a rule is.

References: Oh, Lee, "Sign gradient descent-based neuronal dynamics: ANN-to-SNN
conversion beyond ReLU network", 2024.
"""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.conversion import ranges
from snnjax.conversion.decoding import SUM, Rule
from snnjax.conversion.ranges import Ranging
from snnjax.conversion.schedules import Schedule
from snnjax.types import Array, ArrayLike


def _stateless(site, range_, target, key):
  del site, range_, target, key
  return ()


def _up_to_scale(site, range_, value, num_steps):
  del site, num_steps
  return jnp.clip(value, 0.0, range_.scale)


def identity() -> Rule:
  """Sends the value itself: the trained network, at every step."""

  def step(site, range_, state, y, target, t):
    del site, range_, y, t
    return state, target.value

  def code(site, range_, t):
    del site, range_, t
    return jnp.zeros(()), jnp.ones(())

  def within(site, range_, value, num_steps):
    del site, range_, num_steps
    return value

  return Rule(ranges.unit, _stateless, step, code, within, 'last')


def signgd(
  schedule: Schedule,
  *,
  dead_zone: ArrayLike = 0.5,
  ranging: Ranging = ranges.recommended,
  stagger: int = 0,
  binary_denominators: bool = True,
) -> Rule:
  """Descends |y - F| by its sign.

    s[t] = sign(y[t-1] - F),  or 0 where |y[t-1] - F| <= dead_zone·scale·η[t]
    y[t] = y[t-1] - scale·η[t]·s[t]

  Without a dead zone both symbols carry information: a neuron that does not
  fire moves the other way.

  Args:
    schedule: η, from t = 1.
    dead_zone: in steps; 0 for binary neurons, 1/2 halves the error.
    ranging: gives the scale and the bounds that F is clipped to.
    stagger: steps by which each further layer's schedule starts later.
    binary_denominators: no dead zone where something is divided by the value,
      since small ones must not be rounded to zero.
  """
  is_ternary = isinstance(dead_zone, jax.Array) or bool(dead_zone)

  def eta(site, t):
    return schedule(jnp.maximum(t - stagger * site.depth, 1))

  def step(site, range_, state, y, target, t):
    error = y - jnp.clip(target.value, range_.low, range_.high)
    spikes = jnp.where(error >= 0, 1.0, -1.0).astype(y.dtype)
    if is_ternary and not (site.is_denominator and binary_denominators):
      near = dead_zone * eta(site, t) * range_.scale
      spikes = jnp.where(jnp.abs(error) <= near, 0.0, spikes)
    return state, spikes

  def code(site, range_, t):
    return jnp.ones(()), -eta(site, t) * range_.scale

  def within(site, range_, value, num_steps):
    steps = jnp.arange(1, num_steps + 1)
    reach = range_.scale * jax.vmap(lambda t: eta(site, t))(steps).sum()
    return jnp.clip(jnp.clip(value, range_.low, range_.high), -reach, reach)

  return Rule(ranging, _stateless, step, code, within, SUM)


def by_site(own: Mapping[str, Rule]) -> Rule:
  """Each site's neurons by a rule of their own.

  Args:
    own: rules by the names of sites.
  """
  readings = {rule.reading for rule in own.values()}

  def of(site):
    if site.name not in own:
      raise ValueError(
        f'no rule is given for {site.name} ({site.line}); got {sorted(own)}'
      )
    return own[site.name]

  return Rule(
    ranging=lambda site, stats: of(site).ranging(site, stats),
    start=lambda site, *given: of(site).start(site, *given),
    step=lambda site, *given: of(site).step(site, *given),
    code=lambda site, *given: of(site).code(site, *given),
    within=lambda site, *given: of(site).within(site, *given),
    reading=readings.pop() if len(readings) == 1 else None,
  )


class _Membrane(NamedTuple):
  membrane: Array  # [B, ...]
  sum_of_currents: Array  # [B, ...]


def integrate_and_fire(
  ranging: Ranging = ranges.quantile(0.999),
  *,
  charge: float = 0.5,
  hard_reset: bool = False,
) -> Rule:
  """Integrates currents, fires at θ, and is read as a rate.

    U[t] = U[t-1] + I[t],   s[t] = H(U[t] >= θ),   U[t] ← U[t] - θ·s[t]

  The currents come from the decoded mean, I[t] = t·z[t] - (t-1)·z[t-1]. Spikes
  are read as y[t] = θ/t·Σ s, which approaches clip(z, 0, θ). So before a reset

    U[t] = charge·θ + t·z[t] - (t-1)·y[t-1].

  Args:
    ranging: its scale is θ.
    charge: U[0] in units of θ; 1/2 rounds to the nearest rate.
    hard_reset: U[t] ← 0 instead, which loses what exceeded θ.

  Raises:
    ValueError: if the charge alone makes a neuron fire, or is negative.
  """
  if not 0 <= charge < 1:
    raise ValueError(f'a charge must be in [0, 1) thresholds; got {charge}')
  start = _start_membrane(charge) if hard_reset else _stateless
  step = _hard_reset if hard_reset else _soft_reset(charge)

  def code(site, range_, t):
    del site
    return (t - 1) / t, range_.scale / t

  return Rule(ranging, start, step, code, _up_to_scale, _mean(0))


def _soft_reset(charge):
  def step(site, range_, state, y, target, t):
    _check_rectified(site)
    membrane = t * target.value - (t - 1) * y + charge * range_.scale
    return state, (membrane >= range_.scale).astype(y.dtype)

  return step


def _start_membrane(charge):
  def start(site, range_, target, key):
    del site, key
    zero = jnp.zeros_like(target.value)
    return _Membrane(charge * range_.scale + zero, zero)

  return start


def _hard_reset(site, range_, state, y, target, t):
  del y
  _check_rectified(site)
  if target.drive is None:
    raise ValueError(
      f'a hard reset needs the current itself, but neurons at {site.name} '
      f'({site.line}) track a maximum or a bounded value: try pool_first=False'
    )
  total = t * target.drive
  membrane = state.membrane + total - state.sum_of_currents
  fires = membrane >= range_.scale
  membrane = jnp.where(fires, 0.0, membrane)
  return _Membrane(membrane, total), fires.astype(target.value.dtype)


def leaky(tau: float, ranging: Ranging = ranges.quantile(0.999)) -> Rule:
  """A leaky neuron, read by a leaky average; never converges.

    U[t] = (1 - 1/τ)·U[t-1] + I[t]/τ,   s[t] = H(U[t] >= θ),   U[t] ← U[t] - θ·s

  Spikes are read as y[t] = (1 - 1/τ)·y[t-1] + θ·s[t], which is clip(z, 0, τ·θ)
  with a ripple of θ.

  Args:
    tau: τ > 1, in steps.
    ranging: its scale is τ·θ, the largest value.
  """

  def step(site, range_, state, y, target, t):
    del t
    _check_rectified(site)
    membrane = target.value - (1 - 1 / tau) * y
    return state, (membrane >= range_.scale / tau).astype(y.dtype)

  def code(site, range_, t):
    del site, t
    return jnp.asarray(1 - 1 / tau), range_.scale / tau

  reading = f'leaky average, τ = {tau}'
  return Rule(ranging, _stateless, step, code, _up_to_scale, reading)


def subgradient(
  offset: int = 0, *, ranging: Ranging = ranges.recommended
) -> Rule:
  """The subgradient method for max(z, 0) with rates 1/(t + offset).

    s[t] = H(z[t] > y[t-1])
    y[t] = y[t-1] - (y[t-1] - scale·s[t])/(t + offset)

  Args:
    offset: 1 is Oh and Lee's baseline, whose means include a silent step before
      the first.
    ranging: its scale is the largest value.
  """

  def step(site, range_, state, y, target, t):
    del range_, t
    _check_rectified(site)
    return state, (target.value > y).astype(y.dtype)

  def code(site, range_, t):
    del site
    return 1 - 1 / (t + offset), range_.scale / (t + offset)

  return Rule(ranging, _stateless, step, code, _up_to_scale, _mean(offset))


def _mean(offset):
  return f'mean of t + {offset} steps'


def _check_rectified(site):
  if not site.is_rectified:
    raise ValueError(
      'this rule tracks max(z, 0) only, but at '
      f'{site.name} ({site.line}) another function stands: take signgd'
    )
