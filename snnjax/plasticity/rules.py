# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Learning rules: how spikes and traces of one step change weights.

Weights are `[J, I]`, a row per postsynaptic neuron: its receptive field. A
rule sees this step's spikes and traces, after all neurons have been updated;
a trace is 1 in the step of its neuron's spike. Rates are per spike, never
negative, and in units of the weights.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp

from snnjax.numerics import holds
from snnjax.plasticity import reductions
from snnjax.plasticity.reductions import Reduction, Term
from snnjax.plasticity.traces import trace
from snnjax.types import Array


class Activity(NamedTuple):
  """What happens on both sides of the synapses in a step.

  Attributes:
    pre: spikes `[B, I]`.
    post: spikes `[B, J]`.
    pre_trace: `[B, I]`.
    post_trace: `[B, J]`.
    reward: `[B]`.
  """

  pre: Array
  post: Array
  pre_trace: Array
  post_trace: Array
  reward: Array


class Rule(NamedTuple):
  """A learning rule.

  Attributes:
    start: `(batch, J, I) -> state`, what it remembers of an example.
    update: `(state, weights [J, I], activity) -> (state, weights)`.
  """

  start: Callable[[int, int, int], Any]
  update: Callable[[Any, Array, Activity], tuple[Any, Array]]


def post_pre(
  *,
  depression: float = 1e-4,
  potentiation: float = 1e-2,
  reduce: Reduction = reductions.total(),
) -> Rule:
  """Makes the pair rule of BindsNET's `PostPre`.

    Δw_ji = -R_b[ν₀ S_i x_j] + R_b[ν₁ x_i S_j]

  Args:
    depression: ν₀, at a presynaptic spike.
    potentiation: ν₁, at a postsynaptic spike.
    reduce: R.

  Raises:
    ValueError: if a rate is negative, as in all rules with a reduction.
  """
  _refuse_negative(depression=depression, potentiation=potentiation)
  return _pair_rule(-1, depression, potentiation, reduce)


def weight_dependent(
  *,
  depression: float = 1e-4,
  potentiation: float = 1e-2,
  low: float = 0.0,
  high: float = 1.0,
  reduce: Reduction = reductions.total(),
) -> Rule:
  """Makes the pair rule with soft bounds: steps shrink towards a bound.

    Δw_ji = -(w_ji - low) R_b[ν₀ S_i x_j] + (high - w_ji) R_b[ν₁ x_i S_j]

  Args:
    depression: ν₀.
    potentiation: ν₁.
    low: where depression ends.
    high: where potentiation ends.
    reduce: R.
  """
  _refuse_negative(depression=depression, potentiation=potentiation)
  return _stateless(
    lambda weights, seen: (
      weights
      - (weights - low) * reduce.join(depression * seen.post_trace, seen.pre)
      + (high - weights) * reduce.join(potentiation * seen.post, seen.pre_trace)
    )
  )


def hebbian(
  *,
  at_pre: float = 1e-4,
  at_post: float = 1e-2,
  reduce: Reduction = reductions.total(),
) -> Rule:
  """Makes the rule by which whatever fires together is strengthened.

    Δw_ji = R_b[ν₀ S_i x_j] + R_b[ν₁ x_i S_j]

  Args:
    at_pre: ν₀, at a presynaptic spike.
    at_post: ν₁, at a postsynaptic spike.
    reduce: R.
  """
  _refuse_negative(at_pre=at_pre, at_post=at_post)
  return _pair_rule(1, at_pre, at_post, reduce)


def triplet(
  *,
  dt: float = 1e-3,
  depression: float = 1e-4,
  potentiation: float = 1e-2,
  triplet_depression: float = 0.0,
  triplet_potentiation: float = 0.0,
  tau_pre: float = 0.101,
  tau_post: float = 0.125,
  reduce: Reduction = reductions.total(),
) -> Rule:
  """Makes the triplet rule: a second, slower trace on either side.

    Δw_ji = -R_b[S_i x_j (A₂⁻ + A₃⁻ r_i(t-dt))]
            + R_b[S_j x_i (A₂⁺ + A₃⁺ o_j(t-dt))]

  where r and o grow by 1 with each spike and decay with τ_pre and τ_post; they
  are read as they were before this step's spikes.

  Args:
    dt: length of a step (seconds).
    depression: A₂⁻.
    potentiation: A₂⁺.
    triplet_depression: A₃⁻.
    triplet_potentiation: A₃⁺.
    tau_pre: of r (seconds).
    tau_post: of o (seconds).
    reduce: R.

  References:
    J.-P. Pfister, W. Gerstner, Triplets of spikes in a model of spike
    timing-dependent plasticity, 2006.
  """
  _refuse_negative(
    depression=depression,
    potentiation=potentiation,
    triplet_depression=triplet_depression,
    triplet_potentiation=triplet_potentiation,
  )
  follow_pre = trace(dt=dt, tau=tau_pre, additive=True)
  follow_post = trace(dt=dt, tau=tau_post, additive=True)

  def start(batch, num_post, num_pre):
    return jnp.zeros((batch, num_post)), jnp.zeros((batch, num_pre))

  def update(state, weights, seen):
    slow_post, slow_pre = state
    down = depression + triplet_depression * slow_pre
    up = potentiation + triplet_potentiation * slow_post
    weights = reduce.change(
      weights,
      (
        Term(-1, seen.post_trace, seen.pre * down),
        Term(1, seen.post * up, seen.pre_trace),
      ),
    )
    slow = follow_post(slow_post, seen.post), follow_pre(slow_pre, seen.pre)
    return slow, weights

  return Rule(start, update)


def reward_modulated(
  *,
  dt: float = 1e-3,
  rate: float = 1e-2,
  depression: float = 1.0,
  potentiation: float = 1.0,
  tau_eligibility: float = 0.025,
  reduce: Callable[[Array], Array] = lambda asked: jnp.sum(asked, axis=0),
) -> Rule:
  """Makes the rule by which pairs are remembered until a reward comes.

    e_bji ← e_bji e^(-dt/τ) - A⁻ S_bi x_bj + A⁺ x_bi S_bj
    Δw_ji = R_b[ν reward_b e_bji]

  The eligibility e is a value per example and synapse, `[B, J, I]`.

  Args:
    dt: length of a step (seconds).
    rate: ν.
    depression: A⁻.
    potentiation: A⁺.
    tau_eligibility: τ (seconds).
    reduce: R, `[B, J, I] -> [J, I]`; what is asked for has either sign.

  References:
    R. V. Florian, Reinforcement learning through modulation of
    spike-timing-dependent synaptic plasticity, 2007.
  """
  fade = math.exp(-dt / tau_eligibility)

  def start(batch, num_post, num_pre):
    return jnp.zeros((batch, num_post, num_pre))

  def update(eligibility, weights, seen):
    eligibility = (
      eligibility * fade
      - depression * _pairs(seen.post_trace, seen.pre)
      + potentiation * _pairs(seen.post, seen.pre_trace)
    )
    asked = rate * seen.reward[:, None, None] * eligibility
    return eligibility, weights + reduce(asked)

  return Rule(start, update)


def _refuse_negative(**rates):
  for name, rate in rates.items():
    if not holds(lambda rate: rate >= 0, rate):
      raise ValueError(
        f'a rate must not be negative; got {name}={rate}: the sign is that of '
        'the rule (hebbian strengthens on both sides)'
      )


def _pair_rule(sign_at_pre, at_pre, at_post, reduce):
  return _stateless(
    lambda weights, seen: reduce.change(
      weights,
      (
        Term(sign_at_pre, at_pre * seen.post_trace, seen.pre),
        Term(1, at_post * seen.post, seen.pre_trace),
      ),
    )
  )


def _pairs(post, pre):
  return post[:, :, None] * pre[:, None, :]


def _stateless(change: Callable[[Array, Activity], Array]) -> Rule:
  return Rule(
    start=lambda batch, num_post, num_pre: (),
    update=lambda state, weights, seen: (state, change(weights, seen)),
  )
