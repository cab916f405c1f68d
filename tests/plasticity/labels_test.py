# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Labels and votes: a worked example, and what must always hold."""

import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.metrics import add
from snnjax.plasticity import labels, linear, ngram

FIRST = jnp.array(
  [
    [3, 0, 1, 0, 0],
    [1, 0, 0, 2, 0],
    [0, 2, 1, 0, 0],
    [0, 4, 0, 0, 0],
    [2, 0, 2, 1, 0],
    [0, 1, 3, 0, 0],
  ],
  float,
)
OF_FIRST = jnp.array([0, 0, 1, 1, 2, 2])
SECOND = jnp.array(
  [
    [1, 0, 2, 1, 0],
    [0, 3, 0, 0, 0],
    [2, 1, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [1, 1, 1, 1, 0],
  ],
  float,
)
OF_SECOND = jnp.array([2, 1, 0, 1, 0])


def assign(counts, of, before=None, alpha=1.0):
  seen = labels.responses(counts, of, jnp.ones(len(of)), 3)
  return labels.assign(seen, before, alpha=alpha)


def test_a_window_gives_labels():
  got = assign(FIRST, OF_FIRST)
  np.testing.assert_allclose(
    got.rates,
    [[2, 0, 1], [0, 3, 0.5], [0.5, 0.5, 2.5], [1, 0, 0.5], [0, 0, 0]],
  )
  np.testing.assert_allclose(
    got.proportions,
    np.array(
      [
        [2 / 3, 0, 1 / 3],
        [0, 6 / 7, 1 / 7],
        [1 / 7, 1 / 7, 5 / 7],
        [2 / 3, 0, 1 / 3],
        [0, 0, 0],
      ]
    ),
    rtol=1e-6,
  )
  assert got.label.tolist() == [0, 1, 2, 0, 0]


def test_labelled_neurons_vote():
  assigned = assign(FIRST, OF_FIRST)
  by_all = labels.all_activity(SECOND, assigned)
  np.testing.assert_allclose(
    by_all,
    np.array(
      [[2 / 3, 0, 2], [0, 3, 0], [2 / 3, 1, 0], [0, 0, 0], [2 / 3, 1, 1]]
    ),
    rtol=1e-6,
  )
  by_share = labels.proportion_weighting(SECOND, assigned)
  np.testing.assert_allclose(
    by_share,
    np.array(
      [
        [4 / 9, 0, 10 / 7],
        [0, 18 / 7, 0],
        [4 / 9, 6 / 7, 0],
        [0, 0, 0],
        [4 / 9, 6 / 7, 5 / 7],
      ]
    ),
    rtol=1e-6,
  )
  for scores in (by_all, by_share):
    assert jnp.argmax(scores, axis=1).tolist() == [2, 1, 1, 0, 1]


# At 0.5 the specification has 2 for the last rate of neuron 0: there 0.5 · 1 is
# kept of the first window and 1 spike comes from the second.
KEPT = {
  1.0: [[3.5, 0, 2], [1, 4.5, 0.5], [1, 0.5, 4.5], [1.5, 0, 1.5], [0, 0, 0]],
  0.5: [[2.5, 0, 1.5], [1, 3, 0.25], [0.75, 0.25, 3.25], [1, 0, 1.25], [0] * 3],
}


@pytest.mark.parametrize('alpha', KEPT)
def test_the_next_window_adds_to_what_is_kept(alpha):
  before = assign(FIRST, OF_FIRST).rates
  got = assign(SECOND, OF_SECOND, before, alpha)
  np.testing.assert_allclose(got.rates, KEPT[alpha], rtol=1e-6)
  if alpha == 1:
    assert got.label.tolist() == [0, 1, 2, 0, 0]


def test_a_label_without_examples_changes_nothing():
  before = assign(FIRST, OF_FIRST).rates
  only_zero = jnp.zeros(len(SECOND), int)
  got = assign(SECOND, only_zero, before, 0.5)
  np.testing.assert_array_equal(got.rates[:, 1:], before[:, 1:])


def test_before_any_assignment_the_first_label_is_predicted():
  nothing = labels.unassigned(5, 3)
  assert nothing.label.tolist() == [-1] * 5
  for vote in (labels.all_activity, labels.proportion_weighting):
    assert not np.any(vote(SECOND, nothing))


def test_batches_add_up_and_padding_does_not_count():
  mask = jnp.array([1, 1, 1, 1, 0, 0])
  parts = (
    labels.responses(FIRST, OF_FIRST, mask, 3),
    labels.responses(FIRST[4:], OF_FIRST[4:], jnp.ones(2), 3),
  )
  whole = labels.responses(FIRST, OF_FIRST, jnp.ones(6), 3)
  for got, wanted in zip(add(*parts), whole, strict=True):
    np.testing.assert_allclose(got, wanted)


def test_a_linear_readout_separates_what_can_be_separated():
  rng = np.random.default_rng(0)
  of = rng.integers(3, size=300)
  counts = rng.poisson(1 + 4 * np.eye(3)[of] @ rng.random((3, 6)) ** 4)
  counts = jnp.asarray(np.concatenate([counts, np.zeros((300, 1))], 1), float)
  seen = add(
    linear.moments(counts[:150], of[:150], np.ones(150), 3),
    linear.moments(counts[150:], of[150:], np.ones(150), 3),
  )
  weights = linear.solve(seen, ridge=1e-6)
  x = np.concatenate([counts, np.ones((300, 1))], axis=1)
  wanted = np.linalg.lstsq(x, np.eye(3)[of], rcond=None)[0]
  np.testing.assert_allclose(
    linear.scores(counts, weights), x @ wanted, atol=2e-2
  )
  np.testing.assert_allclose(weights[-2], 0, atol=1e-6)  # the silent neuron


def spikes_of(*steps):
  rows = np.zeros((len(steps), 3), bool)
  for row, neurons in zip(rows, steps, strict=True):
    row[list(neurons)] = True
  return rows


def test_ngrams_count_what_fires_after_what():
  a = spikes_of([0], [1], [1, 2], [], [0])
  b = spikes_of([2], [0], [], [1], [])
  spikes, of = np.stack([a, b], axis=1), np.array([0, 1])
  scores = ngram.update({}, spikes, of, num_labels=2, n=2)
  assert {key: value.tolist() for key, value in scores.items()} == {
    (0, 1): [1, 1],
    (1, 0): [1, 0],
    (1, 1): [1, 0],
    (1, 2): [1, 0],
    (2, 0): [1, 1],
  }
  votes = ngram.votes(scores, spikes, num_labels=2, n=2)
  assert votes.tolist() == [[3, 1], [1, 1]]
  again = ngram.update(scores, spikes, of, num_labels=2, n=2)
  assert again[0, 1].tolist() == [2, 2]
  assert scores[0, 1].tolist() == [1, 1]
