# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Labels for neurons that learnt without any, and votes of labelled neurons.

Everything is read from spike counts `[B, N]` of held-in examples; what has been
gathered is a sum, so batches are joined by adding.

References:
  P. U. Diehl, M. Cook, Unsupervised learning of digit recognition using
  spike-timing-dependent plasticity, 2015.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.numerics import safe_divide
from snnjax.types import Array, ArrayLike


class Responses(NamedTuple):
  """Spikes of neurons, by the label of the example.

  Attributes:
    total: `[N, L]`.
    count: `[L]`, examples.
  """

  total: Array
  count: Array


class Assignment(NamedTuple):
  """What neurons stand for.

  Attributes:
    label: int `[N]`; -1 before any assignment.
    proportions: `[N, L]`, of a neuron's mean responses.
    rates: `[N, L]`, those responses.
  """

  label: Array
  proportions: Array
  rates: Array


def responses(
  counts: Array, labels: ArrayLike, mask: ArrayLike, num_labels: int
) -> Responses:
  """Sums spike counts by label.

  Args:
    counts: `[B, N]`.
    labels: int `[B]`.
    mask: `[B]`, 1 for an example and 0 for padding.
    num_labels: L.
  """
  weight = jnp.asarray(mask)[:, None]
  member = jax.nn.one_hot(labels, num_labels) * weight
  return Responses(
    jnp.matmul(counts.T, member, precision='highest'), jnp.sum(member, axis=0)
  )


def unassigned(num_neurons: int, num_labels: int) -> Assignment:
  """What neurons stand for before any example."""
  nothing = jnp.zeros((num_neurons, num_labels))
  return Assignment(jnp.full(num_neurons, -1), nothing, nothing)


def assign(
  seen: Responses, before: Array | None = None, *, alpha: float = 1.0
) -> Assignment:
  """Gives each neuron the label that it responds to most.

    rates_jl ← α rates_jl + mean count of j over examples of l

  The rates of a label without examples stay. A silent neuron gets label 0; of
  labels with equal rates the lowest counts.

  Args:
    seen: responses of a window of examples.
    before: rates `[N, L]` of earlier ones; default none.
    alpha: how much of them is kept; 1: nothing is forgotten.
  """
  if before is None:
    before = jnp.zeros_like(seen.total)
  average = safe_divide(seen.total, seen.count[None])
  rates = jnp.where(seen.count[None] > 0, alpha * before + average, before)
  proportions = safe_divide(rates, jnp.sum(rates, axis=1, keepdims=True))
  return Assignment(jnp.argmax(proportions, axis=1), proportions, rates)


def all_activity(counts: Array, assignment: Assignment) -> Array:
  """Scores labels by the mean count of their neurons.

    score_bl = Σ_(j: a_j = l) c_bj / #{j: a_j = l}

  Args:
    counts: `[B, N]`.
    assignment: of the neurons.

  Returns:
    `[B, L]`; the prediction is the first maximum.
  """
  return _votes(counts, assignment, 1.0)


def proportion_weighting(counts: Array, assignment: Assignment) -> Array:
  """Scores labels as `all_activity`, each count times the neuron's proportion.

    score_bl = Σ_(j: a_j = l) c_bj p_jl / #{j: a_j = l}

  Args:
    counts: `[B, N]`.
    assignment: of the neurons.

  Returns:
    `[B, L]`.
  """
  return _votes(counts, assignment, assignment.proportions)


def _votes(counts, assignment, weights):
  members = jax.nn.one_hot(assignment.label, assignment.rates.shape[1])
  votes = jnp.matmul(counts, members * weights, precision='highest')
  return safe_divide(votes, jnp.sum(members, axis=0, keepdims=True))
