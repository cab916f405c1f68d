# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of arrays kept on disk."""

import itertools
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from snnjax.data import cache

ROOT = pathlib.Path(__file__).parents[2]
ARRAYS = {
  'inputs': np.arange(12, dtype=np.uint8).reshape(3, 4),
  'names': np.array(['a', 'bc']),
  'nothing': np.zeros((0, 2)),
}


def expect(found, wanted):
  assert list(found) == list(wanted)
  for name, array in wanted.items():
    assert found[name].dtype == array.dtype
    np.testing.assert_array_equal(found[name], array)


def never():
  raise AssertionError('built although it was kept')


def test_builds_once_and_then_maps(own_cache):
  expect(cache.cached_arrays(('key', 1), lambda: ARRAYS), ARRAYS)
  kept = cache.cached_arrays(('key', 1), never)
  expect(kept, ARRAYS)
  assert isinstance(kept['inputs'], np.memmap)
  with pytest.raises(ValueError, match='read-only'):
    kept['inputs'][0, 0] = 1
  assert not list(own_cache.rglob('.*'))


@pytest.mark.parametrize('other', [('key', 2), ('key', '1'), ('key', 1, None)])
def test_another_key_is_another_entry(other):
  cache.cached_arrays(('key', 1), lambda: ARRAYS)
  changed = {'inputs': ARRAYS['inputs'] + 1}
  expect(cache.cached_arrays(other, lambda: changed), changed)
  expect(cache.cached_arrays(('key', 1), never), ARRAYS)


def test_a_key_that_has_no_fixed_form_is_refused():
  with pytest.raises(TypeError):
    cache.cached_arrays(('key', object()), lambda: ARRAYS)


def test_objects_are_refused_and_leave_nothing(own_cache):
  objects = {'inputs': np.array([{}], dtype=object)}
  with pytest.raises(ValueError, match='pickle'):
    cache.cached_arrays('key', lambda: objects)
  assert not [path for path in own_cache.rglob('*') if path.is_file()]


def test_a_failed_build_leaves_nothing(own_cache):
  with pytest.raises(ZeroDivisionError):
    cache.cached_arrays('key', lambda: 1 // 0)
  assert not list(own_cache.iterdir())


def test_every_damage_is_made_good(own_cache):
  cache.cached_arrays('key', lambda: ARRAYS)
  files = [path for path in own_cache.rglob('*') if path.is_file()]
  assert len(files) == 4
  for path in files:
    whole = path.read_bytes()
    for end in (0, len(whole) // 2, len(whole) - 1):
      path.write_bytes(whole[:end])
      expect(cache.cached_arrays('key', lambda: ARRAYS), ARRAYS)
    path.unlink()
    expect(cache.cached_arrays('key', lambda: ARRAYS), ARRAYS)
    expect(cache.cached_arrays('key', never), ARRAYS)


def test_a_faster_writer_wins():
  def build():
    cache.cached_arrays('key', lambda: ARRAYS)
    return ARRAYS

  expect(cache.cached_arrays('key', build), ARRAYS)


def test_two_may_find_the_same_damage(own_cache, monkeypatch):
  cache.cached_arrays('key', lambda: ARRAYS)
  (names,) = own_cache.rglob('names.json')
  names.unlink()
  read = cache._read

  def read_and_lose(entry):
    found = read(entry)
    if found is None and entry.is_dir():  # the other moves it
      shutil.rmtree(entry)
    return found

  def build():
    monkeypatch.setattr(cache, '_read', read_and_lose)
    return ARRAYS

  expect(cache.cached_arrays('key', build), ARRAYS)


WRITER = """
import numpy as np
from snnjax.data import cache
for number in range(10_000):
  parts = {f'part_{i}': np.ones(100_000) for i in range(4)}
  cache.cached_arrays(('key', number), lambda: parts)
  print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_entries_or_none():
  with subprocess.Popen(
    [sys.executable, '-c', WRITER], cwd=ROOT, stdout=subprocess.PIPE
  ) as writer:
    for _ in range(3):
      writer.stdout.readline()
    writer.kill()
  numbers, built = itertools.count(), []
  while not built:
    key = ('key', next(numbers))
    arrays = cache.cached_arrays(key, lambda: built.append(1) or ARRAYS)
    if not built:
      assert [array.sum() for array in arrays.values()] == [100_000] * 4
  assert next(numbers) > 3
  expect(arrays, ARRAYS)


def test_an_unwritable_folder_is_named(tmp_path, monkeypatch):
  (tmp_path / 'file').touch()
  monkeypatch.setenv('SNNJAX_CACHE_DIR', str(tmp_path / 'file'))
  with pytest.raises(OSError, match='set SNNJAX_CACHE_DIR'):
    cache.cached_arrays('key', lambda: ARRAYS)


def test_folder_is_that_of_the_environment(tmp_path, monkeypatch):
  assert cache.cache_dir() != tmp_path
  monkeypatch.delenv('SNNJAX_CACHE_DIR')
  monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
  assert cache.cache_dir() == tmp_path / 'snnjax'
  monkeypatch.delenv('XDG_CACHE_HOME')
  monkeypatch.setenv('HOME', str(tmp_path))
  assert cache.cache_dir() == tmp_path / '.cache' / 'snnjax'


def test_stamp_follows_content(tmp_path):
  file = tmp_path / 'set' / 'class' / 'file'
  file.parent.mkdir(parents=True)
  file.write_bytes(b'abc')
  (tmp_path / 'link').symlink_to(file.parent)
  places = (file, tmp_path / 'set', tmp_path / 'link')
  before = [cache.stamp(place) for place in places]
  assert before == [cache.stamp(place) for place in places]

  file.write_bytes(b'abcd')
  longer = [cache.stamp(place) for place in places]
  os.utime(file, ns=(0, 0))
  older = [cache.stamp(place) for place in places]
  for stamps in zip(before, longer, older, strict=True):
    assert len(set(map(tuple, stamps))) == 3
  file.rename(file.with_name('other'))
  assert cache.stamp(tmp_path / 'set') != older[1]
  with pytest.raises(FileNotFoundError):
    cache.stamp(file)
