# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Memory of an update of `configs/csnn/spatial.py`, by method and steps.

What the compiled program allocates beside its inputs; nothing is run.

  python -m benchmarks.training_memory
"""

import json

import jax
import numpy as np
from ml_collections import ConfigDict

from configs.csnn import spatial
from experiments import csnn_task
from snnjax.types import Batch, Source

STEPS = (10, 50, 200)
METHODS = {
  'spatial': {'method': 'spatial'},
  **{
    f'through time, {memory}': {'method': 'through_time', 'memory': memory}
    for memory in ('store_all', 'pack_spikes', 'rematerialise')
  },
}


def allocated(config: ConfigDict) -> float:
  """MiB of an update on images of the size of MNIST's."""
  images = np.zeros((config.train.batch_size, 28, 28, 1), np.uint8)
  labels = np.zeros(len(images), np.int32)
  source = Source(images, labels, tuple('0123456789'))
  task = csnn_task.make(config, source, 1000).task
  batch = Batch(images, labels, np.ones(len(images), np.float32), labels)
  state = jax.eval_shape(task.init, jax.random.key(0))
  compiled = jax.jit(task.update).lower(state, batch).compile()
  return compiled.memory_analysis().temp_size_in_bytes / 2**20


def main() -> None:
  """Prints a line for each method."""
  for name, settings in METHODS.items():
    config = spatial.get_config()
    config.train.update(settings)
    found = []
    for steps in STEPS:
      config.train.num_steps = steps
      found.append(round(allocated(config), 1))
    ratio = found[-1] / found[0]
    print(
      json.dumps(
        {
          'method': name,
          'steps': STEPS,
          'mib': found,
          'last_over_first': round(ratio, 3),
        }
      )
    )


if __name__ == '__main__':
  main()
