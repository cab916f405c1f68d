# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The benchmarks of a GPU.

Event-based simulation on made events, shaped like 50 MNIST images at initial
weights: kernels against what XLA makes of plain code (they sum in another
order, which shows in single precision where a spike's slope, by which a
gradient is divided, is almost 0). A linear layer with leaky neurons, and a
convolutional network. All contenders multiply floats as JAX does by default,
rounded to 10 binary places (TF32); weights have no more. Memory is the
device's.

  python -m benchmarks.gpu --platform=cuda --repeats=10 --seconds=10
"""

import functools

from benchmarks import csnn_step, event_step, lif_layer, timing

_CSNN = (
  'snnjax, in floats',
  'jax, time folded into batch',
  'snntorch',
  'spikingjelly',
  'spikingjelly, its own LIFNode',
  'spyx',
)
_LIF = (
  'snnjax',
  'bare products',
  'jax, scan',
  'spyx',
  'snntorch',
  'spikingjelly',
  'spikingjelly, its own LIFNode',
  'memory: currents in, spikes out',
)


def _some(case, names):
  chosen = {
    name: case.contenders[name] for name in names if name in case.contenders
  }
  return case._replace(contenders=chosen, is_large=False)


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
    _some(case, _LIF) for case in lif_layer.CASES if case.size in (2048, 16_384)
  ),
  *(
    _some(case, _CSNN)._replace(
      problem=functools.partial(csnn_step.problem, bits=9)
    )
    for case in csnn_step.CASES
  ),
]

if __name__ == '__main__':
  timing.main(__doc__, CASES)
