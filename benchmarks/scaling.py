# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times our own steps against the number of steps, neurons, examples, spikes.

One of these grows at a time, from the sizes in `BASE`; theory says that the
cost is proportional to each, or less. The table has the exponent p of a fit
cost ~ sizeᵖ, of the fastest repeat and of the peak memory. What a program takes
beside its arrays, some 200 MiB, makes the latter smaller.

  export SNNJAX_DATA_DIR=...
  python -m benchmarks.scaling
"""

import functools
import itertools
from collections.abc import Sequence

import numpy as np

from benchmarks import (
  csnn_step,
  event_step,
  lif_layer,
  records,
  stdp_step,
  timing,
)
from experiments import markdown

GROWTH = 1, 2, 4, 8  # in units of `BASE`
BASE = {
  'csnn': {'num_steps': 10, 'batch': 32},
  'lif': {'num_steps': 100, 'num_neurons': 256, 'batch': 16},
  'event': {'num_spikes': 100, 'num_neurons': 400, 'batch': 16},
  'stdp': {
    'num_steps': 50,
    'num_neurons': 100,
    'batch': 8,
    'intensity': 32.0,  # of input spikes (Hz)
  },
}


def event_problem(
  seed: int, *, num_spikes: int, num_neurons: int, batch: int
) -> event_step.Problem:
  """Random inputs, each of which fires once, to a layer of random weights."""
  rng = np.random.default_rng(seed)
  shape = batch, num_spikes
  return event_step.Problem(
    times=np.sort(rng.uniform(0, 0.1, shape), axis=1).astype(np.float32),
    sources=rng.permuted(
      np.broadcast_to(np.arange(num_spikes, dtype=np.int32), shape), axis=1
    ),
    labels=np.zeros(batch, np.int32),
    weights=(rng.uniform(-1, 1, (num_spikes, num_neurons)).astype(np.float32),),
  )


# Of each workload its phase, its problem and what is timed.
WORK = {
  'csnn': ('train_step', csnn_step.problem, 'ours:csnn_step'),
  'lif': (
    'backward',
    functools.partial(lif_layer.problem, num_inputs=256),
    'ours:lif_layer',
  ),
  'event': ('backward', event_problem, 'event_ours:backward_by_chunks'),
  'stdp': (
    'train_step',
    functools.partial(stdp_step.problem, reduction='sum', per_turn=1),
    'stdp_ours:stdp_step',
  ),
}


def case(work: str, axis: str, growth: int) -> timing.Case:
  """Takes `growth` times as much of one axis."""
  phase, problem, function = WORK[work]
  sizes = BASE[work] | {axis: growth * BASE[work][axis]}
  return timing.Case(
    f'scaling, {work} against {axis}',
    sizes[axis],
    phase,
    functools.partial(problem, **sizes),
    {'snnjax': f'benchmarks.{function}'},
  )


CASES = [
  case(work, axis, growth)
  for work, base in BASE.items()
  for axis in base
  for growth in GROWTH
]


def table(found: Sequence[records.Record]) -> str:
  """A row for each axis of growth."""
  rows = []
  for name, group in itertools.groupby(found, lambda record: record.case):
    group = list(group)
    sizes = [float(record.size) for record in group]
    seconds = [record.min_s or np.nan for record in group]
    memory = [record.peak_mib for record in group]
    rows.append(
      (
        name,
        ', '.join(f'{size:g}' for size in sizes),
        ', '.join(f'{1e3 * second:.1f}' for second in seconds),
        f'{records.exponent(sizes, seconds):.2f}',
        ', '.join(f'{mib:.0f}' for mib in memory),
        f'{records.exponent(sizes, memory):.2f}',
      )
    )
  heads = 'case', 'sizes', 'min ms', 'exponent', 'peak MiB', 'exponent'
  return markdown.table(heads, rows)


if __name__ == '__main__':
  timing.main(__doc__, CASES, table)
