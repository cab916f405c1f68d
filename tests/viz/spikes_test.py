# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Rasters and traces show exactly the arrays they are given."""

import numpy as np
import pytest

from snnjax import viz


def axes():
  return viz.new_figure(4, 3).add_subplot()


def test_raster_has_a_dash_per_spike():
  spikes = np.random.default_rng(0).random((7, 5)) < 0.3
  dashes = viz.raster(axes(), spikes)
  drawn = {tuple(offset) for offset in np.asarray(dashes.get_offsets())}
  assert drawn == {(t, n) for t, n in np.argwhere(spikes)}
  assert len(drawn) == spikes.sum() > 0
  assert dashes.axes.get_xlim() == (-0.5, 6.5)
  assert dashes.axes.get_ylim() == (-0.5, 4.5)


def test_raster_in_seconds():
  dashes = viz.raster(axes(), np.eye(4), seconds_per_step=0.25)
  offsets = np.asarray(dashes.get_offsets())
  np.testing.assert_allclose(offsets[:, 0], [0, 0.25, 0.5, 0.75])
  np.testing.assert_array_equal(offsets[:, 1], [0, 1, 2, 3])
  assert dashes.axes.get_xlabel() == 'Time [s]'


@pytest.mark.parametrize('shape', [(0, 5), (5, 0), (0, 0), (6, 1), (3, 4)])
def test_raster_without_spikes_is_empty_and_can_be_saved(tmp_path, shape):
  dashes = viz.raster(axes(), np.zeros(shape))
  assert len(dashes.get_offsets()) == 0
  viz.save(dashes.figure, tmp_path / 'raster.png')


def test_a_batch_is_refused():
  batch = np.zeros((3, 2, 4))
  with pytest.raises(ValueError, match=r'spikes \[T, N\] .*\(3, 2, 4\)'):
    viz.raster(axes(), batch)
  with pytest.raises(ValueError, match=r'times \[N, K\] .*\(3, 2, 4\)'):
    viz.spike_trains(axes(), batch, t_max=1.0)


def test_traces_draw_membranes_thresholds_and_spikes():
  membranes = np.random.default_rng(1).normal(size=(6, 4))
  spikes = membranes > 0.5
  thresholds = np.array([0.5, 0.6, 0.7, 0.8])
  panels = viz.traces(
    viz.new_figure(),
    membranes,
    spikes,
    threshold=thresholds,
    spike_height=2.0,
    seconds_per_step=0.1,
  )
  assert len(panels) == 4
  for n, panel in enumerate(panels):
    trace, threshold = panel.lines
    np.testing.assert_allclose(trace.get_xdata(), 0.1 * np.arange(6))
    np.testing.assert_array_equal(trace.get_ydata(), membranes[:, n])
    np.testing.assert_array_equal(threshold.get_ydata(), [thresholds[n]] * 2)
    (lines,) = panel.collections
    drawn = np.array(lines.get_segments()).reshape(-1, 2, 2)
    fired = np.flatnonzero(spikes[:, n])
    u = membranes[fired, n]
    np.testing.assert_allclose(drawn[:, 0], np.stack([0.1 * fired, u], 1))
    np.testing.assert_allclose(drawn[:, 1], np.stack([0.1 * fired, u + 2], 1))


def test_traces_fill_the_panels_there_are():
  figure = viz.new_figure()
  panels = viz.traces(figure, np.arange(12.0).reshape(2, 6), shape=(2, 2))
  assert [panel.get_title() for panel in panels] == [
    f'Neuron {n}' for n in range(4)
  ]
  for n, panel in enumerate(panels):
    np.testing.assert_array_equal(panel.lines[0].get_ydata(), [n, n + 6])
  assert len(figure.axes) == 4


def test_traces_remove_the_panels_without_a_neuron():
  figure = viz.new_figure()
  viz.traces(figure, np.zeros((3, 5)), threshold=1.0)
  assert len(figure.axes) == 5


@pytest.mark.parametrize('shape', [(0, 3), (3, 0), (1, 1)])
def test_traces_of_nothing_can_be_saved(tmp_path, shape):
  figure = viz.new_figure()
  viz.traces(figure, np.zeros(shape), np.zeros(shape), threshold=1.0)
  viz.save(figure, tmp_path / 'traces.png')


def test_traces_refuse_unequal_shapes():
  with pytest.raises(ValueError, match=r'\(3, 2\) and \(2, 3\)'):
    viz.traces(viz.new_figure(), np.zeros((3, 2)), np.zeros((2, 3)))


def test_spike_trains_have_a_dash_per_spike():
  times = np.array([[0.1, 0.3], [np.inf, np.inf], [0.2, np.inf]])
  dashes = viz.spike_trains(axes(), times, t_max=0.4)
  drawn = [list(train.get_positions()) for train in dashes]
  assert drawn == [[0.1, 0.3], [], [0.2]]
  assert dashes[0].axes.get_xlim() == (0, 0.4)
