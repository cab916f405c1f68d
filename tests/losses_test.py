# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Losses against golden values, differences, and hostile spike trains."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from snnjax import losses, numerics, targets

T, B, C = 5, 3, 4
t, b, c = np.ogrid[:T, :B, :C]
SPIKES = ((3 * t**2 + 5 * b + 7 * c + b * c * t + t * c) % 11 < 4).astype(
  np.float64
)
MEMBRANES = ((7 * t + 3 * b + 5 * c) % 13) / 10 - 0.3
LABELS = np.array([2, 0, 3])

ce_reciprocal = functools.partial(
  losses.ce_temporal_loss, inverse=losses.reciprocal
)
mse_count_82 = functools.partial(
  losses.mse_count_loss, correct_rate=0.8, incorrect_rate=0.2
)
mse_count_75 = functools.partial(
  losses.mse_count_loss, correct_rate=0.75, incorrect_rate=0.25
)


def mse_membrane(membranes, labels):
  return losses.mse_membrane_loss(
    membranes, targets.class_targets(labels, num_classes=membranes.shape[-1])
  )


def mse_temporal(spikes, labels, tolerance=0.0):
  first_or_last = targets.class_targets(
    labels, num_classes=spikes.shape[-1], correct=0.0, incorrect=-1.0
  )
  return losses.mse_temporal_loss(spikes, first_or_last, tolerance=tolerance)


SPIKE_LOSSES = [
  (losses.ce_rate_loss, 1.699155701),
  (losses.ce_count_loss, 2.962287284),
  (losses.mse_count_loss, 1.8),
  (mse_count_82, 0.933333333),
  (mse_count_75, 0.65),
  (mse_temporal, 0.393333333),
  (functools.partial(mse_temporal, tolerance=2), 0.386666667),
  (losses.ce_temporal_loss, 3.268864414),
  (ce_reciprocal, 1.543771249),
]
MEMBRANE_LOSSES = [
  (losses.ce_max_membrane_loss, 1.331194061),
  (mse_membrane, 0.263666667),
]
ALL = [loss for loss, _ in SPIKE_LOSSES + MEMBRANE_LOSSES]


def test_golden_spikes_are_those_of_the_table():
  np.testing.assert_array_equal(
    SPIKES.sum(0), [[3, 1, 2, 1], [0, 3, 1, 1], [3, 3, 3, 0]]
  )
  np.testing.assert_array_equal(
    numerics.spike_steps(SPIKES.astype(np.float32))[0],
    [[0, 1, 0, 3], [4, 0, 3, 1], [1, 1, 0, 4]],
  )


@pytest.mark.parametrize(
  ('loss', 'outputs', 'expected'),
  [(loss, SPIKES, value) for loss, value in SPIKE_LOSSES]
  + [(loss, MEMBRANES, value) for loss, value in MEMBRANE_LOSSES],
)
def test_golden_values(loss, outputs, expected):
  with jax.enable_x64(True):
    values = jax.jit(loss)(outputs, LABELS)
    assert values.shape == (B,)
    assert values.dtype == jnp.float64
    np.testing.assert_allclose(values.mean(), expected, atol=6e-10)


def test_sparsity_golden_is_the_sum_over_the_batch():
  with jax.enable_x64(True):
    values = losses.l1_rate_sparsity(SPIKES)
    assert values.shape == (B,)
    np.testing.assert_allclose(values.sum(), 0.00021, rtol=1e-12)
    images = losses.l1_rate_sparsity(SPIKES.reshape(T, B, 2, 2))
    np.testing.assert_allclose(images, values, rtol=1e-12)


def test_ce_rate_gradient_golden():
  with jax.enable_x64(True):
    gradient = jax.jit(
      jax.grad(lambda s: losses.ce_rate_loss(s, LABELS).mean())
    )(SPIKES)
    np.testing.assert_allclose(
      gradient[0, 0],
      [0.024368619, 0.008964714, -0.042298047, 0.008964714],
      atol=6e-10,
    )
    softmax = jax.nn.softmax(SPIKES)
    one_hot = np.eye(C)[LABELS]
    np.testing.assert_allclose(
      gradient, (softmax - one_hot[None]) / (B * T), atol=1e-15
    )


def test_mse_count_gradient_golden():
  with jax.enable_x64(True):
    gradient = jax.grad(lambda s: mse_count_82(s, LABELS).mean())(SPIKES)
    expected = np.array([0.066666667, 0, -0.066666667, 0])
    np.testing.assert_allclose(
      gradient[:, 0], np.tile(expected, (T, 1)), atol=6e-10
    )


@pytest.mark.parametrize(
  'loss',
  [
    losses.ce_rate_loss,
    losses.ce_count_loss,
    losses.mse_count_loss,
    losses.ce_max_membrane_loss,
    mse_membrane,
  ],
)
def test_gradients_meet_central_differences(loss):
  outputs = np.random.default_rng(0).normal(size=(T, B, C))
  with jax.enable_x64(True):
    check_grads(
      jax.jit(lambda x: loss(x, LABELS)), (outputs,), order=1, modes=['rev']
    )


def test_first_spike_gradient_is_the_sign_estimator():
  with jax.enable_x64(True):
    gradient = jax.jit(jax.grad(lambda s: mse_temporal(s, LABELS).sum()))(
      SPIKES
    )
    f = np.array([[0, 1, 0, 3], [4, 0, 3, 1], [1, 1, 0, 4]])
    goal = np.where(np.eye(C)[LABELS], 0, T - 1)
    expected = np.where(t == f, -2 * (f - goal) / T**2 / C, 0)
    np.testing.assert_allclose(gradient, expected, atol=1e-15)


def test_spikes_in_time_are_left_alone():
  gradient = jax.jit(
    jax.grad(lambda s: mse_temporal(s, LABELS, tolerance=9).sum())
  )(SPIKES.astype(np.float32))
  np.testing.assert_array_equal(gradient, 0)


def test_temporal_targets_for_several_spikes():
  spikes = jnp.array([1, 0, 1, 0, 0, 1.0]).reshape(6, 1, 1)
  goals = jnp.array([0, 1, -1.0]).reshape(3, 1, 1)
  loss = losses.mse_temporal_loss(spikes, goals)
  np.testing.assert_allclose(loss, (1 / 6) ** 2 / 3, rtol=1e-6)


def test_membrane_targets_may_change_in_time():
  with jax.enable_x64(True):
    wanted = targets.class_targets(
      LABELS,
      num_classes=C,
      correct=targets.ramps(targets.regular_train(0.4, num_steps=T)),
    )
    loss = losses.mse_membrane_loss(MEMBRANES, wanted)
    expected = ((MEMBRANES - np.asarray(wanted)) ** 2).mean((0, 2))
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    assert losses.mse_membrane_loss(wanted, wanted).sum() == 0


def test_class_weights_golden_in_both_conventions():
  with jax.enable_x64(True):
    weights = jnp.array([1.0, 2, 3, 4])
    loss = losses.ce_count_loss(SPIKES, LABELS)
    plain = losses.class_weighted(loss, LABELS, weights)
    balanced = losses.class_balanced(loss, LABELS, weights, jnp.ones(B))
    np.testing.assert_allclose(plain.mean(), 8.073233532, atol=6e-10)
    np.testing.assert_allclose(balanced.mean(), 3.027462574, atol=6e-10)


def test_balanced_weights_do_not_see_padding():
  weights = jnp.array([1.0, 2, 3, 4])
  mask = jnp.array([1.0, 1, 0])
  loss = jnp.array([1.0, 2, 50])
  balanced = losses.class_balanced(loss, LABELS, weights, mask)
  np.testing.assert_allclose(
    numerics.masked_mean(balanced, mask), (3 * 1 + 1 * 2) / 4, rtol=1e-6
  )
  nothing = losses.class_balanced(loss, LABELS, weights, jnp.zeros(3))
  np.testing.assert_array_equal(nothing, 0)


def test_population_code_golden():
  with jax.enable_x64(True):
    labels = np.array([1, 0, 1])
    groups = losses.population_sum(jnp.asarray(SPIKES), 2)
    np.testing.assert_array_equal(groups.sum(0), [[4, 3], [3, 2], [6, 3]])
    mse = losses.mse_count_loss(groups, labels, population_size=2)
    np.testing.assert_allclose(mse.mean(), 6.766666667, atol=6e-10)
    ce = losses.ce_count_loss(groups, labels)
    np.testing.assert_allclose(ce.mean(), 1.558370242, atol=6e-10)


def test_a_share_of_the_steps_is_no_spike_less():
  """0.29 of 100 steps is 28.999999999999996 in floats."""
  spikes = np.zeros((100, 1, 2), np.float32)
  spikes[:29, 0, 1] = 1
  loss = losses.mse_count_loss(spikes, jnp.array([1]), correct_rate=0.29)
  assert loss.tolist() == [0]


def test_population_code_scales_both_targets():
  spikes = jnp.ones((10, 1, 6))
  loss = losses.mse_count_loss(
    losses.population_sum(spikes, 2),
    jnp.array([0]),
    correct_rate=0.8,
    incorrect_rate=0.25,
    population_size=3,
  )
  np.testing.assert_allclose(loss, ((30 - 24) ** 2 + (30 - 7) ** 2) / 20)


def test_population_code_refuses_uneven_groups():
  with pytest.raises(ValueError, match='4 for 3 classes'):
    losses.population_sum(jnp.ones((T, B, C)), 3)


def test_ce_rate_loss_stays_within_its_bounds():
  right = jnp.zeros((T, 1, 10)).at[:, :, 7].set(1)
  label = jnp.array([7])
  best, silent, worst = (
    losses.ce_rate_loss(spikes, label)[0]
    for spikes in (right, jnp.zeros_like(right), 1 - right)
  )
  np.testing.assert_allclose(best, 1.461150, atol=1e-6)
  np.testing.assert_allclose(silent, 2.302585, atol=1e-6)
  np.testing.assert_allclose(worst, np.log(9 * np.e + 1), atol=1e-6)


def test_silent_outputs_cost_what_the_last_step_costs():
  silent = np.zeros((T, B, C), np.float32)
  late = silent.copy()
  late[-1] = 1
  for loss in (mse_temporal, losses.ce_temporal_loss, ce_reciprocal):
    np.testing.assert_array_equal(loss(silent, LABELS), loss(late, LABELS))


def test_tied_membranes_share_the_gradient():
  flat = jnp.zeros((4, 1, 2))
  gradient = jax.grad(
    lambda u: losses.ce_max_membrane_loss(u, jnp.array([0])).sum()
  )(flat)
  np.testing.assert_allclose(gradient[:, 0], [[-0.125, 0.125]] * 4, rtol=1e-6)


@pytest.mark.parametrize('loss', ALL)
@pytest.mark.parametrize('num_steps', [1, T])
def test_hostile_outputs_give_finite_losses_and_gradients(loss, num_steps):
  shape = (num_steps, B, C)
  noise = np.random.default_rng(1).normal(size=shape)
  value_and_grad = jax.jit(
    jax.value_and_grad(lambda outputs: loss(outputs, LABELS).sum())
  )
  for scale, outputs in [
    (0, np.zeros(shape)),
    (1, np.ones(shape)),
    (1e15, noise),
    (-1e15, np.ones(shape)),
    (1e-40, noise),
  ]:
    value, gradient = value_and_grad((scale * outputs).astype(np.float32))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize('loss', ALL)
def test_examples_do_not_leak_into_each_other(loss):
  outputs = SPIKES.astype(np.float32)
  jacobian = jax.jit(jax.jacrev(loss))(outputs, LABELS)  # [B, T, B, C]
  own = np.eye(B)[:, None, :, None]
  np.testing.assert_array_equal(np.where(own, 0, jacobian), 0)
