# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Networks of cells against converted functions: two ways to one result."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import simulate
from snnjax.conversion import (
  balance,
  calibrate,
  convert,
  fold_batch_norm,
  ranges,
  rules,
)
from snnjax.models.cnn import Cnn
from snnjax.models.rate_network import POOL, rate_network

STEPS = 12


@pytest.fixture(name='trained', scope='module')
def _trained():
  model = Cnn(num_outputs=3, channels=(4, 5), padding='SAME')
  x = jax.random.uniform(jax.random.key(0), (3, 8, 8, 1))
  variables = fold_batch_norm(model.apply, model.init(jax.random.key(1), x), x)
  stats = calibrate(model.apply, variables, [x])
  return model, variables, stats, x


@pytest.mark.parametrize('keep_thresholds', [False, True])
@pytest.mark.parametrize('per', ['layer', 'channel'])
def test_cells_do_what_the_converted_function_does(
  trained, per, keep_thresholds
):
  model, variables, stats, x = trained
  # Not at a value that is reached: rounding would decide the spike.
  ranging = ranges.maximum(per, 1.01)
  snn = convert(model.apply, rules.integrate_and_fire(ranging), stats)
  plan = snn.plan(variables, x)
  scales = [ranging(site, stats[site.name]).scale for site in plan.sites]
  params = balance(variables['params'], scales, keep_thresholds=keep_thresholds)
  cell = rate_network((4, POOL, 5, POOL), num_outputs=3)
  outputs = simulate.simulate(cell, params, x[None], num_steps=STEPS).outputs
  expected = snn(variables, x, steps=STEPS).outputs[0]
  np.testing.assert_allclose(outputs.mean(0), expected, atol=1e-5)


def test_its_parameters_are_those_of_the_cells(trained):
  _, variables, _, x = trained
  params = balance(variables['params'], [1.0, 2.0])
  cell = rate_network((4, POOL, 5, POOL), num_outputs=3)
  own = cell.init(jax.random.key(0), x.shape[1:])
  shapes = jax.tree.map(jnp.shape, params)
  assert shapes == jax.tree.map(jnp.shape, own)


def test_refuses_layers_that_it_would_forget(trained):
  _, variables, _, _ = trained
  params = dict(variables['params'])
  params['BatchNorm_0'] = jax.tree.map(lambda a: a + 0.1, params['BatchNorm_0'])
  with pytest.raises(ValueError, match=r'BatchNorm_0.*fold'):
    balance(params, [1.0, 1.0])
  with pytest.raises(ValueError, match='Dense_1'):
    balance(variables['params'] | {'Dense_1': {}}, [1.0, 1.0])
  with pytest.raises(ValueError, match='positive'):
    balance(variables['params'], [1.0, 0.0])


def test_refuses_to_forget_thresholds(trained):
  _, variables, _, _ = trained
  params = balance(variables['params'], [1.0, 2.0], keep_thresholds=True)
  with pytest.raises(ValueError, match='neuron_0'):
    balance(params, [1.0, 1.0])


def test_refuses_layers_of_no_kind():
  with pytest.raises(ValueError, match="'pool'; got 'poll'"):
    rate_network((4, 'poll'))


def test_refuses_too_few_scales(trained):
  _, variables, _, _ = trained
  with pytest.raises(ValueError, match='each convolution, 2; got 1'):
    balance(variables['params'], [1.0])
