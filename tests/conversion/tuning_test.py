# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Thresholds, schedules and exits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.conversion import (
  calibrate,
  convert,
  early_exit,
  local_thresholds,
  rules,
  schedules,
  search_schedule,
  square_error,
)
from tests.conversion import golden


def test_thresholds_of_two_channels_by_hand():
  def fn(params, x):
    return jax.nn.relu(x) @ params

  x = jnp.array([[1.0, -1.0], [3.0, 0.5]])
  found = local_thresholds(fn, jnp.eye(2), [x], num_rounds=2)
  # First 2·mean(1, 3) = 4 and 2·mean(0, 0.5); then nothing is clipped.
  np.testing.assert_allclose(found['relu/max'], [4.0, 0.5])


def test_a_site_of_one_value_per_example_has_one_threshold():
  def fn(params, x):
    return jax.nn.relu(x.sum(1))[:, None] @ params

  x = jnp.array([[1.0, 1.0], [3.0, 1.0], [0.0, 0.0]])
  found = local_thresholds(fn, jnp.ones((1, 2)), [x, x[:2]])
  np.testing.assert_allclose(found['relu/max'], 4.0)


def test_later_sites_see_what_earlier_ones_clip():
  def fn(params, x):
    return jax.nn.relu(jax.nn.relu(x) @ params) @ params

  x = jnp.array([[2.0], [6.0]])
  found = local_thresholds(fn, jnp.ones((1, 1)), [x])
  np.testing.assert_allclose(found['relu/max'], [8.0])
  np.testing.assert_allclose(found['relu/max_1'], [0.0])  # θ was 0 before
  found = local_thresholds(fn, jnp.ones((1, 1)), [x], num_rounds=2)
  np.testing.assert_allclose(found['relu/max_1'], [8.0])


def test_the_schedule_found_is_the_best_of_its_grid():
  params, x = golden.params(), jnp.asarray(golden.X)
  stats = calibrate(golden.network, params, [x])
  snn = convert(golden.network, rules.identity(), stats)
  grid = {
    'etas': (0.15, 0.5),
    'gammas': (0.7, 0.95),
    'dead_zones': (0.5, 0.9),
    'staggers': (0, 1),
  }
  found = search_schedule(snn, params, x, record=(4, 32), **grid)
  assert found[4].gamma == 0.7
  point = {'etas': (0.15,), 'gammas': (0.95,), 'dead_zones': (0.5,)}
  alone = search_schedule(snn, params, x, record=(4, 32), **point)
  for steps, choice in found.items():
    assert 0 <= choice.error < alone[steps].error
    rule = rules.signgd(
      schedules.exponential(choice.eta, choice.gamma),
      dead_zone=choice.dead_zone,
      stagger=choice.stagger,
    )
    outputs = snn._replace(rule=rule)(params, x, steps=steps).outputs
    error = square_error(outputs, golden.network(params, x))
    np.testing.assert_allclose(error[0], choice.error, rtol=1e-4)


def test_the_square_error_by_hand():
  trained = jnp.array([[2.0, 0.0], [0.0, 1.0]])
  outputs = jnp.array([trained, [[1.0, 0.0], [1.0, 0.0]]])
  np.testing.assert_allclose(square_error(outputs, trained), [0, 3 / 5])


def test_early_exit_waits_for_the_lead_and_for_repeats():
  outputs = jnp.log(
    jnp.array(
      [
        [[0.5, 0.4, 0.1], [0.9, 0.05, 0.05]],
        [[0.1, 0.8, 0.1], [0.1, 0.8, 0.1]],
        [[0.4, 0.5, 0.1], [0.0, 0.0, 1.0]],
      ]
    )
  )
  found = early_exit(outputs, (1, 2, 4), repeats=1, margin=0.5)
  np.testing.assert_array_equal(found.steps, [2, 1])
  np.testing.assert_array_equal(found.prediction, [1, 0])
  twice = early_exit(outputs, (1, 2, 4), repeats=2, margin=0.0)
  np.testing.assert_array_equal(twice.steps, [4, 4])
  np.testing.assert_array_equal(twice.prediction, [1, 2])
  with pytest.raises(ValueError, match='recorded steps, 2; got 3'):
    early_exit(outputs, (1, 2))
  short = early_exit(outputs[:, :1], (1, 2, 4), repeats=4, margin=0.0)
  np.testing.assert_array_equal(short.steps, [4])
  never = early_exit(outputs, (1, 2, 4), repeats=1, margin=2.0)
  np.testing.assert_array_equal(never.steps, [4, 4])
  np.testing.assert_array_equal(never.prediction, [1, 2])
