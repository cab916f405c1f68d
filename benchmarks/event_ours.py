# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The library's own entries in `benchmarks.event_step`.

All devices share the examples, as in training; the cores of a CPU are devices.
"""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

from benchmarks import event_step, with_jax
from benchmarks.timing import Contender
from pallas_kernels import solve_by_pallas
from snnjax import event
from snnjax.event import losses, network
from snnjax.training import parallel
from snnjax.types import Batch

PACKAGES = ('snnjax', 'jax')
NAMES = 'hidden', 'output'


def forward(
  problem: event_step.Problem, solver: event.SpikeSolver
) -> Contender:
  """Finds the hidden layer's spikes."""

  def read(crossings):
    times = np.asarray(crossings.times, np.float64)
    times = times[np.isfinite(times)]
    return {'spikes': len(times), 'times': np.linalg.norm(times)}

  find = jax.shard_map(
    _hidden(solver),
    mesh=_mesh(problem),
    in_specs=(P(), P('batch')),
    out_specs=P('batch'),
    check_vma=False,
  )
  return with_jax.repeated(find, (problem.weights[0], _batch(problem)), read)


def backward(
  problem: event_step.Problem, solver: event.SpikeSolver
) -> Contender:
  """Sums the hidden layer's spike times and differentiates by weights."""
  find = _hidden(solver)

  def totals(weights, batch):
    times = find(weights, batch).times
    return jnp.where(jnp.isfinite(times), times, 0).sum((1, 2))

  def read(found):
    value, gradient = (len(problem.labels) * np.asarray(x) for x in found)
    return {'loss': float(value), 'hidden/kernel': np.linalg.norm(gradient)}

  arrays = problem.weights[0], _batch(problem)
  return with_jax.repeated(_gradient(problem, totals), arrays, read)


def _hidden(solver):
  threshold = event_step.THRESHOLDS[0]
  neuron = event.EventNeuron(event_step.TAU_SYN, threshold, threshold)
  return lambda weights, batch: event.event_crossings(
    weights, batch.inputs, neuron, event_step.ROOM, event_step.T_MAX, solver
  )


def step(problem: event_step.Problem, solver: event.SpikeSolver) -> Contender:
  """Trains; at a rate of 0, so that every repeat does the same work."""
  return _training(problem, NAMES, _loss(solver, problem.weights))


forward_by_chunks = functools.partial(forward, solver=event.solve_by_chunks)
forward_by_scan = functools.partial(forward, solver=event.solve_by_scan)
backward_by_chunks = functools.partial(backward, solver=event.solve_by_chunks)
forward_by_pallas = functools.partial(forward, solver=solve_by_pallas)
backward_by_pallas = functools.partial(backward, solver=solve_by_pallas)
step_by_pallas = functools.partial(step, solver=solve_by_pallas)
step_by_chunks = functools.partial(step, solver=event.solve_by_chunks)
step_by_scan = functools.partial(step, solver=event.solve_by_scan)


def trained(weights, problems) -> tuple[np.ndarray, ...]:
  """Trains weights, an update per problem's examples."""
  params = _params(NAMES, weights)
  tx = optax.adam(event_step.LEARNING_RATE)
  loss = _loss(event.solve_by_chunks, weights)

  @jax.jit
  def update(params, opt_state, batch):
    gradient = jax.grad(lambda params: loss(params, batch).mean())(params)
    updates, opt_state = tx.update(gradient, opt_state)
    return optax.apply_updates(params, updates), opt_state

  opt_state = tx.init(params)
  for problem in problems:
    params, opt_state = update(params, opt_state, _batch(problem))
  return tuple(np.asarray(params[name]['kernel']) for name in NAMES)


def first_spike_step(problem: event_step.Problem) -> Contender:
  """Trains the network of single spikes."""
  names = 'to_hidden', 'to_output'
  sizes = (weights.shape[1] for weights in problem.weights)
  net = _network(
    zip(names, sizes, event_step.SINGLE_THRESHOLDS, strict=True), 1
  )

  def loss(params, batch):
    return losses.first_spike_cross_entropy(
      net.apply(params, batch.inputs)['to_output'].times,
      batch.labels,
      tau=event_step.LOSS_TAU,
      silent_time=event_step.T_MAX,
    )

  return _training(problem, names, loss)


def _training(problem, names, loss):
  params = jax.device_put(
    _params(names, problem.weights), NamedSharding(_mesh(problem), P())
  )
  gradient = _gradient(problem, loss)
  return with_jax.descent(gradient, params, (_batch(problem),), 0.0)


def _gradient(problem, loss):
  """Of the mean of `(params, batch) -> [B]`: `-> (mean, gradient)`."""
  shared = parallel.over_devices(
    _mesh(problem), lambda params, batch, _: (loss(params, batch), {})
  )

  def gradient(params, batch):
    found, sums = shared.gradient(params, batch, jax.random.key(0))
    return sums['loss'].total / sums['loss'].count, found

  return gradient


def _mesh(problem):
  """Of as many devices as can share the examples."""
  number = math.gcd(jax.device_count(), len(problem.labels))
  return Mesh(np.array(jax.devices()[:number]), 'batch')


def _batch(problem):
  size = len(problem.labels)
  return Batch(
    inputs=event.Events(problem.times, problem.sources),
    labels=problem.labels,
    mask=np.ones(size, np.float32),
    index=np.arange(size, dtype=np.int32),
  )


def _params(names, weights):
  return {
    name: {'kernel': jnp.asarray(kernel)}
    for name, kernel in zip(names, weights, strict=True)
  }


def _loss(solver, weights):
  sizes = (kernel.shape[1] for kernel in weights)
  layers = zip(NAMES, sizes, event_step.THRESHOLDS, strict=True)
  net = _network(layers, event_step.ROOM, solver)

  def loss(params, batch):
    times = net.apply(params, batch.inputs)[NAMES[-1]].times
    true, false = event_step.TARGETS
    return losses.class_spike_count_loss(
      times, batch.labels, target_true=true, target_false=false
    )

  return loss


def _network(layers, room, solver=event.solve_by_chunks):
  """Of dense layers, `(name, size, threshold)` each."""
  return network.network(
    [
      network.dense(
        name,
        size,
        event.EventNeuron(event_step.TAU_SYN, threshold, threshold),
        max_spikes=room,
        t_max=event_step.T_MAX,
        kernel_init=network.uniform(-1, 1),
        solver=solver,
      )
      for name, size, threshold in layers
    ]
  )
