# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Convolution and pooling against JAX's own, with their gradients."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import convolution, patch_products

# Image `[N, H, W, C]`, kernel's K, L and O, strides, padding.
CASES = {
  'one_pixel': ((1, 1, 1, 1), (1, 1, 1), (1, 1), 'VALID'),
  'seed_first': ((2, 28, 28, 1), (5, 5, 12), (1, 1), 'VALID'),
  'seed_second': ((3, 12, 12, 12), (5, 5, 8), (1, 1), 'VALID'),
  'odd_same': ((2, 7, 9, 3), (3, 3, 4), (1, 1), 'SAME'),
  'even_kernel_same': ((2, 6, 7, 2), (4, 2, 3), (1, 1), 'SAME'),
  'strided': ((2, 11, 10, 2), (3, 3, 4), (2, 2), 'VALID'),
  'unequal_strides': ((2, 9, 13, 2), (3, 5, 4), (3, 2), 'SAME'),
  'stride_beyond_kernel': ((1, 10, 11, 2), (2, 2, 3), (3, 3), 'VALID'),
  'unequal_padding': ((2, 5, 6, 2), (3, 3, 2), (1, 1), ((2, 0), (1, 3))),
  'pointwise': ((2, 4, 5, 3), (1, 1, 6), (1, 1), 'VALID'),
  'whole_image': ((2, 4, 5, 3), (4, 5, 7), (1, 1), 'VALID'),
  'wide': ((1, 3, 37, 1), (3, 3, 2), (1, 1), 'VALID'),
  'many_images': ((12, 5, 6, 3), (3, 3, 4), (1, 1), 'SAME'),
  'prime_number_of_images': ((7, 5, 6, 2), (3, 2, 3), (1, 1), 'VALID'),
  'high': ((2, 24, 3, 1), (3, 3, 2), (1, 1), 'SAME'),
  'high_of_unequal_padding': (
    (2, 23, 3, 2),
    (3, 2, 4),
    (1, 1),
    ((2, 1), (0, 1)),
  ),
  'padding_beyond_kernel': ((2, 4, 5, 2), (2, 2, 3), (1, 1), ((2, 1), (0, 3))),
}

# What counts as many bytes of patches and many channels, and what a block of
# them holds.
WAYS = {
  'as_a_user': {},
  'tiles_by_blocks': {'_MANY': 0, '_CACHED': 4000, '_ROWS': (1, 64)},
  'patches_by_blocks': {
    '_MANY': 0,
    '_MANY_CHANNELS': 1,
    '_CACHED': 4000,
    '_ROWS': (1, 64),
  },
}


def lax_convolve(x, kernel, strides, padding):
  return jax.lax.conv_general_dilated(
    x, kernel, strides, padding, dimension_numbers=('NHWC', 'HWIO', 'NHWC')
  )


def noise(*shape):
  return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize('way', WAYS)
@pytest.mark.parametrize('case', CASES)
def test_convolve_and_its_gradients(case, way, monkeypatch):
  for name, value in WAYS[way].items():
    monkeypatch.setattr(patch_products, name, value)
  image, (rows, columns, features), strides, padding = CASES[case]
  x, kernel = noise(*image), noise(rows, columns, image[-1], features)
  expected = jax.eval_shape(
    lambda *pair: lax_convolve(*pair, strides, padding), x, kernel
  )

  @jax.jit
  def both(x, kernel, gradient):
    ours = functools.partial(
      convolution.convolve, strides=strides, padding=padding
    )
    theirs = functools.partial(lax_convolve, strides=strides, padding=padding)
    results = []
    for function in (ours, theirs):
      y, pullback = jax.vjp(function, x, kernel)
      results.append((y, *pullback(gradient)))
    return results

  ours, theirs = both(x, kernel, noise(*expected.shape))
  for got, expected in zip(ours, theirs, strict=True):
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
  ('channels', 'images', 'loops'), [(16, 128, 1), (15, 128, 0), (16, 1, 0)]
)
def test_many_images_of_many_channels_are_convolved_by_blocks(
  channels, images, loops
):
  """What the limits are for, and that no array holds all patches then."""
  x = jax.ShapeDtypeStruct((images, 32, 32, channels), jnp.float32)
  kernel = jax.ShapeDtypeStruct((3, 3, channels, 16), jnp.float32)
  convolve = functools.partial(convolution.convolve, padding='SAME')
  program = str(jax.make_jaxpr(convolve)(x, kernel))
  assert program.count('_by_patches') == loops
  if loops:
    compiled = jax.jit(convolve).lower(x, kernel).compile()
    memory = compiled.memory_analysis()
    assert memory.temp_size_in_bytes < 9 * 4 * np.prod(x.shape) / 4


def test_large_images_are_convolved_by_strips():
  x = jax.ShapeDtypeStruct((4, 128, 128, 32), jnp.float32)
  kernel = jax.ShapeDtypeStruct((3, 3, 32, 32), jnp.float32)
  convolve = functools.partial(convolution.convolve, padding='SAME')
  memory = jax.jit(convolve).lower(x, kernel).compile().memory_analysis()
  assert memory.temp_size_in_bytes < 9 * 4 * np.prod(x.shape) / 3


@pytest.mark.parametrize('num_images', [1, 7, 20, 331, 1000])
def test_blocks_hold_what_a_cache_keeps_whatever_the_number_of_images(
  num_images,
):
  """Of 16 rows of 18 KiB each, for a cache of 5 MB, 17 images."""
  x = jax.ShapeDtypeStruct((num_images, 4, 4, 512), jnp.float32)
  number = patch_products._images_at_once(x, 16, 9 * 512)
  assert min(num_images, 9) <= number <= 26


@pytest.mark.parametrize('way', ['tiles_by_blocks', 'patches_by_blocks'])
def test_the_gradient_of_a_kernel_of_half_floats_is_added_up_in_floats(
  way, monkeypatch
):
  """One image at a time, each adding less than the last digit of the sum."""
  for name, value in WAYS[way].items():
    monkeypatch.setattr(patch_products, name, value)
  monkeypatch.setattr(patch_products, '_CACHED', 1)
  x = jnp.ones((512, 2, 2, 1), jnp.bfloat16)
  kernel = jnp.ones((2, 2, 1, 1), jnp.bfloat16)
  by_kernel = jax.grad(
    lambda kernel: convolution.convolve(x, kernel).astype(jnp.float32).sum()
  )(kernel)
  np.testing.assert_array_equal(by_kernel, jnp.full(kernel.shape, 512))


@pytest.mark.parametrize(
  ('option', 'value'),
  [('precision', 'highest'), ('preferred_element_type', jnp.float32)],
)
def test_what_only_lax_can_do_is_left_to_it(option, value):
  def apply(x, kernel, convolve=convolution.general, **options):
    numbers = 'NHWC', 'HWIO', 'NHWC'
    return convolve(
      x, kernel, (1, 1), 'SAME', dimension_numbers=numbers, **options
    )

  x, kernel = (jnp.asarray(noise(*s)) for s in ((2, 4, 4, 2), (3, 3, 2, 3)))
  x, kernel = x.astype(jnp.bfloat16), kernel.astype(jnp.bfloat16)
  program = jax.make_jaxpr(functools.partial(apply, **{option: value}))
  native = functools.partial(
    apply, convolve=jax.lax.conv_general_dilated, **{option: value}
  )
  assert str(program(x, kernel)) == str(jax.make_jaxpr(native)(x, kernel))
  plain = jax.make_jaxpr(functools.partial(apply, **{option: None}))(x, kernel)
  assert 'platform_index' in str(plain)


def test_negative_padding_is_left_to_lax():
  x, kernel = noise(2, 5, 6, 2), noise(3, 3, 2, 4)
  convolve = functools.partial(
    convolution.general,
    x,
    kernel,
    (1, 1),
    ((-1, 0), (0, 2)),
    dimension_numbers=('NHWC', 'HWIO', 'NHWC'),
  )
  expected = lax_convolve(x, kernel, (1, 1), ((-1, 0), (0, 2)))
  np.testing.assert_allclose(convolve(), expected, rtol=1e-5)


def test_an_open_height_can_be_exported():
  kernel = noise(3, 3, 2, 4)
  shape = jax.export.symbolic_shape('6,h,5,2', constraints=['h>=8'])
  exported = jax.export.export(
    jax.jit(functools.partial(convolution.convolve, kernel=kernel))
  )(jax.ShapeDtypeStruct(shape, jnp.float32))
  x = noise(6, 9, 5, 2)
  expected = lax_convolve(x, kernel, (1, 1), 'VALID')
  np.testing.assert_allclose(exported.call(x), expected, rtol=1e-4, atol=1e-5)


def test_no_image_mixes_with_another():
  x, kernel = noise(3, 6, 6, 2), noise(3, 3, 2, 4)
  convolve = jax.jit(convolution.convolve)
  y = np.asarray(convolve(x, kernel))
  x[1] = 1e6
  other = np.asarray(convolve(x, kernel))
  np.testing.assert_array_equal(y[[0, 2]], other[[0, 2]])


@pytest.mark.parametrize(
  ('shape', 'window'),
  [
    ((2, 4, 6, 3), 2),
    ((2, 11, 11, 2), 2),
    ((1, 7, 8, 1), 3),
    ((2, 3, 4, 2), 1),
    ((2, 17, 18, 1), 17),
  ],
)
def test_max_pool_and_its_gradient(shape, window):
  """Without ties, against a reduction over windows."""
  x = np.random.default_rng(0).permutation(np.prod(shape)).astype(np.float32)
  x = x.reshape(shape)
  size = (1, window, window, 1)

  def theirs(x):
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, size, size, 'VALID')

  y, pullback = jax.vjp(lambda x: convolution.max_pool(x, window), x)
  expected, their_pullback = jax.vjp(theirs, x)
  np.testing.assert_array_equal(y, expected)
  gradient = jnp.arange(1.0, y.size + 1).reshape(y.shape)
  np.testing.assert_array_equal(
    pullback(gradient)[0], their_pullback(gradient)[0]
  )


def test_max_pool_gives_the_gradient_of_a_tie_to_the_first():
  x = jnp.array([[1.0, 5, 0, 0], [5, 5, 0, 0]])[None, :, :, None]
  gradient = jax.grad(lambda x: convolution.max_pool(x, 2).sum())(x)
  np.testing.assert_array_equal(gradient[0, ..., 0], [[0, 1, 1, 0], [0] * 4])


def test_max_pool_of_infinities():
  x = jnp.full((1, 2, 2, 1), -jnp.inf)
  assert convolution.max_pool(x, 2) == -jnp.inf
  assert convolution.max_pool(x.at[0, 1, 0, 0].set(jnp.inf), 2) == jnp.inf


@pytest.mark.parametrize('height', [4, 5])
def test_average_pool(height):
  x = jnp.arange(float(height * 4)).reshape(1, height, 4, 1)
  y = convolution.average_pool(x, 2)
  np.testing.assert_array_equal(y[0, ..., 0], [[2.5, 4.5], [10.5, 12.5]])
  gradient = jax.grad(lambda x: convolution.average_pool(x, 2).sum())(x)
  expected = np.where(np.arange(height) < 4, 0.25, 0)
  np.testing.assert_array_equal(gradient[0, :, 0, 0], expected)


@pytest.mark.parametrize('dtype', [bool, np.uint8])
def test_average_pool_counts_spikes(dtype):
  spikes = jnp.ones((1, 2, 2, 1), dtype)
  assert convolution.average_pool(spikes, 2) == 1
  levels = jnp.full((1, 2, 2, 1), 200, np.uint8)
  assert convolution.average_pool(levels, 2) == 200


@pytest.mark.parametrize('in_integers', [False, True])
@pytest.mark.parametrize('dtype', [bool, np.uint8, np.float16])
def test_spikes_of_any_type_are_convolved(dtype, in_integers):
  spikes = np.random.default_rng(0).random((2, 6, 6, 2)) < 0.3
  kernel = jnp.ones((3, 3, 2, 4))
  convolve = functools.partial(
    convolution.convolve, kernel=kernel, in_integers=in_integers
  )
  y = jax.jit(convolve)(spikes.astype(dtype))
  np.testing.assert_array_equal(y, convolve(spikes.astype(np.float32)))
  assert y.dtype == np.float32


@pytest.mark.parametrize(
  'pool', [convolution.max_pool, convolution.average_pool]
)
def test_a_window_larger_than_the_image_is_an_error(pool):
  with pytest.raises(ValueError, match=r'3 for \(1, 2, 5, 1\)'):
    pool(jnp.zeros((1, 2, 5, 1)), 3)


def test_a_kernel_larger_than_the_image_is_an_error():
  with pytest.raises(ValueError, match='must fit into the padded image'):
    convolution.convolve(jnp.zeros((1, 4, 2, 1)), jnp.zeros((3, 3, 1, 2)))


@pytest.mark.parametrize('shape', [(2, 8, 8, 2), (2, 8, 8)])
def test_images_of_other_channels_are_an_error(shape):
  with pytest.raises(ValueError, match=r'images \[N, H, W, C\].*got'):
    convolution.convolve(jnp.zeros(shape), jnp.zeros((3, 3, 1, 2)))
