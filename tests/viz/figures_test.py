# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Figures are saved whole and without pyplot."""

import os
import subprocess
import sys

import matplotlib
import pytest
from PIL import Image

from snnjax import viz
from snnjax.viz.figures import replacing


def test_saves_a_white_picture_of_the_right_size(tmp_path):
  figure = viz.new_figure(4, 3)
  viz.save(figure, tmp_path / 'new' / 'figure.png')
  with Image.open(tmp_path / 'new' / 'figure.png') as image:
    assert image.size == (600, 450)
    assert image.convert('RGB').getpixel((0, 0)) == (255, 255, 255)
  assert os.listdir(tmp_path / 'new') == ['figure.png']


@pytest.mark.parametrize(
  ('suffix', 'magic'), [('pdf', b'%PDF'), ('svg', b'<?xml')]
)
def test_the_suffix_names_the_format(tmp_path, suffix, magic):
  viz.save(viz.new_figure(1, 1), tmp_path / f'figure.{suffix}')
  assert (tmp_path / f'figure.{suffix}').read_bytes().startswith(magic)


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path):
  path = tmp_path / 'figure.png'
  path.write_bytes(b'old')

  def write():
    with replacing(path) as draft:
      draft.write_bytes(b'half of the new')
      raise RuntimeError

  with pytest.raises(RuntimeError):
    write()
  assert path.read_bytes() == b'old'
  assert os.listdir(tmp_path) == ['figure.png']


def test_an_unknown_format_is_an_error_and_writes_nothing(tmp_path):
  with pytest.raises(ValueError, match='not supported'):
    viz.save(viz.new_figure(1, 1), tmp_path / 'figure.nonsense')
  assert os.listdir(tmp_path) == []


_USE_EVERYTHING = """
import sys
import numpy as np
import matplotlib

before = dict(matplotlib.rcParams)
from snnjax import viz

spikes = np.eye(3)
viz.raster(viz.new_figure(1, 1).add_subplot(), spikes)
viz.traces(viz.new_figure(2, 2), spikes, spikes)
viz.confusion(viz.new_figure(2, 2).add_subplot(), spikes, 'abc')
viz.save_spike_counter(sys.argv[1] + '/a.gif', spikes, 1, max_frames=2)
viz.save_animation(sys.argv[1] + '/b.gif', spikes[None])
viz.save(viz.new_figure(1, 1), sys.argv[1] + '/c.png')
assert 'matplotlib.pyplot' not in sys.modules
assert dict(matplotlib.rcParams) == before
"""


def test_no_global_state_of_matplotlib_is_touched(tmp_path):
  # A process of its own: here another test may have imported pyplot.
  subprocess.run(
    [sys.executable, '-c', _USE_EVERYTHING, tmp_path],
    check=True,
    env=os.environ | {'PYTHONPATH': os.pathsep.join(sys.path)},
  )
  assert sorted(os.listdir(tmp_path)) == ['a.gif', 'b.gif', 'c.png']


def test_a_dark_style_of_the_user_leaves_the_page_white(tmp_path):
  with matplotlib.rc_context({'savefig.facecolor': 'black'}):
    viz.save(viz.new_figure(1, 1), tmp_path / 'figure.png')
  with Image.open(tmp_path / 'figure.png') as image:
    assert image.convert('RGB').getpixel((0, 0)) == (255, 255, 255)
