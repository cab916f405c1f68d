# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Networks that learn by spikes: what holds of all of them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import plasticity
from snnjax.plasticity import lateral, neurons, rules, traces
from snnjax.plasticity import network as network_module

NUM_INPUTS, N, B, T = 36, 8, 4, 30
KEY = jax.random.key(0)
NETWORKS = {
  'two_layer': plasticity.two_layer(NUM_INPUTS, N, norm=20.0),
  'two_population': plasticity.two_population(NUM_INPUTS, N, norm=20.0),
  'three_population': plasticity.three_population(NUM_INPUTS, N, norm=20.0),
  'synchronous': plasticity.three_population(
    NUM_INPUTS, N, norm=20.0, feed_forward=False
  ),
  'increasing': plasticity.increasing_inhibition(NUM_INPUTS, N, norm=20.0),
  'local': plasticity.locally_connected((6, 6), 2, window=4, stride=2),
}


def spikes(seed=0, batch=B):
  rng = np.random.default_rng(seed)
  return jnp.asarray(rng.random((T, batch, NUM_INPUTS)) < 0.3)


def show(network, params, spikes, *, learning, key=KEY):
  return jax.jit(
    lambda params: plasticity.present(
      network,
      params,
      spikes,
      key,
      learning=learning,
      observe=lambda params, now: now.excitatory,
    )
  )(params)


@pytest.fixture(params=NETWORKS)
def network(request):
  return NETWORKS[request.param]


def test_learning_changes_weights_within_bounds_and_keeps_their_sum(network):
  before = plasticity.init(network, KEY)
  after, counts, _ = show(network, before, spikes(), learning=True)
  assert np.sum(counts) > 0
  assert np.any(after.weights != plasticity.normalise(network, before).weights)
  assert np.min(after.weights) >= 0
  np.testing.assert_allclose(
    np.sum(after.weights, axis=1), network.norm, rtol=1e-5
  )


def test_every_weight_of_many_is_clipped():
  # More than are clipped at a time, in rows that cannot be shared evenly.
  num_neurons = 2 * network_module._BLOCK // NUM_INPUTS + 1
  push = rules.Rule(
    start=lambda batch, num_post, num_pre: (),
    update=lambda state, weights, seen: (state, 3 * weights - 1),
  )
  network = plasticity.two_layer(
    NUM_INPUTS, num_neurons, rule=push, norm=None, low=-0.5, high=0.8
  )
  before = plasticity.init(network, KEY, largest=1.0)
  after, *_ = show(network, before, spikes()[:1], learning=True)
  np.testing.assert_allclose(
    after.weights, np.clip(3 * before.weights - 1, -0.5, 0.8), rtol=1e-6
  )


@pytest.mark.parametrize('shape', [(3, 2**17), (131, 1003), (0, 5), (5, 0)])
def test_blocks_of_any_shape_are_clipped(shape):
  weights = np.random.default_rng(0).normal(size=shape).astype(np.float32)
  clipped = network_module._clip(jnp.asarray(weights), -0.5, 0.8)
  np.testing.assert_array_equal(clipped, np.clip(weights, -0.5, 0.8))


def test_nothing_is_learnt_while_it_is_tested(network):
  before = plasticity.normalise(network, plasticity.init(network, KEY))
  after, counts, _ = show(network, before, spikes(), learning=False)
  assert np.sum(counts) > 0
  np.testing.assert_allclose(after.weights, before.weights, rtol=1e-6)
  np.testing.assert_array_equal(after.theta, before.theta)


def test_a_reward_decides_what_is_learnt():
  network = plasticity.two_population(
    NUM_INPUTS, N, rule=rules.reward_modulated(rate=1e-3), norm=10.0
  )
  before = plasticity.normalise(network, plasticity.init(network, KEY))

  def change(reward):
    after, counts, _ = plasticity.present(
      network, before, spikes(), KEY, learning=True, reward=reward
    )
    assert np.sum(counts) > 0
    return np.asarray(after.weights - before.weights)

  late = jnp.zeros((T, B)).at[-1].set(1.0)
  np.testing.assert_allclose(change(None), 0, atol=1e-6)
  praised, blamed = change(late), change(-late)
  assert np.abs(praised).max() > 1e-4
  assert np.corrcoef(praised.ravel(), blamed.ravel())[0, 1] < -0.9


def test_a_membrane_has_a_floor_and_a_trace_its_scale():
  neuron = neurons.leaky(lower_bound=-70.0, trace=traces.trace(scale=3.0))
  theta, now = neuron.init(2), neuron.start(1, 2)
  current = jnp.array([[-40.0, 40.0]])
  _, now = neuron.step(theta, now, current, KEY, False)
  np.testing.assert_array_equal(now.membrane, [[-70.0, -65.0]])
  np.testing.assert_array_equal(now.spikes, [[0.0, 1.0]])
  np.testing.assert_array_equal(now.trace, [[0.0, 3.0]])


def test_a_tested_example_does_not_see_the_others(network):
  network = network._replace(
    neuron=neurons.adaptive(choose=neurons.first)
  )  # no draws, which differ with the batch
  params = plasticity.normalise(network, plasticity.init(network, KEY))
  _, together, _ = show(network, params, spikes(), learning=False)
  for b in range(B):
    one = spikes()[:, b : b + 1]
    _, alone, _ = show(network, params, one, learning=False)
    np.testing.assert_array_equal(alone[0], together[b])


def test_one_neuron_fires_per_example_and_step():
  network = plasticity.two_population(NUM_INPUTS, N, inhibition=0.0)
  params = plasticity.init(network, KEY, largest=2.0)
  _, _, seen = show(network, params, spikes(), learning=True)
  assert np.max(np.sum(seen.spikes, axis=2)) == 1


@pytest.mark.parametrize('is_cpu', [True, False])
def test_any_crossing_neuron_may_be_the_one_that_fires(monkeypatch, is_cpu):
  monkeypatch.setattr(neurons, 'is_cpu', lambda: is_cpu)
  crossed = jnp.zeros((6000, 5), bool).at[:, jnp.array([1, 2, 4])].set(True)
  crossed = crossed.at[0].set(False)
  fired = np.asarray(neurons.one_at_random(KEY, crossed))
  assert not fired[0].any()
  assert np.all(fired[1:].sum(axis=1) == 1)
  np.testing.assert_allclose(
    fired.mean(axis=0), [0, 1 / 3, 1 / 3, 0, 1 / 3], atol=0.02
  )
  assert neurons.everyone(KEY, crossed) is crossed
  first = np.asarray(neurons.first(KEY, crossed))
  assert np.argwhere(first)[:, 1].tolist() == [1] * 5999


def test_thresholds_decay_are_bounded_and_shared_by_the_batch():
  network = plasticity.two_population(
    NUM_INPUTS,
    N,
    neuron=neurons.adaptive(theta_plus=0.5, theta_max=1.0, tau_theta=0.1),
  )
  params = plasticity.init(network, KEY, largest=2.0)
  after, _, _ = show(network, params, spikes(), learning=True)
  assert 0 < np.max(after.theta) <= 1
  quiet, _, _ = show(network, after, 0 * spikes(), learning=True)
  np.testing.assert_allclose(
    quiet.theta, after.theta * np.exp(-T / 100), rtol=1e-4
  )


def test_synapses_stay_where_the_mask_has_them():
  network = NETWORKS['local']
  assert network.num_neurons == 2 * 4
  after, _, _ = show(
    network, plasticity.init(network, KEY), spikes(), learning=True
  )
  assert network.mask is not None
  assert not np.any(after.weights[network.mask == 0])
  assert np.sum(network.mask[0]) == 16


def test_far_neurons_inhibit_more_than_near_ones():
  weights = lateral.increasing(9, start=10.0, largest=-40.0)
  np.testing.assert_allclose(np.diag(weights), 10)
  np.testing.assert_allclose(weights[0, 8], -30)
  np.testing.assert_allclose(weights[0, 1], 10 - 40 / 8**0.25)
  np.testing.assert_array_equal(weights, weights.T)


def test_inhibition_by_a_sum_is_that_by_a_matrix():
  matrix = -120.0 * (np.ones((N, N)) - np.eye(N))
  by_sum, by_matrix = (
    lateral.inhibition(120.0),
    lateral.by_matrix(jnp.asarray(matrix)),
  )
  fired = jnp.asarray(np.random.default_rng(0).random((B, N)) < 0.3, float)
  _, got = by_sum.step((), fired, fired)
  _, wanted = by_matrix.step((), fired, fired)
  np.testing.assert_allclose(got, wanted)


def test_windows_inhibit_only_themselves():
  weights = lateral.within_windows(2, 3, strength=25.0)
  assert np.argwhere(weights[1]).ravel().tolist() == [0, 2]
  assert weights.min() == -25


def test_a_neuron_alone_has_no_others_at_a_distance():
  weights = lateral.increasing(1, start=10.0, largest=-40.0)
  assert weights.tolist() == [[10]]


def test_a_model_has_the_parts_that_it_is_given():
  neuron, additive = neurons.adaptive(), traces.trace(additive=True)
  network = plasticity.two_layer(3, 2, neuron=neuron, trace=additive)
  assert network.neuron is neuron
  assert network.trace is additive


def test_what_a_model_decides_itself_is_refused():
  with pytest.raises(TypeError, match='inhibition'):
    plasticity.increasing_inhibition(NUM_INPUTS, N, inhibition=17.5)
  mask = jnp.ones((N, NUM_INPUTS))
  with pytest.raises(TypeError, match='mask'):
    plasticity.locally_connected((6, 6), 2, window=4, stride=2, mask=mask)


def test_a_window_larger_than_the_inputs_is_refused():
  with pytest.raises(ValueError, match=r'side 7 for 6 x 9 pixels'):
    plasticity.locally_connected((6, 9), 2, window=7, stride=2)


def test_an_interneuron_that_cannot_fire_is_refused():
  with pytest.raises(ValueError, match=r'at least 20.* got 17.5'):
    plasticity.three_population(NUM_INPUTS, N, excitation=17.5)


def test_inputs_of_another_size_are_refused():
  network = NETWORKS['two_population']
  params = plasticity.init(network, KEY)
  with pytest.raises(ValueError, match=r'\[T, B, 36\].*flatten'):
    plasticity.present(
      network, params, jnp.zeros((T, B, 6, 6))[:, :, 0], KEY, learning=False
    )


def test_a_neuron_without_weights_stays_so():
  network = NETWORKS['two_population']
  params = plasticity.Params(jnp.zeros((N, NUM_INPUTS)), jnp.zeros(N))
  assert not np.any(plasticity.normalise(network, params).weights)
