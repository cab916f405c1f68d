# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What snnjax does in `stdp_step`."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks import stdp_step as case
from benchmarks.timing import Contender
from experiments import stdp_task
from snnjax import encoders, plasticity
from snnjax.plasticity import reductions, rules

PACKAGES = ('snnjax', 'jax')


def stdp_step(problem: case.Problem) -> Contender:
  """Learns one batch after the other."""
  reduce = {'sum': reductions.total, 'max': reductions.maximum}
  num_neurons, num_inputs = problem.weights.shape
  network = plasticity.two_population(
    num_inputs,
    num_neurons,
    inhibition=case.INHIBITION,
    norm=case.NORM,
    rule=rules.post_pre(reduce=reduce[problem.reduction]()),
  )
  rates = problem.intensity * np.arange(256) / 255
  table = encoders.renewal_table(rates, num_steps=problem.num_steps)
  images = jnp.asarray(problem.images)

  def learn(params, k):
    of_spikes, of_choice = jax.random.split(jax.random.key(k))
    spikes = encoders.renewal_levels(of_spikes, images[k % len(images)], table)
    params, _, _ = plasticity.present(
      network, params, spikes, of_choice, learning=True
    )
    return params, None

  @functools.partial(jax.jit, compiler_options=stdp_task.compiler_options())
  def turn(params, k):
    ks = k + jnp.arange(problem.per_turn)
    return jax.lax.scan(learn, params, ks)[0]

  def step(state):
    params, k = state
    return jax.block_until_ready(turn(params, k)), k + problem.per_turn

  weights = jnp.asarray(problem.weights)
  state = plasticity.Params(weights, jnp.zeros(num_neurons)), 0
  for _ in range(case.NUM_WARM // problem.per_turn):
    state = step(state)
  return Contender(state, step)
