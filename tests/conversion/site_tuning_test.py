# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A schedule of its own for every site."""

import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.conversion import (
  calibrate,
  convert,
  rules,
  schedules,
  search_schedule,
  square_error,
  tune_sites,
  tuning,
)
from snnjax.conversion.tuning import descend
from tests.conversion import golden

PARAMS, X = golden.params(), jnp.asarray(golden.X)
BATCHES = [X[:16], X[16:]]
GRID = {'etas': (0.4, 0.5, 0.6), 'gammas': (0.4, 0.6)}


def _converted():
  stats = calibrate(golden.network, PARAMS, [X])
  return convert(golden.network, rules.identity(), stats)


def _tuned(snn, steps):
  start = search_schedule(snn, PARAMS, X, record=(steps,), **GRID)[steps]
  return start, tune_sites(snn, PARAMS, BATCHES, start, steps=steps)


@pytest.mark.parametrize('steps', [1, 2, 4])
def test_schedules_by_site_are_better_than_one_for_all(steps):
  snn = _converted()
  start, tuned = _tuned(snn, steps)
  outputs = snn._replace(rule=tuned.rule())(PARAMS, X, steps=steps).outputs[0]
  trained = golden.network(PARAMS, X)
  errors = [
    square_error(outputs[None, part], trained[part])[0]
    for part in (slice(16), slice(16, None))
  ]
  np.testing.assert_allclose(tuned.error, np.mean(errors), rtol=1e-4)
  assert tuned.error < 0.9 * start.error
  assert len({tuple(own) for own in tuned.settings}) == len(tuned.sites)


def test_the_stagger_stays():
  snn = _converted()
  grid = GRID | {'staggers': (1,)}
  start = search_schedule(snn, PARAMS, X, record=(2,), **grid)[2]
  tuned = tune_sites(snn, PARAMS, [X], start, steps=2)
  outputs = snn._replace(rule=tuned.rule())(PARAMS, X, steps=2).outputs
  error = square_error(outputs, golden.network(PARAMS, X))[0]
  np.testing.assert_allclose(tuned.error, error, rtol=1e-4)
  assert tuned.stagger == 1
  assert tuned.error < start.error


def test_the_same_is_found_again():
  (_, one), (_, other) = (_tuned(_converted(), 2) for _ in range(2))
  assert one.sites == other.sites
  assert one.error == other.error
  np.testing.assert_array_equal(one.settings, other.settings)


def test_the_network_is_compiled_once(monkeypatch):
  traces = []

  def counted(outputs, trained):
    traces.append(outputs.shape)
    return square_error(outputs, trained)

  monkeypatch.setattr(tuning, 'square_error', counted)
  _tuned(_converted(), 2)
  assert traces == [(1, 16, 4)]


def test_descent_finds_a_minimum_and_stays_where_nothing_is_better():
  calls = []

  def error(point):
    calls.append(point)
    return float(np.sum(np.square(np.log(point / [[1.0, 4.0]]))))

  start = np.array([[2.0, 1.0]])
  point, least = descend(error, start, factors=(2.0,), num_sweeps=5)
  np.testing.assert_array_equal(point, [[1.0, 4.0]])
  assert least == 0.0
  np.testing.assert_array_equal(start, [[2.0, 1.0]])
  calls.clear()
  still, _ = descend(error, point, factors=(2.0, 1.5), num_sweeps=5)
  np.testing.assert_array_equal(still, point)
  assert len(calls) == 1 + 2 * 2 * 2


def test_descent_does_not_follow_what_is_not_a_number():
  def error(point):
    return 1.0 if point[0] == 1 else float('nan')

  point, least = descend(error, np.ones(1), factors=(2.0,), num_sweeps=2)
  assert point == least == 1


def test_each_site_has_the_rule_of_its_name():
  snn = _converted()
  names = [site.name for site in snn.plan(PARAMS, X).sites]
  fast = rules.signgd(schedules.exponential(0.5, 0.6))
  slow = rules.signgd(schedules.exponential(0.3, 0.9), dead_zone=0.3)

  def decoded(rule):
    return snn._replace(rule=rule)(PARAMS, X, steps=5).decoded

  same = decoded(rules.by_site(dict.fromkeys(names, fast)))
  mixed = decoded(rules.by_site({names[0]: fast, names[1]: slow}))
  alone = decoded(fast)
  np.testing.assert_array_equal(same[names[1]], alone[names[1]])
  np.testing.assert_array_equal(mixed[names[0]], alone[names[0]])
  assert not np.allclose(mixed[names[1]], alone[names[1]])
  with pytest.raises(ValueError, match=f'no rule is given for {names[1]}'):
    decoded(rules.by_site({names[0]: fast}))
