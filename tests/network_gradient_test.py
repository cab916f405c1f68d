# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Gradients of whole networks against differences, in double precision.

A spike has no true derivative. Its smooth twin has: where H is replaced by the
function whose derivative the surrogate is, the surrogate gradient must be the
true one, through convolutions, time, recurrence and delays. Resets are left
out: their flag is constant to the gradient, not to a difference.
"""

import functools

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import (
  combinators,
  delays,
  dropout,
  neurons,
  normalisation,
  policies,
  simulate,
  surrogate,
  synapses,
)
from snnjax.neurons import reset

SLOPE, T, B = 3.0, 5, 2

smooth_twin = surrogate.sigmoid(
  SLOPE, fires=lambda z, _: jax.nn.sigmoid(SLOPE * z)
)
smooth = functools.partial(dict, spike_fn=smooth_twin, reset=reset.none)

NETWORKS = {
  'convolutional': (
    combinators.serial(
      conv1=synapses.conv(3, 3),
      pool1=synapses.max_pool(2),
      lif1=neurons.lif(0.5, **smooth()),
      conv2=synapses.conv(2, 2, padding='SAME'),
      pool2=synapses.average_pool(2),
      lif2=neurons.lif(jax.random.uniform, **smooth()),
      flat=synapses.flatten(),
      dense=synapses.dense(3),
      output=neurons.integrate_and_fire(charge=0.3, **smooth()),
    ),
    (7, 6, 2),
  ),
  'recurrent': (
    combinators.serial(
      dense=synapses.dense(4),
      hidden=combinators.recurrent(
        neurons.adaptive_lif(0.8, 0.5, **smooth()), synapses.dense(4)
      ),
      delayed=delays.delayed_dense(3, 2, spread=delays.gaussian(0.7)),
      current=combinators.recurrent(
        neurons.current_based_lif(0.7, 0.6, **smooth()),
        synapses.one_to_one(-0.4),
      ),
      readout=neurons.leaky_integrator(0.8),
    ),
    (3,),
  ),
  'normalised': (
    combinators.serial(
      dense=synapses.dense(4),
      norm=normalisation.batch_norm_train(T),
      drop=dropout.dropout(0.3),
      filter=neurons.leaky_filter(0.6, spike_fn=smooth_twin),
      gates=synapses.dense(8),
      units=neurons.slstm(synapses.dense(8), 0.2, spike_fn=smooth_twin),
      skip=combinators.residual(
        combinators.serial(
          dense=synapses.dense(2),
          rectified=neurons.rectified_leaky(spike_fn=smooth_twin),
        )
      ),
      readout=neurons.leaky_integrator(0.8),
    ),
    (3,),
  ),
}


@pytest.mark.parametrize(
  'memory',
  [policies.store_all(), policies.rematerialise(block=2)],
  ids=['all', 'remat'],
)
@pytest.mark.parametrize('name', NETWORKS)
def test_gradient_is_the_difference(name, memory):
  cell, in_shape = NETWORKS[name]
  random = np.random.default_rng(0)
  with jax.enable_x64(True):
    xs = jnp.asarray(random.normal(0.5, 1.0, (T, B, *in_shape)))
    params = cell.init(jax.random.key(0), in_shape)

    flat, arguments = jax.flatten_util.ravel_pytree((params, xs))

    def loss(flat):
      params, xs = arguments(flat)
      ys = simulate.simulate(
        cell, params, xs, memory=memory, key=jax.random.key(1)
      ).outputs
      weights = jnp.cos(jnp.arange(ys.size)).reshape(ys.shape)
      return jnp.vdot(weights, ys)

    @jax.jit
    def slopes(directions):
      """The derivative along each: by the gradient, and by a difference."""
      step = 1e-6 * directions
      ahead, behind = (jax.lax.map(loss, flat[None] + s) for s in (step, -step))
      return directions @ jax.grad(loss)(flat), (ahead - behind) / 2e-6

    directions = random.normal(size=(5, flat.size))
    by_gradient, by_difference = slopes(directions)
  size = np.abs(by_difference).max()
  assert size > 0.01
  np.testing.assert_allclose(by_gradient, by_difference, atol=1e-6 * size)
