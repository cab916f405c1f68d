# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Figures without pyplot: made from objects, saved in one piece.

Nothing here, nor in the modules beside it, reads or sets matplotlib's global
state: no current figure, no back end, no `rcParams`. Colours are those of
Okabe and Ito, which people with any kind of colour vision tell apart.
"""

import contextlib
import os
import pathlib
from collections.abc import Iterator

from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

BLUE = '#0072B2'
VERMILION = '#D55E00'
GREY = '#707070'
_OKABE_ITO = (
  BLUE,
  VERMILION,
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#F0E442',
)


def color(k: int, num: int) -> str:
  """The colour of line k of `num`, as '#rrggbb'."""
  if num <= len(_OKABE_ITO):
    return _OKABE_ITO[k]
  return to_hex(colormaps['turbo'](k / (num - 1)))


def new_figure(width: float = 7.0, height: float = 4.5) -> Figure:
  """Makes an empty white figure of `width` by `height` (inches)."""
  figure = Figure((width, height), dpi=150, facecolor='w', layout='constrained')
  FigureCanvasAgg(figure)
  return figure


def save(figure: Figure, path: str | os.PathLike) -> None:
  """Saves a figure; readers see the old file or the whole new one.

  Args:
    figure: what to save.
    path: file name; its suffix names the format (`.png`, `.pdf`, `.svg`).
      Missing folders are made.
  """
  with replacing(path) as draft:
    suffix = pathlib.Path(path).suffix[1:]
    figure.savefig(draft, format=suffix, facecolor=figure.get_facecolor())


@contextlib.contextmanager
def replacing(path: str | os.PathLike) -> Iterator[pathlib.Path]:
  """Yields a file name beside `path` that takes its place on success."""
  path = pathlib.Path(path).expanduser()
  path.parent.mkdir(parents=True, exist_ok=True)
  draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
  try:
    yield draft
    os.replace(draft, path)
  finally:
    draft.unlink(missing_ok=True)
