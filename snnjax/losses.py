# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From the output layer's spikes or membranes to a loss per example.

No loss is reduced over the batch: each returns `[B]`, so that padding can be
masked and classes weighted (`snnjax.numerics.masked_mean`). Spikes Sₜ and
membranes Uₜ are `[T, B, C]`, labels y are int `[B]`.

With several output neurons per class, `population_sum` comes first: its result
has one column per class and goes wherever spikes go.

References:
  J. K. Eshraghian et al., Training spiking neural networks using lessons from
  deep learning, 2023.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.numerics import masked_mean, safe_divide, spike_steps
from snnjax.targets import class_targets
from snnjax.types import Array


def ce_rate_loss(spikes: Array, labels: Array) -> Array:
  """Takes the cross-entropy of every step's spikes and averages over time.

    L = (1/T) Σₜ −ln softmax(Sₜ)_y

  It lies between ln((e + C − 1) / e), when only the right neuron fires and
  does so at every step, and ln((C − 1) e + 1), when all others do; it is ln C
  for no spikes at all. So monitor the distance from its floor, which is
  1.461150 for ten classes, rather than from 0.

  Args:
    spikes: `[T, B, C]`.
    labels: int `[B]`.

  Returns:
    Losses `[B]`.
  """
  log_prob = jnp.mean(jax.nn.log_softmax(spikes), axis=0)
  return -at_labels(log_prob, labels)


def ce_count_loss(spikes: Array, labels: Array) -> Array:
  """Takes the cross-entropy of the spike counts.

    L = −ln softmax(Σₜ Sₜ)_y

  Counts, not rates, are the logits; scale the spikes to soften them.

  Args:
    spikes: `[T, B, C]`.
    labels: int `[B]`.

  Returns:
    Losses `[B]`.
  """
  return _cross_entropy(jnp.sum(spikes, axis=0), labels)


def mse_count_loss(
  spikes: Array,
  labels: Array,
  *,
  correct_rate: float = 1.0,
  incorrect_rate: float = 0.0,
  population_size: int = 1,
) -> Array:
  """Compares spike counts with a count for the right class and one for others.

    L = mean_c (Σₜ Sₜ − K)² / T,   K = ⌊T · rate · population_size⌋

  Args:
    spikes: `[T, B, C]`.
    labels: int `[B]`.
    correct_rate: spikes per neuron and step asked of the right class.
    incorrect_rate: the same for all other classes.
    population_size: output neurons per class, if `population_sum` came first.

  Returns:
    Losses `[B]`.
  """
  num_steps, _, num_classes = spikes.shape

  def whole(rate):  # 0.29 of 100 steps are 29, whatever floats say
    return math.floor(num_steps * rate * population_size + 1e-6)

  targets = class_targets(
    labels,
    num_classes=num_classes,
    correct=whole(correct_rate),
    incorrect=whole(incorrect_rate),
  )
  error = jnp.sum(spikes, axis=0) - targets[0]
  return jnp.mean(error**2, axis=-1) / num_steps


def ce_max_membrane_loss(membranes: Array, labels: Array) -> Array:
  """Takes the cross-entropy of each membrane's maximum over time.

    L = −ln softmax(maxₜ Uₜ)_y

  Args:
    membranes: `[T, B, C]`.
    labels: int `[B]`.

  Returns:
    Losses `[B]`; steps that share the maximum share its gradient.
  """
  return _cross_entropy(jnp.max(membranes, axis=0), labels)


def mse_membrane_loss(membranes: Array, targets: Array) -> Array:
  """Compares membranes with their targets at every step.

    L = (1/T) Σₜ mean_c (Uₜ − target)²

  Args:
    membranes: `[T, B, C]`.
    targets: `[T | 1, B, C]`, from `snnjax.targets`.

  Returns:
    Losses `[B]`.
  """
  return jnp.mean((membranes - targets) ** 2, axis=(0, 2))


def ce_temporal_loss(
  spikes: Array,
  labels: Array,
  *,
  inverse: Callable[[Array], Array] = jnp.negative,
) -> Array:
  """Takes the cross-entropy of first-spike steps: the right class goes first.

    L = −ln softmax(inverse(f))_y

  f is the first spike's step (T − 1 if silent) with the gradient of
  `snnjax.numerics.spike_steps`.

  Args:
    spikes: `[T, B, C]`.
    labels: int `[B]`.
    inverse: falling function that makes a step a logit: `jnp.negative`, or
      `reciprocal`.

  Returns:
    Losses `[B]`.
  """
  return _cross_entropy(inverse(spike_steps(spikes)[0]), labels)


def reciprocal(steps: Array) -> Array:
  """Turns steps into logits 1 / (f + 1), flat for late spikes.

  Args:
    steps: not negative, of any shape.

  Returns:
    Logits of that shape, from 0 to 1.
  """
  return 1 / (steps + 1)


def mse_temporal_loss(
  spikes: Array, targets: Array, *, tolerance: float = 0.0
) -> Array:
  """Compares the steps of each neuron's first spikes with target steps.

    L = mean_{k,c} ((fₖ − gₖ) / T)²,   fₖ ← gₖ where |fₖ − gₖ| < tolerance

  A negative target counts from the end, g ← T + g: −1 is the last step, which
  is also where a silent neuron is taken to fire. The usual targets, step 0 for
  the right class and the last step for all others, are
  `class_targets(labels, num_classes=C, correct=0.0, incorrect=-1.0)`.

  Args:
    spikes: `[T, B, C]`.
    targets: `[K, B, C]` (steps) for the first K spikes, one after the other.
    tolerance: distance (steps) below which a spike is in time.

  Returns:
    Losses `[B]`.
  """
  num_steps = spikes.shape[0]
  targets = jnp.where(targets < 0, num_steps + targets, targets)
  error = spike_steps(spikes, targets.shape[0]) - targets
  error = jnp.where(jnp.abs(error) < tolerance, 0, error / num_steps)
  return jnp.mean(error**2, axis=(0, 2))


def l1_rate_sparsity(spikes: Array, *, strength: float = 1e-5) -> Array:
  """Charges for every spike of a layer.

    L = strength · Σ_{t, neurons} Sₜ

  Its *sum* over the batch is the regulariser as it is usually printed; the
  mean makes the strength independent of the batch size.

  Args:
    spikes: `[T, B, ...]`.
    strength: cost of one spike.

  Returns:
    Losses `[B]`.
  """
  axes = (0, *range(2, spikes.ndim))
  return strength * jnp.sum(spikes, axis=axes)


def class_weighted(losses: Array, labels: Array, weights: Array) -> Array:
  """Multiplies each loss by its class's weight: w_y · L.

  The plain mean of the result is not divided by the weights; `class_balanced`
  is.

  Args:
    losses: `[B]`.
    labels: int `[B]`.
    weights: `[C]`.

  Returns:
    Losses `[B]`.
  """
  return losses * weights[labels]


def class_balanced(
  losses: Array, labels: Array, weights: Array, mask: Array
) -> Array:
  """Weights the losses so that their mean is the weighted mean.

    w_y · L / mean_b w_y,   whose mean is Σ w_y L / Σ w_y

  Args:
    losses: `[B]`.
    labels: int `[B]`.
    weights: `[C]`.
    mask: `[B]`, 0 for padding; both means are those under the mask.

  Returns:
    Losses `[B]`.
  """
  scale = weights[labels]
  return losses * safe_divide(scale, masked_mean(scale, mask))


def population_sum(spikes: Array, num_classes: int) -> Array:
  """Adds up the spikes of each class's neurons, which lie side by side.

  Args:
    spikes: `[T, B, N]`.
    num_classes: C, a divisor of N.

  Returns:
    `[T, B, C]`, from 0 to N / C spikes.

  Raises:
    ValueError: if the neurons cannot be shared out evenly.
  """
  num_neurons = spikes.shape[-1]
  if num_neurons % num_classes:
    raise ValueError(
      'a population code needs equally many neurons per class; got '
      f'{num_neurons} for {num_classes} classes; take a multiple'
    )
  groups = spikes.reshape(*spikes.shape[:-1], num_classes, -1)
  return jnp.sum(groups, axis=-1)


def at_labels(scores: Array, labels: Array) -> Array:
  """Picks each label's column of `[B, C]`, to `[B]`."""
  return jnp.take_along_axis(scores, labels[:, None], axis=-1)[:, 0]


def _cross_entropy(logits, labels):
  return -at_labels(jax.nn.log_softmax(logits), labels)
