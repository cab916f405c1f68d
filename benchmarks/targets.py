# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What the benchmarks are to show, and whether their records do."""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.records import Record
from experiments import markdown

# What is no library, but a bound, or written for the comparison.
FLOORS = 'bare products', 'memory', 'C loop', 'the trained network', 'jax,'


class Target(NamedTuple):
  """A ratio and its bound.

  Attributes:
    what: is compared.
    case: of the records.
    phase: of the records.
    size: how theirs begins.
    ours: the contender whose ratio it is.
    other: what it is compared with; empty: the fastest other library.
    at_least: bound of the other's time over ours; or
    at_most: bound of our time, or peak memory, over the other's.
    is_memory: whether peak memory is meant.
  """

  what: str
  case: str
  phase: str
  size: str = ''
  ours: str = 'snnjax'
  other: str = ''
  at_least: float = 0.0
  at_most: float = 0.0
  is_memory: bool = False


_FASTER = 'times as fast as '
_PEER = _FASTER + 'the fastest peer'
_LOOP = {'case': 'event_step', 'size': '784-800-10', 'other': 'C loop'}
_BINDSNET = {'case': 'stdp_step', 'phase': 'train_step', 'other': 'BindsNET'}
_EVALUATION = {'case': 'conversion_eval', 'phase': 'inference'}
_MEMORY = {
  'case': 'memory_policy',
  'phase': 'train_step',
  'ours': 'snnjax, rematerialised',
  'other': 'snnjax, all kept',
}
TARGETS = (
  Target('training, ' + _PEER, 'csnn_step', 'train_step', at_least=1.3),
  Target('inference, ' + _PEER, 'csnn_step', 'inference', at_least=2.5),
  Target(
    'forward and backward, in units of the bare products',
    'lif_layer',
    'backward',
    '2048',
    other='bare products',
    at_most=1.15,
  ),
  Target(
    'forward and backward, ' + _PEER,
    'lif_layer',
    'backward',
    '2048',
    at_least=1.0,
  ),
  Target(
    'hidden spikes, in units of a C loop', phase='forward', at_most=2.0, **_LOOP
  ),
  Target(
    'whole step, in units of a C loop', phase='train_step', at_most=2.5, **_LOOP
  ),
  Target(
    f'one spike per neuron, {_FASTER}jaxsnn',
    'event_step',
    'train_step',
    '784-100-10',
    other='jaxsnn',
    at_least=50,
  ),
  Target(
    f'100 neurons, {_FASTER}BindsNET', size='100', at_least=12, **_BINDSNET
  ),
  Target(
    f'400 neurons, {_FASTER}BindsNET', size='400', at_least=40, **_BINDSNET
  ),
  Target(
    f'{_FASTER}SpikingJelly', other='SpikingJelly', at_least=4, **_EVALUATION
  ),
  Target(
    'in units of as many runs of the trained network',
    other='the trained network, 32 times',
    at_most=1.15,
    **_EVALUATION,
  ),
  Target('rematerialised: time, in units of all kept', at_most=1.35, **_MEMORY),
  Target(
    'rematerialised: peak memory, in units of all kept',
    at_most=0.5,
    is_memory=True,
    **_MEMORY,
  ),
)


def table(records: Sequence[Record]) -> str:
  """Markdown: what is asked, what is found, by minima and by medians."""
  heads = 'case', 'what', 'asked', 'by minima', 'by medians', 'met'
  rows = [_row(target, records) for target in TARGETS]
  return markdown.table(heads, [row for row in rows if row])


def _row(target, records):
  found = [
    record
    for record in records
    if (record.case, record.phase) == (target.case, target.phase)
    and str(record.size).startswith(target.size)
  ]
  ours = [record for record in found if record.lib == target.ours]
  if not ours:
    return None
  others = [
    record
    for record in found
    if _is_other(target, record.lib) and record.size == ours[0].size
  ]
  if not others:
    return None
  keys = ['peak_mib'] if target.is_memory else ['min_s', 'median_s']
  ratios = [_ratio(target, ours[0], others, key) for key in keys]
  if target.at_least:
    asked = f'≥ {target.at_least:g}'
    met = [ratio >= target.at_least for ratio in ratios]
  else:
    asked = f'≤ {target.at_most:g}'
    met = [ratio <= target.at_most for ratio in ratios]
  verdict = 'yes' if all(met) else 'in part' if any(met) else 'no'
  by_minima, by_medians, *_ = [f'{ratio:.3g}' for ratio in ratios] + ['']
  return target.case, target.what, asked, by_minima, by_medians, verdict


def _is_other(target, lib):
  if target.other:
    return lib == target.other
  return not lib.startswith(('snnjax', *FLOORS))


def _ratio(target, ours, others, key):
  """Ours over theirs, or the fastest of theirs over ours."""
  other = min(getattr(record, key) for record in others)
  own = getattr(ours, key)
  return other / own if target.at_least else own / other
