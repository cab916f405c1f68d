# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Spiking neural networks in JAX: pure functions, from paper to code.

The core comes with `import snnjax`; `snnjax.data`, `snnjax.training` and
`snnjax.viz`, which read files, write them and draw, are imported by name.
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
