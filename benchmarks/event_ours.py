# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The library's own entries in `benchmarks.event_step`."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks import event_step, with_jax
from benchmarks.timing import Contender
from pallas_kernels import solve_by_pallas
from snnjax import event
from snnjax.event import losses, network

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

  arrays = problem.weights[0], problem.times, problem.sources
  return with_jax.repeated(_hidden(solver), arrays, read)


def backward(
  problem: event_step.Problem, solver: event.SpikeSolver
) -> Contender:
  """Sums the hidden layer's spike times and differentiates by weights."""
  find = _hidden(solver)

  def total(*arrays):
    times = find(*arrays).times
    return jnp.where(jnp.isfinite(times), times, 0).sum()

  def read(found):
    value, gradient = found
    return {
      'loss': float(value),
      'hidden/kernel': float(optax.tree.norm(gradient)),
    }

  arrays = problem.weights[0], problem.times, problem.sources
  return with_jax.repeated(jax.value_and_grad(total), arrays, read)


def _hidden(solver):
  threshold = event_step.THRESHOLDS[0]
  neuron = event.EventNeuron(event_step.TAU_SYN, threshold, threshold)
  return lambda weights, *events: event.event_crossings(
    weights,
    event.Events(*events),
    neuron,
    event_step.ROOM,
    event_step.T_MAX,
    solver,
  )


def step(problem: event_step.Problem, solver: event.SpikeSolver) -> Contender:
  """Trains; at a rate of 0, so that every repeat does the same work."""
  params = _params(NAMES, problem.weights)
  batch = event.Events(problem.times, problem.sources), problem.labels
  return with_jax.training(_loss(solver, problem.weights), params, batch, 0.0)


forward_by_chunks = functools.partial(forward, solver=event.solve_by_chunks)
forward_by_scan = functools.partial(forward, solver=event.solve_by_scan)
backward_by_chunks = functools.partial(backward, solver=event.solve_by_chunks)
forward_by_pallas = functools.partial(forward, solver=solve_by_pallas)
backward_by_pallas = functools.partial(backward, solver=solve_by_pallas)
step_by_pallas = functools.partial(step, solver=solve_by_pallas)
step_by_chunks = functools.partial(step, solver=event.solve_by_chunks)
step_by_scan = functools.partial(step, solver=event.solve_by_scan)


def trained(weights, batches) -> tuple[np.ndarray, ...]:
  """Trains weights, an update per batch."""
  params = _params(NAMES, weights)
  tx = optax.adam(event_step.LEARNING_RATE)
  loss = _loss(event.solve_by_chunks, weights)

  @jax.jit
  def update(params, opt_state, *batch):
    gradient = jax.grad(loss)(params, *batch)
    updates, opt_state = tx.update(gradient, opt_state)
    return optax.apply_updates(params, updates), opt_state

  opt_state = tx.init(params)
  for batch in batches:
    events = event.Events(batch.times, batch.sources)
    params, opt_state = update(params, opt_state, events, batch.labels)
  return tuple(np.asarray(params[name]['kernel']) for name in NAMES)


def first_spike_step(problem: event_step.Problem) -> Contender:
  """Trains the network of single spikes."""
  names = 'to_hidden', 'to_output'
  sizes = (weights.shape[1] for weights in problem.weights)
  net = _network(
    zip(names, sizes, event_step.SINGLE_THRESHOLDS, strict=True), 1
  )

  def loss(params, events, labels):
    return losses.first_spike_cross_entropy(
      net.apply(params, events)['to_output'].times,
      labels,
      tau=event_step.LOSS_TAU,
      silent_time=event_step.T_MAX,
    ).mean()

  params = _params(names, problem.weights)
  batch = event.Events(problem.times, problem.sources), problem.labels
  return with_jax.training(loss, params, batch, 0.0)


def _params(names, weights):
  return {
    name: {'kernel': jnp.asarray(kernel)}
    for name, kernel in zip(names, weights, strict=True)
  }


def _loss(solver, weights):
  sizes = (kernel.shape[1] for kernel in weights)
  layers = zip(NAMES, sizes, event_step.THRESHOLDS, strict=True)
  net = _network(layers, event_step.ROOM, solver)

  def loss(params, events, labels):
    times = net.apply(params, events)[NAMES[-1]].times
    true, false = event_step.TARGETS
    return losses.class_spike_count_loss(
      times, labels, target_true=true, target_false=false
    ).mean()

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
