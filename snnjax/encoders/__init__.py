# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From intensities to spikes `[T, B, ...]` or spike times."""

from snnjax.encoders.intensity import (
  constant,
  delta,
  first_spike_times,
  latency,
  linear_latency_times,
  log_latency_times,
  poisson,
  rate,
)
from snnjax.encoders.order import (
  approximate_poisson,
  bernoulli,
  rank_order,
  repeat,
  silence,
  single,
)
from snnjax.encoders.renewal import (
  at_intervals,
  renewal,
  renewal_levels,
  renewal_table,
)

__all__ = [
  'approximate_poisson',
  'at_intervals',
  'bernoulli',
  'constant',
  'delta',
  'first_spike_times',
  'latency',
  'linear_latency_times',
  'log_latency_times',
  'poisson',
  'rank_order',
  'rate',
  'renewal',
  'renewal_levels',
  'renewal_table',
  'repeat',
  'silence',
  'single',
]
