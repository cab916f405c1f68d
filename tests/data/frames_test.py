# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the four ways to cut recordings into frames."""

import functools
import math

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from snnjax.data import events, frames

_SENSOR = (3, 4)
_recordings = st.lists(
  st.tuples(
    st.integers(0, 3), st.integers(0, 2), st.integers(0, 90), st.integers(0, 1)
  ),
  max_size=50,
).map(lambda rows: events.sort_by_time(np.array(rows, events.EVENT)))


def _frame(recording):
  """Counts of one frame, one event after the other."""
  counts = np.zeros((2, *_SENSOR), np.int16)
  for x, y, _, p in recording.tolist():
    counts[p, y, x] += 1
  return counts


def test_axes_are_time_polarity_y_x():
  recording = np.array([(3, 1, 0, 1), (3, 1, 1, 1), (2, 0, 5, 0)], events.EVENT)
  counts = frames.time_window(recording, window=5, sensor=_SENSOR)
  assert counts.dtype == np.int16
  assert counts.shape == (1, 2, 3, 4)
  assert counts[0, 1, 1, 3] == 2
  assert counts.sum() == 2  # the last event begins an incomplete frame
  whole = frames.time_window(
    recording, window=5, include_incomplete=True, sensor=_SENSOR
  )
  assert whole.sum() == 2  # (t1 - t0 - w)/s = 0: t1 lies on the edge
  assert frames.clip(counts)[0, 1, 1, 3] == 1


@hypothesis.given(
  recording=_recordings,
  window=st.integers(1, 40),
  part=st.floats(0, 0.99),
  incomplete=st.booleans(),
)
def test_time_window_equals_its_definition(recording, window, part, incomplete):
  overlap = math.floor(window * part)
  counts = frames.time_window(
    recording,
    window=window,
    overlap=overlap,
    include_incomplete=incomplete,
    sensor=_SENSOR,
  )
  t = recording['t'] if len(recording) else np.zeros(1, int)
  stride = window - overlap
  extra = (t[-1] - t[0] - window) / stride
  number = math.ceil(extra) if incomplete else math.floor(extra)
  assert len(counts) == max(number + 1, 1)
  for i, frame in enumerate(counts):
    begin = t[0] + i * stride
    inside = (recording['t'] >= begin) & (recording['t'] < begin + window)
    np.testing.assert_array_equal(frame, _frame(recording[inside]))


def test_time_window_between_given_times():
  recording = np.array([(0, 0, t, 0) for t in (3, 9, 10, 19)], events.EVENT)
  counts = frames.time_window(recording, window=5, start=0, stop=20)
  assert counts.sum((1, 2, 3)).tolist() == [1, 1, 1, 1]
  late = frames.time_window(recording, window=5, start=5, stop=15)
  assert late.sum((1, 2, 3)).tolist() == [1, 1]


@hypothesis.given(recording=_recordings, num_bins=st.integers(1, 12))
def test_n_time_bins_equals_its_definition(recording, num_bins):
  counts = frames.n_time_bins(recording, num_bins=num_bins, sensor=_SENSOR)
  assert counts.shape == (num_bins, 2, *_SENSOR)
  t = recording['t']
  width = (t[-1] - t[0]) // num_bins if len(t) else 0
  for i, frame in enumerate(counts):
    begin = t[0] + i * width if len(t) else 0
    inside = (t >= begin) & (t < begin + width)
    np.testing.assert_array_equal(frame, _frame(recording[inside]))


@hypothesis.given(recording=_recordings, count=st.integers(1, 60))
def test_event_count_groups_consecutive_events(recording, count):
  counts = frames.event_count(recording, count=count, sensor=_SENSOR)
  assert len(counts) == max(1, len(recording) // count)
  for i, frame in enumerate(counts):
    group = recording[i * count : (i + 1) * count]
    np.testing.assert_array_equal(frame, _frame(group))


@hypothesis.given(recording=_recordings, num_bins=st.integers(1, 12))
def test_n_event_bins_are_equal_groups(recording, num_bins):
  counts = frames.n_event_bins(recording, num_bins=num_bins, sensor=_SENSOR)
  size = len(recording) // num_bins
  assert counts.sum((1, 2, 3)).tolist() == [size] * num_bins
  np.testing.assert_array_equal(
    counts.sum(0), _frame(recording[: size * num_bins])
  )


@pytest.mark.parametrize(
  ('cut', 'length'),
  [
    (functools.partial(frames.time_window, window=1000), 1),
    (functools.partial(frames.n_time_bins, num_bins=7), 7),
    (functools.partial(frames.event_count, count=5), 1),
    (functools.partial(frames.n_event_bins, num_bins=7), 7),
  ],
)
def test_no_events_give_frames_of_zeros(cut, length):
  counts = cut(np.empty(0, events.EVENT))
  assert counts.shape == (length, 2, 34, 34)
  assert not counts.any()


@pytest.mark.parametrize('event', [(34, 0, 0, 0), (0, -1, 0, 0), (0, 0, 0, 2)])
def test_events_off_the_sensor_are_refused(event):
  recording = np.array([(0, 0, 0, 0), event], events.EVENT)
  with pytest.raises(ValueError, match=r'but event 1 has x'):
    frames.event_count(recording, count=1)


def test_falling_times_are_refused():
  recording = np.array([(0, 0, 5, 0), (0, 0, 4, 0)], events.EVENT)
  with pytest.raises(ValueError, match=r'event 1 has 4 us after 5 us'):
    frames.n_time_bins(recording, num_bins=1)


def test_counts_beyond_int16_are_refused():
  recording = np.zeros(2**15, events.EVENT)
  assert frames.n_event_bins(recording[1:], num_bins=1).max() == 2**15 - 1
  with pytest.raises(ValueError, match='32768'):
    frames.n_event_bins(recording, num_bins=1)


def test_arguments_out_of_range_are_refused():
  recording = np.zeros(3, events.EVENT)
  with pytest.raises(ValueError, match='overlap < window'):
    frames.time_window(recording, window=5, overlap=5)
  with pytest.raises(ValueError, match='num_bins > 0'):
    frames.n_time_bins(recording, num_bins=0)
  with pytest.raises(ValueError, match='num_bins > 0'):
    frames.n_event_bins(recording, num_bins=0)
  with pytest.raises(ValueError, match='count > 0'):
    frames.event_count(recording, count=0)


def test_crop_keeps_the_centre():
  counts = np.arange(34 * 34).reshape(1, 34, 34)
  assert frames.crop(counts, size=28)[0, 0, 0] == 3 * 34 + 3
  assert frames.crop(counts, size=28).shape == (1, 28, 28)
  with pytest.raises(ValueError, match='size'):
    frames.crop(counts, size=35)
