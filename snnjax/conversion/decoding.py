# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Neurons that track a value by spikes.

What receivers decode of the spikes s[t] is a linear recursion with a clock that
all neurons share,

  y[t] = keep[t]·y[t-1] + gain[t]·s[t],

so decoding commutes with affine maps: simulations may carry decoded values
through synapses instead of spikes and find the same spikes. A rule is that
recursion, and what a neuron decides to emit given the value it should have.
"""

from collections.abc import Callable
from typing import NamedTuple

from snnjax.conversion.ranges import Range, Ranging
from snnjax.conversion.sites import Site, Target
from snnjax.types import Array, PyTree

SUM = 'sum'  # keep is 1


class Rule(NamedTuple):
  """How the neurons of a site spike, and how their spikes are read.

  Attributes:
    ranging: `(site, stats) -> Range`, the values expected there.
    start: `(site, range, target, key) -> state`, every leaf `[B, ...]`.
    step: `(site, range, state, y[t-1], target, t) -> (state, s[t])`.
    code: `(site, range, t) -> (keep[t], gain[t])`.
    within: `(site, range, value, T) -> value`, the nearest that can be decoded
      after T steps.
    reading: what tells keep from that of other rules; None: it differs between
      sites.
  """

  ranging: Ranging
  start: Callable[[Site, Range, Target, Array | None], PyTree]
  step: Callable[
    [Site, Range, PyTree, Array, Target, Array], tuple[PyTree, Array]
  ]
  code: Callable[[Site, Range, Array], tuple[Array, Array]]
  within: Callable[[Site, Range, Array, int], Array]
  reading: str | None


class Sent(NamedTuple):
  """What leaves a neuron in a step.

  Attributes:
    spikes: `[B, ...]`.
    change: gain times spikes: what they add to a receiver's decoded value.
    decoded: what a receiver has decoded of all spikes.
    keep: the part of what was decoded before that it keeps, `[]`.
    reading: as for the rule.
  """

  spikes: Array
  change: Array
  decoded: Array
  keep: Array
  reading: str | None


def advance(
  rule: Rule,
  site: Site,
  range_: Range,
  state: PyTree,
  decoded: Array,
  target: Target,
  t: Array,
) -> tuple[PyTree, Sent]:
  """Carries a site's neurons, and what is decoded of them, on by a step.

  Args:
    rule: how they spike.
    site: where.
    range_: the values expected there.
    state: of the rule.
    decoded: y[t-1] `[B, ...]`.
    target: what they are to track.
    t: the step, from 1.

  Returns:
    The new state, and what is sent.
  """
  state, spikes = rule.step(site, range_, state, decoded, target, t)
  keep, gain = rule.code(site, range_, t)
  keep, change = (v.astype(decoded.dtype) for v in (keep, gain * spikes))
  decoded = keep * decoded + change
  return state, Sent(spikes, change, decoded, keep, rule.reading)
