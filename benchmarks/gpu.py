# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Times the kernels of a GPU against what XLA makes of plain code.

Event-based simulation on made events, shaped like 50 MNIST images at initial
weights; a linear layer with leaky neurons. Memory is the device's. Kernels sum
in another order, which shows in single precision where a spike's slope, by
which a gradient is divided, is almost 0.

  python -m benchmarks.gpu --platform=cuda --seconds=10
"""

from benchmarks import event_step, lif_layer, timing

_LIF = ('snnjax', 'bare products', 'jax, scan')

CASES = [
  *(
    timing.Case(
      'event_step',
      '784-800-10, made',
      phase,
      event_step.made_problem,
      {
        'kernels': f'benchmarks.event_ours:{name}_by_pallas',
        'XLA': f'benchmarks.event_ours:{name}_by_chunks',
      },
      norm_tolerance=1e-2,
    )
    for phase, name in (
      ('forward', 'forward'),
      ('backward', 'backward'),
      ('train_step', 'step'),
    )
  ),
  *(
    case._replace(
      contenders={name: case.contenders[name] for name in _LIF}, is_large=False
    )
    for case in lif_layer.CASES
    if case.size >= 2048
  ),
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
