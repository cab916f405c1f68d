# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of reading folders, tars and zips in place."""

import io
import pathlib
import tarfile
import zipfile

import pytest

from snnjax.data import archive
from tests.data.damage import flip

FILES = {
  'set/a/1.txt': b'first',
  'set/a/2.txt': b'',
  'set/b/1.txt': bytes(range(256)) * 2,
}


def as_folder(path, files=FILES):
  for name, content in files.items():
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(content)


def as_tar(path, files=FILES, mode='w'):
  with tarfile.open(path, mode) as tar:
    for name, content in files.items():
      info = tarfile.TarInfo(name)
      info.size = len(content)
      tar.addfile(info, io.BytesIO(content))


def as_zip(path, files=FILES):
  with zipfile.ZipFile(path, 'w') as zipped:
    for name, content in files.items():
      zipped.writestr(zipfile.ZipInfo(name), content)


def as_gz(path, files=FILES):
  as_tar(path, files, mode='w:gz')


def as_xz(path, files=FILES):
  as_tar(path, files, mode='w:xz')


def contents(path):
  return {str(name): read() for name, read in archive.members(path)}


@pytest.mark.parametrize('write', [as_folder, as_tar, as_gz, as_xz, as_zip])
def test_reads_all_but_what_is_hidden(tmp_path, write):
  hidden = {'.git/x': b'', 'set/.DS_Store': b'', '__MACOSX/set/a': b''}
  write(tmp_path / 'files', FILES | hidden)
  assert contents(tmp_path / 'files') == FILES


def test_follows_links_in_folders(tmp_path):
  as_folder(tmp_path / 'far')
  (tmp_path / 'near').mkdir()
  (tmp_path / 'near' / 'link').symlink_to(tmp_path / 'far' / 'set')
  found = contents(tmp_path / 'near')
  assert found == {k.replace('set', 'link'): v for k, v in FILES.items()}


def outcome(path):
  """What reading gives, or none for a clean error."""
  try:
    return contents(path)
  except ValueError as error:
    return None if str(path) in str(error) else {'unnamed': b''}


@pytest.mark.parametrize('write', [as_tar, as_gz, as_zip])
def test_truncations_are_errors_unless_nothing_is_lost(tmp_path, write):
  path = tmp_path / 'cut'
  write(path)
  whole = path.read_bytes()
  ends = range(0, min(len(whole), 8 * 512), 17 if write is as_tar else 3)
  outcomes = []
  for end in ends:
    path.write_bytes(whole[:end])
    outcomes.append(outcome(path))
  assert all(found in (None, FILES) for found in outcomes)
  # Behind the last file a tar is zeros, of which a block must be left.
  used = 5 * 512 if write is as_tar else len(whole) - 1
  assert outcomes[: used // ends.step] == [None] * (used // ends.step)


@pytest.mark.parametrize('write', [as_tar, as_gz, as_zip])
def test_flips_never_lose_a_file(tmp_path, write):
  path = tmp_path / 'flipped'
  write(path)
  whole = path.read_bytes()
  num_errors = 0
  for place in range(0, min(len(whole), 5 * 512), 5 if write is as_tar else 1):
    path.write_bytes(flip(whole, place, 1 << place % 8))
    if (found := outcome(path)) is None:
      num_errors += 1
    elif write is as_tar:  # which has no checksum of contents
      assert list(found) == list(FILES)
      assert [len(f) for f in found.values()] == list(map(len, FILES.values()))
    else:
      assert len(found) == len(FILES)
      assert list(found.values()) == list(FILES.values())
  assert num_errors > 100


def test_nothing_outside_is_read(tmp_path):
  (tmp_path / 'secret').write_bytes(b'secret')
  path = tmp_path / 'archive'
  for name in ('../secret', str(tmp_path / 'secret')):
    for write in (as_tar, as_zip):
      write(path, {name: b'x'})
      with pytest.raises(ValueError, match='inside the archive'):
        contents(path)
  for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
    info = tarfile.TarInfo('set/link')
    info.type, info.linkname = kind, str(tmp_path / 'secret')
    with tarfile.open(path, 'w') as tar:
      tar.addfile(info)
    with pytest.raises(ValueError, match='link'):
      contents(path)
  info = zipfile.ZipInfo('set/link')
  info.external_attr = 0o120777 << 16
  with zipfile.ZipFile(path, 'w') as zipped:
    zipped.writestr(info, '../secret')
  with pytest.raises(ValueError, match='link'):
    contents(path)


@pytest.mark.parametrize('content', [b'', b'PK', b'BZh', b'text' * 300])
def test_no_archive(tmp_path, content):
  path = tmp_path / 'archive'
  path.write_bytes(content)
  assert outcome(path) is None


def test_missing_or_unreadable(tmp_path):
  with pytest.raises(FileNotFoundError):
    contents(tmp_path / 'missing')
  with pytest.raises(FileNotFoundError):
    archive.files_below(pathlib.Path(tmp_path / 'missing'))
