# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spike times and their derivatives: golden vectors, identities, edge cases."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pallas_kernels import solve_by_pallas
from snnjax import event
from tests.event import scalar_loop

INF = np.inf
UNIT = event.EventNeuron(tau_syn=1.0, threshold=1.0, reset=1.0)
G1_WEIGHTS = np.array([[1.5], [1.0], [-0.6], [2.0]])
G1_TIMES = np.array([0.0, 0.5, 1.2, 1.2])
G1_SPIKES = [0.912916715139, 1.660648720441]


@pytest.fixture(autouse=True)
def _x64():
  with jax.enable_x64(True):
    yield


SOLVERS = {
  'scan': event.solve_by_scan,
  'chunks': event.solve_by_chunks,
  'pallas': solve_by_pallas,
}


@pytest.fixture(params=SOLVERS)
def solver(request):
  return SOLVERS[request.param]


def single(solver, weights, times, max_spikes=4, t_max=10.0):
  """The spike times of one neuron, each input firing once."""
  weights, times = np.array(weights).reshape(-1, 1), np.array(times)
  found = event.event_layer(
    weights, times[None, :, None], UNIT, max_spikes, t_max, solver
  )
  return np.asarray(found)[0, 0]


def g1(solver, weights, times, threshold=1.0, reset=1.0):
  neuron = event.EventNeuron(1.0, threshold, reset)
  return event.event_layer(
    weights, times[None, :, None], neuron, 8, 6.0, solver
  )[0, 0]


def test_g1_ties_inhibition_two_spikes(solver):
  spikes = g1(solver, G1_WEIGHTS, G1_TIMES)
  np.testing.assert_allclose(spikes[:2], G1_SPIKES, atol=1e-11)
  assert np.isinf(spikes[2:]).all()
  crossings = event.event_crossings(
    jnp.asarray(G1_WEIGHTS),
    event.sort_events(jnp.asarray(G1_TIMES)[None, :, None]),
    UNIT,
    2,
    6.0,
    solver,
  )
  np.testing.assert_allclose(crossings.times[0, 0], G1_SPIKES, atol=1e-11)
  np.testing.assert_allclose(
    crossings.slopes[0, 0], [0.763745220655, 0.981530343916], atol=1e-11
  )
  early = single(solver, G1_WEIGHTS, G1_TIMES, 2, 1.5)
  np.testing.assert_allclose(early, [G1_SPIKES[0], INF], atol=1e-11)


def test_g1_derivatives(solver):
  args = G1_WEIGHTS, G1_TIMES, 1.0, 1.0
  rows = [
    jax.grad(lambda *a, k=k: g1(solver, *a)[k], (0, 1, 2, 3))(*args)
    for k in (0, 1)
  ]
  expected = [
    (
      [-0.607981557106, -0.397364826728, 0, 0],
      [0.332271241578, 0.667728758422, 0, 0],
      1.309337162387,
      0,
    ),
    (
      [-0.714140999930, -0.641421882575, -0.332952880175, -0.332952880175],
      [0.031071885819, 0.302151373191, -0.285761460424, 0.952538201415],
      1.477750773352,
      0.701016641363,
    ),
  ]
  for got, wanted in zip(rows, expected, strict=True):
    for a, b in zip(got, wanted, strict=True):
      np.testing.assert_allclose(np.ravel(a), np.ravel(b), atol=1e-11)
    weights, times, threshold, reset = got
    np.testing.assert_allclose(times.sum(), 1, atol=1e-12)  # translation
    scaling = np.vdot(G1_WEIGHTS, weights) + threshold + reset
    np.testing.assert_allclose(scaling, 0, atol=1e-12)


@pytest.mark.parametrize(
  ('second', 'expected'),
  [
    (0.0, [0.701601191423]),
    (-1.5, []),
    (1.0, [0.643869561691, 1.485065463888]),
  ],
)
def test_g2_a_later_input_overrules_a_candidate(solver, second, expected):
  spikes = single(solver, [2.4, second], [0.0, 0.6])
  padded = expected + [INF] * (4 - len(expected))
  np.testing.assert_allclose(spikes, padded, atol=1e-11)


def test_g3_grazing(solver):
  np.testing.assert_allclose(
    single(solver, [2.0], [0.0]), [2 * np.log(2), INF, INF, INF], atol=1e-11
  )
  assert np.isinf(single(solver, [2.0 - 1e-12], [0.0])).all()
  np.testing.assert_allclose(
    single(solver, [2.000001], [0.0])[0], 1.384880647675, atol=1e-11
  )
  gradient = jax.grad(
    lambda w: event.event_layer(w, jnp.zeros((1, 1, 1)), UNIT, 4, 9.0, solver)[
      0, 0, 0
    ]
  )(jnp.array([[2.0]]))
  assert np.isfinite(gradient).all()


LAST = 0.177327631089
G4_TIMES = np.array([[0.0, INF], [0.02, INF], [0.05, 0.09]])[None]
G4_W1 = np.array([[2.0, 1.5, -0.5], [1.0, -0.8, 3.0], [0.3, 0.2, 0.1]]).T
G4_W2 = np.array([[0.9, 0.6, 0.7], [-0.4, 1.1, 0.5]]).T


def g4(solver, w1, w2, times):
  hidden = event.event_layer(
    w1, times, event.EventNeuron(0.13, 0.10, 0.10), 5, 0.2, solver
  )
  outputs = event.event_layer(
    w2, hidden, event.EventNeuron(0.13, 0.04, 0.04), 5, 0.2, solver
  )
  return hidden, outputs


def test_g4_two_layers(solver):
  hidden, outputs = g4(solver, G4_W1, G4_W2, G4_TIMES)
  expected = [
    [0.044127173354, 0.132425322492, INF, INF, INF],
    [0.083809476189, 0.108454280388, 0.133925786632, 0.166130041083, INF],
    [INF] * 5,
  ]
  np.testing.assert_allclose(hidden[0], expected, atol=1e-11)
  expected = [
    [0.094513573708, 0.125936973479, 0.144461242914, 0.161275496001, LAST],
    [0.130831270007, 0.152705980746, 0.172612453546, 0.189236343185, INF],
  ]
  np.testing.assert_allclose(outputs[0], expected, atol=1e-11)


def test_g4_gradients_of_the_first_spikes_and_of_the_counts(solver):
  def first(w1, w2, times):
    outputs = g4(solver, w1, w2, times)[1][0, :, 0]
    return 13.480093147022 * (outputs[1] - outputs[0])

  by_w1, by_w2, by_times = jax.grad(first, (0, 1, 2))(G4_W1, G4_W2, G4_TIMES)
  expected = [
    [0.503861676592, 0.134377059634, 0],
    [-0.534145390486, -0.561955066135, 0],
  ]
  np.testing.assert_allclose(by_w2.T, expected, atol=1e-10)
  expected = [
    [0.114879179188, 0.070434795833, 0],
    [-0.115983885254, -0.106130944377, -0.117640433053],
    [0, 0, 0],
  ]
  np.testing.assert_allclose(by_w1.T, expected, atol=1e-10)
  expected = [
    [-3.487871442533, 0],
    [-4.240903397843, 0],
    [2.789311068095, 4.939463772281],
  ]
  np.testing.assert_allclose(by_times[0], expected, atol=1e-10)

  def counted(w1, w2):
    outputs = g4(solver, w1, w2, G4_TIMES)[1][0]
    errors = jnp.array([-2.0, 11.0])[:, None]
    return jnp.sum(errors * jnp.where(jnp.isfinite(outputs), outputs, 0))

  by_w1, by_w2 = jax.grad(counted, (0, 1))(G4_W1, G4_W2)
  expected = [
    [0.415961357972, 0.420981667687, 0],
    [-2.046733111967, -2.746849681308, 0],
  ]
  np.testing.assert_allclose(by_w2.T, expected, atol=1e-10)
  expected = [
    [1.261915303967, 1.151271685085, 1.522668464613],
    [-1.045091087225, -0.957719807917, -1.120805965346],
    [0, 0, 0],
  ]
  np.testing.assert_allclose(by_w1.T, expected, atol=1e-10)


def random_layer(seed, tau_syn=0.13, inputs=12, outputs=7, batch=3, slots=2):
  rng = np.random.default_rng(seed)
  times = np.sort(rng.uniform(0, 0.15, (batch, inputs, slots)), axis=-1)
  times[rng.random(times.shape) < 0.2] = INF
  times = np.sort(times, axis=-1)
  neuron = event.EventNeuron(tau_syn, *rng.uniform(0.05, 0.2, 2))
  return rng.uniform(-1, 1.5, (inputs, outputs)), times, neuron


@pytest.mark.parametrize('seed', range(10))
def test_spikes_are_those_of_a_loop_over_neurons_in_absolute_time(solver, seed):
  weights, times, neuron = random_layer(seed)
  found = one_layer(solver, weights, times, neuron.threshold, neuron.reset)
  expected = scalar_loop.spike_times(weights, times, neuron, 6, 0.4)
  np.testing.assert_allclose(found, expected, atol=1e-12)


@functools.partial(jax.jit, static_argnums=0)
def one_layer(solver, weights, times, threshold, reset):
  neuron = event.EventNeuron(0.13, threshold, reset)
  return event.event_layer(weights, times, neuron, 6, 0.4, solver)


@functools.partial(jax.jit, static_argnums=0)
def two_layers(solver, weights, second, threshold, reset, times):
  hidden = event.EventNeuron(0.13, threshold, reset)
  times = event.event_layer(weights, times, hidden, 6, 0.4, solver)
  outputs = event.EventNeuron(0.13, 0.1, 0.15)
  return event.event_layer(second, times, outputs, 5, 0.4, solver)


def weighted_sum(solver, weighting, *args):
  spikes = two_layers(solver, *args)
  is_spike = jnp.isfinite(spikes)
  return jnp.sum(jnp.where(is_spike, weighting * spikes, 0))


def random_network(seed):
  """A generator, weights of output spikes, and arguments of `two_layers`."""
  weights, times, neuron = random_layer(seed)
  rng = np.random.default_rng(seed + 100)
  second = rng.uniform(-0.3, 0.8, (7, 4))
  weighting = rng.normal(size=(3, 4, 5))
  return (
    rng,
    weighting,
    (weights, second, neuron.threshold, neuron.reset, times),
  )


gradients_of_sum = jax.jit(
  jax.grad(weighted_sum, (2, 3, 4, 5, 6)), static_argnums=0
)


@pytest.mark.parametrize('seed', range(6))
def test_gradients_of_two_layers_are_central_differences(solver, seed):
  rng, weighting, args = random_network(seed)
  present = np.isfinite(two_layers(solver, *args))
  gradients = gradients_of_sum(solver, weighting, *args)
  for which, gradient in enumerate(gradients):
    flat = np.ravel(gradient)
    scale = np.abs(flat).max()
    for place in rng.choice(flat.size, min(flat.size, 8), replace=False):

      def moved(step, which=which, place=place):
        changed = np.array(args[which], float)
        changed.reshape(-1)[place] += step
        changed = [*args[:which], changed, *args[which + 1 :]]
        spikes = two_layers(solver, *changed)
        assert (np.isfinite(spikes) == present).all()
        return np.sum(weighting[present] * np.asarray(spikes)[present])

      h = 1e-6
      difference = 8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))
      np.testing.assert_allclose(
        difference / (12 * h), flat[place], atol=2e-6 * scale
      )


@pytest.mark.parametrize('seed', range(8))
def test_gradients_of_two_layers_are_complex_steps(solver, seed):
  rng, weighting, args = random_network(seed)
  gradients = gradients_of_sum(solver, weighting, *args)

  def total(weights, second, threshold, reset, times):
    hidden = event.EventNeuron(0.13, threshold, reset)
    outputs = event.EventNeuron(0.13, 0.1, 0.15)
    times = scalar_loop.spike_times(weights, times, hidden, 6, 0.4)
    spikes = scalar_loop.spike_times(second, times, outputs, 5, 0.4)
    is_spike = np.isfinite(spikes.real)
    return np.sum(weighting[is_spike] * spikes[is_spike])

  for which, gradient in enumerate(gradients):
    flat = np.ravel(gradient)
    for place in rng.choice(flat.size, min(flat.size, 5), replace=False):
      changed = np.array(args[which], complex)
      changed.reshape(-1)[place] += 1e-30j
      step = total(*args[:which], changed, *args[which + 1 :]).imag / 1e-30
      scale = max(abs(flat[place]), 1e-3 * np.abs(flat).max())
      np.testing.assert_allclose(step, flat[place], atol=1e-12 * scale)


def test_float32_agrees_with_float64(solver):
  weights, times, neuron = random_layer(3)
  found = event.event_layer(
    jnp.asarray(weights, jnp.float32),
    jnp.asarray(times, jnp.float32),
    neuron,
    6,
    0.4,
    solver,
  )
  expected = event.event_layer(weights, times, neuron, 6, 0.4, solver)
  assert found.dtype == jnp.float32
  np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_long_simulations_do_not_overflow_in_float32():
  weights, times, neuron = random_layer(1)
  shift = jnp.float32(64.0)  # exp(64/0.13) is far beyond float32
  args = jnp.asarray(weights, jnp.float32), jnp.asarray(times, jnp.float32)
  found = event.event_layer(args[0], args[1] + shift, neuron, 6, 64.4)
  expected = event.event_layer(*args, neuron, 6, 0.4)
  np.testing.assert_allclose(found - shift, expected, atol=2e-3)


def test_an_input_long_after_the_last_spike_has_no_gradient():
  def first(times):
    weights = jnp.full((2, 1), 4.0, jnp.float32)
    return event.event_layer(weights, times, UNIT, 1, INF)[0, 0, 0]

  times = jnp.array([[[0.0], [1e4]]], jnp.float32)
  np.testing.assert_allclose(jax.grad(first)(times)[0, :, 0], [1, 0], rtol=1e-6)


def test_order_of_tied_inputs_does_not_matter(solver):
  weights, times, neuron = random_layer(5)
  times = np.round(times / 0.02) * 0.02
  order = np.random.default_rng(0).permutation(len(weights))
  found = event.event_layer(
    weights[order], times[:, order], neuron, 6, 0.4, solver
  )
  expected = event.event_layer(weights, times, neuron, 6, 0.4, solver)
  np.testing.assert_allclose(found, expected, atol=1e-12)


def test_silence_gives_silence_and_no_gradient(solver):
  weights, times, neuron = random_layer(0)
  silent = np.full_like(times, INF)

  def total(weights, times):
    spikes = event.event_layer(weights, times, neuron, 6, 0.4, solver)
    return jnp.sum(jnp.where(jnp.isfinite(spikes), spikes, 0)), spikes

  gradient = jax.grad(total, (0, 1), has_aux=True)
  (by_weights, by_times), spikes = gradient(weights, silent)
  assert np.isinf(spikes).all()
  np.testing.assert_array_equal(by_weights, 0)
  np.testing.assert_array_equal(by_times, 0)
  times[1] = INF  # one silent example among others
  (by_weights, by_times), spikes = gradient(weights, times)
  assert np.isinf(spikes[1]).all()
  assert np.isfinite(by_weights).all()
  np.testing.assert_array_equal(by_times[1], 0)


def test_overflow_is_told_and_the_first_spikes_stay(solver):
  weights, times, neuron = random_layer(2)
  events = event.sort_events(jnp.asarray(times))
  solve = functools.partial(
    event.event_crossings,
    jnp.asarray(weights),
    events,
    neuron,
    t_max=0.4,
    solver=solver,
  )
  many, few = solve(max_spikes=20), solve(max_spikes=2)
  counts = np.isfinite(many.times).sum(-1)
  assert not many.has_overflown.any()
  assert (counts > 2).any()
  np.testing.assert_array_equal(few.has_overflown, counts > 2)
  np.testing.assert_array_equal(few.times, many.times[..., :2])


def test_a_least_slope_bounds_the_gradient(solver):
  events = event.sort_events(jnp.zeros((1, 1, 1)))

  def spike(weight, min_slope):
    return event.event_crossings(
      weight.reshape(1, 1), events, UNIT, 1, 9.0, solver, min_slope=min_slope
    ).times.sum()

  steep = jnp.array(2.000001)
  exact, bounded = (jax.grad(spike)(steep, m) for m in (0.0, 0.1))
  assert abs(exact) > 100 * abs(bounded) > 0


@pytest.mark.parametrize('max_spikes', [0, -1])
def test_no_room_is_an_error(max_spikes):
  weights, times, neuron = random_layer(0)
  with pytest.raises(ValueError, match='room for at least one spike'):
    event.event_layer(weights, times, neuron, max_spikes, 1.0)


def test_other_numbers_of_inputs_are_refused():
  with pytest.raises(ValueError, match=r'got \(1, 5, 1\) and \(2, 1\)'):
    event.event_layer(np.ones((2, 1)), np.zeros((1, 5, 1)), UNIT, 1, 1.0)


@pytest.mark.parametrize('source', [-1, 2])
def test_events_of_no_input_are_refused(source):
  events = event.Events(np.zeros((1, 1)), np.array([[source]]))
  with pytest.raises(ValueError, match=f'2 inputs.* from {source} to'):
    event.event_crossings(np.ones((2, 1)), events, UNIT, 1, 1.0)


@pytest.mark.parametrize(
  ('weights', 'times', 'got'),
  [
    (np.full((2, 1), 4), np.zeros((1, 2, 1)), 'got int64 and float64'),
    (np.float32([[4], [4]]), np.zeros((1, 2, 1)), 'got float32 and float64'),
    (np.full((2, 1), 4.0), np.zeros((1, 2, 1), int), r'got int64 \(1, 2, 1\)'),
    (np.full((2, 1), 4.0), np.zeros((0, 2, 1)), r'got float64 \(0, 2, 1\)'),
    (np.float16([[4], [4]]), np.zeros((1, 2, 1), np.float16), 'got float16'),
  ],
)
def test_other_types_and_nothing_are_refused(weights, times, got):
  with pytest.raises(ValueError, match=f'must be floats.*{got}'):
    event.event_layer(weights, times, UNIT, 1, 1.0)


@pytest.mark.parametrize('wrong', [0.0, -0.1, np.nan, np.array([0.1, 0])])
@pytest.mark.parametrize('name', ['tau_syn', 'threshold', 'reset'])
def test_constants_that_are_not_positive_are_refused(name, wrong):
  neuron = UNIT._replace(**{name: wrong})
  with pytest.raises(ValueError, match=f'must have {name} > 0 everywhere'):
    event.event_layer(np.ones((1, 2)), np.zeros((1, 1, 1)), neuron, 1, 1.0)


def test_the_end_may_be_an_array(solver):
  args = [4.0, 2.0], [0.0, 0.1], 2
  found = single(solver, *args, jnp.asarray(1.5))
  np.testing.assert_array_equal(found, single(solver, *args, 1.5))


def test_an_input_at_the_very_crossing_takes_no_spike_away(solver):
  num = 4000  # neurons in effect: an example each, with an input of its own
  strong = np.random.default_rng(0).uniform(3, 9, num)
  weights = np.append(strong, 1e-3).astype(np.float32)[:, None]
  neuron = event.EventNeuron(0.13, 0.1, 0.1)
  sources = np.stack([np.arange(num), np.full(num, num)], axis=1)

  def spikes(second, solver):
    times = np.stack([np.zeros(num), second], axis=1).astype(np.float32)
    events = event.Events(times, sources.astype(np.int32))
    return np.asarray(
      event.event_crossings(weights, events, neuron, 1, 3.0, solver).times
    ).ravel()

  with jax.enable_x64(False):
    # Another solver's rounding puts some inputs just before the crossing.
    alone = spikes(np.full(num, INF), event.solve_by_chunks)
    met = spikes(alone, solver)
  np.testing.assert_allclose(met, alone, atol=1e-6)


@pytest.mark.parametrize('shape', [(0, 3), (2, 0)])
def test_events_of_nothing_are_refused(shape):
  events = event.Events(np.zeros(shape), np.zeros(shape, np.int32))
  with pytest.raises(ValueError, match='B and E at least 1'):
    event.event_crossings(np.ones((4, 2)), events, UNIT, 1, 1.0)
