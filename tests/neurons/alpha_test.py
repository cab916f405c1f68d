# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The alpha neuron against golden vectors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.neurons import alpha, reset, reset_each, reset_excitation
from tests.neurons.golden import assert_golden

CASES = {
  'to_zero': (
    reset_each(reset.to_zero),
    '000001000001',
    '0.6 1.19 1.071 2.3639 2.42751 1.984759 0 0.9 0.81 3.229 3.0061 2.70549',
    '-0.6 -1.13 -0.904 -2.1232 -1.99856 -1.398848 0 -0.9 -0.72 -3.076 '
    '-2.5608 -2.04864',
    '0 0.11367183 0.31638659 0.45601349 0.81265885 1.11002625 0 0 '
    '0.17050774 0.28986316 0.84363442 1.24442235',
  ),
  'subtract': (
    reset_excitation,
    '000001011111',
    '0.6 1.19 1.071 2.3639 2.42751 1.984759 1.6862831 2.41765479 '
    '1.17588931 2.55830038 1.40247034 0.26222331',
    '-0.6 -1.13 -0.904 -2.1232 -1.99856 -1.398848 0 -0.9 0 0 0 0',
    '0 0.11367183 0.31638659 0.45601349 0.81265885 1.11002625 -0.13480836 '
    '2.87524326 1.85822668 2.00498233 4.36210025 2.39132053',
  ),
  'none': (
    reset_each(reset.none),
    '000001111111',
    '0.6 1.19 1.071 2.3639 2.42751 1.984759 2.6862831 3.31765479 '
    '2.98588931 5.18730038 4.76857034 4.29171331',
    '-0.6 -1.13 -0.904 -2.1232 -1.99856 -1.398848 -2.0190784 -2.51526272 '
    '-2.01221018 -4.10976814 -3.38781451 -2.71025161',
    '0 0.11367183 0.31638659 0.45601349 0.81265885 1.11002625 1.26403964 '
    '1.52015624 1.8446648 2.04141767 2.61588401 2.99612739',
  ),
}


@pytest.mark.parametrize('case', CASES)
def test_golden(respond, case):
  reset_fn, flags, *fields = CASES[case]
  response = respond(alpha(0.9, 0.8, reset=reset_fn))
  assert response.flags == flags
  for got, expected in zip(response.states, fields, strict=True):
    assert_golden(got, expected)


def test_response_to_a_pulse_is_the_difference_of_exponentials(respond):
  slow, fast = 0.9, 0.8
  response = respond(alpha(slow, fast, threshold=10.0), [1.0] + [0.0] * 19)
  k = np.arange(20)
  tau = np.log(slow) / (np.log(fast) - np.log(slow)) + 1
  np.testing.assert_allclose(
    response.states.membrane, tau * (slow**k - fast**k), atol=1e-12
  )


@pytest.mark.parametrize('decays', [(0.8, 0.9), (0.8, 0.8), (1.0, 0.5)])
def test_impossible_decays_are_an_error(decays):
  with pytest.raises(ValueError, match='1 > excitatory_decay'):
    alpha(*decays)
  slow, fast = decays
  cell = alpha(slow, lambda key, shape: jnp.full(shape, fast))
  with pytest.raises(ValueError, match='1 > excitatory_decay'):
    cell.init(jax.random.key(0), (2,))


def test_decays_may_be_traced():
  def decay_of(slow):
    return alpha(slow).init(jax.random.key(0), (2,)).excitatory_decay

  decays = np.array([0.9, 0.95], np.float32)
  np.testing.assert_array_equal(jax.vmap(decay_of)(decays), decays)
