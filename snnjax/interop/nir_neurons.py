# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Neurons of NIR as cells.

NIR's equations are in continuous time; a step of Δt is one of Euler's:

  τ·dv/dt = (v_leak - v) + r·I   ->   U[t] = (1 - Δt/τ)·U[t-1] + (Δt/τ)·r·I[t]

with U = v - v_leak, and a synaptic current takes its step before the membrane.

References: Pedersen et al., "Neuromorphic intermediate representation: a
unified instruction set for interoperable brain-inspired computing", 2024.
"""

import nir
import numpy as np

from snnjax import combinators, neurons, synapses
from snnjax.interop.nir_reading import Layer, Reading
from snnjax.neurons import reset as resets


def _share(reading, tau):
  """Δt/τ."""
  share = reading.time_step / np.asarray(tau, float)
  reading.require(
    bool(np.all((share > 0) & (share < 1 + 1e-6))),
    f'a step of {reading.time_step} s must not be longer than its time '
    f'constants, of which the shortest is {np.min(tau)} s',
  )
  return np.minimum(share, 1)


def _behind_gain(reading, gain, **parts):
  """Cells in a row behind a factor, which is left out where it is 1."""
  if not np.allclose(gain, 1, rtol=1e-6, atol=0):
    parts = {'gain': synapses.one_to_one(reading.value(gain)), **parts}
  cell = parts['membrane'] if len(parts) == 1 else combinators.serial(parts)
  return reading.layer(cell)


def _at_rest(reading, node):
  reading.require(
    not np.any(node.v_leak), f'v_leak is {node.v_leak}; needs 0 where v is read'
  )


def _lif(reading, node, share, gain, **before):
  leak = np.asarray(node.v_leak, float)
  _check_reset(reading, node, leak)
  cell = neurons.lif(
    reading.value(1 - share),
    reading.value(node.v_threshold - leak),
    reset=reading.reset,
    spike_fn=reading.spike_fn,
  )
  return _behind_gain(reading, gain, **before, membrane=cell)


def _check_reset(reading, node, rest):
  reading.require(
    reading.reset is not resets.to_zero or np.array_equal(node.v_reset, rest),
    f'a reset to v_reset, {node.v_reset}, must be one to rest, {rest}',
  )


def lif(reading: Reading, node: nir.LIF) -> Layer:
  """τ·dv/dt = (v_leak - v) + r·I."""
  share = _share(reading, node.tau)
  return _lif(reading, node, share, share * node.r)


def _current(reading, node):
  """The leaky current of a node, its own share and its membrane's."""
  of_current = _share(reading, node.tau_syn)
  share = _share(reading, node.tau_mem)
  current = neurons.leaky_integrator(reading.value(1 - of_current))
  return current, share, of_current * node.w_in * share * node.r


def current_lif(reading: Reading, node: nir.CubaLIF) -> Layer:
  """τ_syn·dI/dt = -I + w_in·x, and `lif` with it."""
  current, share, gain = _current(reading, node)
  return _lif(reading, node, share, gain, current=current)


def current_integrator(reading: Reading, node: nir.CubaLI) -> Layer:
  """The same without spikes."""
  _at_rest(reading, node)
  current, share, gain = _current(reading, node)
  cell = neurons.leaky_integrator(reading.value(1 - share))
  return _behind_gain(reading, gain, current=current, membrane=cell)


def leaky_integrator(reading: Reading, node: nir.LI) -> Layer:
  """τ·dv/dt = -v + r·I, without spikes."""
  _at_rest(reading, node)
  share = _share(reading, node.tau)
  cell = neurons.leaky_integrator(reading.value(1 - share))
  return _behind_gain(reading, share * node.r, membrane=cell)


def integrator(reading: Reading, node: nir.I) -> Layer:
  """dv/dt = r·I, without spikes."""
  cell = neurons.leaky_integrator(1.0)
  return _behind_gain(reading, reading.time_step * node.r, membrane=cell)


def integrate_and_fire(reading: Reading, node: nir.IF) -> Layer:
  """dv/dt = r·I."""
  _check_reset(reading, node, np.zeros_like(node.v_reset))
  cell = neurons.integrate_and_fire(
    reading.value(node.v_threshold),
    charge=reading.charge,
    reset=reading.reset,
    spike_fn=reading.spike_fn,
  )
  return _behind_gain(reading, reading.time_step * node.r, membrane=cell)
