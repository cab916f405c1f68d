# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What each primitive is to a spiking network.

Synapses can carry out what is linear in the decoded values: elementwise what
moves, scales and adds them (`is_linear`), and what mixes those of several
neurons (`MIXING`). All else belongs to a neuron's target (`NONLINEAR`).
"""

import numpy as np

from snnjax.conversion.program import Operation

_MOVING = {
  'broadcast_in_dim',
  'concatenate',
  'convert_element_type',
  'copy',
  'copy_p',
  'device_put',
  'expand_dims',
  'name',
  'optimization_barrier',
  'pad',
  'real',
  'reduce_precision',
  'reshape',
  'rev',
  'sharding_constraint',
  'slice',
  'split',
  'squeeze',
  'stop_gradient',
  'transpose',
}
_ADDING = {'add', 'add_any', 'sub', 'neg'}
_INDEXING = {
  'dynamic_slice',
  'dynamic_update_slice',
  'gather',
  'scatter',
  'scatter-add',
}

# Weighted sums over several neurons.
MIXING = {
  'conv_general_dilated',
  'cumsum',
  'dot_general',
  'reduce_sum',
  'reduce_window_sum',
}

# Neither linear nor elementwise: part of a target, or behind neurons.
POOLING = {
  'cummax',
  'cummin',
  'reduce_max',
  'reduce_min',
  'reduce_window_max',
  'reduce_window_min',
}

NONLINEAR = POOLING | {
  'abs',
  'acos',
  'acosh',
  'and',
  'argmax',
  'argmin',
  'asin',
  'asinh',
  'atan',
  'atan2',
  'atanh',
  'cbrt',
  'ceil',
  'clamp',
  'cos',
  'cosh',
  'cumlogsumexp',
  'cumprod',
  'div',
  'eq',
  'erf',
  'erf_inv',
  'erfc',
  'exp',
  'exp2',
  'expm1',
  'floor',
  'ge',
  'gt',
  'integer_pow',
  'is_finite',
  'le',
  'lgamma',
  'log',
  'log1p',
  'logistic',
  'lt',
  'max',
  'min',
  'mul',
  'ne',
  'not',
  'or',
  'pow',
  'reduce_and',
  'reduce_or',
  'reduce_prod',
  'rem',
  'round',
  'rsqrt',
  'select_n',
  'sign',
  'sin',
  'sinh',
  'sort',
  'sqrt',
  'square',
  'tan',
  'tanh',
  'top_k',
  'xor',
}

_RANDOM = 'random_', 'threefry', 'rng_'


def is_linear(operation: Operation, is_signal: list[bool]) -> bool:
  """Whether an elementwise operation is affine in its signals.

  Args:
    operation: the operation.
    is_signal: whether each of its inputs depends on the network's input.
  """
  name = operation.primitive
  if name in _MOVING or name in _ADDING:
    return True
  if name in _INDEXING or name == 'select_n':
    # Data may be signals; what decides which of them is taken may not.
    deciding = {
      'dynamic_update_slice': is_signal[2:],
      'scatter': is_signal[1:2],
      'scatter-add': is_signal[1:2],
      'select_n': is_signal[:1],
    }
    return not any(deciding.get(name, is_signal[1:]))
  if name == 'mul':
    return sum(is_signal) == 1
  return name == 'div' and not is_signal[1]


def check_not_random(operation: Operation) -> None:
  """Refuses random numbers.

  Raises:
    ValueError: names the primitive and the line of the source.
  """
  name = operation.primitive
  if name.startswith(_RANDOM):
    raise ValueError(
      f'the function draws random numbers ({name}, {operation.line}): switch '
      'dropout off by model.eval() or deterministic=True'
    )


def check(operation: Operation) -> None:
  """Refuses an operation on signals that is of no known kind.

  Raises:
    ValueError: names the primitive and the line of the source.
  """
  name = operation.primitive
  known = _MOVING | _ADDING | _INDEXING | MIXING | NONLINEAR
  if name not in known:
    raise ValueError(
      f'{name} cannot be converted ({operation.line}, in '
      f'{operation.name or "the function"})'
    )


def divides_by(operation: Operation) -> tuple[int, ...]:
  """The inputs that an operation is singular in where they are zero."""
  name = operation.primitive
  if name in {'rsqrt', 'sqrt', 'log'}:
    return (0,)
  if name == 'div':
    return (1,)
  if name == 'integer_pow' and operation.options['y'] < 0:
    return (0,)
  if name == 'pow':
    return (0,)
  return ()


def is_zero(constants: dict, number: int) -> bool:
  """Whether a value is the literal zero."""
  value = constants.get(number)
  return isinstance(value, np.ndarray) and value.size == 1 and not value.any()
