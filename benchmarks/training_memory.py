# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What compiled training steps allocate beside their inputs; nothing is run.

An update of `configs/csnn/spatial.py`, by method and number of steps; then the
spikes alone that a layer keeps for its synapses, as numbers or as bits: those
of neurons whose own gradient needs nothing.

  python -m benchmarks.training_memory
"""

import time
from collections.abc import Callable, Iterator

import jax
import jax.numpy as jnp
import numpy as np
from ml_collections import ConfigDict

from benchmarks import processes, records, timing
from configs.csnn import spatial
from experiments import csnn_task
from snnjax import combinators, neurons, policies, simulate, surrogate, synapses
from snnjax.neurons import reset
from snnjax.types import Batch, Memory, Source

STEPS = (10, 50, 200)
METHODS = {
  'spatial': {'method': 'spatial'},
  **{
    f'through time, {memory}': {'method': 'through_time', 'memory': memory}
    for memory in ('store_all', 'pack_spikes', 'rematerialise')
  },
}
POLICIES = {'floats': policies.store_all, 'bits': policies.pack_spikes}
NUM_STEPS, BLOCK, BATCH, NUM_NEURONS = 500, 10, 16, 1024  # of spikes kept


def update(config: ConfigDict) -> tuple[Callable, tuple]:
  """An update on images of the size of MNIST's, and its arguments."""
  images = np.zeros((config.train.batch_size, 28, 28, 1), np.uint8)
  labels = np.zeros(len(images), np.int32)
  source = Source(images, labels, tuple('0123456789'))
  task = csnn_task.make(config, source, 1000).task
  batch = Batch(images, labels, np.ones(len(images), np.float32), labels)
  return task.update, (jax.eval_shape(task.init, jax.random.key(0)), batch)


def kept_spikes(memory: Memory) -> tuple[Callable, tuple]:
  """A gradient that needs a layer's spikes alone, and its arguments."""
  neuron = neurons.lif(
    0.9, spike_fn=surrogate.straight_through(), reset=reset.none
  )
  network = combinators.serial({'neuron': neuron, 'dense': synapses.dense(10)})
  params = jax.eval_shape(
    lambda key: network.init(key, (NUM_NEURONS,)), jax.random.key(0)
  )

  def loss(dense, params, xs):
    params = {**params, 'dense': dense}
    outputs = simulate.simulate(network, params, xs, memory=memory).outputs
    return jnp.square(outputs).sum()

  xs = jax.ShapeDtypeStruct((NUM_STEPS, BATCH, NUM_NEURONS), jnp.float32)
  return jax.grad(loss), (params['dense'], params, xs)


def measure(
  case: str, lib: str, size: int | str, function: Callable, arguments: tuple
) -> records.Record:
  """Compiles a function."""
  start = time.perf_counter()
  compiled = jax.jit(function).lower(*arguments).compile()
  seconds = time.perf_counter() - start
  allocated = compiled.memory_analysis().temp_size_in_bytes / 2**20
  return records.Record(
    case=case,
    lib=f'snnjax, {lib}',
    version=processes.version(('snnjax', 'jax')),
    size=size,
    phase='train_step',
    median_s=None,
    min_s=None,
    peak_mib=round(allocated, 1),
    compile_s=round(seconds, 3),
  )


def measurements() -> Iterator[records.Record]:
  """All of them, one after the other."""
  for steps in STEPS:
    for name, settings in METHODS.items():
      config = spatial.get_config()
      config.train.update(settings)
      config.train.num_steps = steps
      yield measure('training_memory', name, steps, *update(config))
  size = f'{BATCH} x {NUM_NEURONS} x {NUM_STEPS}'
  for name, policy in POLICIES.items():
    yield measure('kept_spikes', name, size, *kept_spikes(policy(block=BLOCK)))


def main() -> None:
  """Prints a line for each, then the table."""
  found = []
  for record in measurements():
    print(records.line(record), flush=True)
    found.append(record)
  timing.show('compiled only', records.table(found))


if __name__ == '__main__':
  main()
