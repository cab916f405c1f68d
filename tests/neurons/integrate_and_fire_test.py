# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Integrate-and-fire is a rounded ReLU."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import simulate, surrogate
from snnjax.neurons import integrate_and_fire


@pytest.mark.parametrize('charge', [0.0, 0.5])
@pytest.mark.parametrize('num_steps', [8, 33])
def test_count_is_the_clipped_sum_rounded_down(charge, num_steps):
  threshold = 1.7
  current = threshold * (np.arange(-10, 61) / 50 + 1e-5)  # off the ties
  cell = integrate_and_fire(threshold, charge=charge)
  params = cell.init(jax.random.key(0), current.shape)
  spikes = simulate.simulate(
    cell, params, jnp.asarray(current)[None, None], num_steps=num_steps
  ).outputs
  total = num_steps * current / threshold + charge
  np.testing.assert_array_equal(
    spikes.sum((0, 1)), np.clip(np.floor(total), 0, num_steps)
  )


def test_a_full_membrane_fires_only_with_greater_or_equal(respond):
  inputs = [0.5, 0.5, 0.5, 0.5]
  assert respond(integrate_and_fire(1.0), inputs).flags == '0010'
  cell = integrate_and_fire(
    1.0, spike_fn=surrogate.arctan(fires=jnp.greater_equal)
  )
  assert respond(cell, inputs).flags == '0101'


def test_initial_charge_can_be_learnt():
  cell = integrate_and_fire(2.0, charge=0.25)

  def membrane(params):
    return simulate.simulate(cell, params, jnp.zeros((1, 1, 1)), num_steps=1)

  params = cell.init(jax.random.key(0), (1,))
  value, gradient = jax.value_and_grad(
    lambda params: membrane(params).state.membrane.sum()
  )(params)
  assert value == 0.5
  assert gradient.charge == 2.0
  assert gradient.threshold == 0.25
