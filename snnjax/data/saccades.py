# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Address events from still images, as a camera in three saccades sees them.

A stand-in for recordings where none are at hand: an image moves over the
34x34 sensor on N-MNIST's triangle, and each pixel reports when the logarithm
of its intensity has changed by more than a threshold.
"""

import hashlib
import itertools
import zlib
from collections.abc import Iterator

import numpy as np

from snnjax import types
from snnjax.data import cache
from snnjax.data import chain as chain_lib
from snnjax.data import events as events_lib

_SIDE = events_lib.NMNIST_SENSOR[0]
_IMAGE_SIDE = 28
_CORNERS = np.array([[-3.5, -3.5], [0, 3.5], [3.5, -3.5], [-3.5, -3.5]])  # x, y
_SACCADE_US = 102_000
_STEP_US = 2_000
_DARKNESS = 0.2
_MOST_DEVIATIONS = 3
_IMAGES_AT_ONCE = 64


def saccade_events(
  images: np.ndarray,
  *,
  seed: int,
  threshold: float = 0.4,
  threshold_spread: float = 0.1,
  noise_rate: float = 0.5,
) -> Iterator[np.ndarray]:
  """Records images with a simulated event camera.

  A pixel sees L(t) = log(0.2 + I(t)) and holds a reference R; when
  |L - R| exceeds its threshold θ it sends an event of the sign of L - R, and
  R ← R ± θ. Between steps of 2 ms L is linear. An image takes 28 x 28 pixels.
  The way from corner to corner is 10u³ - 15u⁴ + 6u⁵, u from 0 to 1 in 102 ms:
  rest, swift motion, rest.

  Args:
    images: intensities in [0, 1], `[N, H, W]`.
    seed: of the pixels' thresholds and, together with the image itself, of
      its noise and first references.
    threshold: mean θ, in units of L.
    threshold_spread: standard deviation of θ over pixels, relative; θ is at
      most 3 of them from the mean.
    noise_rate: events without cause, per pixel and second.

  Yields:
    Each image's events, sorted by time; times in microseconds.

  Raises:
    ValueError: if shape or values are not those of images, or a pixel's
      threshold could be 0.

  References:
    Orchard, Jayawant, Cohen, Thakor. Converting static image datasets to
    spiking neuromorphic datasets using saccades. 2015.
    Flash, Hogan. The coordination of arm movements. 1985 (the way's shape).
  """
  if images.ndim != 3 or not images.size:
    raise ValueError(
      f'Images must be [N, H, W], but have shape {images.shape}; merge '
      'channels, and leave no axis empty.'
    )
  if not (images.min() >= 0 and images.max() <= 1):
    raise ValueError(
      f'Intensities must lie in [0, 1], but reach from {images.min()} to '
      f'{images.max()}; divide by the value of white.'
    )
  if not (threshold > 0 and 0 <= threshold_spread < 1 / _MOST_DEVIATIONS):
    raise ValueError(
      'Every pixel needs a threshold above 0: `threshold` must be positive and '
      f'`threshold_spread` in [0, 1/{_MOST_DEVIATIONS}), but they are '
      f'{threshold} and {threshold_spread}.'
    )
  pixels = np.random.default_rng(seed)
  deviations = pixels.standard_normal((_SIDE, _SIDE))
  deviations = deviations.clip(-_MOST_DEVIATIONS, _MOST_DEVIATIONS)
  thresholds = threshold * (1 + threshold_spread * deviations)
  weights = _views(images.shape[1:])
  for begin in range(0, len(images), _IMAGES_AT_ONCE):
    block = images[begin : begin + _IMAGES_AT_ONCE]
    hashes = [zlib.crc32(image.tobytes()) for image in block]
    rngs = [np.random.default_rng((seed, number)) for number in hashes]
    columns = _changes(block, weights, thresholds, rngs)
    bounds = np.searchsorted(columns[0], np.arange(len(block) + 1))
    for i, rng in enumerate(rngs):
      seen = (column[bounds[i] : bounds[i + 1]] for column in columns[1:])
      both = (events_lib.make_events(*seen), _noise(rng, noise_rate))
      yield events_lib.sort_by_time(np.concatenate(both))


def record(
  images: types.Source,
  *,
  seed: int = 0,
  chain: chain_lib.Chain = chain_lib.DENOISED_BINS,
) -> types.Source:
  """Records an image set and frames the recordings, or takes the cached result.

  Args:
    images: inputs `[N, H, W]` or `[N, H, W, C]`, not negative; the largest
      value of all is white.
    seed: as for `saccade_events`.
    chain: from events to frames; default denoised, 30 bins of equal duration.

  Returns:
    Counts `[N, T, P, Y, X]`, in the images' order and with their labels.

  Raises:
    ValueError: as `saccade_events`.
  """
  inputs = images.inputs

  def build():
    grey = inputs.mean(axis=-1) if inputs.ndim == 4 else inputs
    recordings = saccade_events(grey / (inputs.max() or 1), seed=seed)
    frames = [chain_lib.run(chain, recording) for recording in recordings]
    return {'inputs': chain_lib.stack(frames)[0]}

  content = hashlib.sha256(inputs.tobytes()).hexdigest()
  key = ('saccades', content, inputs.shape, str(inputs.dtype), seed)
  arrays = cache.cached_arrays((*key, *chain_lib.describe(chain)), build)
  return images._replace(inputs=arrays['inputs'])


def _views(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
  """What each row and column of the sensor sees at each step.

  Returns:
    Bilinear weights `[T, Y, H]` and `[T, X, W]`.
  """
  u = np.linspace(0, 1, _SACCADE_US // _STEP_US, endpoint=False)[:, None]
  way = 10 * u**3 - 15 * u**4 + 6 * u**5
  legs = [a + (b - a) * way for a, b in itertools.pairwise(_CORNERS)]
  shift_x, shift_y = np.concatenate([*legs, _CORNERS[-1:]]).T

  def weights(shift, length):
    scale = length / _IMAGE_SIDE
    sensor = np.arange(_SIDE) - (_SIDE - _IMAGE_SIDE) / 2 - shift[:, None]
    distance = ((sensor + 0.5) * scale - 0.5)[..., None] - np.arange(length)
    reach = max(1, scale)
    return np.maximum(0, 1 - np.abs(distance) / reach) / reach

  return weights(shift_y, shape[0]), weights(shift_x, shape[1])


def _changes(images, weights, thresholds, rngs) -> np.ndarray:
  """Columns (image, x, y, t, p) of all crossings, sorted by image."""
  logs = (
    np.log(_DARKNESS + row @ images @ column.T)
    for row, column in zip(*weights, strict=True)
  )
  before = next(logs)
  first = np.stack([rng.uniform(-1, 1, thresholds.shape) for rng in rngs])
  reference = before + thresholds * first
  found: list[np.ndarray] = [np.empty((5, 0))]
  for step, now in enumerate(logs):
    steps = np.trunc((now - reference) / thresholds)
    for level in range(1, int(np.abs(steps).max()) + 1):
      image, y, x = places = np.nonzero(np.abs(steps) >= level)
      sign = np.sign(steps[places])
      crossed = reference[places] + sign * level * thresholds[y, x]
      part = (crossed - before[places]) / (now - before)[places]
      t = np.rint((step + part) * _STEP_US)
      found.append(np.stack([image, x, y, t, sign > 0]))
    reference += steps * thresholds
    before = now
  columns = np.concatenate(found, axis=1)
  return columns[:, np.argsort(columns[0], kind='stable')]


def _noise(rng: np.random.Generator, rate: float) -> np.ndarray:
  duration = (len(_CORNERS) - 1) * _SACCADE_US
  count = rng.poisson(rate * duration * 1e-6 * _SIDE**2)
  x, y = rng.integers(_SIDE, size=(2, count))
  t, p = rng.integers(duration, size=count), rng.integers(2, size=count)
  return events_lib.make_events(x, y, t, p)
