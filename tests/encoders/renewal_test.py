# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Nearly regular spike trains: exact intervals, and their statistics."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import encoders

# Hertz: mean count in 100 ms, its deviation, share of silent trains, measured
# on BindsNET's encoder in 40,000 trials each.
STATISTICS = {
  128: (12.43, 1.33, 0.0),
  64: (5.97, 0.70, 0.0),
  32: (2.78, 0.44, 0.0),
  16: (1.01, 0.10, 0.0),
  12: (0.97, 0.18, 0.035),
  10: (0.53, 0.50, 0.474),
  8: (0.01, 0.11, 0.987),
}


def test_spikes_lie_one_interval_after_the_other():
  intervals = np.array(
    [
      [3, 0, 2, 7, 99],
      [1, 4, 2, 9, 99],
      [4, 0, 2, 1, 99],
      [2, 3, 2, 1, 99],
      [5, 5, 2, 1, 99],
      *[[1, 1, 2, 1, 99]] * 6,
    ]
  )
  spikes = encoders.at_intervals(jnp.asarray(intervals), 10)
  rows = [''.join(map(str, row)) for row in np.asarray(spikes, int)]
  assert rows == (
    [
      '01000',
      '00100',
      '10000',
      '10100',
      '01000',
      '01100',
      '00010',
      '10100',
      '01000',
      '10100',
    ]
  )


@pytest.mark.parametrize('num_steps', [1, 31, 32, 33, 100])
def test_every_step_can_hold_a_spike_and_none_beyond(num_steps):
  ones = jnp.ones((num_steps + 40, 2), jnp.uint8)
  spikes = encoders.at_intervals(ones, num_steps)
  assert spikes.shape == (num_steps, 2)
  assert np.all(spikes)


@pytest.mark.parametrize(
  ('is_drawn', 'num'), [(True, 2500), (False, 20000)]
)  # drawing takes long
def test_counts_have_the_statistics_of_bindsnet(is_drawn, num):
  rates = np.array([*STATISTICS, 0])
  key = jax.random.key(0)
  width = (20000 / num) ** 0.5
  if is_drawn:
    of_all = np.broadcast_to(rates, (num, len(rates))).astype(np.float32)
    spikes = encoders.renewal(key, jnp.asarray(of_all), num_steps=100)
  else:
    table = encoders.renewal_table(rates, num_steps=100)
    levels = np.broadcast_to(np.arange(len(rates)), (num, len(rates)))
    spikes = encoders.renewal_levels(key, levels.astype(np.uint8), table)
  counts = np.asarray(jnp.sum(spikes, axis=0, dtype=jnp.float32))
  assert not counts[:, -1].any()
  for k, (mean, deviation, silent) in enumerate(STATISTICS.values()):
    np.testing.assert_allclose(counts[:, k].mean(), mean, atol=0.05 * width)
    np.testing.assert_allclose(counts[:, k].std(), deviation, atol=0.03 * width)
    is_silent = counts[:, k] == 0
    np.testing.assert_allclose(is_silent.mean(), silent, atol=0.012 * width)


def test_a_finer_grid_keeps_the_counts():
  rates = np.array([64.0])
  levels = jnp.zeros((5000, 1), jnp.uint8)
  table = encoders.renewal_table(rates, num_steps=400, dt=5e-4)
  spikes = encoders.renewal_levels(jax.random.key(0), levels, table)
  count = float(jnp.mean(jnp.sum(spikes, axis=0, dtype=jnp.float32)))
  assert 12 < count < 12.9  # 0.2 s of 64 Hz


def test_long_trains_are_no_reason_to_fire():
  table = encoders.renewal_table(np.zeros(1), num_steps=2**16 - 1)
  assert table.intervals.min() == 2**16


def test_dark_images_are_silent():
  table = encoders.renewal_table(np.zeros(3), num_steps=10)
  levels = jnp.zeros((2, 5), jnp.uint8)
  spikes = encoders.renewal_levels(jax.random.key(0), levels, table)
  assert not np.any(spikes)
