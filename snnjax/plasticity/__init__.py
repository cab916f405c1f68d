# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Unsupervised learning by spikes: the two-layer networks and their labels."""

from snnjax.plasticity import (
  labels,
  lateral,
  linear,
  neurons,
  ngram,
  reductions,
  rules,
  traces,
)
from snnjax.plasticity.models import (
  increasing_inhibition,
  locally_connected,
  three_population,
  two_layer,
  two_population,
)
from snnjax.plasticity.network import (
  Activation,
  Network,
  Params,
  init,
  normalise,
  present,
  start,
  step,
)

__all__ = [
  'Activation',
  'Network',
  'Params',
  'increasing_inhibition',
  'init',
  'labels',
  'lateral',
  'linear',
  'locally_connected',
  'neurons',
  'ngram',
  'normalise',
  'present',
  'reductions',
  'rules',
  'start',
  'step',
  'three_population',
  'traces',
  'two_layer',
  'two_population',
]
