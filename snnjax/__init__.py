# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spiking neural networks in JAX: pure functions, from paper to code.

The core comes with `import snnjax`. By name are imported `snnjax.conversion`,
`snnjax.plasticity` and `snnjax.interop`, and what reads files, writes them and
draws: `snnjax.data`, `snnjax.training` and `snnjax.viz`.
"""

from snnjax import (
  combinators,
  delays,
  dropout,
  encoders,
  event,
  losses,
  metrics,
  models,
  neurons,
  normalisation,
  observers,
  policies,
  simulate,
  spatial,
  surrogate,
  synapses,
  targets,
  types,
)

__version__ = '0.1.0'

__all__ = [
  'combinators',
  'delays',
  'dropout',
  'encoders',
  'event',
  'losses',
  'metrics',
  'models',
  'neurons',
  'normalisation',
  'observers',
  'policies',
  'simulate',
  'spatial',
  'surrogate',
  'synapses',
  'targets',
  'types',
]
