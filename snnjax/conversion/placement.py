# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Finds where a program needs neurons.

A value is *raw* while it is the result of a nonlinearity that no neuron has
carried yet. Synapses can only be fed by neurons, so wherever a raw value is
about to be mixed with those of others, the nonlinearity it came from becomes a
*site*: there a neuron tracks it, and all that follows reads the neuron. Chains
of nonlinearities (GELU, the tail of a normalisation, the division of a softmax)
thus fuse into the target of one neuron.
"""

import itertools
from collections.abc import Callable

import jax
import jax.numpy as jnp

from snnjax.conversion import primitives
from snnjax.conversion.program import trace
from snnjax.conversion.sites import Plan, Site
from snnjax.types import Array, Params


def place(
  fn: Callable[[Params, Array], Array],
  params: Params,
  x: Array,
  *,
  pool_first: bool = True,
  encode: bool = False,
) -> Plan:
  """Traces a trained network and finds its sites.

  Args:
    fn: `(params, x [B, ...]) -> y [B, ...]`.
    params: its parameters.
    x: an input, or its shape and type.
    pool_first: whether a maximum over several values is part of the target, so
      that fewer neurons are needed; else neurons come before it, too.
    encode: whether the input is a site: encoded instead of read as it is.

  Raises:
    ValueError: something cannot be converted; names primitive and line.
  """

  def plan_for(x):
    program = trace(fn, params, x)
    inputs = [program.x] if _is_float(program, program.x) else []
    if encode and not inputs:
      raise ValueError('only floating inputs can be encoded; pass no encoder')
    walk = _Walk(program, pool_first, inputs, inputs if encode else [])
    for operation in program.operations:
      walk.visit(operation)
    return walk.plan()

  two, three = (
    plan_for(jax.ShapeDtypeStruct((batch, *x.shape[1:]), x.dtype))
    for batch in (2, 3)
  )
  plan = plan_for(x)
  if len(plan.sites) != len(two.sites):
    raise ValueError(
      f'the function does different things to batches of {x.shape[0]} and of 2:'
      f' {len(plan.sites)} and {len(two.sites)} sites'
    )
  # Names may depend on the batch, too, where sizes of 1 are dealt with apart.
  known = {
    own.value: (
      site.name,
      _batch_axis(site, two.shape(site), three.shape(site)),
    )
    for own, site in zip(plan.sites, two.sites, strict=True)
  }

  def complete(item):
    if isinstance(item, Site):
      name, axis = known[item.value]
      return item._replace(name=name, batch_axis=axis)
    return item

  return plan._replace(
    sites=tuple(map(complete, plan.sites)),
    moving=tuple(map(complete, plan.moving)),
  )


def _batch_axis(site, two, three):
  axes = [k for k, (m, n) in enumerate(zip(two, three, strict=True)) if m != n]
  if len(axes) != 1:
    raise ValueError(
      f'the values of {site.name} ({site.line}) need one axis for the examples '
      f'of a batch; got {two} for two examples and {three} for three'
    )
  return axes[0]


class _Walk:
  """What is known of the values so far."""

  def __init__(self, program, pool_first, inputs, encoded):
    self.program, self.pool_first = program, pool_first
    self.encoded = encoded
    self.signals = set(inputs)
    self.discrete = {program.x} - self.signals  # tokens, masks
    self.affine = set(inputs)
    self.tracked = set(encoded)  # by neurons: the values that become sites
    self.raw = {}  # value: the nonlinear ones that it is linear in
    self.made_by = {}

  def visit(self, operation):
    """Tells what an operation is, and which sites it calls for."""
    primitives.check_not_random(operation)
    is_signal = [n in self.signals for n in operation.inputs]
    name, outputs = operation.primitive, operation.outputs
    self.made_by |= dict.fromkeys(outputs, operation)
    if not any(is_signal):
      self._follow_discrete(operation)
      return
    primitives.check(operation)
    self.signals.update(outputs)
    if name in primitives.MIXING:
      self._track_inputs(operation)
      self.affine.update(outputs)
    elif self._is_cast(operation):
      self.raw |= {n: frozenset({n}) for n in outputs}
    elif primitives.is_linear(operation, is_signal):
      self.affine.update(outputs)
      raw = frozenset().union(*(self.raw.get(n, ()) for n in operation.inputs))
      self.raw |= dict.fromkeys(outputs, raw)
    elif name in primitives.NONLINEAR:
      if name in primitives.POOLING and not self.pool_first:
        self._track_inputs(operation)
      self.raw |= {n: frozenset({n}) for n in outputs}
    else:
      raise ValueError(
        f'{name} cannot be converted where signals decide what is taken '
        f'({operation.line})'
      )

  def _is_cast(self, operation):
    """Whether numbers are rounded, or conditions become numbers."""
    if operation.primitive != 'convert_element_type':
      return False
    values = *operation.inputs, *operation.outputs
    return not all(_is_float(self.program, n) for n in values)

  def _follow_discrete(self, operation):
    """Finds signals that integers of the input decide: rows of a table."""
    if self.discrete.isdisjoint(operation.inputs):
      return
    for n in operation.outputs:
      if _is_float(self.program, n):
        self.signals.add(n)
        self.affine.add(n)
      else:
        self.discrete.add(n)

  def _track_inputs(self, operation):
    """Makes sites of the raw values that an operation reads."""
    for n in operation.inputs:
      self.tracked |= self.raw.get(n, frozenset())

  def _is_carried(self, n):
    """Whether neurons track all raw values that it is linear in."""
    return self.raw.get(n, frozenset()) <= self.tracked

  def plan(self):
    """Orders operations and sites by when they are known."""
    denominators = self._denominators()
    depths = dict.fromkeys(self.signals, 0)
    sites, still, moving, after, names = [], [], [], set(), set()

    def add_site(n, operation):
      name = _unique(_name(operation), names)
      line = operation.line if operation else 'of fn'
      dtype = self.program.avals[n].dtype
      if not _is_float(self.program, n):
        raise ValueError(
          f'neurons track floating values, but those of {name} ({line}) are '
          f'{dtype}'
        )
      if dtype.itemsize < 4:
        raise ValueError(
          f'small steps need float32 or more, but those of {name} ({line}) are '
          f'{dtype}: convert in float32'
        )
      site = Site(
        name,
        n,
        depths[n],
        self._is_rectified(n),
        self._drive(n),
        n in denominators,
        line,
      )
      sites.append(site)
      moving.append(site)
      after.add(n)
      depths[n] += 1

    for n in self.encoded:
      add_site(n, None)
    for operation in self.program.operations:
      known = [depths[n] for n in operation.inputs if n in depths]
      depths |= dict.fromkeys(operation.outputs, max(known, default=0))
      is_moving = not after.isdisjoint(operation.inputs)
      (moving if is_moving else still).append(operation)
      if is_moving:
        after.update(operation.outputs)
      for n in operation.outputs:
        if n in self.tracked:
          add_site(n, operation)
    return Plan(
      self.program,
      tuple(sites),
      tuple(still),
      tuple(moving),
      frozenset(filter(self._is_carried, self.affine)),
    )

  def _is_rectified(self, n):
    """Whether max(z, 0), or a maximum of such, or bounded from above."""
    if self._above_zero(n) is not None:
      return True
    operation = self.made_by.get(n)
    if operation is None:
      return False
    signals = [m for m in operation.inputs if m in self.signals]
    if operation.primitive == 'clamp':
      low, z, _ = operation.inputs
      return signals == [z] and self._is_zero(low)
    if operation.primitive not in {'min', 'reduce_max', 'reduce_window_max'}:
      return False
    return len(signals) == 1 and self._is_rectified(signals[0])

  def _drive(self, n):
    """z, if a value is max(z, 0) and z linear in what neurons send."""
    z = self._above_zero(n)
    return z if self._is_carried(z) else None

  def _above_zero(self, n):
    """z, if a value is max(z, 0)."""
    operation = self.made_by.get(n)
    if operation is None or operation.primitive != 'max':
      return None
    for z, other in itertools.permutations(operation.inputs):
      if self._is_zero(other):
        return z
    return None

  def _is_zero(self, n):
    """Whether a value is the literal zero, however converted or broadcast."""
    operation = self.made_by.get(n)
    if operation is None:
      return primitives.is_zero(self.program.constants, n)
    forms = {'broadcast_in_dim', 'convert_element_type'}
    return operation.primitive in forms and self._is_zero(operation.inputs[0])

  def _denominators(self):
    """The signals that something is divided by, themselves or their sums."""
    found = set()
    for operation in reversed(self.program.operations):
      for place in primitives.divides_by(operation):
        found.add(operation.inputs[place])
      bounds = operation.primitive in {'max', 'min'}
      if not found.isdisjoint(operation.outputs) and (
        bounds or not self.affine.isdisjoint(operation.outputs)
      ):
        found.update(operation.inputs)
    return found & self.signals


def _is_float(program, n):
  return jnp.issubdtype(program.avals[n].dtype, jnp.floating)


def _name(operation):
  if operation is None:
    return 'input'
  return '/'.join(
    part for part in (operation.name, operation.primitive) if part
  )


def _unique(name, names):
  """Numbers names that come again."""
  candidates = (f'{name}_{k}' if k else name for k in itertools.count())
  unique = next(c for c in candidates if c not in names)
  names.add(unique)
  return unique
