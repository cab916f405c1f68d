# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times a training step of 500 steps by what is kept for its gradient.

The network of `csnn_step`. Every policy must give the same gradient. Peaks hold
some 400 MiB that compiling takes.

  python -m benchmarks.memory_policy
"""

import functools

from benchmarks import csnn_step, timing

NUM_STEPS, BATCH = 500, 128

CASES = [
  timing.Case(
    'memory_policy',
    f'{BATCH} x {NUM_STEPS}',
    'train_step',
    functools.partial(csnn_step.problem, batch=BATCH, num_steps=NUM_STEPS),
    {
      'snnjax, all kept': 'benchmarks.ours:csnn_step_stored',
      'snnjax, spikes as bits': 'benchmarks.ours:csnn_step',
      'snnjax, rematerialised': 'benchmarks.ours:csnn_step_rematerialised',
    },
  )
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
