# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From a trained network to a spiking one."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from snnjax.conversion.calibrate import Statistics
from snnjax.conversion.decoding import Rule
from snnjax.conversion.fan_out import count_fan_outs
from snnjax.conversion.placement import place
from snnjax.conversion.ranges import Range
from snnjax.conversion.simulate import (
  Neurons,
  Outcome,
  Synapses,
  by_value,
  simulate,
)
from snnjax.conversion.sites import Plan, Site
from snnjax.types import Array, Params


class SpikingNetwork(NamedTuple):
  """A trained function with neurons at its nonlinearities; call it.

  Attributes:
    fn: the trained function `(params, x) -> y`.
    rule: of its neurons.
    stats: of its sites.
    pool_first: whether maxima belong to a neuron's target.
    encoder: makes the code of the input from the rule; None: it is read as it
      is.
  """

  fn: Callable[[Params, Array], Array]
  rule: Rule
  stats: Statistics | None
  pool_first: bool
  encoder: Callable[[Rule], Rule] | None

  def __call__(
    self,
    params: Params,
    x: Array,
    *,
    steps: int,
    record: Sequence[int] | None = None,
    key: Array | None = None,
    synapses: Synapses | None = None,
    count: bool = True,
  ) -> Outcome:
    """Shows an input for some steps; called often, inside of `jax.jit`.

    Args:
      params: of the trained function.
      x: inputs `[B, ...]`.
      steps: T.
      record: the steps after which outputs are kept, by default the last.
      key: for codes that draw random numbers.
      synapses: `by_value()`, the default, or `by_event()`.
      count: whether to count spikes and synaptic operations.

    Returns:
      Outputs `[R, B, ...]` and counts of spikes after the recorded steps.

    Raises:
      ValueError: a step is not in 1...T, or the rule does not fit a site.
    """
    record = tuple(() if record is None else record) or (steps,)
    if list(record) != sorted({*record} & {*range(1, steps + 1)}):
      raise ValueError(
        f'record must ascend from 1 to steps = {steps} at most; got {record}'
      )
    plan = self.plan(params, x)
    fan_outs = {}
    if count:
      fan_outs = count_fan_outs(self.plan(params, x[:1]), params, x[:1])
    return simulate(
      plan,
      {
        site.name: Neurons(rule, range_, fan_outs.get(site.name))
        for site, rule, range_ in self.neurons(plan, len(x))
      },
      params,
      x,
      num_steps=steps,
      record=record,
      synapses=synapses or by_value(),
      key=key,
    )

  def neurons(
    self, plan: Plan, batch: int
  ) -> Iterator[tuple[Site, Rule, Range]]:
    """Yields every site with the rule and the ranges of its neurons."""
    for site in plan.sites:
      rule = self.rule
      if self.encoder and site.value == plan.program.x:
        rule = self.encoder(rule)
      expected = rule.ranging(site, (self.stats or {}).get(site.name))
      aval = plan.program.avals[site.value]
      parts = (part.astype(aval.dtype) for part in expected)
      range_ = Range(*(site.beside(p, aval.shape, batch) for p in parts))
      yield site, rule, range_

  def plan(self, params: Params, x: Array) -> Plan:
    """Where the neurons are, for inputs of the shape of `x`."""
    return place(
      self.fn,
      params,
      x,
      pool_first=self.pool_first,
      encode=self.encoder is not None,
    )


def convert(
  fn: Callable[[Params, Array], Array],
  rule: Rule,
  stats: Statistics | None = None,
  *,
  pool_first: bool = True,
  encoder: Callable[[Rule], Rule] | None = None,
) -> SpikingNetwork:
  """Converts a trained function; its parameters stay as they are.

  Args:
    fn: `(params, x [B, ...]) -> y [B, ...]`, in evaluation mode.
    rule: how its neurons spike.
    stats: from `calibrate`, unless the rule needs none.
    pool_first: whether a maximum over several values is part of a neuron's
      target; else neurons come before it, and their decoded values are pooled.
    encoder: the code of the input, one of `codes`; by default the
      input is read as it is, and what depends on it alone computed once.

  Returns:
    The network: `snn(params, x, steps=32, record=(1, 2, 4, 8, 16, 32))`.
  """
  return SpikingNetwork(fn, rule, stats, pool_first, encoder)
