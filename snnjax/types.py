# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The types that every module shares.

Time leads, then the batch: `[T, B, ...]`. Within a step a neuron of
`snnjax.neurons` takes its input, updates its membrane (with the reset that the
*previous* step's spike calls for) and fires when the membrane is strictly above
the threshold, unless it says otherwise. The membrane that a neuron returns is
therefore the value before its own reset.

A sequence that does not change in time has a leading axis of length 1 and
stays so through every stateless cell: its layers are computed once.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import jax
import numpy as np

Array = jax.Array
ArrayLike = jax.typing.ArrayLike
Shape = tuple[int, ...]  # without time and batch
PyTree = Any
Params = PyTree
State = PyTree  # every leaf [B, ...]
# (states, outputs), of a network {layer: trace}; every leaf [T | 1, B, ...]
Trace = PyTree
Stats = PyTree

SpikeFn = Callable[[Array], Array]  # membrane - threshold -> {0, 1}
ResetFn = Callable[[Array, Array, Array], Array]  # (membrane, fired, threshold)


class Memory(NamedTuple):
  """What a simulation keeps for its gradient; made in `snnjax.policies`.

  Attributes:
    block: `(num_steps, inputs [T | 1, B, ...]) -> int`, the steps that pass
      through all layers before the next ones do.
    pass_through: wraps the function that takes a block through the network.
    of_spikes: wraps the function `(params, x [B, ...]) -> y` of synapses whose
      inputs are binary.
    within: what is kept of a block while its gradient is computed, in blocks of
      their own; None: as here.
    inputs_are_binary: whether those of the cell that is being unrolled are.
    truncates: whether no gradient passes from a block into the one before.
  """

  block: Callable[[int, Array], int]
  pass_through: Callable[[Callable], Callable]
  of_spikes: Callable[[Callable], Callable]
  within: 'Memory | None' = None
  inputs_are_binary: bool = False
  truncates: bool = False

  def wrap(self, synapse: Callable) -> Callable:
    """Makes a synapse's function keep of its inputs what the policy says."""
    return self.of_spikes(synapse) if self.inputs_are_binary else synapse


class Cell(NamedTuple):
  """A neuron, a synapse, a layer or a network.

  Attributes:
    init: `(key, in_shape) -> params`.
    start: `(params, key, in_shape, batch) -> state`, every leaf `[B, ...]`;
      only stochastic cells need a key.
    step: `(params, state, x [B, ...]) -> (state, y)`, one time step.
    unroll: `(params, state, xs [T | 1, B, ...], num_steps, memory) ->
      (state, ys [T | 1, B, ...], trace)`; equal to the scan of `step`.
    is_binary: whether the outputs are 0 or 1, given whether the inputs are.
    parts: the layers of a network, by name and in order; else empty.
  """

  init: Callable[[Array, Shape], Params]
  start: Callable[[Params, Array | None, Shape, int], State]
  step: Callable[[Params, State, Array], tuple[State, Array]]
  unroll: Callable[
    [Params, State, Array, int, Memory], tuple[State, Array, Trace]
  ]
  is_binary: Callable[[bool], bool] = lambda inputs_are_binary: False
  parts: tuple[tuple[str, 'Cell'], ...] = ()


class Source(NamedTuple):
  """Examples in memory or memory-mapped, in a fixed order.

  Attributes:
    inputs: `[N, ...]`, in the smallest type that holds them (uint8 images).
    labels: int32 `[N]`.
    class_names: one name per class.
    split: 'train', 'validation' or 'test' as loaded, if known.
  """

  inputs: np.ndarray
  labels: np.ndarray
  class_names: tuple[str, ...]
  split: str = ''


class Batch(NamedTuple):
  """Some examples of a source, padded to a fixed size.

  Attributes:
    inputs: `[B, ...]`, as in the source.
    labels: int32 `[B]`.
    mask: float32 `[B]`, 1 for an example and 0 for padding.
    index: int32 `[B]`, the examples' places in the source.
  """

  inputs: np.ndarray | Array
  labels: np.ndarray | Array
  mask: np.ndarray | Array
  index: np.ndarray | Array


class Stream(NamedTuple):
  """Training batches without end, as a function of the step.

  Attributes:
    steps_per_epoch: number of batches that show every example once.
    batch: `step -> Batch`; a pure function, so that resuming is exact.
  """

  steps_per_epoch: int
  batch: Callable[[int], Batch]


class Mean(NamedTuple):
  """A mean on its way: what was summed, over how many."""

  total: Array
  count: Array


Sums = dict[str, Mean]
Metrics = dict[str, float]


class Task(NamedTuple):
  """What `snnjax.training.fit` needs to know of an experiment.

  Attributes:
    init: `key -> state`; one pytree, the step and the key inside.
    update: `(state, batch) -> (state, sums)`; a sum that is not finite stops
      training.
    evaluate: `(state, stats, batch) -> sums`.
    score: `metrics -> float`; the higher the better, on the validation split.
    probe: `(state, batch) -> stats` over held-in examples, added up as a
      pytree: responses that label unsupervised neurons; default none.
  """

  init: Callable[[Array], PyTree]
  update: Callable[[PyTree, Batch], tuple[PyTree, Sums]]
  evaluate: Callable[[PyTree, Stats, Batch], Sums]
  score: Callable[[Metrics], float] = lambda metrics: metrics['accuracy']
  probe: Callable[[PyTree, Batch], Stats] = lambda state, batch: ()


Batches = Callable[[], Iterable[Batch]]  # once through a source, in order
