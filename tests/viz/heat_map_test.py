# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The heat map shows the matrix it is given."""

import numpy as np
import pytest

from snnjax import viz


def test_values_limits_and_extent():
  values = np.arange(6.0).reshape(2, 3)
  ax = viz.new_figure().add_subplot()
  image = viz.heat_map(
    ax, values, label='Spikes', limits=(0, 15), extent=(0, 3, 0, 1)
  )
  np.testing.assert_array_equal(image.get_array(), values)
  assert image.get_clim() == (0, 15)
  assert tuple(image.get_extent()) == (0, 3, 0, 1)
  assert image.origin == 'lower'
  assert image.colorbar.ax.get_ylabel() == 'Spikes'


def test_other_shapes_are_refused():
  with pytest.raises(ValueError, match=r'values \[H, W\]; got \(3,\)'):
    viz.heat_map(viz.new_figure().add_subplot(), np.ones(3), label='')
