# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Mosaics of receptive fields, and maps of labels."""

import numpy as np
import pytest

from snnjax import viz


def test_tiles_lie_row_after_row():
  weights = np.arange(3)[:, None] * np.ones((3, 6)) + 1
  tiles = viz.mosaic(weights, (2, 3))
  assert tiles.shape == (4, 6)
  assert np.all(tiles[:2, :3] == 1)
  assert np.all(tiles[:2, 3:] == 2)
  assert np.all(tiles[2:, :3] == 3)
  assert np.all(tiles[2:, 3:] == 0)


def test_a_tile_is_the_image_as_it_lies():
  image = np.arange(6.0)
  np.testing.assert_array_equal(
    viz.mosaic(image[None], (2, 3)), image.reshape(2, 3)
  )


def test_colours_span_the_weights_and_a_flat_mosaic_is_one_colour():
  colors = viz.mosaic_colors(np.array([[0.0, 2.0]]), (1, 2))
  assert colors.shape == (1, 2, 4)
  assert colors.dtype == np.uint8
  assert colors[0, 0, :3].sum() > colors[0, 1, :3].sum()  # hot, reversed
  flat = viz.mosaic_colors(np.ones((4, 4)), (2, 2))
  assert len(np.unique(flat.reshape(-1, 4), axis=0)) == 1


def test_weights_of_another_size_are_refused():
  with pytest.raises(ValueError, match=r'\[N, 6\].*\(3, 5\)'):
    viz.mosaic(np.ones((3, 5)), (2, 3))


def test_drawn_fields_and_labels_are_the_given_ones():
  figure = viz.new_figure()
  left, right = figure.subplots(1, 2)
  weights = np.random.default_rng(0).random((5, 4))
  image = viz.receptive_fields(left, weights, (2, 2))
  np.testing.assert_array_equal(image.get_array(), viz.mosaic(weights, (2, 2)))
  labels = viz.assignment_map(right, np.array([0, 1, -1, 1, 0]), ('a', 'b'))
  np.testing.assert_array_equal(
    labels.get_array(), [[0, 1, -1], [1, 0, -1], [-1, -1, -1]]
  )
