# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A task of seconds that leans on all that a resumed run must bring back.

Dropout takes the key, the partial last batch the mask, Adam its moments. As a
program, it trains in a folder and dies by its own hand where it is told to.
"""

import itertools
import os
import signal
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax

from snnjax import training
from snnjax.metrics import mean_of
from snnjax.types import Batch, Stream

NUM_EXAMPLES, BATCH_SIZE = 70, 16
STEPS_PER_EPOCH = 5
NUM_STEPS = 6 * STEPS_PER_EPOCH

_random = np.random.default_rng(0)
INPUTS = _random.normal(size=(NUM_EXAMPLES, 8)).astype(np.float32)
LABELS = np.argmax(INPUTS @ _random.normal(size=(8, 3)), 1).astype(np.int32)


def batch_of(index: np.ndarray) -> Batch:
  """Pads to the batch size, with what would be seen if it counted."""
  padding = BATCH_SIZE - len(index)
  return Batch(
    inputs=np.pad(INPUTS[index], [(0, padding), (0, 0)], constant_values=9),
    labels=np.pad(LABELS[index], (0, padding)),
    mask=np.pad(np.ones(len(index), np.float32), (0, padding)),
    index=np.pad(index, (0, padding)).astype(np.int32),
  )


def at(step: int) -> Batch:
  epoch, i = divmod(step, STEPS_PER_EPOCH)
  order = np.random.default_rng((1, epoch)).permutation(NUM_EXAMPLES)
  return batch_of(order[i * BATCH_SIZE :][:BATCH_SIZE])


def batches():
  order = np.arange(NUM_EXAMPLES)
  return (batch_of(i) for i in np.split(order, range(BATCH_SIZE, 70, 16)))


STREAM = Stream(steps_per_epoch=STEPS_PER_EPOCH, batch=at)
EVALS = {'validation': batches, 'test': batches}


def init(key):
  return {
    'dense': {'kernel': 0.1 * jax.random.normal(key, (8, 3))},
    'neuron': {'decay': jnp.asarray(0.9)},
  }


def logits(params, inputs):
  return params['neuron']['decay'] * (inputs @ params['dense']['kernel'])


def loss_fn(params, batch, key):
  kept = jax.random.bernoulli(key, 0.8, batch.inputs.shape)
  scores = logits(params, jnp.where(kept, batch.inputs, 0))
  cross_entropy = optax.softmax_cross_entropy_with_integer_labels
  return cross_entropy(scores, batch.labels), {}


def evaluate(params, batch):
  is_right = jnp.argmax(logits(params, batch.inputs), -1) == batch.labels
  return {'accuracy': mean_of(is_right.astype(jnp.float32), batch.mask)}


TASK = training.gradient_task(init, loss_fn, evaluate, optax.adam(0.05))


def fit(workdir, *, task=TASK, stream=STREAM, evals=EVALS, **changes):
  settings = {'num_steps': NUM_STEPS, 'chunk': 3, 'seed': 0} | changes
  return training.fit(task, stream, evals, workdir=workdir, **settings)


def dying_at(step: int, how) -> Stream:
  """The stream, except that asking for one of its batches kills."""
  return STREAM._replace(batch=lambda s: how() if s == step else at(s))


def die():
  os.kill(os.getpid(), signal.SIGKILL)


def die_in_write(count: int) -> None:
  """Arranges to die at that access to a checkpoint that is being written."""
  left = itertools.count(count - 1, -1)

  def watch(event, args):
    del event
    if any('checkpoint-tmp' in str(arg) for arg in args) and not next(left):
      die()

  sys.addaudithook(watch)


if __name__ == '__main__':
  jax.config.update('jax_numpy_rank_promotion', 'raise')
  die_in_write(int(sys.argv[3]))
  fit(sys.argv[1], stream=dying_at(int(sys.argv[2]), die))
