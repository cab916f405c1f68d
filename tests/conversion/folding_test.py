# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Batch normalisations that have gone into the synapses."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.conversion import fold_batch_norm
from snnjax.models.cnn import Cnn


def test_the_folded_network_does_the_same():
  model = Cnn(channels=(4, 4))
  x = jax.random.normal(jax.random.key(0), (2, 16, 16, 3))
  variables = model.init(jax.random.key(1), x)
  keys = iter(jax.random.split(jax.random.key(2), 500))
  variables = jax.tree.map(
    lambda leaf: leaf + 0.3 * jax.random.uniform(next(keys), leaf.shape),
    variables,
  )
  folded = fold_batch_norm(model.apply, variables, x)
  expected = model.apply(variables, x)
  scale = np.abs(expected).max()
  np.testing.assert_allclose(
    model.apply(folded, x), expected, atol=1e-5 * scale
  )
  for leaf in jax.tree.leaves(folded['batch_stats']):
    assert np.ptp(leaf) == 0


@pytest.mark.parametrize('learnt', [{'use_scale'}, {'use_bias'}, set()])
def test_a_normalisation_may_learn_nothing(learnt):
  class Model(nn.Module):
    @nn.compact
    def __call__(self, x):
      options = {name: name in learnt for name in ('use_scale', 'use_bias')}
      x = nn.Dense(3)(x)
      return nn.BatchNorm(use_running_average=True, **options)(x)

  x = jax.random.normal(jax.random.key(0), (4, 2))
  variables = Model().init(jax.random.key(1), x)
  statistics = jax.tree.map(lambda leaf: leaf + 2, variables['batch_stats'])
  variables = {**variables, 'batch_stats': statistics}
  folded = fold_batch_norm(Model().apply, variables, x)
  assert jax.tree.structure(folded) == jax.tree.structure(variables)
  np.testing.assert_allclose(
    Model().apply(folded, x), Model().apply(variables, x), atol=1e-6
  )


def test_outputs_may_be_zero():
  model, x = Cnn(channels=(2,)), jnp.zeros((1, 8, 8, 1))
  variables = model.init(jax.random.key(0), x)
  assert not np.any(model.apply(variables, x))
  assert not np.any(model.apply(fold_batch_norm(model.apply, variables, x), x))


def test_refuses_a_normalisation_without_synapses():
  stats = {'BatchNorm_0': {'mean': jnp.zeros(3), 'var': jnp.ones(3)}}
  params = {
    'BatchNorm_0': {'scale': jnp.ones(3), 'bias': jnp.zeros(3)},
    'Conv_0': {'kernel': jnp.ones((1, 1, 2, 3))},
  }
  with pytest.raises(ValueError, match='params/BatchNorm_0 needs Conv_0'):
    fold_batch_norm(
      lambda variables, x: x,
      {'params': params, 'batch_stats': stats},
      jnp.ones((1, 2)),
    )


class _NormalisedFirst(nn.Module):
  @nn.compact
  def __call__(self, x):
    x = nn.BatchNorm(use_running_average=True)(x)
    return nn.Conv(x.shape[-1], (3, 3))(nn.relu(x))


def test_refuses_to_fold_into_what_comes_after():
  model, x = _NormalisedFirst(), jnp.ones((1, 4, 4, 2))
  variables = model.init(jax.random.key(0), x)
  variables = jax.tree.map(lambda leaf: leaf + 0.5, variables)
  with pytest.raises(ValueError, match='follow its layer'):
    fold_batch_norm(model.apply, variables, x)
