# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the reader of IDX files."""

import bz2
import gzip
import lzma

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from snnjax.data import archive, idx
from tests.data.damage import flip

CODES = {'u1': 8, 'i1': 9, 'i2': 11, 'i4': 12, 'f4': 13, 'f8': 14}
ARRAY = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def encode(array: np.ndarray) -> bytes:
  big = array.astype(array.dtype.newbyteorder('>'))
  shape = np.array(array.shape, '>u4').tobytes()
  return bytes([0, 0, CODES[array.dtype.str[1:]], array.ndim]) + (
    shape + big.tobytes()
  )


def read(content: bytes) -> np.ndarray:
  return idx.decode(archive.decompress(content, name='set'), name='set')


def test_golden():
  content = bytes.fromhex('00000b02 00000002 00000003 0001fffe7fff800000000100')
  found = idx.decode(content, name='golden')
  np.testing.assert_array_equal(found, [[1, -2, 32767], [-32768, 0, 256]])
  assert found.dtype == np.int16


@pytest.mark.parametrize('dtype', CODES)
def test_every_type(dtype):
  array = np.array([[0, 1, 2], [100, 120, 127]], dtype)
  found = idx.decode(encode(array), name='file')
  np.testing.assert_array_equal(found, array)
  assert found.dtype == array.dtype


@pytest.mark.parametrize('shape', [(), (0,), (5, 0, 2), (1,) * 6])
def test_every_rank(shape):
  array = np.ones(shape, np.uint8)
  np.testing.assert_array_equal(idx.decode(encode(array), name='file'), array)


@pytest.mark.parametrize(
  'compress', [bytes, gzip.compress, bz2.compress, lzma.compress]
)
def test_reads_compressed_or_not(compress):
  np.testing.assert_array_equal(read(compress(encode(ARRAY))), ARRAY)


@pytest.mark.parametrize(
  'compress', [bytes, gzip.compress, bz2.compress, lzma.compress]
)
def test_every_truncation_is_an_error(compress):
  content = compress(encode(ARRAY))
  for end in range(len(content)):
    with pytest.raises(ValueError, match='set') as caught:
      read(content[:end])
    assert any(sign.isdigit() for sign in str(caught.value))


def test_flips_in_gzip_are_an_error_or_harmless():
  content = gzip.compress(encode(ARRAY), mtime=0)
  num_errors = 0
  for place in range(len(content)):
    for bit in range(8):
      try:
        found = read(flip(content, place, 1 << bit))
      except ValueError:
        num_errors += 1
      else:
        np.testing.assert_array_equal(found, ARRAY)
  assert num_errors > 4 * len(content)


@pytest.mark.parametrize('place', range(16))
def test_flips_in_the_header_are_an_error(place):
  content = encode(ARRAY)
  # From uint8 to int8 no length changes; `join` refuses that.
  harmless = {content[place], *([9] if place == 2 else [])}
  for value in set(range(256)) - harmless:
    flipped = content[:place] + bytes([value]) + content[place + 1 :]
    with pytest.raises(ValueError, match='set'):
      idx.decode(flipped, name='set')


@hypothesis.given(st.binary(max_size=40))
def test_anything_else_is_an_error_or_an_array(content):
  try:
    found = idx.decode(b'\0\0' + content, name='set')
  except ValueError:
    return
  assert found.nbytes == len(content) - 2 - 4 * found.ndim


def test_join_makes_a_source():
  labels = np.array([3, 1], np.uint8)
  source = idx.join(
    ARRAY, labels, ('a', 'b', 'c'), names=('x', 'y'), first_label=1
  )
  np.testing.assert_array_equal(source.inputs[..., 0], ARRAY)
  assert source.inputs.dtype == np.uint8
  assert source.labels.tolist() == [2, 0]
  assert source.labels.dtype == np.int32
  assert source.class_names == ('a', 'b', 'c')


@pytest.mark.parametrize(
  ('images', 'labels', 'complaint'),
  [
    (ARRAY, [0, 3], r'y: labels must be 0 to 2, but label number 1 \(byte 9\)'),
    (
      ARRAY,
      [0],
      'y: must have one label for each of the 2 .* has 1',
    ),
    (ARRAY[:0], [], 'x: holds no image'),
    (ARRAY[:, :0], [0, 1], 'x: holds no image'),
    (ARRAY[0], [0, 1], 'x: must hold uint8 of 3 axes'),
    (ARRAY.astype(np.int8), [0, 1], 'x: must hold uint8'),
    (ARRAY, [[0, 1]], 'y: must hold uint8 of 1 axes'),
  ],
)
def test_join_refuses(images, labels, complaint):
  labels = np.array(labels, np.uint8)
  with pytest.raises(ValueError, match=complaint):
    idx.join(images, labels, ('a', 'b', 'c'), names=('x', 'y'))
