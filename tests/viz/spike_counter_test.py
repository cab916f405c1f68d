# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The film counts: bars, dots and scan line are read back from its pixels."""

import numpy as np
import pytest

from snnjax import viz

SPIKES = np.array(
  [[0, 1, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]
)
LEFT, WIDTH = 96, 1056  # pixels of the axes
BOTTOM, HEIGHT = 616, 567


def row_of(neuron, num_classes):
  return round(BOTTOM - HEIGHT * (neuron + 0.7) / (num_classes + 0.4))


def read_counts(frame, num_steps, num_classes):
  """Reads where the bars, dots included, end."""
  counts = []
  for neuron in range(num_classes):
    line = frame[row_of(neuron, num_classes), LEFT + 2 :].astype(int)
    blue = np.flatnonzero(line[:, 2] - line[:, 0] > 60)
    end = blue[-1] - 5 if blue.size else 0
    counts.append(round(end / WIDTH * num_steps))
  return counts


def read_scan(frame, num_steps):
  """Reads the time under the orange line, above all bars."""
  line = frame[BOTTOM - HEIGHT + 5].astype(int)
  orange = np.flatnonzero(line[:, 0] - line[:, 2] > 200)
  return (orange.mean() - LEFT) / WIDTH * num_steps


def test_every_frame_counts_the_steps_before_it(tmp_path, read_gif):
  viz.save_spike_counter(tmp_path / 'a.gif', SPIKES, 3)
  film, milliseconds = read_gif(tmp_path / 'a.gif')
  assert film.shape == (20, 700, 1200, 3)
  assert milliseconds == [30, 20] * 10
  for i, frame in enumerate(film):
    expected = SPIKES[: i // 4].sum(axis=0).tolist()
    assert read_counts(frame, 5, 4) == expected, i
    # The line is half hidden where it leaves the axes.
    assert read_scan(frame, 5) == pytest.approx(i / 4, abs=0.012), i


def test_the_first_frames_are_empty_and_colours_exact(tmp_path, read_gif):
  viz.save_spike_counter(tmp_path / 'a.gif', SPIKES, None, interpolate=2)
  frames, _ = read_gif(tmp_path / 'a.gif')
  rows = [row_of(neuron, 4) for neuron in range(4)]
  for frame in frames[:2]:
    inside = frame[rows, LEFT + 2 :].astype(int)
    assert not (inside[..., 2] - inside[..., 0] > 20).any()
  assert frames[0][0, 0].tolist() == [255, 255, 255]
  # #007ACC, half transparent, over white: between the second pair of ticks.
  bar = frames[-1][rows[1], LEFT + round(1.5 / 5 * WIDTH)]
  np.testing.assert_allclose(bar, [127.5, 188.5, 229.5], atol=1)


def test_the_last_frame_never_shows_the_last_step(tmp_path, read_gif):
  spikes = np.zeros((3, 2))
  spikes[-1] = 1
  viz.save_spike_counter(tmp_path / 'a.gif', spikes, 0, interpolate=1)
  for frame in read_gif(tmp_path / 'a.gif')[0]:
    assert read_counts(frame, 3, 2) == [0, 0]


def test_frames_can_be_capped(tmp_path, read_gif):
  spikes = np.ones((100, 2))
  viz.save_spike_counter(
    tmp_path / 'a.gif', spikes, 0, max_frames=4, frames_per_second=10
  )
  film, milliseconds = read_gif(tmp_path / 'a.gif')
  assert milliseconds == [100] * 4
  # Frames 0, 133, 266 and 399 of 400.
  times = [read_scan(frame, 100) for frame in film]
  np.testing.assert_allclose(times, [0, 33.25, 66.5, 99.75], atol=0.25)
  assert [read_counts(frame, 100, 2)[0] for frame in film] == [0, 33, 66, 99]


def test_a_step_length_turns_the_axis_to_seconds():
  ax = viz.new_figure().add_subplot()
  drawn = viz.spike_count(ax, SPIKES, seconds_per_step=0.01)
  assert ax.get_xlabel() == 'Time [s]'
  assert ax.get_xlim() == (0, 0.05)
  ends = [segment[1, 0] for segment in drawn.bars.get_segments()]
  np.testing.assert_allclose(ends, 0.01 * SPIKES.sum(axis=0))


def test_the_static_form_shows_the_final_counts():
  ax = viz.new_figure(12, 7).add_subplot()
  drawn = viz.spike_count(ax, SPIKES, 2, class_names=('a', 'b', 'c', 'd'))
  counts = SPIKES.sum(axis=0)
  for row, segment in enumerate(drawn.bars.get_segments()):
    np.testing.assert_array_equal(segment, [[0, row], [counts[row], row]])
  np.testing.assert_array_equal(
    drawn.dots.get_xydata(), [[3, 0], [5, 1], [3, 2], [1, 3]]
  )
  assert drawn.bars.get_linewidth() == [8]
  assert drawn.dots.get_markersize() == 8
  assert not drawn.scan.get_visible()
  assert drawn.scan.get_linewidth() == 3
  assert [t.get_text() for t in ax.get_yticklabels()] == ['a', 'b', 'c', 'd']
  assert ax.get_xlabel() == 'Time Step'
  assert ax.get_title(loc='right') == 'Target: c'
  assert ax.get_xlim() == (0, 5)


def test_more_spikes_than_steps_stay_inside():
  ax = viz.new_figure().add_subplot()
  viz.spike_count(ax, np.full((2, 3), 4.0))
  assert ax.get_xlim() == (0, 8)


@pytest.mark.parametrize('shape', [(0, 3), (1, 1), (4, 47)])
def test_silence_and_odd_sizes_are_drawn(tmp_path, shape):
  figure = viz.new_figure()
  drawn = viz.spike_count(figure.add_subplot(), np.zeros(shape))
  assert len(drawn.dots.get_xdata()) == 0
  assert len(drawn.bars.get_segments()) == shape[1]
  viz.save(figure, tmp_path / 'a.png')


def test_one_class_one_step(tmp_path, read_gif):
  viz.save_spike_counter(tmp_path / 'a.gif', [[True]], 0)
  assert len(read_gif(tmp_path / 'a.gif')[0]) == 4


@pytest.mark.parametrize(
  ('spikes', 'options', 'message'),
  [
    (np.zeros((0, 3)), {}, 'at least one frame; got 0 steps'),
    (np.zeros((3, 0)), {}, 'at least one class'),
    (np.zeros((3, 2, 4)), {}, r'\[T, C\]'),
    (np.zeros((3, 2)), {'max_frames': 0}, 'max_frames 0'),
    (np.zeros((3, 2)), {'interpolate': 0}, 'interpolate 0'),
    (np.zeros((3, 2)), {'frames_per_second': 60}, 'frames_per_second'),
    (np.zeros((3, 2)), {'class_names': ['a']}, 'each of 2 classes; got 1'),
  ],
)
def test_what_cannot_be_filmed_is_refused(tmp_path, spikes, options, message):
  with pytest.raises(ValueError, match=message):
    viz.save_spike_counter(tmp_path / 'a.gif', spikes, 0, **options)
  assert not list(tmp_path.iterdir())
