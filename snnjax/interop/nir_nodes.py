# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From nodes of NIR to cells.

NIR's equations are in continuous time; a step of Δt is one of Euler's:

  τ·dv/dt = (v_leak - v) + r·I   ->   U[t] = (1 - Δt/τ)·U[t-1] + (Δt/τ)·r·I[t]

with U = v - v_leak.

References: Pedersen et al., "Neuromorphic intermediate representation: a
unified instruction set for interoperable brain-inspired computing", 2024.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import nir
import numpy as np

from snnjax import combinators, convolution, neurons, synapses
from snnjax.neurons import reset as resets
from snnjax.types import Cell, Params, ResetFn, Shape, SpikeFn


class Layer(NamedTuple):
  cell: Cell
  params: Params


class Reading(NamedTuple):
  """What a node is read with.

  Attributes:
    name: of the node, for errors.
    shape: of its inputs, ours.
    places: of our inputs in NIR's order `[N]`, where vectors were images.
    time_step: Δt (s).
    reset: of neurons that fire.
    charge: of integrate-and-fire neurons at the start, in thresholds.
    spike_fn: the Heaviside function with its surrogate derivative.
  """

  name: str
  shape: Shape
  places: np.ndarray | None
  time_step: float
  reset: ResetFn
  charge: float
  spike_fn: SpikeFn

  def value(self, values: Any) -> np.ndarray:
    """One parameter per neuron, in our order; one for all if they agree."""
    values = np.asarray(values, np.float32)
    if np.ptp(values) == 0:
      return values.ravel()[0]
    if values.ndim == 3:
      return values.transpose(1, 2, 0)
    return values if self.places is None else values[self.places]

  def require(self, is_so: bool, what: str) -> None:
    """Raises a ValueError that says of the node what it needs."""
    if not is_so:
      raise ValueError(f'NIR node {self.name!r}: {what}')


def read(reading: Reading, node: nir.NIRNode) -> Layer:
  """Makes the cell of a node, and its parameters."""
  kind = type(node)
  known = ', '.join(kind.__name__ for kind in _READERS)
  reading.require(
    kind in _READERS, f'{kind.__name__} is not known; known are {known}'
  )
  return _READERS[kind](reading, node)


def _affine(reading, node):
  weight = np.asarray(node.weight, np.float32)
  reading.require(weight.ndim == 2, f'weights are {weight.shape}; needs [O, I]')
  if reading.places is not None:
    weight = weight[:, reading.places]
  bias = getattr(node, 'bias', None)
  return Layer(
    synapses.dense(len(weight), use_bias=bias is not None),
    _kernel(weight.T, bias),
  )


def _conv(reading, node):
  reading.require(node.groups == 1, f'has {node.groups} groups; needs 1')
  reading.require(
    set(np.ravel(node.dilation)) == {1},
    f'has a dilation of {node.dilation}; needs 1',
  )
  kernel = np.asarray(node.weight, np.float32).transpose(2, 3, 1, 0)
  rows, columns = (int(s) for s in node.stride)
  if isinstance(node.padding, str):
    padding = node.padding.upper()
  else:
    above, left = (int(p) for p in node.padding)
    padding = (above, above), (left, left)
  cell = synapses.conv(
    kernel.shape[-1],
    kernel.shape[:2],
    strides=(rows, columns),
    padding=padding,
    use_bias=node.bias is not None,
  )
  return Layer(cell, _kernel(kernel, node.bias))


def _kernel(kernel, bias):
  params = {'kernel': kernel}
  if bias is not None:
    params['bias'] = np.asarray(bias, np.float32)
  return jax.tree.map(jnp.asarray, params)


def _pool(factor: Callable[[int], float]):
  def reader(reading, node):
    sides = {*np.ravel(node.kernel_size), *np.ravel(node.stride)}
    reading.require(
      len(sides) == 1 and not np.any(node.padding),
      'a pooling needs square windows side by side, and no padding; got '
      f'{node.kernel_size}, stride {node.stride}, padding {node.padding}',
    )
    side = int(sides.pop())
    scale = factor(side)

    def apply(params, x):
      del params
      return scale * convolution.average_pool(x, side)

    return Layer(synapses.stateless(lambda key, shape: (), apply), ())

  return reader


def _scale(reading, node):
  return _gain(reading, reading.value(node.scale))


def _gain(reading, gain):
  cell = synapses.one_to_one(gain)
  return Layer(cell, cell.init(jax.random.key(0), reading.shape))


def _threshold(reading, node):
  def init(key, shape):
    return {'threshold': neurons.value(threshold, key, shape)}

  threshold = reading.value(node.threshold)
  cell = synapses.stateless(
    init,
    lambda params, x: reading.spike_fn(
      x - neurons.over_batch(params['threshold'], x.ndim)
    ),
  )
  return Layer(cell, cell.init(jax.random.key(0), reading.shape))


def _flatten(reading, node):
  del reading, node
  return Layer(synapses.flatten(), ())


def _share(reading, tau):
  """Δt/τ."""
  share = reading.time_step / np.asarray(tau, float)
  reading.require(
    bool(np.all((share > 0) & (share <= 1))),
    f'a step of {reading.time_step} s must not be longer than its time '
    f'constants, of which the shortest is {np.min(tau)} s',
  )
  return share


def _behind_gain(reading, gain, **parts):
  """Cells in a row behind a factor, which is left out where it is 1."""
  if not np.allclose(gain, 1, rtol=1e-6, atol=0):
    parts = {'gain': synapses.one_to_one(reading.value(gain)), **parts}
  cell = parts['fire'] if len(parts) == 1 else combinators.serial(parts)
  return Layer(cell, cell.init(jax.random.key(0), reading.shape))


def _at_rest(reading, node):
  reading.require(
    not np.any(node.v_leak), f'v_leak is {node.v_leak}; needs 0 where v is read'
  )


def _lif(reading, node, share, gain, **before):
  leak = np.asarray(node.v_leak, float)
  reading.require(
    reading.reset is not resets.to_zero or np.array_equal(node.v_reset, leak),
    f'v_reset must be v_leak, {leak}; got {node.v_reset}',
  )
  cell = neurons.lif(
    reading.value(1 - share),
    reading.value(node.v_threshold - leak),
    reset=reading.reset,
    spike_fn=reading.spike_fn,
  )
  return _behind_gain(reading, gain, **before, fire=cell)


def _plain_lif(reading, node):
  share = _share(reading, node.tau)
  return _lif(reading, node, share, share * node.r)


def _current(reading, node):
  """The leaky current of a node, its own share and its membrane's."""
  of_current, share = (
    _share(reading, node.tau_syn),
    _share(reading, node.tau_mem),
  )
  current = neurons.leaky_integrator(reading.value(1 - of_current))
  return current, share, of_current * node.w_in * share * node.r


def _current_lif(reading, node):
  current, share, gain = _current(reading, node)
  return _lif(reading, node, share, gain, current=current)


def _current_integrator(reading, node):
  _at_rest(reading, node)
  current, share, gain = _current(reading, node)
  cell = neurons.leaky_integrator(reading.value(1 - share))
  return _behind_gain(reading, gain, current=current, fire=cell)


def _leaky_integrator(reading, node):
  _at_rest(reading, node)
  share = _share(reading, node.tau)
  cell = neurons.leaky_integrator(reading.value(1 - share))
  return _behind_gain(reading, share * node.r, fire=cell)


def _integrator(reading, node):
  cell = neurons.leaky_integrator(1.0)
  return _behind_gain(reading, reading.time_step * node.r, fire=cell)


def _integrate_and_fire(reading, node):
  reading.require(
    not np.any(node.v_reset), f'v_reset is {node.v_reset}; needs 0'
  )
  cell = neurons.integrate_and_fire(
    reading.value(node.v_threshold),
    charge=reading.charge,
    reset=reading.reset,
    spike_fn=reading.spike_fn,
  )
  return _behind_gain(reading, reading.time_step * node.r, fire=cell)


_READERS = {
  nir.Affine: _affine,
  nir.Linear: _affine,
  nir.Conv2d: _conv,
  nir.AvgPool2d: _pool(lambda side: 1.0),
  nir.SumPool2d: _pool(lambda side: float(side * side)),
  nir.Flatten: _flatten,
  nir.Scale: _scale,
  nir.Threshold: _threshold,
  nir.LIF: _plain_lif,
  nir.CubaLIF: _current_lif,
  nir.IF: _integrate_and_fire,
  nir.LI: _leaky_integrator,
  nir.CubaLI: _current_integrator,
  nir.I: _integrator,
}
