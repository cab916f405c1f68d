# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the event filters."""

import hypothesis
import hypothesis.strategies as st
import numpy as np

from snnjax.data import denoise, events

_recordings = st.lists(
  st.tuples(
    st.integers(0, 4), st.integers(0, 3), st.integers(0, 60), st.integers(0, 1)
  ),
  max_size=60,
)


def _events(rows):
  return np.array(rows, events.EVENT)


def _denoise_by_loop(recording, filter_time):
  """The definition, one event after the other."""
  if not len(recording):
    return recording
  width, height = recording['x'].max() + 1, recording['y'].max() + 1
  until = np.full((width, height), filter_time)
  keep = []
  for x, y, t, _ in recording.tolist():
    until[x, y] = t + filter_time
    near = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
    keep.append(
      any(
        until[i, j] > t for i, j in near if 0 <= i < width and 0 <= j < height
      )
    )
  return recording[np.array(keep)]


def test_denoise_golden_vector():
  recording = _events(
    [
      (5, 5, 100, 1),
      (20, 20, 5000, 0),
      (6, 5, 9000, 1),
      (20, 21, 12000, 1),
      (0, 0, 20000, 1),
      (20, 20, 21999, 0),
      (20, 21, 22000, 0),
      (20, 22, 32001, 1),
      (6, 5, 50000, 1),
      (6, 6, 60000, 0),
      (6, 7, 69999, 1),
      (6, 6, 70000, 1),
    ]
  )
  kept = denoise.denoise(recording, filter_time=10_000)
  expected = [100, 5000, 9000, 12000, 21999, 22000, 69999, 70000]
  assert kept['t'].tolist() == expected


@hypothesis.given(rows=_recordings, filter_time=st.integers(1, 20))
def test_denoise_equals_its_definition_in_any_order(rows, filter_time):
  for recording in (_events(rows), events.sort_by_time(_events(rows))):
    np.testing.assert_array_equal(
      denoise.denoise(recording, filter_time=filter_time),
      _denoise_by_loop(recording, filter_time),
    )


def test_denoise_needs_a_neighbour_in_the_box():
  alone = _events([(0, 0, 1, 1), (0, 0, 2, 1)])
  assert len(denoise.denoise(alone)) == 0
  assert len(denoise.denoise(_events([]))) == 0


def test_first_saccade_ends_at_100_ms():
  recording = _events([(0, 0, 99_999, 0), (0, 0, 100_000, 0)])
  assert denoise.first_saccade_only(recording)['t'].tolist() == [99_999]


def test_stabilize_follows_the_triangle():
  recording = _events(
    [
      (10, 10, 0, 0),
      (10, 10, 52500, 0),
      (10, 10, 105000, 1),
      (10, 10, 105001, 1),
      (10, 10, 210000, 1),
      (10, 10, 315000, 1),
      (31, 10, 0, 0),
      (1, 1, 105000, 0),
    ]
  )
  moved = denoise.stabilize(recording)
  x, y = moved['x'].tolist(), moved['y'].tolist()
  # 12.25, 8.5 at half of the first saccade; halves go to the even pixel.
  assert x == [14, 12, 10, 10, 7, 14]
  assert y == [12, 8, 5, 5, 12, 12]
  assert moved['t'].tolist() == recording['t'][:6].tolist()
  assert recording['x'][0] == 10  # the argument is left alone
