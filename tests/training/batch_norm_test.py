# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A network with per-step batch normalisation, trained by `fit`."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

from snnjax import combinators, losses, metrics, simulate, synapses, training
from snnjax.neurons import lif
from snnjax.normalisation import (
  batch_norm_evaluate,
  batch_norm_train,
  update_running,
)
from tests.training import tiny

T = 4


def network(norm):
  return combinators.serial(
    dense=synapses.dense(20, use_bias=False),
    norm=norm(T),
    hidden=lif(),
    readout=synapses.dense(3),
    output=lif(),
  )


def spikes(norm, params, batch):
  xs = jnp.asarray(batch.inputs)[None]
  return simulate.simulate(network(norm), params, xs, num_steps=T)


def init(key):
  params = network(batch_norm_train).init(key, (8,))
  return params, params['norm']


def merged(params, running):
  statistics = {'mean': running.mean, 'variance': running.variance}
  return {**params, 'norm': params['norm']._replace(**statistics)}


def loss_fn(params, running, batch, key):
  del key
  outputs, trace, _ = spikes(batch_norm_train, params, batch)
  running = jax.lax.stop_gradient(update_running(running, trace['norm']))
  return losses.ce_count_loss(outputs, batch.labels), {}, running


def evaluate(params, running, batch):
  outputs = spikes(batch_norm_evaluate, merged(params, running), batch).outputs
  is_right = metrics.accuracy_rate(outputs, batch.labels)
  return {'accuracy': metrics.mean_of(is_right, batch.mask)}


TASK = training.stateful_gradient_task(
  init, loss_fn, evaluate, optax.adam(0.02)
)


def test_it_learns_and_resumes_with_its_running_statistics(tmp_path):
  straight = tiny.fit(tmp_path / 'straight', task=TASK)
  tiny.fit(tmp_path / 'pieces', task=TASK, num_steps=10)
  resumed = tiny.fit(tmp_path / 'pieces', task=TASK)
  jax.tree.map(
    np.testing.assert_array_equal,
    (straight.params, straight.model_state),
    (resumed.params, resumed.model_state),
  )
  assert np.abs(straight.model_state.mean).max() > 0.1
  accuracies = [
    record['metrics']['accuracy']
    for record in training.read_records(tmp_path / 'straight')
    if record['split'] == 'test'
  ]
  assert accuracies[-1] > max(0.75, accuracies[0])
