# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Files of a folder, a tar (compressed or not) or a zip, read where they lie.

Nothing is extracted to disk. An archive that ends early or is damaged is an
error, even where Python's modules would take the damage for its end.
"""

import bz2
import functools
import gzip
import io
import lzma
import os
import pathlib
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

_TAR_BLOCK = 512
_OPENERS = {
  b'\x1f\x8b': gzip.open,
  b'BZh': bz2.open,
  b'\xfd7zXZ\x00': lzma.open,
}
# What gzip, bz2, lzma, tarfile and zipfile raise on damaged content.
_DAMAGE = (
  EOFError,
  OSError,
  OverflowError,
  RuntimeError,
  ValueError,
  lzma.LZMAError,
  tarfile.TarError,
  zipfile.BadZipFile,
  zlib.error,
)


class Member(NamedTuple):
  """A file of a folder or archive.

  Attributes:
    path: relative to the folder or archive, `/` between parts.
    read: returns the content; call it before asking for the next member.
  """

  path: pathlib.PurePosixPath
  read: Callable[[], bytes]


def decompress(content: bytes, *, name: str) -> bytes:
  """Undoes gzip, bzip2 or xz, if the first bytes say so.

  Args:
    content: a whole file.
    name: what errors call the file.

  Returns:
    The decompressed content, or that given.

  Raises:
    ValueError: the compressed data end early or are damaged.
  """
  found = bytearray()
  with _open(io.BytesIO(content)) as stream:
    try:
      while piece := stream.read(2**20):
        found += piece
    except _DAMAGE as error:
      raise ValueError(
        f'{name}: compressed data must be whole, but after at least '
        f'{len(found)} decompressed bytes: {error}. Fetch the file again.'
      ) from error
  return bytes(found)


def _open(file: BinaryIO) -> BinaryIO:
  start = file.read(6)
  file.seek(0)
  for magic, opener in _OPENERS.items():
    if start.startswith(magic):
      return opener(file, 'rb')
  return file


def files_below(root: pathlib.Path) -> list[pathlib.Path]:
  """Lists all files in a folder and below, sorted; follows links."""

  def fail(error: OSError):
    raise error

  found = os.walk(root, onerror=fail, followlinks=True)
  return sorted(
    pathlib.Path(folder, name) for folder, _, names in found for name in names
  )


def members(path: str | os.PathLike) -> Iterator[Member]:
  """Lists the files of a folder, tar or zip, without hidden ones.

  Args:
    path: folder, `.tar` (plain or compressed) or `.zip`, known by content.

  Yields:
    Members; those of a folder sorted by path, others in the archive's order.

  Raises:
    ValueError: the archive is damaged, or holds links or paths outside it.
  """
  path = pathlib.Path(path)
  if path.is_dir():
    found = _folder_members(path)
  else:
    with open(path, 'rb') as file:
      is_zip = file.read(2) == b'PK'
    found = _zip_members(path) if is_zip else _tar_members(path)
  for member in found:
    if '..' in member.path.parts or member.path.is_absolute():
      raise ValueError(
        f'{path}: members must lie inside the archive, but one is called '
        f'{str(member.path)!r}.'
      )
    parts = member.path.parts
    if not any(part.startswith('.') or part == '__MACOSX' for part in parts):
      yield member
    elif path.is_file():
      member.read()  # a zip finds out here if its name is a damaged one


def _folder_members(root: pathlib.Path) -> Iterator[Member]:
  for file in files_below(root):
    name = pathlib.PurePosixPath(file.relative_to(root).as_posix())
    yield Member(name, file.read_bytes)


def _tar_members(path: pathlib.Path) -> Iterator[Member]:
  end = 0
  with open(path, 'rb') as file, _open(file) as stream:
    try:
      with tarfile.open(fileobj=stream, mode='r:') as tar:
        for info in tar:
          name = pathlib.PurePosixPath(info.name)
          if not (info.isdir() or info.isreg()) or info.issparse():
            raise ValueError(f'{name} is a link or special')
          if info.isreg():
            yield Member(name, functools.partial(_tar_content, tar, path, info))
          end = info.offset_data + -(-info.size // _TAR_BLOCK) * _TAR_BLOCK
      # A damaged header, or none at all, ends the loop above without a word.
      stream.seek(end)
      blocks = 0
      while block := stream.read(_TAR_BLOCK):
        blocks += 1
        if block.strip(b'\0'):
          raise ValueError('no valid header')
      if not blocks:
        raise ValueError('the archive ends without an empty block')
    except _DAMAGE as error:
      raise ValueError(
        f'{path}: a tar must be whole and hold only files and folders, but at '
        f'or after byte {end} (decompressed): {error}.'
      ) from error


def _tar_content(tar: tarfile.TarFile, path, info: tarfile.TarInfo) -> bytes:
  try:
    file = tar.extractfile(info)
    content = file.read() if file else b''
  except _DAMAGE as error:
    content, reason = b'', str(error)
  else:
    reason = f'{len(content)} bytes'
  if len(content) != info.size:
    raise ValueError(
      f'{path}: member {info.name} at byte {info.offset_data} (decompressed) '
      f'must have {info.size} bytes, but: {reason}.'
    )
  return content


def _zip_members(path: pathlib.Path) -> Iterator[Member]:
  try:
    with zipfile.ZipFile(path) as archive:
      infos = archive.infolist()
      # A damaged length can swallow entries without a word.
      if len(infos) % 2**16 != (count := _zip_count(path)) < 2**16 - 1:
        raise ValueError(f'of {count} entries only {len(infos)} are found')
      for info in infos:
        name = pathlib.PurePosixPath(info.filename)
        if stat.S_ISLNK(info.external_attr >> 16):
          raise ValueError(f'{name} is a link')
        if info.file_size or not info.is_dir():
          read = functools.partial(_zip_content, archive, path, info)
          yield Member(name, read)
  except _DAMAGE as error:
    raise ValueError(
      f'{path}: a zip must be whole and hold only files and folders, but: '
      f'{error}.'
    ) from error


def _zip_count(path: pathlib.Path) -> int:
  """Number of entries by the end record, which a comment may follow."""
  with open(path, 'rb') as file:
    file.seek(-min(path.stat().st_size, 22 + 2**16), os.SEEK_END)
    end = file.read().rpartition(b'PK\5\6')[2]
  return int.from_bytes(end[6:8], 'little')


def _zip_content(archive: zipfile.ZipFile, path, info) -> bytes:
  try:
    return archive.read(info)
  except _DAMAGE as error:
    raise ValueError(
      f'{path}: member {info.filename} at byte {info.header_offset} must have '
      f'{info.file_size} bytes and its checksum, but: {error}.'
    ) from error
