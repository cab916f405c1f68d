# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Learning rules and batch reductions, against loops over their equations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.plasticity import reductions, rules

B, J, NUM_PRE, T = 5, 9, 7, 12
JOIN = {
  'total': lambda each: each.sum(0),
  'mean': lambda each: each.mean(0),
  'maximum': lambda each: each.max(0),
}


def activity(seed, share):
  """Spikes and traces of one step, of so many postsynaptic neurons."""
  rng = np.random.default_rng(seed)
  spikes = rng.random((B, J)) < share / 2
  trace = rng.random((B, J)) * (rng.random((B, J)) < share)
  return rules.Activity(
    pre=jnp.asarray(rng.random((B, NUM_PRE)) < 0.4, float),
    post=jnp.asarray(spikes, float),
    pre_trace=jnp.asarray(rng.random((B, NUM_PRE))),
    post_trace=jnp.asarray(np.where(spikes, 1, trace)),
    reward=jnp.asarray(rng.normal(size=B)),
  )


def outer(post, pre):
  return np.asarray(post)[:, :, None] * np.asarray(pre)[:, None, :]


def weights(seed=0):
  return jnp.asarray(np.random.default_rng(seed).random((J, NUM_PRE)))


def step(rule, seen, w):
  state = rule.start(B, J, NUM_PRE)
  return jax.jit(rule.update)(state, w, seen)[1]


@pytest.mark.parametrize('share', [0.0, 0.15, 1.0], ids=['none', 'few', 'all'])
@pytest.mark.parametrize('name', JOIN)
@pytest.mark.parametrize('is_cpu', [True, False])
def test_pairs_are_joined_by_each_reduction(monkeypatch, is_cpu, name, share):
  monkeypatch.setattr(reductions, 'is_cpu', lambda: is_cpu)
  seen, join = activity(0, share), JOIN[name]
  rule = rules.post_pre(
    depression=0.1, potentiation=0.3, reduce=getattr(reductions, name)()
  )
  wanted = (
    weights()
    - join(0.1 * outer(seen.post_trace, seen.pre))
    + join(0.3 * outer(seen.post, seen.pre_trace))
  )
  np.testing.assert_allclose(step(rule, seen, weights()), wanted, atol=1e-6)


@pytest.mark.parametrize(
  'make', [rules.post_pre, rules.weight_dependent, rules.triplet]
)
def test_negative_rates_are_refused(make):
  with pytest.raises(ValueError, match=r'got depression=-0.1: the sign is'):
    make(depression=-0.1)
  for rate in (np.float32(-1), jnp.float32(-1), jnp.nan):
    with pytest.raises(ValueError, match='got potentiation='):
      make(potentiation=rate)


@pytest.mark.parametrize('name', JOIN)
def test_soft_bounds_scale_the_steps(name):
  seen, join, w = activity(1, 0.4), JOIN[name], weights()
  rule = rules.weight_dependent(
    depression=0.1,
    potentiation=0.3,
    low=-0.5,
    high=1.5,
    reduce=getattr(reductions, name)(),
  )
  wanted = (
    w
    - (w + 0.5) * join(0.1 * outer(seen.post_trace, seen.pre))
    + (1.5 - w) * join(0.3 * outer(seen.post, seen.pre_trace))
  )
  np.testing.assert_allclose(step(rule, seen, w), wanted, atol=1e-6)


def test_hebbian_learning_only_strengthens():
  seen, w = activity(2, 0.4), weights()
  wanted = (
    w
    + (0.1 * outer(seen.post_trace, seen.pre)).sum(0)
    + (0.3 * outer(seen.post, seen.pre_trace)).sum(0)
  )
  got = step(rules.hebbian(at_pre=0.1, at_post=0.3), seen, w)
  np.testing.assert_allclose(got, wanted, atol=1e-6)


def test_triplets_read_the_slow_traces_before_this_step():
  rule = rules.triplet(
    dt=1e-3,
    depression=0.1,
    potentiation=0.2,
    triplet_depression=0.03,
    triplet_potentiation=0.04,
    tau_pre=0.1,
    tau_post=0.12,
  )
  state, got = rule.start(B, J, NUM_PRE), weights()
  wanted = np.asarray(got, np.float64)
  slow_pre, slow_post = np.zeros((B, NUM_PRE)), np.zeros((B, J))
  for t in range(T):
    seen = activity(t, 0.3)
    state, got = rule.update(state, got, seen)
    pre, post = np.asarray(seen.pre), np.asarray(seen.post)
    down, up = 0.1 + 0.03 * slow_pre, 0.2 + 0.04 * slow_post
    wanted = (
      wanted
      - outer(seen.post_trace, pre * down).sum(0)
      + outer(post * up, seen.pre_trace).sum(0)
    )
    slow_pre = slow_pre * np.exp(-0.01) + pre
    slow_post = slow_post * np.exp(-1 / 120) + post
  np.testing.assert_allclose(got, wanted, atol=1e-4)


def test_without_slow_terms_triplets_are_pairs():
  seen = activity(3, 0.3)
  np.testing.assert_allclose(
    step(rules.triplet(), seen, weights()),
    step(rules.post_pre(), seen, weights()),
    atol=1e-6,
  )


def test_a_reward_cashes_in_what_is_eligible():
  rule = rules.reward_modulated(rate=0.1, tau_eligibility=0.01)
  state, got = rule.start(B, J, NUM_PRE), weights()
  wanted, eligible = np.asarray(got), np.zeros((B, J, NUM_PRE))
  for t in range(T):
    seen = activity(t, 0.3)
    state, got = rule.update(state, got, seen)
    eligible = (
      eligible * np.exp(-0.1)
      - outer(seen.post_trace, seen.pre)
      + outer(seen.post, seen.pre_trace)
    )
    reward = np.asarray(seen.reward)[:, None, None]
    wanted = wanted + 0.1 * (reward * eligible).sum(0)
  np.testing.assert_allclose(got, wanted, atol=1e-4)


def test_without_a_reward_nothing_is_learnt():
  seen = activity(4, 0.5)._replace(reward=jnp.zeros(B))
  got = step(rules.reward_modulated(), seen, weights())
  np.testing.assert_array_equal(got, weights())
