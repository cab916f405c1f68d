# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The resonator against its closed form, and what it resonates with."""

import numpy as np

from snnjax.neurons import resonate_and_fire

DAMPING, FREQUENCY, DT = -1.0, 10.0, 0.01


def test_rings_as_a_complex_exponential(respond):
  cell = resonate_and_fire(DAMPING, FREQUENCY, threshold=10.0, dt=DT)
  states = respond(cell, [1.0] + [0.0] * 99).states
  z = np.exp((DAMPING + 1j * FREQUENCY) * DT * np.arange(100))
  np.testing.assert_allclose(states.current, z.real, atol=1e-12)
  np.testing.assert_allclose(states.voltage, z.imag, atol=1e-12)


def test_a_spike_puts_the_state_on_the_threshold(respond):
  cell = resonate_and_fire(DAMPING, FREQUENCY, threshold=0.3, dt=DT)
  response = respond(cell, [1.0] + [0.0] * 30)
  first = response.flags.index('1')
  z = 0.3j * np.exp((DAMPING + 1j * FREQUENCY) * DT)
  np.testing.assert_allclose(response.states.current[first + 1], z.real)
  np.testing.assert_allclose(response.states.voltage[first + 1], z.imag)


def test_fires_for_pulses_in_phase_only(respond):
  period = round(2 * np.pi / FREQUENCY / DT)

  def fires(interval):
    pulses = np.zeros(3 * period)
    pulses[[0, interval]] = 0.8
    cell = resonate_and_fire(DAMPING, FREQUENCY, dt=DT)
    return '1' in respond(cell, pulses).flags

  assert fires(period)
  assert not fires(period // 2)
  assert not fires(3 * period - 1)  # the second pulse comes too late to count
