# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Dropout: one mask per example, kept over time."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, dropout, simulate, synapses


def test_mask_is_kept_over_time_and_differs_between_examples_and_keys():
  cell, xs = dropout.dropout(0.25), jnp.ones((5, 4, 500))
  ys = simulate.simulate(cell, (), xs, key=jax.random.key(0)).outputs
  np.testing.assert_array_equal(ys, jnp.broadcast_to(ys[:1], ys.shape))
  np.testing.assert_allclose(np.unique(ys), [0, 1 / 0.75], rtol=1e-6)
  np.testing.assert_allclose(ys[0].mean(-1), 1, atol=0.1)
  masks = {row.tobytes() for row in np.asarray(ys[0])}
  other = simulate.simulate(cell, (), xs, key=jax.random.key(1)).outputs
  masks |= {row.tobytes() for row in np.asarray(other[0])}
  assert len(masks) == 8


def test_what_was_learnt_with_dropout_is_evaluated_without():
  def network(rate):
    return combinators.serial(
      dropout=dropout.dropout(rate), dense=synapses.dense(2)
    )

  params = network(0.5).init(jax.random.key(0), (3,))
  xs = jnp.ones((1, 4, 3))
  evaluated = simulate.simulate(network(0.0), params, xs, num_steps=1).outputs
  alone, _, _ = simulate.simulate(
    synapses.dense(2), params['dense'], xs, num_steps=1
  )
  np.testing.assert_array_equal(evaluated, alone)
  trained = simulate.simulate(
    network(0.5), params, xs, num_steps=1, key=jax.random.key(1)
  ).outputs
  assert not np.allclose(trained, alone)


def test_dropout_without_a_key_is_an_error():
  with pytest.raises(ValueError, match='give it a key'):
    simulate.simulate(dropout.dropout(0.5), (), jnp.ones((2, 3, 4)))


@pytest.mark.parametrize('rate', [-0.1, 1.0])
def test_impossible_rate_is_an_error(rate):
  with pytest.raises(ValueError, match=f'got {rate}'):
    dropout.dropout(rate)
