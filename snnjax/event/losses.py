# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Losses of spike times `[B, O, K]`, per example, and how they are read.

Spike times ascend along their last axis and are padded with inf. The number of
spikes has no derivative; by convention each counts as if a delay took it away,
∂n/∂tₖ = -1, so that descent moves spikes earlier where more are wanted.

References: Göltz et al., "Fast and energy-efficient neuromorphic deep learning
with first-spike times", 2021. Bacho, Chu, "Exploring trade-offs in spiking
neural networks", 2023.
"""

import math

import jax
import jax.numpy as jnp

from snnjax.losses import at_labels
from snnjax.targets import class_targets
from snnjax.types import Array


def first_spike_cross_entropy(
  times: Array,
  labels: Array,
  *,
  tau: float,
  silent_time: float = jnp.inf,
  spare_others: bool = False,
) -> Array:
  """Softmax cross-entropy of -T/τ, T the first spike times.

    L = -ln(e^(-T[y]/τ) / Σⱼ e^(-T[j]/τ))

  Args:
    times: `[B, O, K]` (s).
    labels: int `[B]`.
    tau: τ (s), the lead that makes an output e times as likely.
    silent_time: when silent outputs count as firing (s), without a gradient.
      With inf the loss of a silent label is inf, unless all are silent and so
      alike; a finite time, at least the end of the simulation, keeps it finite.
    spare_others: whether an example whose label's output is silent has no
      gradient. Else it pushes the other outputs later, although the label's
      cannot come earlier, until one after the other falls silent.

  Returns:
    `[B]`.
  """
  first = times[..., 0]
  fires = jnp.isfinite(first)
  # Where nobody fires and silence has no time, the outputs are alike.
  has_time = math.isfinite(silent_time)
  is_counted = fires | has_time | ~fires.any(-1, keepdims=True)
  silent = silent_time if has_time else 0.0
  logits = -jnp.where(fires, first, silent) / tau
  logits = jnp.where(is_counted, logits, -jnp.inf)
  loss = jax.nn.logsumexp(logits, axis=-1) - at_labels(logits, labels)
  if not spare_others:
    return loss
  is_silent = silent_labels(times, labels)
  return jnp.where(is_silent, jax.lax.stop_gradient(loss), loss)


def spike_count_loss(times: Array, targets: Array) -> Array:
  """Squared error of the spike counts n: L = ½ Σⱼ (target[j] - n[j])².

  Args:
    times: `[B, O, K]` (s).
    targets: wanted numbers of spikes `[B, O]`.

  Returns:
    `[B]`, with the gradient convention of this module.
  """
  return _half_squares(targets - spike_counts(times))


def class_spike_count_loss(
  times: Array, labels: Array, *, target_true: float, target_false: float
) -> Array:
  """Squared error of the spike counts, with a target for the label's output.

  Args:
    times: `[B, O, K]` (s).
    labels: int `[B]`.
    target_true: wanted number of spikes of the label's output.
    target_false: of the others.

  Returns:
    `[B]`, with the gradient convention of this module.
  """
  targets = _class_targets(times, labels, target_true, target_false)
  return spike_count_loss(times, targets)


def spike_time_loss(
  times: Array, targets: Array, *, silent_time: float = 1.0
) -> Array:
  """Squared error of the first spike times T: L = ½ Σⱼ (T[j] - target[j])².

  Args:
    times: `[B, O, K]` (s).
    targets: `[B, O]` (s); inf for an output that should be silent.
    silent_time: what inf counts as, on both sides, without a gradient.

  Returns:
    `[B]`.
  """
  first = times[..., 0]
  first = jnp.where(jnp.isfinite(first), first, silent_time)
  targets = jnp.where(jnp.isfinite(targets), targets, silent_time)
  return _half_squares(first - targets)


def decayed_count_loss(
  times: Array,
  labels: Array,
  *,
  rate: float,
  target_true: float,
  target_false: float,
  exact: bool = False,
) -> Array:
  """Squared error of counts in which a spike weighs e^(-λt).

    s[j] = Σₖ e^(-λ·t[j, k]),   L = ½ Σⱼ (target[j] - s[j])²

  Args:
    times: `[B, O, K]` (s).
    labels: int `[B]`.
    rate: λ (1/s).
    target_true: wanted score of the label's output.
    target_false: of the others.
    exact: whether ∂s/∂t is -λ·e^(-λt); else -1, the convention for counts.

  Returns:
    `[B]`.
  """
  scores = decayed_counts(times, rate=rate, exact=exact)
  targets = _class_targets(times, labels, target_true, target_false)
  return _half_squares(targets - scores)


def revive_silent_labels(
  kernel: Array, times: Array, labels: Array, *, factor: float
) -> Array:
  """Strengthens all inputs of a label's output that does not fire.

  A silent output has no spike that could carry a gradient, and would stay
  silent. The value is 0, the gradient that of

    -½·factor·[T[y] = inf]·Σᵢ W[i, y]·|W[i, y]|

  so descent scales up by |W|.

  Args:
    kernel: W `[I, O]`, of the output layer.
    times: `[B, O, K]` (s).
    labels: int `[B]`.
    factor: how much.

  Returns:
    `[B]`, to be added to a loss.
  """
  strength = jnp.sum(kernel * jnp.abs(kernel), axis=0)[labels]
  change = -0.5 * factor * strength
  is_silent = silent_labels(times, labels)
  return jnp.where(is_silent, change - jax.lax.stop_gradient(change), 0)


def late_label_loss(times: Array, labels: Array, *, tau: float) -> Array:
  """Pulls the label's first spike T[y] earlier: L = e^(T[y]/τ) - 1.

  Cross-entropy pushes the others later once the label's output leads; this
  keeps that output from drifting to where it no longer fires.

  Args:
    times: `[B, O, K]` (s).
    labels: int `[B]`.
    tau: τ (s).

  Returns:
    `[B]`; 0 where the label's output is silent.
  """
  first = at_labels(times[..., 0], labels)
  fires = jnp.isfinite(first)
  return jnp.where(fires, jnp.expm1(jnp.where(fires, first, 0) / tau), 0)


def silent_labels(times: Array, labels: Array) -> Array:
  """Tells which examples' labels have an output that does not fire.

  Args:
    times: `[B, O, K]` (s).
    labels: int `[B]`.

  Returns:
    Bool `[B]`.
  """
  return jnp.isinf(at_labels(times[..., 0], labels))


@jax.custom_vjp
def spike_counts(times: Array) -> Array:
  """Counts spikes, `[B, O, K] -> [B, O]`, with ∂n/∂tₖ = -1 by convention."""
  return jnp.sum(jnp.isfinite(times), axis=-1, dtype=times.dtype)


def _count_forward(times):
  return spike_counts(times), jnp.isfinite(times)


def _count_backward(is_spike, gradient):
  return (-gradient[..., None] * is_spike,)


spike_counts.defvjp(_count_forward, _count_backward)


def decayed_counts(times: Array, *, rate: float, exact: bool = True) -> Array:
  """Adds up e^(-λt) over the spikes of each output, `[B, O, K] -> [B, O]`.

  Args:
    times: (s).
    rate: λ (1/s).
    exact: whether the derivative is exact; else -1 for every spike.
  """
  present = jnp.isfinite(times)
  weights = jnp.where(
    present, jnp.exp(-rate * jnp.where(present, times, 0)), 0
  ).sum(-1)
  if exact:
    return weights
  counts = spike_counts(times)
  return counts + jax.lax.stop_gradient(weights - counts)


def predict_first_spike(times: Array) -> Array:
  """The output that fires first, `[B]`; of ties and of silence, the lowest."""
  return jnp.argmin(times[..., 0], axis=-1)


def predict_count(times: Array) -> Array:
  """The output with most spikes, `[B]`; of ties and of silence, the lowest."""
  return jnp.argmax(spike_counts(times), axis=-1)


def predict_decayed_count(times: Array, *, rate: float) -> Array:
  """The output with the largest `decayed_counts`, `[B]`."""
  return jnp.argmax(decayed_counts(times, rate=rate), axis=-1)


def _class_targets(times, labels, target_true, target_false):
  (found,) = class_targets(
    labels,
    num_classes=times.shape[1],
    correct=target_true,
    incorrect=target_false,
  )
  return found.astype(times.dtype)


def _half_squares(errors):
  return 0.5 * jnp.sum(jnp.square(errors), axis=-1)
