# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Lapicque's neuron against golden vectors."""

import math

import numpy as np
import pytest

from snnjax.neurons import lapicque, reset
from tests.neurons.golden import assert_golden

CASES = {
  'from_decay_subtract': (
    lapicque(1.0, 1 / math.log(2)),
    '0.41588831 0.57816217 0.17741069 1.02484502 -0.47757926 -0.28517598 '
    '0.53632541 0.78840543 0.24192443 1.80710314 -0.37617059 -0.11542901',
  ),
  'from_decay_to_zero': (
    lapicque(1.0, 1 / math.log(2), reset=reset.to_zero),
    '0.41588831 0.57816217 0.17741069 1.02484502 0 -0.13862944 0.58129363 '
    '0.80220405 0.24615857 1.8084024 0 0',
  ),
  'from_decay_none': (
    lapicque(1.0, 1 / math.log(2), reset=reset.none),
    '0.41588831 0.57816217 0.17741069 1.02484502 0.52242074 0.02167684 '
    '0.63048406 0.81729827 0.25079028 1.80982366 0.62466421 0.19167997',
  ),
  'subtract': (
    lapicque(5.0, 2.0),
    '0.3 0.595 0.5355 1.18195 0.213755 0.0923795 0.53314155 0.9298274 '
    '0.83684466 2.00316019 0.85284417 0.76755975',
  ),
  'to_zero': (
    lapicque(5.0, 2.0, reset=reset.to_zero),
    '0.3 0.595 0.5355 1.18195 0 -0.1 0.36 0.774 0.6966 1.87694 0 0',
  ),
}


@pytest.mark.parametrize('case', CASES)
def test_golden(respond, case):
  cell, membrane = CASES[case]
  response = respond(cell)
  assert response.flags == '000100000100'
  assert_golden(response.states.membrane, membrane)


def test_approaches_the_circuit_as_dt_shrinks(respond):
  """U(t) = R·I·(1 - exp(-t/(R·C))) below the threshold."""
  resistance, capacitance, dt = 2.0, 0.25, 1e-3
  cell = lapicque(resistance, capacitance, threshold=10.0, dt=dt)
  membrane = respond(cell, [1.5] * 1000).states.membrane
  time = dt * np.arange(1, 1001)
  expected = 3.0 * (1 - np.exp(-time / (resistance * capacitance)))
  np.testing.assert_allclose(membrane, expected, atol=3e-3)
