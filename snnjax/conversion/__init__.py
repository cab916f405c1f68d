# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From trained functions to spiking networks."""

from snnjax.conversion import codes, ranges, rules, schedules
from snnjax.conversion.balancing import balance
from snnjax.conversion.by_event import by_event
from snnjax.conversion.calibrate import Statistics, calibrate, draw_batches
from snnjax.conversion.convert import SpikingNetwork, convert
from snnjax.conversion.early_exit import Exit, early_exit
from snnjax.conversion.folding import fold_batch_norm
from snnjax.conversion.report import SiteReport, conversion_report
from snnjax.conversion.search import Choice, search_schedule, square_error
from snnjax.conversion.simulate import Outcome, by_value
from snnjax.conversion.thresholds import local_thresholds
from snnjax.conversion.tuning import Tuned, tune_sites

__all__ = [
  'Choice',
  'Exit',
  'Outcome',
  'SiteReport',
  'SpikingNetwork',
  'Statistics',
  'Tuned',
  'balance',
  'by_event',
  'by_value',
  'calibrate',
  'codes',
  'conversion_report',
  'convert',
  'draw_batches',
  'early_exit',
  'fold_batch_norm',
  'local_thresholds',
  'ranges',
  'rules',
  'schedules',
  'search_schedule',
  'square_error',
  'tune_sites',
]
