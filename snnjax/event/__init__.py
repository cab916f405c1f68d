# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Event-based simulation: spike times in, spike times out, exact gradients."""

from snnjax.event import losses, network, observers
from snnjax.event.chunk_solver import solve_by_chunks
from snnjax.event.layer import event_crossings, event_layer
from snnjax.event.merging import (
  append_spikes,
  average_spikes,
  merge_pool,
  with_bias,
  with_delays,
)
from snnjax.event.ordering import quiet_first, sort_events
from snnjax.event.scan_solver import solve_by_scan
from snnjax.event.types import Crossings, EventNeuron, Events, SpikeSolver

__all__ = [
  'Crossings',
  'EventNeuron',
  'Events',
  'SpikeSolver',
  'append_spikes',
  'average_spikes',
  'event_crossings',
  'event_layer',
  'losses',
  'merge_pool',
  'network',
  'observers',
  'quiet_first',
  'solve_by_chunks',
  'solve_by_scan',
  'sort_events',
  'with_bias',
  'with_delays',
]
