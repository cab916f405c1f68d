# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the simulated event camera."""

import functools

import numpy as np
import pytest

from snnjax import data, types
from snnjax.data import chain, denoise, events, frames, saccades


def _bar(width=2):
  image = np.zeros((1, 28, 28))
  image[:, 6:22, 13 : 13 + width] = 1
  return image


def _record(images, **options):
  return list(saccades.saccade_events(images, **{'seed': 0, **options}))


def test_recordings_are_valid_files():
  (recording,) = _record(_bar())
  assert len(recording) > 100
  decoded = events.decode(
    events.encode(recording),
    name='bar',
    sensor=events.NMNIST_SENSOR,
    must_be_ordered=True,
  )
  np.testing.assert_array_equal(decoded, recording)


def test_recordings_are_a_function_of_seed_and_image():
  images = np.random.default_rng(0).uniform(size=(67, 8, 8))
  first, again = _record(images), _record(images)
  for one, other in zip(first, again, strict=True):
    np.testing.assert_array_equal(one, other)
  # Neither the neighbours nor the place in a block of 64 matter.
  np.testing.assert_array_equal(_record(images[64:])[1], first[65])
  assert not np.array_equal(_record(images, seed=1)[0], first[0])


def test_nothing_to_see_gives_noise_only():
  black = np.zeros((4, 28, 28))
  assert [len(r) for r in _record(black, noise_rate=0.0)] == [0] * 4
  num_events = sum(map(len, _record(black, noise_rate=2.0)))
  expected = 4 * 2.0 * 34 * 34 * 0.306
  assert abs(num_events - expected) < 5 * np.sqrt(expected)


def test_fewer_events_at_a_higher_threshold():
  few = _record(_bar(), threshold=0.6, noise_rate=0.0)[0]
  many = _record(_bar(), threshold=0.3, noise_rate=0.0)[0]
  assert 1.5 * len(few) < len(many) < 3 * len(few)


def test_a_pixel_s_events_add_up_to_its_change():
  # Without spread, ON minus OFF is within one of the net change of L over θ;
  # the triangle closes, so there is none.
  (recording,) = _record(_bar(), noise_rate=0.0, threshold_spread=0.0)
  sign = 2 * recording['p'].astype(int) - 1
  net = np.zeros((34, 34), int)
  np.add.at(net, (recording['y'], recording['x']), sign)
  assert np.abs(net).max() <= 1
  assert np.add.reduce(np.abs(sign)) > 100


def test_leading_edge_is_on_and_stabilize_undoes_the_motion():
  (recording,) = _record(_bar(), noise_rate=0.0)
  first = recording[recording['t'] < 102_000]  # moves to the right
  on, off = first[first['p'] == 1], first[first['p'] == 0]
  assert on['x'].mean() > off['x'].mean() + 1
  spread = [
    np.bincount(r['y'] * 34 + r['x'], minlength=34 * 34).std()
    for r in (recording, denoise.stabilize(recording))
  ]
  assert spread[1] > 1.3 * spread[0]


def test_record_frames_any_image_set():
  inputs = np.random.default_rng(0).integers(17, size=(3, 8, 8, 1))
  source = types.Source(
    inputs.astype(np.uint8), np.arange(3, dtype=np.int32), ('a', 'b', 'c')
  )
  cut = chain.Chain((), functools.partial(frames.n_time_bins, num_bins=5))
  recorded = saccades.record(source, chain=cut)
  assert recorded.inputs.shape == (3, 5, 2, 34, 34)
  assert recorded.class_names == source.class_names
  np.testing.assert_array_equal(recorded.labels, source.labels)
  expected = frames.n_time_bins(
    _record(inputs[..., 0] / inputs.max())[2], num_bins=5
  )
  np.testing.assert_array_equal(recorded.inputs[2], expected)
  colour = source._replace(inputs=np.repeat(source.inputs, 3, axis=-1))
  np.testing.assert_array_equal(
    saccades.record(colour, chain=cut).inputs, recorded.inputs
  )
  other = saccades.record(source, chain=cut, seed=1)
  assert not np.array_equal(other.inputs, recorded.inputs)


def test_saccades_load_by_name():
  recorded = data.load('saccades', 'validation', images='digits')
  digits = data.load('digits', 'validation')
  assert recorded.inputs.shape == (180, 30, 2, 34, 34)
  assert recorded.inputs.dtype == np.uint8
  np.testing.assert_array_equal(recorded.labels, digits.labels)


def test_what_is_no_image_is_refused():
  with pytest.raises(ValueError, match=r'\[N, H, W\].*\(3, 5\)'):
    _record(np.zeros((3, 5)))
  with pytest.raises(ValueError, match=r'\[0, 1\].*255'):
    _record(np.full((1, 8, 8), 255))
  with pytest.raises(ValueError, match='nan'):
    _record(np.full((1, 8, 8), np.nan))


@pytest.mark.parametrize(
  'options', [{'threshold': 0}, {'threshold': -0.4}, {'threshold_spread': 0.5}]
)
def test_thresholds_must_be_positive(options):
  with pytest.raises(ValueError, match='threshold above 0'):
    _record(_bar(), **options)


def test_mnist_s_recordings_resemble_nmnist(data_dir):
  digits = data.load('mnist', 'train', data_dir=data_dir)
  labels = digits.labels[:200]
  recordings = _record(digits.inputs[:200, ..., 0] / 255)
  lengths = np.array([len(recording) for recording in recordings])
  assert 3500 < lengths.mean() < 4700  # N-MNIST: 4133
  assert 2000 < lengths[labels == 1].mean() < 3200  # 2575
  assert 4500 < lengths[labels == 0].mean() < 6500  # 5506
  together = np.concatenate(recordings)
  assert 0.45 < together['p'].mean() < 0.55  # 0.498
  kept = np.mean([len(denoise.denoise(r)) for r in recordings]) / lengths.mean()
  assert 0.88 < kept < 0.96  # 0.918
  shares, _ = np.histogram(together['t'], np.arange(0, 331_000, 30_000))
  real = [57, 206, 92, 26, 132, 147, 34, 51, 175, 80, 2]
  np.testing.assert_allclose(
    1000 * shares / len(together), real, rtol=0, atol=50
  )
