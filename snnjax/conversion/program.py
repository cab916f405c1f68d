# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A traced function as a flat list of operations; all contact with jaxprs.

Calls are inlined, scans of at most 64 steps unrolled and branches selected, so
that whoever walks a program meets nothing but operations on arrays.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.extend.core as jex
import jax.numpy as jnp
import numpy as np

from snnjax.types import Array, Params

MAX_UNROLLED = 64  # steps of a scan

_CALLS = {
  'jit',
  'closed_call',
  'custom_jvp_call',
  'custom_vjp_call',
  'remat2',
}
_LIBRARY = re.compile(
  r'[/\\](site|dist)-packages[/\\]|[/\\]snnjax[/\\]conversion'
)
_INSIDE = 'jaxpr', 'call_jaxpr', 'fun_jaxpr'  # where a call keeps its body


class Operation(NamedTuple):
  """One application of a primitive.

  Attributes:
    primitive: its name.
    apply: arrays to the list of its results.
    inputs: the values it reads, by number.
    outputs: the values it makes.
    options: the primitive's.
    name: of the module and function in which it stands.
    line: of the source.
  """

  primitive: str
  apply: Callable[..., list[Array]]
  inputs: tuple[int, ...]
  outputs: tuple[int, ...]
  options: dict[str, Any]
  name: str
  line: str


class Program(NamedTuple):
  """A function `(params, x) -> y`; values are numbered.

  Attributes:
    operations: in an order in which they can run.
    params: the values that the leaves of params are.
    x: the input.
    y: the output.
    constants: literals and what the function closes over.
    avals: shape and type of every value.
  """

  operations: tuple[Operation, ...]
  params: tuple[int, ...]
  x: int
  y: int
  constants: dict[int, Array]
  avals: dict[int, jax.ShapeDtypeStruct]


def trace(fn: Callable, params: Params, x: Array) -> Program:
  """Writes down what `fn(params, x)` does.

  Args:
    fn: a pure function; an image or token batch `x [B, ...]` to `y [B, ...]`.
    params: its parameters.
    x: an example input, or its shape and type.

  Raises:
    ValueError: it returns anything but one array (state that it wants to
      update, say), or holds a loop that cannot be unrolled.
  """
  closed = jax.make_jaxpr(fn)(params, x)
  outputs = closed.jaxpr.outvars
  if len(outputs) != 1:
    raise ValueError(
      f'fn(params, x) must return one array; got {len(outputs)}. Batch '
      'normalisation in training mode returns its statistics, too: call '
      'model.eval() or pass use_running_average=True'
    )
  writer = _Writer()
  invars = [writer.new(v.aval) for v in closed.jaxpr.invars]
  (y,) = writer.inline(
    closed.jaxpr, _consts(writer, closed), invars, at=('', '')
  )
  return Program(
    _needed(writer.operations, y),
    tuple(invars[:-1]),
    invars[-1],
    y,
    writer.constants,
    writer.avals,
  )


class _Writer:
  """Numbers values and collects operations."""

  def __init__(self):
    self.operations = []
    self.constants = {}
    self.avals = {}

  def new(self, aval) -> int:
    self.avals[len(self.avals)] = jax.ShapeDtypeStruct(aval.shape, aval.dtype)
    return len(self.avals) - 1

  def constant(self, value) -> int:
    number = self.new(jax.typeof(value))
    self.constants[number] = value
    return number

  def write(self, primitive, apply, inputs, avals, *, at, options=None):
    """Adds an operation at a place `(name, line)`; returns its outputs."""
    outputs = tuple(self.new(aval) for aval in avals)
    self.operations.append(
      Operation(primitive, apply, tuple(inputs), outputs, options or {}, *at)
    )
    return outputs

  def inline(self, jaxpr, consts, inputs, *, at) -> list[int]:
    """Writes all equations of a jaxpr; returns the numbers of its outputs."""
    numbers = dict(zip(jaxpr.constvars, consts, strict=True))
    numbers |= dict(zip(jaxpr.invars, inputs, strict=True))

    def number(atom):
      if isinstance(atom, jex.Literal):
        return self.constant(np.asarray(atom.val, jnp.result_type(atom.val)))
      return numbers[atom]

    for equation in jaxpr.eqns:
      outputs = self.equation(
        equation, [number(atom) for atom in equation.invars], at
      )
      numbers |= dict(zip(equation.outvars, outputs, strict=True))
    return [number(atom) for atom in jaxpr.outvars]

  def equation(self, equation, inputs, outer):
    """Writes an equation, or what is inside it."""
    primitive, options = equation.primitive, equation.params
    scope = str(equation.source_info.name_stack)
    name = _join(outer[0], scope)
    at = name, _line(equation.source_info.traceback) or outer[1]
    avals = [v.aval for v in equation.outvars]
    if primitive.name == 'scan':
      return _scan(self, options, inputs, avals, at)
    if primitive.name == 'cond':
      return _branches(self, options, inputs, avals, at)
    if primitive.name == 'while':
      raise ValueError(
        f'a while loop cannot be converted ({at[1]}): write it as a scan or a '
        f'fori_loop of a fixed number of steps, {MAX_UNROLLED} at most'
      )
    if primitive.name in _CALLS:
      inner = next(options[key] for key in _INSIDE if key in options)
      inside = _join(name, options.get('name'))
      closed = isinstance(inner, jex.ClosedJaxpr)
      consts = _consts(self, inner) if closed else []
      body = inner.jaxpr if closed else inner
      return self.inline(body, consts, inputs, at=(inside, at[1]))

    def apply(*arrays):
      results = primitive.bind(*arrays, **options)
      return list(results) if primitive.multiple_results else [results]

    known = [self.constants.get(n) for n in inputs]
    if known and all(map(_is_discrete_scalar, (*known, *avals))):
      with jax.ensure_compile_time_eval():
        return [self.constant(np.asarray(r)) for r in apply(*known)]
    return self.write(
      primitive.name, apply, inputs, avals, at=at, options=options
    )


def _line(traceback):
  """The innermost line of the user's own code, if there is any."""
  if traceback is None:
    return ''
  own = [f for f in traceback.frames if not _LIBRARY.search(f.file_name)]
  if not own:
    return ''
  return f'{own[0].file_name}:{own[0].line_num} ({own[0].function_name})'


def _join(*names):
  return '/'.join(name for name in names if name)


def _needed(operations, y):
  """Drops what the output does not depend on."""
  needed, kept = {y}, []
  for operation in reversed(operations):
    if not needed.isdisjoint(operation.outputs):
      needed.update(operation.inputs)
      kept.append(operation)
  return tuple(reversed(kept))


def _is_discrete_scalar(value):
  """Whether one integer or condition: a literal, or the type of a result."""
  if value is None or isinstance(value, jax.Array) or value.shape:
    return False
  return jnp.issubdtype(value.dtype, jnp.integer) or value.dtype == bool


def _consts(writer, closed):
  return [writer.constant(value) for value in closed.consts]


def _scan(writer, options, inputs, avals, at):
  """Unrolls a scan: layers that share their code, or a recurrent network."""
  length = options['length']
  if length > MAX_UNROLLED:
    raise ValueError(
      f'a scan of {length} steps cannot be converted, only up to '
      f'{MAX_UNROLLED}: {at[1]}'
    )
  closed, first = options['jaxpr'], options['num_consts']
  last = first + options['num_carry']
  consts, carry, xs = inputs[:first], inputs[first:last], inputs[last:]
  order = range(length)[::-1] if options['reverse'] else range(length)
  rows = {}
  for k in order:
    row = []
    for x in xs:
      shape = writer.avals[x]
      aval = jax.ShapeDtypeStruct(shape.shape[1:], shape.dtype)
      row += writer.write(
        'slice', lambda array, k=k: [array[k]], [x], [aval], at=at
      )
    outputs = writer.inline(
      closed.jaxpr, _consts(writer, closed), [*consts, *carry, *row], at=at
    )
    carry, rows[k] = outputs[: last - first], outputs[last - first :]
  stacked = []
  for place, aval in enumerate(avals[last - first :]):
    column = [rows[k][place] for k in range(length)]
    stacked += writer.write(
      'concatenate', lambda *array: [jnp.stack(array)], column, [aval], at=at
    )
  return [*carry, *stacked]


def _branches(writer, options, inputs, avals, at):
  """Writes the branch of a constant, or all and selects the one chosen.

  Of branches for platforms it writes the one for any.
  """
  index, *operands = inputs
  known = writer.constants.get(index)
  platforms = options.get('branches_platforms') or ()
  if None in platforms:
    known = np.array(platforms.index(None))
  if isinstance(known, np.ndarray):
    branch = options['branches'][int(known)]
    consts = _consts(writer, branch)
    return writer.inline(branch.jaxpr, consts, operands, at=at)
  branches = [
    writer.inline(branch.jaxpr, _consts(writer, branch), operands, at=at)
    for branch in options['branches']
  ]
  outputs = []

  def select(chosen, *cases):
    chosen = chosen.astype(bool) if len(cases) == 2 else chosen
    return [jax.lax.select_n(chosen, *cases)]

  for aval, *cases in zip(avals, *branches, strict=True):
    outputs += writer.write(
      'select_n',
      select,
      [index, *cases],
      [aval],
      at=at,
    )
  return outputs
