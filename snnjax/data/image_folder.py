# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Images in one folder per class, as they lie or in a tar or zip."""

import collections
import io
import os
import pathlib

import numpy as np
from PIL import Image

from snnjax import types
from snnjax.data import archive, cache, pipeline

_SUFFIXES = (
  '.bmp',
  '.gif',
  '.jpeg',
  '.jpg',
  '.pgm',
  '.png',
  '.ppm',
  '.tif',
  '.tiff',
)
_SPLITS = {
  'train': 'train',
  'validation': 'validation',
  'val': 'validation',
  'valid': 'validation',
  'test': 'test',
}
_MODES = frozenset(['1', 'L', 'LA', 'P', 'PA', 'RGB', 'RGBA', 'CMYK', 'YCbCr'])
_ARCHIVES = ('.tar', '.tar.gz', '.tgz', '.tar.bz2', '.tar.xz', '.zip')
_KEY = ('image_folder', 2)  # raise the number when the result changes


def load(
  split: str,
  *,
  data_dir: str | os.PathLike | None = None,
  size: tuple[int, int] | None = None,
  grey: bool = False,
) -> types.Source:
  """Loads the images of a tree, from the cache if they were read before.

  The tree is `<class>/<image>` or `<split>/<class>/<image>`, below any other
  folders. The first image of each class comes first, by file name, then the
  second of each, and so on, so that the first few examples hold all classes.

  Args:
    split: name of a split's folder; `'train'` is all of a tree without any.
    data_dir: the tree, a tar (compressed or not) or zip of it, or a folder
      with nothing but that archive or with the tree in `image_folder/`.
    size: height and width that images are resized to, bilinear and
      antialiased; default to require that all have the same.
    grey: whether to reduce the images to one channel of luminance.

  Returns:
    Images uint8 `[N, H, W, 3]`, or `[N, H, W, 1]` if grey; classes in
    alphabetical order.

  Raises:
    FileNotFoundError: there is no such folder or archive.
    ValueError: a file that is no image or damaged, a class without images, no
      such split, or images of several sizes.
  """
  if data_dir is None:
    raise FileNotFoundError(
      'image_folder needs a folder of images or an archive of one; name it '
      'with --data_dir or SNNJAX_DATA_DIR.'
    )
  root = _root(pathlib.Path(data_dir))
  key = (*_KEY, cache.stamp(root), size, grey)
  arrays = cache.cached_arrays(key, lambda: _read(root, size, grey))
  names = dict.fromkeys(_SPLITS.values())
  splits = [name for name in names if f'{name}_labels' in arrays]
  pipeline.require_split(str(root), splits, split)
  return types.Source(
    inputs=arrays[f'{split}_inputs'],
    labels=arrays[f'{split}_labels'],
    class_names=tuple(arrays['class_names'].tolist()),
  )


def archives_in(folder: pathlib.Path) -> list[pathlib.Path]:
  """Lists a folder's own archives, by their names' endings, sorted."""
  return sorted(
    path for path in folder.iterdir() if path.name.endswith(_ARCHIVES)
  )


def _root(path: pathlib.Path) -> pathlib.Path:
  if (path / 'image_folder').is_dir():
    return path / 'image_folder'
  if not path.is_dir() or any(child.is_dir() for child in path.iterdir()):
    return path
  archives = archives_in(path)
  return archives[0] if len(archives) == 1 else path


def _read(root, size, grey) -> dict[str, np.ndarray]:
  """All splits, since an archive must be read to its end for any."""
  images, others = {}, []
  for path, read in archive.members(root):
    if path in images:
      raise ValueError(f'{root}: must hold each file once, but {path} twice.')
    if path.suffix.lower() in _SUFFIXES:
      images[path] = _decode(read(), f'{root}/{path}', size, grey)
    else:
      others.append(path)
  folders = collections.defaultdict(list)
  for path in sorted(images):
    folders[path.parent].append(path)
  if strangers := [path for path in others if path.parent in folders]:
    raise ValueError(
      f'{root}/{strangers[0]}: a class must hold only images, of endings '
      f'{", ".join(_SUFFIXES)}.'
    )
  classes = sorted({folder.name for folder in folders})
  arrays = {'class_names': np.array(classes)}
  for split, top in _splits(folders, root).items():
    paths = _deal(folders, [top / name for name in classes], root)
    shape = images[paths[0]].shape
    if unlike := [path for path in paths if images[path].shape != shape]:
      raise ValueError(
        f'{root}/{unlike[0]}: the images of a split must be of one size, but '
        f'this one has {images[unlike[0]].shape[:2]} and {paths[0]} '
        f'{shape[:2]}; choose a size to resize to.'
      )
    labels = [classes.index(path.parent.name) for path in paths]
    arrays[f'{split}_inputs'] = np.stack([images[path] for path in paths])
    arrays[f'{split}_labels'] = np.array(labels, np.int32)
  return arrays


def _splits(folders, root) -> dict[str, pathlib.PurePosixPath]:
  """The folder of each split, above those of the classes."""
  if not folders or pathlib.PurePosixPath('.') in folders:
    raise ValueError(
      f'{root}: must hold images in <class>/, but holds '
      f'{"one outside any folder" if folders else "none"}.'
    )
  tops = {folder.parent for folder in folders}
  splits = {_SPLITS[top.name]: top for top in tops if top.name in _SPLITS}
  if len(tops) != max(1, len(splits)):
    raise ValueError(
      f'{root}: images must lie in <class>/ or in <split>/<class>/ with a '
      f'split of {", ".join(_SPLITS)}, but there are classes in '
      f'{", ".join(sorted(map(str, tops)))}.'
    )
  return splits or {'train': tops.pop()}


def _deal(folders, chosen, root) -> list[pathlib.PurePosixPath]:
  """The first image of each chosen folder, then the second ones, ..."""
  if empty := [folder for folder in chosen if folder not in folders]:
    raise ValueError(
      f'{root}: each class must have an image in each split, but {empty[0]} '
      'has none.'
    )
  ranked = [pair for folder in chosen for pair in enumerate(folders[folder])]
  return [path for _, path in sorted(ranked)]


def _decode(content: bytes, name: str, size, grey: bool) -> np.ndarray:
  """One image, uint8 `[H, W, C]`."""
  try:
    with Image.open(io.BytesIO(content)) as image:
      if image.mode not in _MODES:
        raise ValueError(f'its mode is {image.mode}')
      image.load()
      image = image.convert('L' if grey else 'RGB')
      if size is not None:
        image = image.resize(size[::-1], Image.Resampling.BILINEAR)
      pixels = np.asarray(image)
  except Exception as error:  # pillow's decoders raise all kinds
    raise ValueError(
      f'{name}: must be a whole image of 8 bits per channel, but its '
      f'{len(content)} bytes are not: {error}.'
    ) from error
  return pixels[..., None] if grey else pixels
