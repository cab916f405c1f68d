# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""A film that is read back is the film that was written."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from snnjax.viz.gif import durations, write_gif

SHUFFLED = np.random.default_rng(0).permutation(256)
PALETTE = np.stack([SHUFFLED, SHUFFLED[::-1], 255 - SHUFFLED], 1).astype('u1')


def same(part):
  return part.astype(np.uint8)


@pytest.mark.parametrize('shape', [(5, 1, 1), (1, 3, 2), (6, 9, 20)])
def test_round_trip(tmp_path, read_gif, shape):
  frames = np.random.default_rng(1).integers(0, 256, shape)
  frames[1::3] = frames[::3][: len(frames[1::3])]  # Some equal neighbours.
  times = range(2, 2 + len(frames))
  write_gif(tmp_path / 'a.gif', frames, times, palette=PALETTE, index=same)
  read_frames, milliseconds = read_gif(tmp_path / 'a.gif')
  np.testing.assert_array_equal(read_frames, PALETTE[frames])
  assert milliseconds == [10 * t for t in times]
  with Image.open(tmp_path / 'a.gif') as image:
    assert image.info['loop'] == 0


def test_only_what_changed_is_written(tmp_path, read_gif):
  frames = np.zeros((3, 40, 50), int)
  frames[1:, 7:9, 30:33] = 1
  seen = []

  def index(part):
    seen.append(part.shape)
    return same(part)

  palette = np.array([[0, 0, 0], [9, 99, 199]], np.uint8)
  write_gif(tmp_path / 'a.gif', frames, [4] * 3, palette=palette, index=index)
  assert seen == [(40, 50), (2, 3), (1, 1)]
  np.testing.assert_array_equal(
    read_gif(tmp_path / 'a.gif')[0], palette[frames]
  )


def test_an_interrupted_film_leaves_the_old_one(tmp_path):
  (tmp_path / 'a.gif').write_bytes(b'old')

  def frames():
    yield np.zeros((2, 2), int)
    raise RuntimeError

  with pytest.raises(RuntimeError):
    write_gif(tmp_path / 'a.gif', frames(), [4, 4], palette=PALETTE, index=same)
  assert (tmp_path / 'a.gif').read_bytes() == b'old'
  assert os.listdir(tmp_path) == ['a.gif']


def test_forty_hertz_alternates_around_25_ms():
  assert durations(6, 40).tolist() == [3, 2, 3, 2, 3, 2]
  assert durations(3, 25).tolist() == [4, 4, 4]
  assert durations(0, 25).tolist() == []


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 500), st.floats(0.5, 50))
def test_durations_never_drift(num_frames, rate):
  ends = np.cumsum(durations(num_frames, rate))
  exact = 100 * np.arange(1, num_frames + 1) / rate
  assert np.abs(ends - exact).max() <= 0.5 + 1e-9
  assert durations(num_frames, rate).min() >= 2


@pytest.mark.parametrize('rate', [0, -1, 50.1, np.nan])
def test_rates_that_viewers_do_not_play_are_refused(rate):
  with pytest.raises(ValueError, match='frames_per_second'):
    durations(3, rate)
