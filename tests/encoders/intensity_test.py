# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Encoders: golden codes, rates, and order in time."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snnjax import encoders

X = np.array([[0.02, 0.1, 0.5, 1.0, 0.0]], np.float32)
LOG_TIMES = [0.693147, 0.105361, 0.020203, 0.010050]
PLANNED = settings(max_examples=25)
CODES = pytest.mark.parametrize(
  'code', [encoders.log_latency_times, encoders.linear_latency_times]
)


def steps_of(spikes):
  """Lists the step of each neuron's only spike; -1 for none."""
  assert (spikes.sum(0) <= 1).all()
  return np.where(spikes.any(0), spikes.argmax(0), -1).tolist()


def test_log_latency_golden():
  times = encoders.log_latency_times(X)
  np.testing.assert_allclose(times[0, :4], LOG_TIMES, atol=6e-7)
  np.testing.assert_allclose(times[0, 4], 11.5071, atol=5e-5)


def test_log_latency_golden_float64():
  with jax.enable_x64(True):
    x = np.array([[0.02, 0.1, 0.5, 1.0, 0.0]])
    times = encoders.log_latency_times(x, tau=5.0, first_spike_time=2)
    expected = [*LOG_TIMES, np.log(0.0100001 / 1e-7)]
    np.testing.assert_allclose(times[0], 2 + 5 * np.array(expected), atol=3e-6)


def test_linear_latency_golden():
  times = encoders.linear_latency_times(X, last_spike_time=9)
  np.testing.assert_allclose(times[0], [8.82, 8.1, 4.5, 0, 8.91], atol=2e-6)
  spikes = np.asarray(encoders.latency(times, num_steps=10))
  assert steps_of(spikes[:, 0]) == [9, 8, 4, 0, 9]


def test_clip_silences_what_is_below_the_threshold():
  times = encoders.linear_latency_times(X, last_spike_time=9, clip=True)
  spikes = np.asarray(encoders.latency(times, num_steps=10))
  assert steps_of(spikes[:, 0]) == [9, 8, 4, 0, -1]


def test_log_latency_stretched_to_the_last_step_golden():
  times = encoders.log_latency_times(X, last_spike_time=9)
  spikes = np.asarray(encoders.latency(times, num_steps=10))
  assert steps_of(spikes[:, 0]) == [1, 0, 0, 0, 9]


def test_log_latency_stretches_each_example_by_itself():
  x = np.concatenate([X[:, :4], X[:, 1:]])
  times = encoders.log_latency_times(x, first_spike_time=3, last_spike_time=9)
  np.testing.assert_allclose(times.max(1), 9, rtol=1e-6)
  alone = encoders.log_latency_times(
    x[:1], first_spike_time=3, last_spike_time=9
  )
  np.testing.assert_array_equal(times[:1], alone)


def test_log_latency_without_delay_to_stretch():
  times = encoders.log_latency_times(X, threshold=0.0, last_spike_time=9)
  np.testing.assert_array_equal(times, 0)


def test_log_latency_refuses_an_epsilon_lost_to_rounding():
  with pytest.raises(ValueError, match='larger epsilon'):
    encoders.log_latency_times(X, epsilon=1e-12)


def test_linear_latency_unscaled():
  times = encoders.linear_latency_times(X, tau=5.0, first_spike_time=2)
  np.testing.assert_allclose(times[0], [6.9, 6.5, 4.5, 2, 6.95], atol=1e-6)


def test_latency_rounds_half_to_even_and_drops_what_is_late():
  times = jnp.array([0.5, 1.5, 2.49, 2.51, 3.0, -1.0, jnp.inf])
  spikes = np.asarray(encoders.latency(times, num_steps=3))
  assert steps_of(spikes) == [0, 2, 2, -1, -1, -1, -1]


@pytest.mark.parametrize('dtype', [jnp.bfloat16, jnp.float16])
def test_times_of_halves_are_one_step_each(dtype):
  times = jnp.array([300, 3000, 9.0], dtype)
  counts = encoders.latency(times, num_steps=4000).sum(0)
  assert counts.tolist() == [1, 1, 1]


def test_latency_of_a_single_time_is_a_train():
  np.testing.assert_array_equal(encoders.latency(1, num_steps=3), [0, 1, 0])
  np.testing.assert_array_equal(encoders.latency(jnp.inf, num_steps=2), 0)


@CODES
@given(
  x=st.lists(st.floats(0, 1, width=32), min_size=8, max_size=8),
  last=st.sampled_from([None, 20.0]),
)
@PLANNED
def test_brighter_is_never_later(code, x, last):
  x = np.sort(np.array(x, np.float32))[None]
  times = np.asarray(code(x, last_spike_time=last))
  assert np.isfinite(times).all()
  assert (np.diff(times) <= 1e-5).all()
  never = np.isinf(code(x, last_spike_time=last, clip=True))
  np.testing.assert_array_equal(never, x < np.float32(0.01))


@CODES
def test_latency_gradients_are_finite(code):
  x = jnp.array([[0.0, 0.01, 0.0100001, 0.5, 1.0, 2.0]])
  for last in (None, 9.0):
    gradient = jax.grad(
      lambda x, last=last: code(x, last_spike_time=last).sum()
    )(x)
    assert np.isfinite(gradient).all()


@given(
  intensity=st.floats(0, 1, width=32),
  gain=st.floats(0, 2, width=32),
  offset=st.floats(-0.5, 0.5, width=32),
  seed=st.integers(0, 2**31 - 1),
)
@PLANNED
def test_rate_fires_with_the_asked_probability(intensity, gain, offset, seed):
  x = encoders.constant(jnp.full((40, 25), intensity, jnp.float32))
  spikes = encoders.rate(
    jax.random.key(seed), x, num_steps=20, gain=gain, offset=offset
  )
  assert spikes.shape == (20, 40, 25)
  assert set(np.unique(spikes)) <= {0, 1}
  prob = np.clip(gain * intensity + offset, 0, 1)
  sd = np.sqrt(prob * (1 - prob) / spikes.size)
  assert abs(spikes.mean() - prob) <= 6 * sd + 1e-4


def test_rate_keeps_small_probabilities_in_half_precision():
  x = encoders.constant(jnp.full((100, 100), 0.001, jnp.bfloat16))
  spikes = encoders.rate(jax.random.key(0), x, num_steps=20)
  assert spikes.dtype == jnp.bfloat16
  assert abs(spikes.astype(jnp.float32).mean() - 0.001) < 4e-4


def test_rate_of_a_film_follows_it_after_the_first_spike_time():
  film = jnp.array([1, 0, 1, 1, 0.0])[:, None, None]
  spikes = encoders.rate(
    jax.random.key(0), film, num_steps=5, first_spike_time=2
  )
  np.testing.assert_array_equal(spikes[:, 0, 0], [0, 0, 1, 1, 0])


def test_rate_draws_steps_independently():
  x = encoders.constant(jnp.full((1, 20_000), 0.3))
  first, second = np.asarray(
    encoders.rate(jax.random.key(1), x, num_steps=2)[:, 0]
  )
  assert abs(np.mean(first * second) - 0.09) < 0.01


def test_rate_refuses_still_input_without_time_axis():
  with pytest.raises(ValueError, match='constant'):
    encoders.rate(jax.random.key(0), jnp.zeros((3, 4)), num_steps=10)


def test_poisson_keeps_the_mean_rate_in_hertz():
  rates = jnp.array([0.0, 20.0, 400.0, 5000.0])
  rates = jnp.broadcast_to(rates, (1, 500, 4))
  spikes = encoders.poisson(jax.random.key(3), rates, num_steps=200, dt=1e-3)
  hertz = np.asarray(spikes.mean((0, 1))) / 1e-3
  np.testing.assert_allclose(hertz, [0, 20, 400, 1000], rtol=0.03)


def test_poisson_starts_late():
  rates = jnp.full((1, 2, 3), 1e4)
  spikes = encoders.poisson(
    jax.random.key(0), rates, num_steps=5, dt=1e-3, first_spike_time=3
  )
  np.testing.assert_array_equal(spikes.sum((1, 2)), [0, 0, 0, 6, 6])


def test_constant_has_one_step():
  np.testing.assert_array_equal(encoders.constant(X), X[None])


@pytest.mark.parametrize(
  ('padding', 'off_spikes', 'expected'),
  [
    (False, True, [1, 1, -1, 1, 0]),
    (True, True, [0, 1, -1, 1, 0]),
    (False, False, [1, 1, 0, 1, 0]),
  ],
)
def test_delta_golden(padding, off_spikes, expected):
  signal = jnp.array([1, 2, 0, 2, 2.9])[:, None]
  spikes = encoders.delta(
    signal, threshold=1.0, padding=padding, off_spikes=off_spikes
  )
  np.testing.assert_array_equal(spikes[:, 0], expected)


def test_first_spike_times_golden():
  grey = jnp.array([[255, 1], [128, 0]]) / 255
  times = encoders.first_spike_times(grey, t_max=0.1)
  assert times.shape == (2, 2, 1)
  np.testing.assert_allclose(
    times[..., 0], [[0, 0.099607843137], [0.049803921569, np.inf]], rtol=1e-6
  )


def test_first_spike_times_joins_all_axes_of_an_image():
  images = jnp.linspace(0, 1, 24).reshape(2, 3, 2, 2)
  times = encoders.first_spike_times(images, t_max=1.0)
  np.testing.assert_allclose(
    times[1, :, 0], 1 - images[1].ravel(), rtol=1e-6, atol=1e-7
  )


@pytest.mark.parametrize(
  'encode',
  [
    encoders.constant,
    encoders.log_latency_times,
    encoders.delta,
    lambda x: encoders.rate(jax.random.key(0), x, num_steps=2),
    lambda x: encoders.first_spike_times(x, t_max=1.0),
  ],
)
def test_grey_levels_are_refused(encode):
  with pytest.raises(TypeError, match=r'uint8.*divide by 255'):
    encode(np.zeros((2, 3), np.uint8))
