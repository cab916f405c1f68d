# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Films read back by Pillow."""

import numpy as np
import pytest
from PIL import Image


def _read_gif(path):
  """Returns frames `[F, H, W, 3]` and milliseconds `[F]`."""
  frames, milliseconds = [], []
  with Image.open(path) as image:
    for place in range(image.n_frames):
      image.seek(place)
      frames.append(np.asarray(image.convert('RGB')))
      milliseconds.append(image.info['duration'])
  return np.stack(frames), milliseconds


@pytest.fixture
def read_gif():
  return _read_gif
