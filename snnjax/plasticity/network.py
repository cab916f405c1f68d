# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""One layer of neurons that learn by spikes: inputs, lateral currents, a rule.

A batch is presented in one scan. Its examples share weights and thresholds,
and change them together at every step; nothing else outlasts a presentation.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from snnjax.devices import is_cpu
from snnjax.plasticity import traces
from snnjax.plasticity.lateral import Lateral
from snnjax.plasticity.neurons import Neuron, Population
from snnjax.plasticity.rules import Activity, Rule
from snnjax.types import Array, PyTree

_BLOCK = 2**16  # weights that are clipped at a time


class Network(NamedTuple):
  """Neurons that learn, and all that acts on them.

  Attributes:
    num_inputs: I.
    num_neurons: N.
    neuron: excitatory.
    lateral: how they act on each other.
    rule: how their weights change.
    trace: of the inputs.
    norm: sum of a neuron's weights after each presentation; None: not kept.
    low: smallest weight, after every step.
    high: largest weight, after every step; `normalise` may lift it higher.
    mask: `[N, I]`, 1 where there is a synapse; None: everywhere.
    feed_forward: whether a spike reaches the neurons within its step
      (BindsNET's `one_step`), or in the next one.
  """

  num_inputs: int
  num_neurons: int
  neuron: Neuron
  lateral: Lateral
  rule: Rule
  trace: traces.Trace = traces.trace()
  norm: float | None = 78.4
  low: float = 0.0
  high: float = 1.0
  mask: Array | None = None
  feed_forward: bool = True


class Params(NamedTuple):
  """What learns.

  Attributes:
    weights: `[N, I]`, a receptive field per row (millivolts per spike).
    theta: `[N]`, how much the threshold has adapted (millivolts).
  """

  weights: Array
  theta: Array


class Activation(NamedTuple):
  """What a network remembers of the example that it sees.

  Attributes:
    excitatory: the neurons that learn.
    lateral: state of the lateral connections.
    current: `[B, N]`, from them, into the next step (millivolts).
    inputs: `[B, I]`, spikes of the last step.
    trace: `[B, I]`, of the inputs; follows them only while learning.
    rule: state of the rule.
  """

  excitatory: Population
  lateral: Any
  current: Array
  inputs: Array
  trace: Array
  rule: Any


Observe = Callable[[Params, Activation], PyTree]


def init(network: Network, key: Array, largest: float = 0.3) -> Params:
  """Draws weights from U[0, largest); they are not yet normalised."""
  shape = network.num_neurons, network.num_inputs
  weights = largest * jax.random.uniform(key, shape)
  if network.mask is not None:
    weights *= network.mask
  return Params(weights, network.neuron.init(network.num_neurons))


def start(network: Network, batch: int) -> Activation:
  """Puts all neurons to rest, without a trace of earlier examples."""
  num = network.num_neurons
  nothing = jnp.zeros((batch, network.num_inputs))
  return Activation(
    excitatory=network.neuron.start(batch, num),
    lateral=network.lateral.start(batch, num),
    current=jnp.zeros((batch, num)),
    inputs=nothing,
    trace=nothing,
    rule=network.rule.start(batch, num, network.num_inputs),
  )


def step(
  network: Network,
  params: Params,
  now: Activation,
  inputs: Array,
  key: Array,
  reward: Array,
  *,
  learning: bool,
) -> tuple[Params, Activation]:
  """Takes all populations, then the rule, through one step of time.

  Args:
    network: what to simulate.
    params: weights and thresholds before it.
    now: state before it.
    inputs: spikes `[B, I]`.
    key: for the choice of neurons.
    reward: `[B]`.
    learning: whether weights and thresholds change.

  Returns:
    Both afterwards.
  """
  arriving = inputs if network.feed_forward else now.inputs
  # In this order XLA need not transpose the weights, which change every step.
  drive = jnp.matmul(params.weights, arriving.T, precision='highest').T
  theta, excitatory = network.neuron.step(
    params.theta, now.excitatory, drive + now.current, key, learning
  )
  lateral, current = network.lateral.step(
    now.lateral, now.excitatory.spikes, excitatory.spikes
  )
  weights, remembered, trace = params.weights, now.rule, now.trace
  if learning:
    trace = network.trace(trace, inputs)
    seen = Activity(inputs, excitatory.spikes, trace, excitatory.trace, reward)
    remembered, weights = network.rule.update(remembered, weights, seen)
    weights = _clip(weights, network.low, network.high)
    if network.mask is not None:
      weights *= network.mask
  after = Activation(excitatory, lateral, current, inputs, trace, remembered)
  return Params(weights, theta), after


def present(
  network: Network,
  params: Params,
  spikes: Array,
  key: Array,
  *,
  learning: bool,
  reward: Array | None = None,
  observe: Observe = lambda params, activation: (),
) -> tuple[Params, Array, PyTree]:
  """Shows a batch of examples, from rest to the end.

  Args:
    network: what to simulate.
    params: weights and thresholds before it.
    spikes: of the inputs, 0 or 1, any type, `[T, B, I]`.
    key: for the choice of neurons.
    learning: whether weights and thresholds change; if not, an example's
      activity does not depend on the others'.
    reward: `[T, B]`; default 0.
    observe: what to keep of every step.

  Returns:
    params afterwards, normalised; counts of spikes `[B, N]`; what was
    observed, every leaf `[T, ...]`.

  Raises:
    ValueError: if the inputs are of another number than the network's.
  """
  if spikes.ndim != 3 or spikes.shape[2] != network.num_inputs:
    raise ValueError(
      f'spikes must be [T, B, {network.num_inputs}], as the network has '
      f'inputs; got {spikes.shape}; flatten images first'
    )
  num_steps, batch, _ = spikes.shape
  if reward is None:
    reward = jnp.zeros((num_steps, batch))
  dtype = params.weights.dtype
  # Else XLA encodes anew, step by step, what an encoder has just made.
  spikes = jax.lax.optimization_barrier(spikes)

  def body(carry, xs):
    params, now, counts = carry
    inputs, key, reward = xs
    params, now = step(
      network,
      params,
      now,
      inputs.astype(dtype),
      key,
      reward,
      learning=learning,
    )
    counts = counts + now.excitatory.spikes
    return (params, now, counts), observe(params, now)

  now = start(network, batch)
  carry = params, now, jnp.zeros_like(now.current)
  xs = spikes, jax.random.split(key, num_steps), reward
  (params, _, counts), observed = jax.lax.scan(body, carry, xs)
  return normalise(network, params), counts, observed


def normalise(network: Network, params: Params) -> Params:
  """Scales each neuron's weights to the sum that the network keeps.

    w_ji ← w_ji · norm / Σ_i |w_ji|

  A neuron without weights stays so.
  """
  if network.norm is None:
    return params
  size = jnp.sum(jnp.abs(params.weights), axis=1, keepdims=True)
  scale = network.norm / jnp.where(size == 0, 1, size)
  return params._replace(weights=params.weights * scale)


def _clip(weights, low, high):
  """Clips in place, on a CPU by blocks that XLA does not share among cores.

  Sharing takes longer than the work, and leaves half of the weights in the
  cache of the core that does not need them next.
  """
  num_neurons = len(weights)
  num_blocks = max(-(-weights.size // _BLOCK), 1) if is_cpu() else 1
  rows = -(-num_neurons // num_blocks)

  def block(k, weights):
    # The last one may overlap with the one before: clipped twice is the same.
    part = jax.lax.dynamic_slice_in_dim(weights, k * rows, rows)
    part = jnp.clip(part, low, high)
    return jax.lax.dynamic_update_slice_in_dim(weights, part, k * rows, 0)

  return jax.lax.fori_loop(0, -(-num_neurons // max(rows, 1)), block, weights)
