# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""IDX files: the format of MNIST and its relatives.

Two zero bytes, a code for the type, the number of axes, each axis as a
big-endian 32-bit length, and then the values, big-endian, last axis fastest.
"""

import math

import numpy as np

from snnjax import types

_TYPES = {
  0x08: np.dtype('u1'),
  0x09: np.dtype('i1'),
  0x0B: np.dtype('>i2'),
  0x0C: np.dtype('>i4'),
  0x0D: np.dtype('>f4'),
  0x0E: np.dtype('>f8'),
}


def decode(content: bytes, *, name: str) -> np.ndarray:
  """Reads an array from the bytes of an IDX file.

  Args:
    content: the whole file, decompressed.
    name: what errors call the file.

  Returns:
    An array of the file's shape and type, in the machine's byte order.

  Raises:
    ValueError: the header is wrong, or the length is not what it says.
  """
  if len(content) < 4 or content[:2] != b'\0\0' or content[2] not in _TYPES:
    codes = ', '.join(f'{code:02x}' for code in _TYPES)
    raise ValueError(
      f'{name}: an IDX file must begin with 00 00, a type ({codes}) and the '
      f'number of axes, but byte 0 and after are {content[:4].hex(" ")!r}.'
    )
  dtype, rank = _TYPES[content[2]], content[3]
  begin = 4 + 4 * rank
  if len(content) < begin:
    raise ValueError(
      f'{name}: the header of {rank} axes must have {begin} bytes, but the '
      f'file ends at byte {len(content)}.'
    )
  shape = tuple(np.frombuffer(content, '>u4', rank, 4).tolist())
  expected = begin + math.prod(shape) * dtype.itemsize
  if len(content) != expected:
    raise ValueError(
      f'{name}: shape {shape} of {dtype} in the header asks for {expected} '
      f'bytes, but the file ends at byte {len(content)}.'
    )
  values = np.frombuffer(content, dtype, offset=begin).reshape(shape)
  return values.astype(dtype.newbyteorder('='))


def join(
  images: np.ndarray,
  labels: np.ndarray,
  class_names: tuple[str, ...],
  *,
  names: tuple[str, str],
  first_label: int = 0,
) -> types.Source:
  """Joins the contents of an image file and of its label file.

  Args:
    images: uint8 `[N, H, W]`.
    labels: uint8 `[N]`, from `first_label` on.
    class_names: one name per class.
    names: what errors call the two files.
    first_label: the label of the first class.

  Returns:
    Images uint8 `[N, H, W, 1]` and labels from 0 on.

  Raises:
    ValueError: wrong types or ranks, no images, counts that differ, or a
      label without a class.
  """
  for array, rank, name in zip((images, labels), (3, 1), names, strict=True):
    if array.ndim != rank or array.dtype != np.uint8:
      raise ValueError(
        f'{name}: must hold uint8 of {rank} axes, but holds {array.dtype} of '
        f'shape {array.shape}; are the two files in each other’s place?'
      )
  if not images.size:
    raise ValueError(f'{names[0]}: holds no image, by shape {images.shape}.')
  if len(images) != len(labels):
    raise ValueError(
      f'{names[1]}: must have one label for each of the {len(images)} images '
      f'in {names[0]}, but has {len(labels)}.'
    )
  last_label = first_label + len(class_names) - 1
  wrong = np.flatnonzero((labels < first_label) | (labels > last_label))
  if wrong.size:
    raise ValueError(
      f'{names[1]}: labels must be {first_label} to {last_label}, but label '
      f'number {wrong[0]} (byte {8 + wrong[0]}) is {labels[wrong[0]]}.'
    )
  return types.Source(
    inputs=images[..., None],
    labels=labels.astype(np.int32) - first_label,
    class_names=class_names,
  )
