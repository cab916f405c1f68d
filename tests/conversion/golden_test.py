# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Against tables that were computed without this code, in float64."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.conversion import (
  by_event,
  by_value,
  calibrate,
  codes,
  convert,
  ranges,
  rules,
)
from snnjax.conversion.schedules import constant, exponential, inverse
from tests.conversion import golden

BINARY = {'dead_zone': 0.0, 'ranging': ranges.unit}
DEFAULT = rules.signgd(exponential(0.15, 0.95), **BINARY)
LAYER = ranges.maximum('layer', 1.01)
REPOSITORY = rules.subgradient(1, ranging=ranges.unit)

# Rule, input code, largest error of an output after 8, 16, 32, 64, 128 steps.
NETWORK = {
  'exact input': (
    DEFAULT,
    None,
    (1.7081e-1, 1.2167e-1, 4.1477e-2, 8.3989e-3, 2.8834e-4),
  ),
  'float code': (
    DEFAULT,
    codes.float_code,
    (1.7484e-1, 1.7369e-1, 4.9558e-2, 2.2970e-2, 2.2594e-2),
  ),
  'spike code': (
    DEFAULT,
    codes.spike_code,
    (1.4193e-1, 9.2408e-2, 3.9447e-2, 8.6305e-3, 3.1054e-4),
  ),
  'layer maximum': (
    rules.signgd(
      exponential(0.15, 0.95), dead_zone=0, ranging=ranges.maximum('layer')
    ),
    None,
    (1.1515e-1, 9.0253e-2, 4.6813e-2, 9.8975e-3, 3.4512e-4),
  ),
  'fast': (
    rules.signgd(exponential(0.3, 0.9), **BINARY),
    None,
    (2.0151e-1, 6.8531e-2, 1.5622e-2, 6.6010e-4, 7.34e-7),
  ),
  'inverse': (
    rules.signgd(inverse(1.0), **BINARY),
    None,
    (1.5244e-1, 7.9033e-2, 4.0689e-2, 2.5764e-2, 1.0004e-2),
  ),
  'ternary': (
    rules.signgd(exponential(0.15, 0.95), ranging=ranges.unit),
    None,
    (7.2504e-2, 6.2382e-2, 2.3255e-2, 5.2527e-3, 2.0087e-4),
  ),
  'ternary, faster': (
    rules.signgd(exponential(0.5, 0.7), ranging=ranges.unit),
    None,
    (3.1102e-2, 1.5621e-3, 6.0070e-6, 5.86e-11, 1e-16),
  ),
  'ternary, fastest': (
    rules.signgd(exponential(0.5, 0.6), ranging=ranges.unit),
    None,
    (8.6327e-3, 2.0892e-4, 4.9619e-8),
  ),
  'integrate and fire': (
    rules.integrate_and_fire(LAYER, charge=0.0),
    None,
    (1.9529e-1, 5.8985e-2, 4.3830e-2, 2.1166e-2, 9.5222e-3),
  ),
  'charged': (
    rules.integrate_and_fire(LAYER),
    None,
    (7.7581e-2, 4.1061e-2, 2.1378e-2, 9.6354e-3, 5.8728e-3),
  ),
  'charged, 99 %': (
    rules.integrate_and_fire(
      ranges.given({'relu/max': 0.80698214, 'relu/max_1': 0.78125604})
    ),
    None,
    (1.1233e-1, 1.1918e-1, 1.0224e-1, 1.0635e-1, 1.0572e-1),
  ),
}


@pytest.fixture(autouse=True, scope='module')
def _x64():
  with jax.enable_x64(True):
    yield


@pytest.fixture(name='stats', scope='module')
def _stats(_x64):
  return calibrate(golden.network, golden.params(), [jnp.asarray(golden.X)])


def test_the_network_itself():
  np.testing.assert_allclose(
    golden.PARAMS['kernels'][0][0, :3], [0.18618907, -0.28162184, 0.47531211]
  )
  np.testing.assert_allclose(
    golden.X[0, :3], [0.71191048, -0.05202155, -0.81595357], atol=1e-8
  )
  outputs = golden.network(golden.params(), golden.X)
  np.testing.assert_allclose(
    outputs[0], [-0.1779844, -0.49855196, -0.10674574, 0.07371122], atol=1e-8
  )
  np.testing.assert_allclose(outputs.sum(), -12.02542052)


@pytest.mark.parametrize('case', NETWORK)
def test_network_errors(stats, case):
  rule, encoder, expected = NETWORK[case]
  errors = _errors(_run(stats, rule, encoder), _trained())
  np.testing.assert_allclose(
    errors[: len(expected)], expected, rtol=1e-3, atol=1e-16
  )


def test_the_subgradient_baseline(stats):
  """Its decoder starts from zero, not from the bias, so that shrinks, too."""
  outputs = np.asarray(_run(stats, REPOSITORY, codes.analog_code))
  steps = np.array(golden.STEPS)[:, None, None]
  bias = golden.PARAMS['biases'][-1]
  outputs = outputs - bias / (steps + 1)
  errors = _errors(outputs, _trained())
  np.testing.assert_allclose(
    errors, [1.3003e-1, 5.6917e-2, 4.0557e-2, 2.4932e-2, 1.6352e-2], rtol=1e-3
  )
  full = _errors(outputs * (steps + 1) / steps, _trained())
  np.testing.assert_allclose(
    full, [1.1788e-1, 6.1577e-2, 3.8425e-2, 1.8889e-2, 1.1835e-2], rtol=1e-3
  )


@pytest.mark.parametrize(
  ('rule', 'encoder'),
  [
    (DEFAULT, codes.float_code),
    (rules.signgd(exponential(0.4, 0.9), stagger=1), codes.spike_code),
    (rules.integrate_and_fire(LAYER), None),
    (rules.integrate_and_fire(LAYER, hard_reset=True), None),
    (REPOSITORY, codes.analog_code),
    (rules.leaky(4.0), None),
  ],
)
def test_spikes_alone_do_what_values_do(stats, rule, encoder):
  outcomes = [
    convert(golden.network, rule, stats, encoder=encoder)(
      golden.params(),
      jnp.asarray(golden.X),
      steps=128,
      record=golden.STEPS,
      synapses=synapses,
    )
    for synapses in (by_value(), by_event())
  ]
  np.testing.assert_allclose(*(o.outputs for o in outcomes), atol=1e-12)
  for name, spikes in outcomes[0].spikes.items():
    np.testing.assert_array_equal(spikes, outcomes[1].spikes[name])


def test_float32_networks_stay_so_where_float64_is_on():
  w, x = jnp.eye(2, dtype=jnp.float32), jnp.ones((1, 2), jnp.float32)
  rule = rules.signgd(exponential(np.float64(0.15), 0.95), **BINARY)
  snn = convert(lambda w, x: jax.nn.softmax(x) @ w, rule)
  run = functools.partial(snn, w, x, steps=4)
  outputs = run(synapses=by_event()).outputs
  assert outputs.dtype == jnp.float32
  np.testing.assert_allclose(outputs, run().outputs, atol=1e-5)


@pytest.mark.parametrize(
  'second', [DEFAULT, rules.subgradient(1, ranging=LAYER)]
)
def test_spikes_that_are_read_in_two_ways_need_values(stats, second):
  first = rules.integrate_and_fire(LAYER)
  mixed = rules.by_site({'relu/max': first, 'relu/max_1': second})
  run = functools.partial(
    convert(golden.network, mixed, stats),
    golden.params(),
    jnp.asarray(golden.X),
    steps=128,
  )
  assert _errors(run().outputs, _trained()) < 2e-2
  with pytest.raises(ValueError, match=r'several ways: take by_value\(\)'):
    run(synapses=by_event())


# A function, its arguments' grid, the largest error after each of STEPS.
PAIRS = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-2, 2, 41))
RATIOS = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(1, 4, 31))
HALVES = np.linspace(-2, 2, 401)
ONE_NEURON = {
  'relu': (jax.nn.relu, [HALVES], (9.903e-1, 3.204e-1, 3.058e-2)),
  'leaky': (
    lambda x: jax.nn.leaky_relu(x, 0.1),
    [HALVES],
    (9.903e-1, 3.204e-1, 3.058e-2),
  ),
  'gelu': (
    lambda x: jax.nn.gelu(x, approximate=False),
    [HALVES],
    (9.448e-1, 2.749e-1, 3.058e-2),
  ),
  'silu': (jax.nn.silu, [HALVES], (7.519e-1, 8.197e-2, 3.059e-2)),
  'square': (
    jnp.square,
    [np.linspace(-1.5, 1.5, 301)],
    (1.240, 5.704e-1, 3.058e-2),
  ),
  'exp': (jnp.exp, [np.linspace(-2, 0.8, 281)], (1.216, 5.459e-1, 3.058e-2)),
  'max': (jnp.maximum, PAIRS, (9.903e-1, 3.204e-1, 3.043e-2)),
  'divide': (jnp.divide, RATIOS, (9.903e-1, 3.204e-1, 3.06e-2)),
}


@pytest.mark.parametrize('case', ONE_NEURON)
def test_one_neuron_follows_any_function(case):
  function, grid, expected = ONE_NEURON[case]
  expected = (*expected, 5.925e-3, 2.223e-4)
  x = jnp.stack([jnp.asarray(g).ravel() for g in grid], axis=1)

  def layer(params, x):
    return function(*jnp.split(x, x.shape[1], axis=1)) @ params

  snn = convert(layer, DEFAULT)
  outputs = snn(jnp.ones((1, 1)), x, steps=128, record=golden.STEPS).outputs
  errors = _errors(outputs, function(*x.T)[:, None])
  np.testing.assert_allclose(errors, expected, rtol=3e-3)


@pytest.mark.parametrize(
  ('schedule', 'expected'),
  [
    (inverse(1.0), (1.245e-1, 6.221e-2, 3.122e-2, 1.562e-2, 7.812e-3)),
    (constant(0.15), (8e-1, 1.5e-1, 1.5e-1, 1.5e-1, 1.5e-1)),
  ],
)
def test_other_schedules(schedule, expected):
  snn = convert(
    lambda params, x: jax.nn.relu(x) @ params, rules.signgd(schedule, **BINARY)
  )
  x = jnp.asarray(HALVES)[:, None]
  outputs = snn(jnp.ones((1, 1)), x, steps=128, record=golden.STEPS).outputs
  errors = _errors(outputs, jax.nn.relu(x))
  np.testing.assert_allclose(errors, expected, rtol=2e-3)


@pytest.mark.parametrize(
  ('eta', 'expected'),
  [
    (0.15, (1.764e-1, 1.169e-1, 1.222e-1, 8.915e-2, 8.260e-2)),
    (0.3, (2.949e-1, 1.447e-1, 6.575e-2, 1.298e-2, 4.648e-4)),
  ],
)
def test_softmax(eta, expected):
  """At the lower rate, e^x is out of reach."""
  rule = rules.signgd(exponential(eta, 0.95), **BINARY)

  def softmax(params, x):
    e = jnp.exp(x)
    return (e / e.sum(-1, keepdims=True)) @ params

  x = jnp.asarray(1.5 * golden.numbers((16, 8), 11))
  outputs = convert(softmax, rule)(
    jnp.eye(8), x, steps=128, record=golden.STEPS
  ).outputs
  errors = _errors(outputs, jax.nn.softmax(x))
  np.testing.assert_allclose(errors, expected, rtol=1e-3)


@pytest.mark.parametrize(
  ('eta', 'expected'),
  [
    (0.15, (7.408e-1, 1.032e-1, 3.324e-2, 7.203e-3, 2.330e-4)),
    (0.3, (2.222e-1, 1.548e-1, 6.844e-2, 1.276e-2, 4.687e-4)),
  ],
)
def test_layer_normalisation(eta, expected):
  rule = rules.signgd(exponential(eta, 0.95), **BINARY)

  def normalise(params, x):
    x = x - x.mean(-1, keepdims=True)
    variance = jnp.square(x).mean(-1, keepdims=True)
    return (x / jnp.sqrt(variance + 1e-6)) @ params

  x = jnp.asarray(1.5 * golden.numbers((16, 32), 9))
  eye = jnp.eye(32)
  reference = normalise(eye, x)
  np.testing.assert_allclose(jnp.abs(reference).max(), 1.75052, rtol=1e-5)
  outputs = convert(normalise, rule)(
    eye, x, steps=128, record=golden.STEPS
  ).outputs
  errors = _errors(outputs, reference)
  np.testing.assert_allclose(errors, expected, rtol=1e-3)


@pytest.mark.parametrize('charge', [0.0, 0.5])
def test_integrate_and_fire_in_closed_form(charge):
  q = np.linspace(-0.2, 1.2, 71)[:, None]
  rule = rules.integrate_and_fire(ranges.unit, charge=charge)
  snn = convert(lambda params, x: jax.nn.relu(x) @ params, rule)
  x = jnp.asarray(q + 1e-9)
  outcome = snn(jnp.ones((1, 1)), x, steps=128, record=golden.STEPS)
  steps = np.array(golden.STEPS)[:, None, None]
  expected = np.clip(np.floor((q + 1e-9) * steps + charge), 0, steps)
  (counts,) = outcome.spikes.values()
  np.testing.assert_array_equal(counts, expected[..., 0])
  np.testing.assert_allclose(outcome.outputs, expected / steps)


def _run(stats, rule, encoder):
  snn = convert(golden.network, rule, stats, encoder=encoder)
  x = jnp.asarray(golden.X)
  return snn(golden.params(), x, steps=128, record=golden.STEPS).outputs


def _errors(outputs, reference):
  """The largest of all, after each of the steps."""
  errors = np.asarray(outputs) - np.asarray(reference)
  return np.abs(errors).max((1, 2))


def _trained():
  return golden.network(golden.params(), golden.X)
