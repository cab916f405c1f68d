# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Arrays in, figures and films out; the only user of matplotlib."""

from snnjax.viz.animator import save_animation, save_film
from snnjax.viz.curves import curve, test_accuracy, train_loss
from snnjax.viz.evaluation import accuracy_against_latency, confusion
from snnjax.viz.figures import color, new_figure, replacing, save
from snnjax.viz.heat_map import heat_map
from snnjax.viz.receptive_fields import (
  assignment_map,
  mosaic,
  mosaic_colors,
  receptive_fields,
)
from snnjax.viz.spike_counter import save_spike_counter, spike_count
from snnjax.viz.spikes import raster, spike_trains, traces

__all__ = [
  'accuracy_against_latency',
  'assignment_map',
  'color',
  'confusion',
  'curve',
  'heat_map',
  'mosaic',
  'mosaic_colors',
  'new_figure',
  'raster',
  'receptive_fields',
  'replacing',
  'save',
  'save_animation',
  'save_film',
  'save_spike_counter',
  'spike_count',
  'spike_trains',
  'test_accuracy',
  'traces',
  'train_loss',
]
