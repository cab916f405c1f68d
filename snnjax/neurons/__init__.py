# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Neurons: one equation per file, each a function that makes a `Cell`.

An equation of your own needs `neuron`, `values`, `zeros` and `fired`:
`snnjax/neurons/current_based.py` is an example.
"""

from snnjax.neurons import reset
from snnjax.neurons.adaptive import adaptive_lif
from snnjax.neurons.alpha import alpha, reset_each, reset_excitation
from snnjax.neurons.current_based import current_based_lif
from snnjax.neurons.delta import delta_leaky
from snnjax.neurons.integrate_and_fire import integrate_and_fire
from snnjax.neurons.izhikevich import izhikevich
from snnjax.neurons.lapicque import lapicque
from snnjax.neurons.lif import lif
from snnjax.neurons.neuron import (
  fired,
  neuron,
  over_batch,
  over_time,
  unroll_by,
  value,
  values,
  zeros,
)
from snnjax.neurons.parallel import leaky_filter
from snnjax.neurons.quantise import (
  quantise,
  threshold_centred_levels,
  uniform_levels,
)
from snnjax.neurons.readout import leaky_integrator
from snnjax.neurons.rectified import rectified_leaky
from snnjax.neurons.resonate_and_fire import resonate_and_fire
from snnjax.neurons.slstm import slstm

__all__ = [
  'adaptive_lif',
  'alpha',
  'current_based_lif',
  'delta_leaky',
  'fired',
  'integrate_and_fire',
  'izhikevich',
  'lapicque',
  'leaky_filter',
  'leaky_integrator',
  'lif',
  'neuron',
  'over_batch',
  'over_time',
  'quantise',
  'rectified_leaky',
  'reset',
  'reset_each',
  'reset_excitation',
  'resonate_and_fire',
  'slstm',
  'threshold_centred_levels',
  'uniform_levels',
  'unroll_by',
  'value',
  'values',
  'zeros',
]
