# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Against Pillow, on images of noise and of a ramp."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from snnjax.data import auto_augment as aa

SIZE = 32
GREY = (128, 128, 128)
NOISE = np.random.default_rng(0).integers(20, 200, (SIZE, SIZE, 3), np.uint8)


def _transform(matrix):
  return lambda image: image.transform(
    image.size, Image.Transform.AFFINE, matrix, Image.Resampling.NEAREST,
    fillcolor=GREY,
  )  # fmt: skip


# Ours, its level, what Pillow calls it, and how far values may be apart.
EXACT = {
  'shear_x': (aa.shear_x, 0.21, _transform((1, 0.21, 0, 0, 1, 0)), 0),
  'shear_y': (aa.shear_y, 0.21, _transform((1, 0, 0, 0.21, 1, 0)), 0),
  'translate_x': (aa.translate_x, 0.25, _transform((1, 0, 8, 0, 1, 0)), 0),
  'translate_y': (aa.translate_y, 0.25, _transform((1, 0, 0, 0, 1, 8)), 0),
  'rotate': (aa.rotate, 20.0, lambda i: i.rotate(20, fillcolor=GREY), 0),
  'color': (aa.color, 0.4, lambda i: ImageEnhance.Color(i).enhance(1.4), 1),
  'contrast': (
    aa.contrast,
    0.4,
    lambda i: ImageEnhance.Contrast(i).enhance(1.4),
    1,
  ),
  'brightness': (
    aa.brightness,
    0.4,
    lambda i: ImageEnhance.Brightness(i).enhance(1.4),
    1,
  ),
  'sharpness': (
    aa.sharpness,
    0.4,
    lambda i: ImageEnhance.Sharpness(i).enhance(1.4),
    1,
  ),
  'posterize': (aa.posterize, 5.0, lambda i: ImageOps.posterize(i, 5), 0),
  'solarize': (aa.solarize, 100.0, lambda i: ImageOps.solarize(i, 100), 0),
  'autocontrast': (aa.autocontrast, 0.0, ImageOps.autocontrast, 1),
  'equalize': (aa.equalize, 0.0, ImageOps.equalize, 0),
  'invert': (aa.invert, 0.0, ImageOps.invert, 0),
}


@pytest.mark.parametrize('name', EXACT)
def test_an_operation_does_what_pillow_does(name):
  ours, level, theirs, tolerance = EXACT[name]
  found = ours(jnp.asarray(NOISE, jnp.float32), jnp.float32(level), 1.0)
  expected = np.asarray(theirs(Image.fromarray(NOISE)), np.float32)
  is_off = np.abs(np.asarray(found) - expected) > tolerance
  # Pillow turns in fixed-point numbers: a pixel between two may go either way.
  assert is_off.mean() <= (0.01 if name == 'rotate' else 0)


def test_every_operation_is_tested():
  assert {ours for ours, *_ in EXACT.values()} == set(aa.OPERATIONS)
  assert len(aa.POLICY) == 25


def test_an_image_has_its_own_fate_whatever_its_neighbours():
  images = jnp.asarray(np.stack([NOISE] * 6))
  keys = jax.random.split(jax.random.key(0), 6)
  together = jax.jit(aa.auto_augment)(keys, images)
  alone = jax.jit(aa.auto_augment)(keys[3:4], images[3:4])
  np.testing.assert_array_equal(together[3], alone[0])
  assert together.shape == images.shape
  assert together.min() >= 0
  assert together.max() <= 255
  assert len({row.tobytes() for row in np.asarray(together)}) > 3


def test_without_contrast_nothing_is_divided_by_zero():
  flat = jnp.full((4, 4, 3), 7.0)
  for operation in (aa.autocontrast, aa.equalize):
    np.testing.assert_array_equal(operation(flat, 0.0, 1.0), flat)
