# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""One process of two that train together, for processes_test.py."""

import sys

import jax
import numpy as np
import optax
from jax.sharding import Mesh

from snnjax import training
from tests.training import tiny


def task():
  """Of all devices, whomever they belong to."""
  return training.gradient_task(
    tiny.init,
    tiny.loss_fn,
    tiny.evaluate,
    optax.adam(0.05),
    mesh=Mesh(np.array(jax.devices()), 'batch'),
  )


if __name__ == '__main__':
  address, number, workdir, num_steps = sys.argv[1:]
  jax.config.update('jax_num_cpu_devices', 1)
  jax.distributed.initialize(address, 2, int(number))
  state = tiny.fit(workdir, task=task(), num_steps=int(num_steps))
  if not jax.process_index():  # reads alone, without waiting for the other
    own = jax.tree.map(lambda leaf: leaf.addressable_data(0), state)
    training.restore_best(workdir, own)
