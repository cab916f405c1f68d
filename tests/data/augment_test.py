# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of augmentation on the device."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.data import augment

_FRAMES = np.random.default_rng(0).integers(
  1, 9, size=(3, 4, 2, 6, 7), dtype=np.uint8
)
_KEYS = jax.random.split(jax.random.key(0), 3)
_RANDOM = [
  functools.partial(augment.random_rotation, max_degrees=40.0),
  functools.partial(augment.random_shift, max_pixels=2),
  functools.partial(augment.event_dropout, drop_prob=0.3),
]
_NONE = [
  functools.partial(augment.random_rotation, max_degrees=0.0),
  functools.partial(augment.random_shift, max_pixels=0),
  functools.partial(augment.event_dropout, drop_prob=0.0),
]


@pytest.mark.parametrize('change', _RANDOM)
def test_an_example_depends_on_its_own_key_only(change):
  together = jax.jit(change)(_KEYS, _FRAMES)
  assert together.dtype == np.uint8
  assert not np.array_equal(together, _FRAMES)
  for i in range(3):
    alone = change(_KEYS[i : i + 1], _FRAMES[i : i + 1])
    np.testing.assert_array_equal(alone[0], together[i])


@pytest.mark.parametrize('change', _NONE)
def test_nothing_changes_at_strength_zero(change):
  np.testing.assert_array_equal(change(_KEYS, _FRAMES), _FRAMES)


@pytest.mark.parametrize('change', _RANDOM[:2])
def test_all_frames_of_an_example_move_alike(change):
  same = np.broadcast_to(_FRAMES[:, :1, :1], _FRAMES.shape)
  moved = np.asarray(change(_KEYS, same))
  np.testing.assert_array_equal(
    moved, np.broadcast_to(moved[:, :1, :1], moved.shape)
  )


@pytest.mark.parametrize('change', _RANDOM[:2])
def test_axes_name_y_and_x(change):
  images = np.moveaxis(_FRAMES[:, 0], 1, -1)  # [B, H, W, C]
  moved = change(_KEYS, images, axes=(1, 2))
  expected = change(_KEYS, _FRAMES[:, :1])[:, 0]
  np.testing.assert_array_equal(np.moveaxis(moved, -1, 1), expected)


def test_rotation_by_right_angles_is_exact():
  image = jnp.arange(1, 26).reshape(1, 5, 5)
  for turns in (1, 2, -1):
    turned = augment.rotate(image, jnp.array([90.0 * turns]))
    np.testing.assert_array_equal(turned[0], np.rot90(image[0], turns))


def test_rotation_takes_the_nearest_pixel_and_fills_with_zero():
  image = np.random.default_rng(1).integers(1, 9, size=(1, 34, 34))
  degrees = -7.3
  angle, centre = np.deg2rad(degrees), 16.5
  expected = np.zeros((34, 34), int)
  for y in range(34):
    for x in range(34):
      dy, dx = y - centre, x - centre
      i = round(np.cos(angle) * dy + np.sin(angle) * dx + centre)
      j = round(np.cos(angle) * dx - np.sin(angle) * dy + centre)
      if 0 <= i < 34 and 0 <= j < 34:
        expected[y, x] = image[0, i, j]
  turned = augment.rotate(jnp.asarray(image), jnp.array([degrees]))
  np.testing.assert_array_equal(turned[0], expected)


def test_rotation_angles_are_uniform_within_the_limit():
  # The image tells rows apart, so a pixel far from the centre tells the angle
  # it was turned by: y' = sin α · 25 at y = 0, x = 25.
  keys = jax.random.split(jax.random.key(1), 1000)
  rows = jnp.broadcast_to(jnp.arange(11)[:, None], (1000, 11, 61))
  turned = augment.random_rotation(keys, rows, max_degrees=10.0)
  found = np.bincount(np.asarray(turned)[:, 5, 55], minlength=11)
  angles = np.deg2rad(np.linspace(-10, 10, 10_001))
  places = np.rint(25 * np.sin(angles)).astype(int) + 5
  expected = np.bincount(places, minlength=11) / len(angles) * 1000
  np.testing.assert_allclose(found, expected, atol=50)
  assert not found[expected == 0].any()


def test_shift_moves_by_whole_pixels_and_fills_with_zero():
  keys = jax.random.split(jax.random.key(2), 200)
  image = jnp.asarray(np.broadcast_to(_FRAMES[0, 0, 0], (200, 6, 7)))
  moved = np.asarray(augment.random_shift(keys, image, max_pixels=1))
  padded = np.pad(_FRAMES[0, 0, 0], 1)
  choices = {
    padded[1 - y : 7 - y, 1 - x : 8 - x].tobytes(): (y, x)
    for y in (-1, 0, 1)
    for x in (-1, 0, 1)
  }
  found = [choices[one.tobytes()] for one in moved]
  assert len(set(found)) == 9


def test_dropout_keeps_counts_or_empties_cells():
  frames = jnp.full((3, 50, 2, 10, 10), 3, jnp.uint8)
  dropped = np.asarray(augment.event_dropout(_KEYS, frames, drop_prob=0.25))
  assert set(np.unique(dropped)) == {0, 3}
  assert abs((dropped == 0).mean() - 0.25) < 0.01


def test_elastic_field_is_smooth_between_the_corners_and_one_for_all():
  places = np.arange(12 * 9, dtype=np.float32).reshape(1, 12, 9, 1)
  images = np.concatenate([places, places])
  key = jax.random.key(3)
  moved = np.asarray(augment.elastic(key, images, std=1.5))
  np.testing.assert_array_equal(moved[0], moved[1])
  corners = 1.5 * np.asarray(jax.random.normal(key, (2, 2, 2)))
  for y in range(12):
    for x in range(9):
      u, v = (3 * w**2 - 2 * w**3 for w in (y / 11, x / 8))
      weights = np.outer([1 - u, u], [1 - v, v])
      from_y, from_x = (
        round(place + np.sum(weights * field))
        for place, field in zip((y, x), corners, strict=True)
      )
      inside = 0 <= from_y < 12 and 0 <= from_x < 9
      expected = places[0, from_y, from_x, 0] if inside else 0
      assert moved[0, y, x, 0] == expected


def test_elastic_at_strength_zero_changes_nothing():
  images = np.moveaxis(_FRAMES[:, 0], 1, -1)
  moved = augment.elastic(jax.random.key(0), images, std=0.0)
  np.testing.assert_array_equal(moved, images)


def test_half_of_the_images_are_mirrored():
  images = jnp.arange(2 * 3 * 1.0).reshape(1, 2, 3, 1).repeat(200, axis=0)
  keys = jax.random.split(jax.random.key(0), 200)
  flipped = np.asarray(augment.random_flip(keys, images))
  is_mirrored = (flipped == np.asarray(images)[:, :, ::-1]).all((1, 2, 3))
  is_same = (flipped == np.asarray(images)).all((1, 2, 3))
  assert (is_mirrored ^ is_same).all()
  assert 60 < is_mirrored.sum() < 140


def test_a_square_is_blanked_about_any_pixel():
  images = jnp.ones((300, 8, 8, 2))
  keys = jax.random.split(jax.random.key(0), 300)
  cut = np.asarray(augment.cutout(keys, images, side=4))
  np.testing.assert_array_equal(cut[..., 0], cut[..., 1])
  holes = cut[..., 0] == 0
  rows, columns = holes.any(2), holes.any(1)
  np.testing.assert_array_equal(holes, rows[:, :, None] & columns[:, None])
  sizes = rows.sum(1)
  assert sizes.min() == 2  # half a square, at the border
  assert sizes.max() == 4
  assert holes.any((0,)).all()
