# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a single neuron guarantees, and that it is the neuron it says."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.conversion import convert, ranges, rules
from snnjax.conversion.schedules import exponential
from snnjax.conversion.sites import Target

STEPS = 24


@pytest.fixture(autouse=True, scope='module')
def _x64():
  with jax.enable_x64(True):
    yield


@functools.lru_cache
def _worst(dead_zone):
  """The largest error of targets within reach, in units of η[T], by γ."""
  x = jax.random.uniform(jax.random.key(0), (20_000, 1), minval=-1, maxval=1)

  @jax.jit
  def worst(gamma):
    schedule = exponential(1.0, gamma)
    rule = rules.signgd(schedule, dead_zone=dead_zone, ranging=ranges.unit)
    snn = convert(lambda w, x: jnp.tanh(x) @ w, rule)
    record = tuple(range(1, STEPS + 1))
    outputs = snn(
      jnp.ones((1, 1)), x, steps=STEPS, record=record, count=False
    ).outputs
    eta = schedule(jnp.arange(1, STEPS + 1))[:, None]
    errors = jnp.abs(outputs - jnp.tanh(x)[None])[..., 0] / eta
    return errors.max()

  return worst


@pytest.mark.parametrize(
  ('dead_zone', 'gamma', 'bound'),
  [
    (0.0, 0.5, 1.0),
    (0.0, 0.9, 1.0),
    (0.5, 1 / 3, 0.5),
    (0.5, 0.4, 0.5),
    (0.5, 0.9, 0.5),
  ],
)
def test_the_error_is_bounded_by_the_last_step(dead_zone, gamma, bound):
  assert bound - 0.01 < _worst(dead_zone)(gamma) <= bound + 1e-6


@pytest.mark.parametrize(('dead_zone', 'gamma'), [(0.0, 0.45), (0.5, 0.3)])
def test_a_schedule_that_falls_too_fast_has_no_bound(dead_zone, gamma):
  assert _worst(dead_zone)(gamma) > 10


def test_out_of_reach_the_distance_remains():
  x = jnp.array([[5.0], [-5.0]])
  rule = rules.signgd(exponential(0.15, 0.95), ranging=ranges.unit)
  snn = convert(lambda w, x: jnp.sinh(x) @ w, rule)
  outputs = snn(jnp.ones((1, 1)), x, steps=300).outputs[0]
  np.testing.assert_allclose(outputs, [[3.0], [-3.0]], rtol=1e-5)


@pytest.mark.parametrize(
  ('tau', 'threshold'), [(2.0, 1.0), (4.0, 0.25), (8.0, 0.125)]
)
def test_leaky_neurons_spike_like_their_membranes(tau, threshold):
  """A membrane, step by step, against the form that tracks a value."""
  drive = np.random.default_rng(0).uniform(-0.5, 1.5, (200, 64))
  membrane = np.zeros(64)
  current = decoded = np.zeros(64)
  rule = rules.leaky(tau, lambda site, stats: None)
  range_ = ranges.Range(jnp.asarray(tau * threshold), -jnp.inf, jnp.inf)
  site = _rectified()
  for t, drive_now in enumerate(drive, start=1):
    membrane = (1 - 1 / tau) * membrane + drive_now / tau
    expected = membrane >= threshold
    membrane -= threshold * expected
    current = (1 - 1 / tau) * current + drive_now / tau
    target = Target(jnp.maximum(current, 0), None)
    _, spikes = rule.step(site, range_, (), jnp.asarray(decoded), target, t)
    keep, gain = rule.code(site, range_, t)
    decoded = np.asarray(keep * decoded + gain * spikes)
    np.testing.assert_array_equal(spikes, expected)


@pytest.mark.parametrize('hard_reset', [False, True])
def test_integrate_and_fire_neurons_spike_like_their_membranes(hard_reset):
  drive = np.random.default_rng(0).uniform(-0.5, 1.0, (200, 64))
  membrane, threshold = np.full(64, 0.35), 0.7
  decoded = jnp.zeros(64)
  range_ = ranges.Range(jnp.asarray(threshold), -jnp.inf, jnp.inf)
  rule, site = rules.integrate_and_fire(hard_reset=hard_reset), _rectified()
  zero = jnp.zeros(64)
  state = rule.start(site, range_, Target(zero, zero), None)
  for t, drive_now in enumerate(drive, start=1):
    membrane = membrane + drive_now
    expected = membrane >= threshold
    if hard_reset:
      membrane = np.where(expected, 0, membrane)
    else:
      membrane = membrane - threshold * expected
    mean = jnp.asarray(drive[:t].mean(0))
    # With a soft reset max(z, 0) says enough.
    target = Target(mean if hard_reset else jnp.maximum(mean, 0), mean)
    state, spikes = rule.step(site, range_, state, decoded, target, t)
    keep, gain = rule.code(site, range_, t)
    decoded = keep * decoded + gain * spikes
    np.testing.assert_array_equal(spikes, expected)


@pytest.mark.parametrize('charge', [-0.1, 1.0])
def test_a_charge_is_below_the_threshold(charge):
  with pytest.raises(ValueError, match=rf'\[0, 1\) thresholds; got {charge}'):
    rules.integrate_and_fire(charge=charge)


def _rectified():
  snn = convert(lambda w, x: jax.nn.relu(x) @ w, rules.identity())
  return snn.plan(jnp.ones((1, 1)), jnp.ones((2, 1))).sites[0]
