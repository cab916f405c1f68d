# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The film holds the frames in the colours of the map."""

import matplotlib
import numpy as np
import pytest
from PIL import Image

from snnjax import viz


def test_values_get_the_colours_of_one_common_range(tmp_path, read_gif):
  frames = np.random.default_rng(0).normal(size=(4, 5, 3))
  viz.save_animation(tmp_path / 'a.gif', frames)
  unit = (frames - frames.min()) / (frames.max() - frames.min())
  places = np.rint(255 * unit).astype(int)
  plasma = matplotlib.colormaps['plasma'](places, bytes=True)[..., :3]
  film, milliseconds = read_gif(tmp_path / 'a.gif')
  np.testing.assert_array_equal(film[:, ::52, ::52], plasma)
  assert milliseconds == [40] * 4


def test_pixels_are_repeated(tmp_path, read_gif):
  frames = np.arange(12).reshape(2, 2, 3)
  viz.save_animation(tmp_path / 'a.gif', frames)
  film, _ = read_gif(tmp_path / 'a.gif')
  assert film.shape == (2, 172, 258, 3)
  np.testing.assert_array_equal(
    film, film[:, ::86, ::86].repeat(86, 1).repeat(86, 2)
  )


def test_silence_has_all_its_frames(tmp_path, read_gif):
  viz.save_animation(tmp_path / 'a.gif', np.zeros((5, 4, 4), bool))
  film, _ = read_gif(tmp_path / 'a.gif')
  assert film.shape == (5, 256, 256, 3)
  assert len(np.unique(film.reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize(
  ('frames', 'message'),
  [
    (np.zeros((0, 3, 3)), 'not empty'),
    (np.zeros((3, 3)), r'\[T, H, W\]'),
    (np.full((1, 2, 2), np.nan), 'finite'),
    (np.array([[[0.0, np.inf]]]), 'finite'),
  ],
)
def test_what_cannot_be_shown_is_refused(tmp_path, frames, message):
  with pytest.raises(ValueError, match=message):
    viz.save_animation(tmp_path / 'a.gif', frames)


def test_a_film_shows_its_pictures_in_order(tmp_path, read_gif):
  pictures = []
  for k in range(3):
    picture = np.zeros((4, 6, 3), np.uint8)
    picture[k, :, k] = 255
    pictures.append(tmp_path / f'{k}.png')
    Image.fromarray(picture).save(pictures[-1])
  viz.save_film(tmp_path / 'film.gif', pictures, frames_per_second=4)
  film, milliseconds = read_gif(tmp_path / 'film.gif')
  assert milliseconds == [250] * 3
  for k, frame in enumerate(film):
    np.testing.assert_array_equal(frame, np.asarray(Image.open(pictures[k])))


def test_a_film_keeps_a_rate_that_hundredths_of_a_second_cannot_hold(
  tmp_path, read_gif
):
  pictures = [tmp_path / f'{k}.png' for k in range(4)]
  for k, picture in enumerate(pictures):
    Image.new('RGB', (2, 2), (50 * k, 0, 0)).save(picture)
  viz.save_film(tmp_path / 'film.gif', pictures, frames_per_second=40)
  assert read_gif(tmp_path / 'film.gif')[1] == [30, 20, 30, 20]


def test_a_film_of_nothing_is_an_error(tmp_path):
  with pytest.raises(ValueError, match='at least one picture'):
    viz.save_film(tmp_path / 'film.gif', [])
