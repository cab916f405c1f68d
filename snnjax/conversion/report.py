# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Where the error of a converted network comes from.

At a site, let a be the trained network's value, f that of the same function of
what the spiking network's neurons there have decoded, c the nearest to it that
a neuron can represent, q what it decodes if it sees f from the first step on,
and y what it does decode. Then, exactly,

  y - a = (f - a) + (c - f) + (q - c) + (y - q)
          inherited  clipping  quantisation  unevenness
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.conversion import execute
from snnjax.conversion.convert import SpikingNetwork
from snnjax.conversion.decoding import advance
from snnjax.conversion.sites import Target
from snnjax.types import Array, Params


class SiteReport(NamedTuple):
  """The error of a site's neurons, `[B, ...]` with the batch where it lies.

  Attributes:
    inherited: from the neurons before.
    clipping: of values that cannot be represented.
    quantisation: of a constant value by so many steps.
    unevenness: of an input that changes while its spikes arrive.
    spikes: per neuron and step, `[]`.
    operations: at synapses, per example and step, `[]`.
  """

  inherited: Array
  clipping: Array
  quantisation: Array
  unevenness: Array
  spikes: Array
  operations: Array

  @property
  def total(self) -> Array:
    """The sum of all four."""
    parts = self.inherited + self.clipping
    return parts + self.quantisation + self.unevenness


def conversion_report(
  snn: SpikingNetwork,
  params: Params,
  x: Array,
  *,
  steps: int,
  key: Array | None = None,
) -> dict[str, SiteReport]:
  """Takes the error of each site apart.

  Args:
    snn: a converted network.
    params: of the trained function.
    x: inputs `[B, ...]`.
    steps: T.
    key: for random codes.

  Returns:
    By site, in order.
  """
  outcome = snn(params, x, steps=steps, key=key)
  plan = snn.plan(params, x)
  still = execute.still_values(plan, params, x)
  trained, targets, reports = dict(still), {}, {}
  execute.run(plan.moving, trained)

  def at_site(site, values):
    targets[site.name] = site.target(values)
    return outcome.decoded[site.name]

  execute.run(plan.moving, dict(still), at_site)
  for k, (site, rule, range_) in enumerate(snn.neurons(plan, len(x))):
    own_key = None if key is None else jax.random.fold_in(key, k)
    own = targets[site.name]
    reach = rule.within(site, range_, own.value, steps)
    constant = _constant(site, rule, range_, own, steps, own_key)
    spikes = outcome.spikes[site.name][-1].mean() / steps
    reports[site.name] = SiteReport(
      inherited=own.value - trained[site.value],
      clipping=reach - own.value,
      quantisation=constant - reach,
      unevenness=outcome.decoded[site.name] - constant,
      spikes=spikes * len(x) / own.value.size,
      operations=outcome.operations[site.name][-1].mean() / steps,
    )
  return reports


def _constant(site, rule, range_, target, num_steps, key):
  """What neurons decode of a target that they see from the first step on."""

  def step(carry, t):
    state, decoded = carry
    state, sent = advance(rule, site, range_, state, decoded, target, t)
    return (state, sent.decoded), None

  zero = jnp.zeros_like(target.value)
  start = rule.start(site, range_, Target(zero, zero), key), zero
  (_, decoded), _ = jax.lax.scan(step, start, jnp.arange(1, num_steps + 1))
  return decoded
