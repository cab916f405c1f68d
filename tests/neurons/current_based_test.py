# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Current-based LIF against golden vectors."""

import numpy as np
import pytest

from snnjax import combinators, synapses
from snnjax.neurons import current_based_lif, reset
from tests.neurons.golden import assert_golden

CURRENT = (
  '0.6 1.19 1.071 2.3639 2.42751 1.984759 2.6862831 3.31765479 2.98588931 '
  '5.18730038 4.76857034 4.29171331'
)
CASES = {
  'subtract': (
    reset.subtract,
    '010111111111',
    '0.6 1.49 0.816 2.7719 2.81346 2.391489 2.8820276 3.75866859 '
    '3.86522361 6.11991218 6.82852643 6.70597652',
  ),
  'to_zero': (
    reset.to_zero,
    '010101010101',
    '0.6 1.49 0 2.3639 0 1.984759 0 3.31765479 0 5.18730038 0 4.29171331',
  ),
  'none': (
    reset.none,
    '011111111111',
    '0.6 1.49 1.816 3.2719 4.06346 4.016489 4.6945276 5.66491859 '
    '5.81834861 8.09647468 8.81680768 8.70011715',
  ),
}


@pytest.mark.parametrize('case', CASES)
def test_golden(respond, case):
  reset_fn, flags, membrane = CASES[case]
  response = respond(current_based_lif(0.9, 0.5, reset=reset_fn))
  assert response.flags == flags
  assert_golden(response.states.current, CURRENT)
  assert_golden(response.states.membrane, membrane)


def test_feedback_enters_the_current(respond):
  cell = combinators.recurrent(
    current_based_lif(0.5, 0.0), synapses.one_to_one(0.25)
  )
  response = respond(cell, [2.0, 0.0, 0.0])
  np.testing.assert_allclose(response.states.neuron.current, [2, 1.25, 0.625])
  np.testing.assert_allclose(response.states.neuron.membrane, [2, 0.25, 0.625])
