# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Masked sums and counts: what an epoch adds up and divides once, at its end.

A measure is a value per example `[B]`; `mean_of` turns it into a sum and a
count, `add_all` joins batches, and `means` divides. So the last, partial batch
counts exactly.
"""

import functools
from collections.abc import Callable, Iterable

import jax
import jax.numpy as jnp

from snnjax.numerics import masked_sum, spike_steps
from snnjax.types import (
  Array,
  Mean,
  Metrics,
  Params,
  PyTree,
  Shape,
  Sums,
  Trace,
)


def mean_of(values: Array, mask: Array) -> Mean:
  """Starts a mean over the examples that are not padding.

  Args:
    values: `[B]`; those of padding may be anything, NaN included.
    mask: `[B]`, 1 for an example and 0 for padding.

  Returns:
    Their sum and number, both `[]`.

  Raises:
    ValueError: if there is not one value per example.
  """
  return Mean(total=masked_sum(values, mask), count=jnp.sum(mask))


def add(sums: PyTree, others: PyTree) -> PyTree:
  """Joins the sums of two batches; confusion matrices too.

  Args:
    sums: any pytree of sums.
    others: one of the same structure.

  Returns:
    Their sum, leaf by leaf.
  """
  return jax.tree.map(jnp.add, sums, others)


def add_all(sums: Iterable[PyTree]) -> PyTree:
  """Joins the sums of all batches, at least one, in their order."""
  return functools.reduce(add, sums)


def means(sums: Sums) -> Metrics:
  """Divides, once, on the host.

  Args:
    sums: a `Mean` by name, of scalars.

  Returns:
    A float by name.

  Raises:
    ValueError: if a mean is over nothing.
  """
  sums = jax.device_get(sums)
  empty = [name for name, mean in sums.items() if mean.count == 0]
  if empty:
    raise ValueError(
      f'a mean needs at least one example; got none for {empty}; '
      'check that the split is not empty'
    )
  return {name: float(mean.total / mean.count) for name, mean in sums.items()}


def predict_rate(spikes: Array) -> Array:
  """Picks the class that fires most; the first one on ties.

  Args:
    spikes: `[T, B, C]`.

  Returns:
    Classes, int `[B]`.
  """
  return jnp.argmax(jnp.sum(spikes, axis=0), axis=-1)


def predict_count(counts: Array, membranes: Array) -> Array:
  """Picks the class that has fired most; of equals, the highest membrane.

  Args:
    counts: spikes up to a step, `[..., C]`.
    membranes: at that step, `[..., C]`.

  Returns:
    int `[...]`.
  """
  is_highest = counts == jnp.max(counts, axis=-1, keepdims=True)
  return jnp.argmax(jnp.where(is_highest, membranes, -jnp.inf), axis=-1)


def predict_temporal(spikes: Array) -> Array:
  """Picks the class that fires first; the first one on ties.

  Args:
    spikes: `[T, B, C]`; a silent neuron is taken to fire at the last step.

  Returns:
    Classes, int `[B]`.
  """
  return jnp.argmin(spike_steps(spikes)[0], axis=-1)


def accuracy(predictions: Array, labels: Array, mask: Array) -> Mean:
  """Takes the share of examples that are classified correctly.

  Args:
    predictions: int `[B]`.
    labels: int `[B]`.
    mask: `[B]`, 1 for an example and 0 for padding.

  Returns:
    The sum and the count, `[]` each; batches are joined by `add`.
  """
  return mean_of((predictions == labels).astype(jnp.float32), mask)


def accuracy_rate(spikes: Array, labels: Array) -> Array:
  """Tells which examples the spike counts classify correctly.

  Args:
    spikes: `[T, B, C]`; for a population code, its `population_sum`.
    labels: int `[B]`.

  Returns:
    `[B]`, 1 or 0.
  """
  return (predict_rate(spikes) == labels).astype(jnp.float32)


def accuracy_temporal(spikes: Array, labels: Array) -> Array:
  """Tells which examples the first spikes classify correctly.

  Args:
    spikes: `[T, B, C]`; for a population code, its `population_sum`.
    labels: int `[B]`.

  Returns:
    `[B]`, 1 or 0.
  """
  return (predict_temporal(spikes) == labels).astype(jnp.float32)


def confusion_matrix(
  predictions: Array, labels: Array, mask: Array, *, num_classes: int
) -> Array:
  """Counts how often each class was taken for which.

  Args:
    predictions: int `[B]`.
    labels: int `[B]`; an example of another label than 0...C-1 is left out.
    mask: `[B]`, 1 for an example and 0 for padding.
    num_classes: C.

  Returns:
    `[C, C]`, label by prediction; batches are joined by `add_all`.
  """
  counts = jnp.zeros((num_classes, num_classes))
  labels = jnp.where(labels < 0, num_classes, labels)  # else from the end
  return counts.at[labels, predictions].add(mask)


def firing_rate(spikes: Array) -> Array:
  """Counts spikes per neuron and step; divide by dt for hertz.

  Args:
    spikes: `[T, B, ...]`.

  Returns:
    `[B]`, from 0 to 1.
  """
  return _mean_over_neurons(_counts(spikes)) / len(spikes)


def silent_share(spikes: Array) -> Array:
  """Finds the share of neurons that never fire.

  Args:
    spikes: `[T, B, ...]`.

  Returns:
    `[B]`, from 0 to 1.
  """
  return _mean_over_neurons(_counts(spikes) == 0)


def saturated_share(spikes: Array) -> Array:
  """Finds the share of neurons that fire at every step.

  Args:
    spikes: `[T, B, ...]`.

  Returns:
    `[B]`, from 0 to 1.
  """
  return _mean_over_neurons(_counts(spikes) == len(spikes))


def health(trace: Trace, mask: Array) -> Sums:
  """Measures how every spiking layer fires.

  Args:
    trace: `{layer: (states, spikes [T, B, ...])}`, spiking layers only.
    mask: `[B]`, 1 for an example and 0 for padding.

  Returns:
    `firing_rate/`, `silent_share/` and `saturated_share/` + layer.
  """
  measures = (firing_rate, silent_share, saturated_share)
  return {
    f'{measure.__name__}/{layer}': mean_of(measure(spikes), mask)
    for layer, (_, spikes) in trace.items()
    for measure in measures
  }


def synaptic_operations(spikes: Array, fan_out: Array) -> Array:
  """Counts the additions that spikes cause in the layer they reach.

  Args:
    spikes: `[T, B, ...]`.
    fan_out: `[...]`, from `fan_out`.

  Returns:
    `[B]`, over all steps.
  """
  counts = _counts(spikes) * fan_out[None]
  return jnp.sum(counts, axis=tuple(range(1, counts.ndim)))


def fan_out(
  synapse: Callable[[Params, Array], Array], params: Params, in_shape: Shape
) -> Array:
  """Counts the output units that each input unit reaches.

  The transpose of the synapse with all weights 1, applied to ones: exact for
  dense and convolutional synapses, at borders and for any stride.

  Args:
    synapse: `(params, x [B, ...]) -> y`, linear in x up to a bias.
    params: its parameters, for their structure and shapes only.
    in_shape: shape of the input, without the batch.

  Returns:
    `in_shape`, whole numbers as floats.
  """
  ones = jax.tree.map(jnp.ones_like, params)
  return jax.grad(lambda x: jnp.sum(synapse(ones, x[None])))(
    jnp.zeros(in_shape)
  )


def _counts(spikes: Array) -> Array:
  """Counts over time; as a product, which is fast where a reduction is not."""
  has_spiked = (spikes != 0).astype(jnp.float32).reshape(len(spikes), -1)
  return (jnp.ones(len(spikes)) @ has_spiked).reshape(spikes.shape[1:])


def _mean_over_neurons(values: Array) -> Array:
  return jnp.mean(values, axis=tuple(range(1, values.ndim)))
