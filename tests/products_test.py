# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Products of matrices and their gradients, in every order, on any device."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import export

from snnjax import neurons, products, simulate
from snnjax.combinators import serial
from snnjax.products import product
from snnjax.synapses import dense

N, NUM_INPUTS, NUM_OUTPUTS = 6, 4, 5


@pytest.fixture(params=['cpu', 'other'], autouse=True)
def device(request, monkeypatch):
  monkeypatch.setattr(products, 'is_cpu', lambda: request.param == 'cpu')
  jax.clear_caches()  # what was traced knows another device
  return request.param


@pytest.fixture
def in_blocks(monkeypatch):
  """Takes products for large, and none for small."""
  monkeypatch.setattr(
    products, '_LARGE', (N, NUM_INPUTS, NUM_INPUTS * NUM_OUTPUTS)
  )
  monkeypatch.setattr(products, '_ROWS', 3)
  monkeypatch.setattr(products, '_SMALL', (0, 0, 0))


def _matrices(num_rows=N, dtype=None):
  rng = np.random.default_rng(0)
  shapes = (
    (num_rows, NUM_INPUTS),
    (NUM_INPUTS, NUM_OUTPUTS),
    (num_rows, NUM_OUTPUTS),
  )
  return [jnp.asarray(rng.normal(size=s), dtype) for s in shapes]


def _found(x, kernel, weights):
  y, pull_back = jax.vjp(product, x, kernel)
  return y, *pull_back(weights)


@pytest.mark.parametrize('num_rows', [N, 7])  # 7 are not cut into blocks
@pytest.mark.parametrize('dtype', ['float32', 'bfloat16', 'float16'])
def test_a_product_has_its_value_and_gradients(in_blocks, num_rows, dtype):
  matrices = _matrices(num_rows, dtype)
  x, kernel, weights = (np.float64(matrix) for matrix in matrices)
  tolerance = 4 * float(jnp.finfo(dtype).eps)
  for found, expected in zip(
    _found(*matrices),
    (x @ kernel, weights @ kernel.T, x.T @ weights),
    strict=True,
  ):
    assert found.dtype == dtype
    size = np.abs(expected).max()
    np.testing.assert_allclose(
      np.float64(found), expected, rtol=tolerance, atol=tolerance * size
    )


def test_gradients_may_come_as_numpy_arrays():
  x, kernel, weights = _matrices()
  _, by_x, by_kernel = _found(x, kernel, np.asarray(weights))
  np.testing.assert_allclose(by_x, weights @ kernel.T, rtol=1e-5)
  np.testing.assert_allclose(by_kernel, x.T @ weights, rtol=1e-5)


@pytest.mark.parametrize(
  ('of_x', 'of_kernel'),
  [('bfloat16', 'float32'), ('float32', 'bfloat16'), ('bool', 'float32')],
)
def test_gradients_have_the_types_of_the_factors(of_x, of_kernel):
  x, kernel = jnp.ones((3, 4), of_x), jnp.ones((4, 2), of_kernel)
  found, pullback = jax.vjp(product, x, kernel)
  by_x, by_kernel = pullback(found)
  np.testing.assert_array_equal(np.float32(by_kernel), 12)
  assert by_kernel.dtype == of_kernel
  assert by_x.dtype == (jax.dtypes.float0 if of_x == 'bool' else of_x)


@pytest.mark.parametrize('num_rows', [N, N - 2])
def test_large_products_are_taken_by_rows_on_a_cpu(in_blocks, device, num_rows):
  x, kernel, _ = _matrices(num_rows)
  expected = device == 'cpu' and num_rows == N
  for function in (product, jax.grad(lambda *args: product(*args).sum())):
    program = str(jax.make_jaxpr(function)(x, kernel))
    assert ('scan' in program) == expected


@pytest.mark.parametrize(
  'shape', [(1, 2, 3), (2, 17, 17), (7, 3, 3), (60, 2, 3)]
)
def test_several_tiny_products_have_gradients(shape):
  """Of some transposed ones XLA's CPU compiler aborts the process."""
  num_rows, num_inputs, num_outputs = shape
  x = jnp.ones((2, num_rows, num_inputs))
  kernel = jnp.ones((2, num_inputs, num_outputs))

  def loss(x, kernel):
    return (product(x, kernel) ** 2).sum()

  by_x, by_kernel = jax.jit(jax.vmap(jax.grad(loss, (0, 1))))(x, kernel)
  np.testing.assert_array_equal(by_x, 2 * num_inputs * num_outputs)
  np.testing.assert_array_equal(by_kernel, 2 * num_inputs * num_rows)


def test_a_network_can_be_exported_for_any_batch():
  network = serial(
    synapses=dense(NUM_OUTPUTS), neurons=neurons.lif(), readout=dense(2)
  )
  params = network.init(jax.random.key(0), (NUM_INPUTS,))
  (batch,) = export.symbolic_shape('batch')

  def run(xs):
    return simulate.simulate(network, params, xs).outputs

  exported = export.export(jax.jit(run))(
    jax.ShapeDtypeStruct((3, batch, NUM_INPUTS), jnp.float32)
  )
  xs = jax.random.normal(jax.random.key(1), (3, 2, NUM_INPUTS))
  np.testing.assert_allclose(exported.call(xs), run(xs), rtol=1e-5)
