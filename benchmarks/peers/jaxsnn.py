# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""jaxsnn: an event at a time for a whole layer, differentiated by JAX.

It minds one event, of an input or of the layer itself, per step of a scan, so a
layer needs a step for each. Its membrane lacks our factor of the time constant.
"""

import itertools

import jax
import jax.numpy as jnp
from jaxsnn.event.loss import first_spike
from jaxsnn.event.modules import LIF, LIFParameters, Linear, Source
from jaxsnn.event.topology import Topology
from jaxsnn.event.types import Spike

from benchmarks import event_step, with_jax
from snnjax.event import losses

PACKAGES = ('jax', 'jaxlib', 'jaxsnn')
_NO_SECOND_SPIKE = -1000.0  # the potential after a reset


def first_spike_step(problem):
  """Trains the network of single spikes."""
  num_inputs, num_hidden = problem.weights[0].shape
  num_outputs = problem.weights[1].shape[1]
  num_events = problem.times.shape[1]
  tau = 2 * event_step.TAU_SYN
  neurons = [
    LIFParameters(
      v_reset=_NO_SECOND_SPIKE,
      v_th=threshold / tau,
      tau_syn=event_step.TAU_SYN,
      tau_mem=tau,
    )
    for threshold in event_step.SINGLE_THRESHOLDS
  ]
  topology = Topology(event_step.T_MAX, backprop_method='eventprop')
  topology.add(
    {
      'input': Source(num_inputs),
      'to_hidden': Linear(),
      'hidden': LIF(num_hidden, num_events + num_hidden, neurons[0]),
      'to_output': Linear(),
      'output': LIF(num_outputs, num_hidden + num_outputs, neurons[1]),
    }
  )
  names = 'input', 'to_hidden', 'hidden', 'to_output', 'output'
  topology.connect(list(itertools.pairwise(names)))
  init, apply = topology.done()
  others = init(jax.random.key(0))

  def loss(params, events, labels):
    weights = {name: layer['kernel'] for name, layer in params.items()}
    found = apply({'input': events}, others | weights)['output']
    first = jax.vmap(first_spike, (0, None))(found, num_outputs)
    first = jnp.where(first < event_step.T_MAX, first, jnp.inf)
    return losses.first_spike_cross_entropy(
      first[..., None],
      labels,
      tau=event_step.LOSS_TAU,
      silent_time=event_step.T_MAX,
    ).mean()

  params = {
    name: {'kernel': weights}
    for name, weights in zip(
      ('to_hidden', 'to_output'), problem.weights, strict=True
    )
  }
  return with_jax.training(
    loss, params, (_spikes(problem), problem.labels), 0.0
  )


def _spikes(problem):
  fires = jnp.isfinite(problem.times)
  return Spike(
    time=jnp.asarray(problem.times),
    idx=jnp.where(fires, problem.sources, -1),
    current=jnp.zeros(fires.shape),
    layer_idx=jnp.where(fires, 0, -1),
    internal=fires,
  )
