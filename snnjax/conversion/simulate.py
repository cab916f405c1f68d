# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Simulates a plan step by step, with neurons at its sites.

What does not depend on a neuron is computed once; memory does not grow with the
number of steps.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.conversion import execute
from snnjax.conversion.decoding import Rule, advance
from snnjax.conversion.execute import Values
from snnjax.conversion.ranges import Range
from snnjax.conversion.sites import Plan, Target
from snnjax.types import Array, Params, PyTree


class Outcome(NamedTuple):
  """What a spiking network does.

  Attributes:
    outputs: `[R, B, ...]`, decoded after each of the R recorded steps.
    spikes: number of spikes until then, `[R, B]` for each site by name.
    operations: additions at synapses until then, likewise.
    decoded: the value that the last step leaves at each site, `[B, ...]`.
  """

  outputs: Array
  spikes: dict[str, Array]
  operations: dict[str, Array]
  decoded: dict[str, Array]


class Synapses(NamedTuple):
  """How spikes travel.

  Attributes:
    start: `(plan, fixed values) -> state`.
    step: `(plan, state, fixed values, fire) -> (state, output)`, where
      `fire(site, values) -> Sent`.
  """

  start: Callable[[Plan, Values], PyTree]
  step: Callable[[Plan, PyTree, Values, Callable], tuple[PyTree, Array]]


def by_value() -> Synapses:
  """Carries decoded values: the same spikes, at the cost of the network."""

  def step(plan, state, fixed, fire):
    values = dict(fixed)
    execute.run(
      plan.moving, values, lambda site, values: fire(site, values).decoded
    )
    return state, values[plan.program.y]

  return Synapses(lambda plan, fixed: (), step)


class _Layer(NamedTuple):
  """The neurons of a site."""

  state: PyTree
  decoded: Array  # [B, ...]


class Neurons(NamedTuple):
  """What a site's neurons do.

  Attributes:
    rule: how they spike.
    range: the values expected.
    fan_out: the synapses that leave each, `[...]`; None: not counted.
  """

  rule: Rule
  range: Range
  fan_out: Array | None


def simulate(
  plan: Plan,
  neurons: dict[str, Neurons],
  params: Params,
  x: Array,
  *,
  num_steps: int,
  record: Sequence[int],
  synapses: Synapses,
  key: Array | None,
) -> Outcome:
  """Runs a plan.

  Args:
    plan: program and sites.
    neurons: of each site, by name.
    params: of the program.
    x: `[B, ...]`, the same at every step.
    num_steps: T.
    record: ascending numbers of steps, up to T.
    synapses: how spikes travel.
    key: for codes that draw random numbers, else None.
  """
  fixed = execute.still_values(plan, params, x)

  def step(carry, t):
    layers, counts, state, kept = carry
    layers, sent = dict(layers), {}

    def fire(site, values):
      rule, range_, _ = neurons[site.name]
      layer, target = layers[site.name], site.target(values)
      state, sent[site.name] = advance(
        rule, site, range_, layer.state, layer.decoded, target, t
      )
      layers[site.name] = _Layer(state, sent[site.name].decoded)
      return sent[site.name]

    state, y = synapses.step(plan, state, fixed, fire)
    counts = {
      site.name: _count(
        counts[site.name],
        site.by_example(sent[site.name].spikes, len(y)),
        neurons[site.name].fan_out,
      )
      for site in plan.sites
      if site.name in counts
    }
    place = jnp.searchsorted(jnp.asarray(record), t)
    kept = jax.tree.map(
      lambda old, new: old.at[place].set(new), kept, (y, counts)
    )
    return (layers, counts, state, kept), None

  layers, counts = _at_rest(plan, neurons, key)
  kept = jax.tree.map(
    lambda a: jnp.zeros((len(record), *a.shape), a.dtype),
    (plan.program.avals[plan.program.y], counts),
  )
  carry = layers, counts, synapses.start(plan, fixed), kept
  (layers, *_, (outputs, counts)), _ = jax.lax.scan(
    step, carry, jnp.arange(1, num_steps + 1)
  )
  return Outcome(
    outputs,
    {name: count[..., 0] for name, count in counts.items()},
    {name: count[..., 1] for name, count in counts.items()},
    {name: layer.decoded for name, layer in layers.items()},
  )


def _at_rest(plan, neurons, key):
  """The state and the counts before the first step."""
  avals = plan.program.avals
  layers = {}
  for k, site in enumerate(plan.sites):
    rule, range_, _ = neurons[site.name]
    zero = jnp.zeros(avals[site.value].shape, avals[site.value].dtype)
    own = None if key is None else jax.random.fold_in(key, k)
    layers[site.name] = _Layer(
      rule.start(site, range_, Target(zero, zero), own), zero
    )
  batch = avals[plan.program.y].shape[0]
  counts = {
    name: jnp.zeros((batch, 2))
    for name, own in neurons.items()
    if own.fan_out is not None
  }
  return layers, counts


def _count(counts, spikes, fan_out):
  """Adds a step's spikes and synaptic operations, `[B, 2]`."""
  active = (spikes != 0).astype(counts.dtype).reshape(len(spikes), -1)
  each = jnp.stack([jnp.ones_like(fan_out), fan_out], axis=-1)
  return counts + active @ each.reshape(-1, 2).astype(counts.dtype)
