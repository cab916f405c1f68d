# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Batch normalisation through time against NumPy, and its running state."""

import jax
import numpy as np
import pytest

from snnjax import normalisation, simulate
from snnjax.normalisation import batch_norm_evaluate, batch_norm_train

T, C, EPSILON = 4, 3, 1e-5


def inputs(*shape):
  return np.random.default_rng(0).normal(1.0, 2.0, shape).astype(np.float32)


def params_with_scale(scale):
  params = batch_norm_train(T).init(jax.random.key(0), (C,))
  return params._replace(scale=np.asarray(scale, np.float32))


@pytest.mark.parametrize('shape', [(T, 6, C), (T, 6, 2, 5, C)])
def test_each_step_is_normalised_by_its_own_batch(shape):
  xs = inputs(*shape)
  scale = np.arange(1.0, T * C + 1).reshape(T, C)
  outputs, trace, state = simulate.simulate(
    batch_norm_train(T), params_with_scale(scale), xs
  )
  for t in range(T):
    rows = xs[t].reshape(-1, C)
    expected = (xs[t] - rows.mean(0)) / np.sqrt(rows.var(0) + EPSILON)
    np.testing.assert_allclose(outputs[t], scale[t] * expected, atol=1e-4)
    np.testing.assert_allclose(trace[0].mean[t, 0], rows.mean(0), atol=1e-5)
    np.testing.assert_allclose(trace[0].variance[t, 0], rows.var(0), rtol=1e-4)
  np.testing.assert_array_equal(state.step, [T] * 6)


def test_running_statistics_move_by_the_momentum():
  xs = inputs(T, 5, C)
  params = params_with_scale(np.ones((T, C)))
  trace = simulate.simulate(batch_norm_train(T), params, xs).trace
  moved = normalisation.update_running(params, trace, momentum=0.75)
  np.testing.assert_allclose(moved.mean, 0.25 * xs.mean(1), rtol=1e-4)
  np.testing.assert_allclose(moved.variance, 0.75 + 0.25 * xs.var(1), rtol=1e-4)
  np.testing.assert_array_equal(moved.scale, params.scale)


def test_evaluation_reproduces_training_once_the_statistics_are_the_batch_s():
  xs = inputs(T, 5, C)
  params = params_with_scale(np.linspace(1, 2, T * C).reshape(T, C))
  outputs, trace, _ = simulate.simulate(batch_norm_train(T), params, xs)
  params = normalisation.update_running(params, trace, momentum=0.0)
  evaluated = simulate.simulate(batch_norm_evaluate(T), params, xs).outputs
  np.testing.assert_allclose(evaluated, outputs, atol=1e-5)


def test_late_steps_share_the_last_row_and_missing_ones_keep_theirs():
  params = params_with_scale(np.ones((T, C)))
  long, short = inputs(T + 2, 5, C), inputs(T - 2, 5, C)
  for xs in (long, short):
    trace = simulate.simulate(batch_norm_train(T), params, xs).trace
    moved = normalisation.update_running(params, trace, momentum=0.0)
    for t in range(T):
      rows = xs[t:] if t == T - 1 else xs[t : t + 1]
      expected = rows.mean((0, 1)) if len(rows) else np.zeros(C)
      np.testing.assert_allclose(moved.mean[t], expected, atol=1e-5)


def test_a_stream_goes_on_with_the_row_where_it_stopped():
  cell = batch_norm_evaluate(T)
  params = params_with_scale(np.arange(T)[:, None] * np.ones((1, C)))
  xs = inputs(T, 2, C)
  whole = simulate.simulate(cell, params, xs)
  first = simulate.simulate(cell, params, xs[:3])
  rest = simulate.simulate(cell, params, xs[3:], num_steps=1, state=first.state)
  np.testing.assert_array_equal(rest.outputs, whole.outputs[3:])
