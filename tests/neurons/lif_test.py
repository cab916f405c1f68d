# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""LIF against golden vectors, a hand-made backward recursion, its f-I curve."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import combinators, simulate, surrogate, synapses
from snnjax.neurons import lif, quantise, reset, uniform_levels
from tests.neurons.golden import assert_golden

CASES = {
  'subtract': (
    lif(0.5),
    '000100010100',
    '0.6 0.95 0.475 1.6375 0.11875 -0.140625 0.8296875 1.31484375 '
    '-0.34257812 2.32871094 0.26435547 0.13217773',
  ),
  'to_zero': (
    lif(0.5, reset=reset.to_zero),
    '000100010100',
    '0.6 0.95 0.475 1.6375 0.3 -0.05 0.875 1.3375 0 2.5 0.1 0.05',
  ),
  'none': (
    lif(0.5, reset=reset.none),
    '000110110110',
    '0.6 0.95 0.475 1.6375 1.11875 0.359375 1.0796875 1.43984375 '
    '0.71992188 2.85996094 1.52998047 0.76499023',
  ),
  'slow_subtract': (
    lif(0.9),
    '010100100110',
    '0.6 1.19 0.071 1.4639 0.61751 0.355759 1.2201831 0.99816479 '
    '0.89834831 3.30851348 2.07766213 0.86989592',
  ),
  'slow_to_zero': (
    lif(0.9, reset=reset.to_zero),
    '010100010100',
    '0.6 1.19 0 1.4 0.3 0.07 0.963 1.7667 0 2.5 0.1 0.09',
  ),
  'slow_none': (
    lif(0.9, reset=reset.none),
    '011111111111',
    '0.6 1.19 1.071 2.3639 2.42751 1.984759 2.6862831 3.31765479 '
    '2.98588931 5.18730038 4.76857034 4.29171331',
  ),
  'no_delay_subtract': (
    lif(0.5, reset_delay=False),
    '000100010100',
    '0.6 0.95 0.475 0.6375 0.61875 0.109375 0.9546875 0.37734375 '
    '0.18867188 1.59433594 0.89716797 0.44858398',
  ),
  'no_delay_to_zero': (
    lif(0.5, reset=reset.to_zero, reset_delay=False),
    '000100010100',
    '0.6 0.95 0.475 0 0.3 -0.05 0.875 0 0 0 0.1 0.05',
  ),
}


@pytest.mark.parametrize('case', CASES)
def test_golden(respond, case):
  cell, flags, membrane = CASES[case]
  response = respond(cell)
  assert response.flags == flags
  assert_golden(response.states.membrane, membrane)


def test_golden_with_own_feedback(respond):
  cell = combinators.recurrent(lif(0.5), synapses.one_to_one(0.3))
  response = respond(cell)
  assert response.flags == '000100010100'
  assert_golden(
    response.states.neuron.membrane,
    '0.6 0.95 0.475 1.6375 0.41875 0.009375 0.9046875 1.35234375 '
    '-0.02382813 2.48808594 0.64404297 0.32202148',
  )


def test_the_threshold_itself_does_not_fire(respond):
  response = respond(lif(0.5), [1.0, 0.5, 0.51])
  assert response.flags == '001'
  np.testing.assert_allclose(response.states.membrane, [1, 1, 1.01])


@pytest.mark.parametrize(
  ('spike_fn', 'reset_fn', 'expected'),
  [
    (
      surrogate.fast_sigmoid(25.0),
      reset.subtract,
      '0.0216852352 0.0417175778 0.00442280983 0.00583833639 '
      '0.00888803972 0.0158908467 0.0304042388 0.0101656616',
    ),
    (
      surrogate.fast_sigmoid(25.0),
      reset.to_zero,
      '0.0211297327 0.0406065728 0.0022007999 0.00139431653 '
      '0.0132723494 0.023622858 0.0456296904 0.00898206219',
    ),
    (
      surrogate.arctan(2.0),
      reset.subtract,
      '0.183125886 0.288706444 0.187044834 0.212812772 0.265978967 '
      '0.416547799 0.746394191 0.404379389',
    ),
    (
      surrogate.arctan(2.0),
      reset.to_zero,
      '0.1665022 0.255459073 0.120550092 0.0798232886 0.309618306 '
      '0.447889488 0.794779408 0.376610665',
    ),
  ],
  ids=['fast_subtract', 'fast_to_zero', 'arctan_subtract', 'arctan_to_zero'],
)
def test_golden_gradient(spike_fn, reset_fn, expected):
  cell = lif(0.5, spike_fn=spike_fn, reset=reset_fn)
  with jax.enable_x64(True):
    xs = jnp.array([0.6, 0.65, 0.0, 1.4, 0.3, -0.2, 0.9, 0.9])

    def loss(xs):
      params = cell.init(jax.random.key(0), (1,))
      spikes = simulate.simulate(cell, params, xs[:, None, None]).outputs
      return jnp.vdot(spikes[:, 0, 0], jnp.arange(1, 9) / 10)

    value, gradient = jax.value_and_grad(loss)(xs)
  assert value == pytest.approx(1.2)
  np.testing.assert_allclose(
    gradient, np.array(expected.split(), float), rtol=1e-8
  )


def test_threshold_is_pulled_by_the_spike_and_by_the_reset():
  """∂L/∂θ by the recursion on paper; the flag itself is constant."""
  decay, xs = 0.5, [0.6, 0.65, 0.0, 1.4, 0.3]
  cell = lif(decay, spike_fn=surrogate.arctan(2.0))

  def loss(threshold):
    params = cell.init(jax.random.key(0), (1,))._replace(threshold=threshold)
    inputs = jnp.array(xs)[:, None, None]
    return simulate.simulate(cell, params, inputs).outputs.sum()

  membrane = slope = expected = 0.0
  for x in xs:
    has_fired = float(membrane > 1)
    membrane = decay * membrane - has_fired + x
    slope = decay * slope - has_fired
    expected += (slope - 1) / (1 + (np.pi * (membrane - 1)) ** 2)
  gradient = jax.grad(loss)(1.0)
  np.testing.assert_allclose(gradient, expected, rtol=1e-5)


@pytest.mark.parametrize('decay', [0.5, 0.9, 0.99])
def test_interval_between_spikes_is_the_closed_form(decay):
  """After a reset to zero, U[n] = I·(1 - βⁿ)/(1 - β): it fires at a known n."""
  current = np.linspace((1 - decay) * 1.013, 0.97, 25)
  needed = np.log(1 - (1 - decay) / current) / np.log(decay)
  interval = np.floor(needed).astype(int) + 1  # strictly above the threshold
  assert np.abs(needed - np.round(needed)).min() > 1e-3  # no tie with rounding
  num_steps = 4 * interval.max()
  cell = lif(decay, reset=reset.to_zero)
  params = cell.init(jax.random.key(0), current.shape)
  spikes = simulate.simulate(
    cell, params, jnp.asarray(current)[None, None], num_steps=num_steps
  ).outputs[:, 0]
  for neuron, n in enumerate(interval):
    np.testing.assert_array_equal(
      np.flatnonzero(spikes[:, neuron]) + 1, np.arange(n, num_steps + 1, n)
    )


def test_rate_approaches_the_continuous_neuron_as_dt_shrinks():
  """1/τ·ln(I∞/(I∞ - θ)) between spikes; the error is one step at most."""
  tau, dt, current = 0.02, 1e-5, np.array([1.1, 1.5, 2.0, 5.0])
  decay = np.exp(-dt / tau)
  cell = lif(decay, reset=reset.to_zero)
  with jax.enable_x64(True):
    params = cell.init(jax.random.key(0), current.shape)
    xs = jnp.asarray(current * (1 - decay))[None, None]
    spikes = np.asarray(simulate.run(cell, params, xs, num_steps=20_000)[1])
  expected = tau * np.log(current / (current - 1))
  for neuron, seconds in enumerate(expected):
    (times,) = np.nonzero(spikes[:, 0, neuron])
    np.testing.assert_allclose(np.diff(times) * dt, seconds, atol=1.01 * dt)


def test_parameters_per_neuron_do_not_mix():
  decay, threshold = np.array([0.1, 0.5, 0.9]), np.array([0.5, 1.0, 2.0])
  xs = jax.random.uniform(jax.random.key(1), (9, 2, 3), maxval=2.0)
  cell = lif(decay, threshold)
  together = simulate.simulate(cell, cell.init(jax.random.key(0), (3,)), xs)
  for n in range(3):
    one = lif(decay[n], threshold[n])
    params = one.init(jax.random.key(0), (1,))
    alone = simulate.simulate(one, params, xs[..., n : n + 1]).outputs
    np.testing.assert_array_equal(together.outputs[..., n : n + 1], alone)


def test_quantised_membrane_stays_on_its_levels(respond):
  levels = uniform_levels(3)
  response = respond(lif(0.5, quantise=quantise(levels)))
  distance = np.abs(
    response.states.membrane[:, None] - np.asarray(levels)[None]
  )
  np.testing.assert_array_equal(distance.min(axis=1), 0)
  assert '1' in response.flags
