# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Izhikevich's model against the recursion that his paper prints."""

import numpy as np
import pytest

from snnjax.neurons import izhikevich

KINDS = {
  'regular': (0.02, 0.2, -65.0, 8.0),
  'fast': (0.1, 0.2, -65.0, 2.0),
  'chattering': (0.02, 0.2, -50.0, 2.0),
}


@pytest.mark.parametrize('kind', KINDS)
def test_every_step_is_the_published_one(respond, kind):
  """Step by step, since rounding errors grow from spike to spike."""
  a, b, c, d = KINDS[kind]
  outputs, states = respond(izhikevich(a, b, c, d), [10.0] * 400)[1:]
  v, u = c, b * c
  for t in range(400):
    if v >= 30:
      v, u = c, u + d
    v += 0.5 * (0.04 * v**2 + 5 * v + 140 - u + 10)
    v += 0.5 * (0.04 * v**2 + 5 * v + 140 - u + 10)
    u += a * (b * v - u)
    np.testing.assert_allclose(states.membrane[t], v, rtol=1e-11)
    np.testing.assert_allclose(states.recovery[t], u, rtol=1e-11)
    assert outputs[t] == (v >= 30)
    v, u = states.membrane[t], states.recovery[t]


def intervals(respond, kind):
  response = respond(izhikevich(*KINDS[kind]), [10.0] * 1000)
  return np.diff(np.flatnonzero(response.outputs))


def test_kinds_fire_as_their_names_say(respond):
  regular, fast, chattering = (intervals(respond, kind) for kind in KINDS)
  assert regular[0] < regular[-1]  # adapts
  assert len(fast) > 2 * len(regular)
  assert chattering.min() < 5 < 20 < chattering.max()  # bursts and pauses


def test_rests_without_an_input(respond):
  response = respond(izhikevich(), [0.0] * 500)
  assert '1' not in response.flags
  np.testing.assert_allclose(response.states.membrane[-1], -70, atol=0.1)
