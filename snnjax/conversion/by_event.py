# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Synapses that carry spikes, and nothing else.

Whatever reads the result of synapses keeps it, and adds to it what each step's
spikes are worth, with L the linear part of the synapses and x₀ their constant:

  x[t] = x₀ + keep·(x[t-1] - x₀) + L·change[t]

All sites must have the same `keep`. Products of two signals change by
ΔA·B[t] + A[t-1]·ΔB, which are additions again.
"""

import jax
import jax.numpy as jnp

from snnjax.conversion import execute
from snnjax.conversion.decoding import SUM
from snnjax.conversion.primitives import MIXING
from snnjax.conversion.simulate import Synapses
from snnjax.conversion.sites import Site


def by_event() -> Synapses:
  """Carries spikes; slower than `by_value`, with the same spikes."""

  def start(plan, fixed):
    at_rest = dict(fixed)
    execute.run(
      plan.moving, at_rest, lambda site, v: jnp.zeros_like(v[site.value])
    )
    return {n: (at_rest[n], at_rest[n]) for n in sorted(_kept(plan))}

  def step(plan, state, fixed, fire):
    before = {n: now for n, (now, _) in state.items()}
    values, changes = dict(fixed), {}

    def add(n, change, sent):
      changes[n] = change
      if n in state:
        _, rest = state[n]
        kept = rest + sent.keep * (before[n] - rest) + change
        # A masked value, -inf, stays what it is.
        values[n] = jnp.where(jnp.isfinite(rest), kept, rest)

    sent = None
    for item in plan.moving:
      if isinstance(item, Site):
        sent = fire(item, values)
        if sent.reading is None:
          raise ValueError(
            'spikes that share synapses must be read alike, but by_site has '
            'rules that are read in several ways: take by_value()'
          )
        add(item.value, sent.change, sent)
      elif sent and plan.is_synaptic(item):
        adds_up = sent.reading == SUM
        new = _changes(item, values, before, changes, adds_up=adds_up)
        for n, change in zip(item.outputs, new, strict=True):
          add(n, change, sent)
      else:
        execute.run([item], values)
    return (
      {n: (values[n], rest) for n, (_, rest) in state.items()},
      values[plan.program.y],
    )

  return Synapses(start, step)


def _kept(plan):
  """What is read by other than affine operations: by a target, or at the end.

  A product's operands are kept, too.
  """
  moved, kept = set(), set()
  for item in plan.moving:
    if isinstance(item, Site):
      moved.add(item.value)
      kept |= moved & {item.drive}
      continue
    inputs = [n for n in item.inputs if n in moved]
    if plan.is_synaptic(item):
      moved.update(item.outputs)
      if item.primitive in MIXING and len(inputs) == 2:
        kept.update(inputs)
    else:
      kept.update(inputs)
  return kept | (moved & {plan.program.y})


def _changes(operation, values, before, changes, *, adds_up):
  """What the spikes of a step change in the results of an operation."""
  inputs = operation.inputs
  moved = [place for place, n in enumerate(inputs) if n in changes]
  if operation.primitive == 'stop_gradient':
    return [changes[inputs[0]]]

  def through(*arrays, at=moved):
    full = [values.get(n) for n in inputs]
    for place, array in zip(at, arrays, strict=True):
      full[place] = array
    return operation.apply(*full)

  if operation.primitive in MIXING and len(moved) == 2:
    if not adds_up:
      raise ValueError(
        f'the product of two signals ({operation.line}) needs neurons whose '
        'steps add up: take signgd'
      )
    left, right = inputs
    first = operation.apply(changes[left], values[right])
    second = operation.apply(before[left], changes[right])
    return [a + b for a, b in zip(first, second, strict=True)]
  tangents = [changes[inputs[place]] for place in moved]
  at = [jnp.zeros_like(tangent) for tangent in tangents]
  return jax.jvp(through, at, tangents)[1]
