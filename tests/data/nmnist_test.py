# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the N-MNIST reader: made-up files, then the real recordings."""

import functools
import hashlib
import os
import zipfile

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from snnjax import data
from snnjax.data import chain, denoise, events, frames, nmnist

_FILES = {
  'Train/5/00001.bin': [(1, 2, 100, 1), (1, 3, 2100, 0), (9, 9, 4100, 1)],
  'Train/0/00002.bin': [(33, 0, 7, 0), (33, 1, 9, 0)],
  'Train/4/00010.bin': [(4, 4, t, 1) for t in range(0, 9001, 1000)],
}
_WINDOWS = chain.Chain((), functools.partial(frames.time_window, window=1000))
_SQUARE = [(x, y, 50 * x + y, 1) for x in range(30) for y in range(20)]


def _encode(rows):
  return events.encode(np.array(rows, events.EVENT))


def _write(root, files):
  """Writes a folder, or a zip if the root is called so."""
  contents = {
    name: rows if isinstance(rows, bytes) else _encode(rows)
    for name, rows in files.items()
  }
  root.parent.mkdir(parents=True, exist_ok=True)
  if root.suffix == '.zip':
    with zipfile.ZipFile(root, 'w', zipfile.ZIP_DEFLATED) as zipped:
      for name, content in contents.items():
        zipped.writestr(name, content)
    return
  for name, content in contents.items():
    path = root.joinpath(*name.split('/')[1:])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
  'place',
  [
    'nmnist/Train.zip',
    'NMNIST/Train.zip',
    'Train.zip',
    'nmnist/Train',
    'nmnist/NMNIST/Train',
    'NMNIST/Train',
    'Train',
    'nmnist/train.zip',
  ],
)
def test_files_are_found_wherever_they_may_lie(tmp_path, place):
  _write(tmp_path / place, _FILES)
  loaded = nmnist.load_frames('train', data_dir=tmp_path, chain=_WINDOWS)
  assert loaded.numbers.tolist() == [1, 2, 10]
  assert loaded.labels.tolist() == [5, 0, 4]
  assert loaded.lengths.tolist() == [4, 1, 9]
  assert loaded.inputs.shape == (3, 9, 2, 34, 34)
  assert loaded.inputs.dtype == np.uint8
  assert loaded.inputs.sum((2, 3, 4)).tolist() == [
    [1, 0, 1, 0, 0, 0, 0, 0, 0],
    [2, 0, 0, 0, 0, 0, 0, 0, 0],
    [1] * 9,
  ]
  assert loaded.inputs[0, 0, 1, 2, 1] == 1


def test_load_gives_a_source(tmp_path):
  _write(tmp_path / 'Test.zip', {'NMNIST/Test/7/1.bs2': _SQUARE})
  source = data.load('nmnist', 'test', data_dir=tmp_path)
  assert source.inputs.shape == (1, 30, 2, 34, 34)
  assert source.labels.dtype == np.int32
  assert source.labels.tolist() == [7]
  assert source.class_names[7] == '7'


def test_numbers_sort_as_numbers_not_as_text(tmp_path):
  rows = [(0, 0, 0, 0)]
  _write(
    tmp_path / 'Train',
    {'Train/1/10.bin': rows, 'Train/2/9.BIN': rows, 'Train/3/000100.bs2': rows},
  )
  loaded = nmnist.load_frames('train', data_dir=tmp_path, chain=_WINDOWS)
  assert loaded.numbers.tolist() == [9, 10, 100]
  assert loaded.labels.tolist() == [2, 1, 3]


def test_what_is_no_recording_is_left_alone(tmp_path):
  extra = {
    'Train/README.txt': b'hello',
    'Train/5/.DS_Store': b'?',
    '__MACOSX/Train/5/._00001.bin': b'?',
  }
  _write(tmp_path / 'Train.zip', _FILES | extra)
  loaded = nmnist.load_frames('train', data_dir=tmp_path, chain=_WINDOWS)
  assert loaded.numbers.tolist() == [1, 2, 10]


@pytest.mark.parametrize('root', ['Train', 'Train.zip'])
@pytest.mark.parametrize(
  ('files', 'message'),
  [
    ({'Train/5/00003.bin': bytes(7)}, r'5/00003\.bin: .* byte 5'),
    ({'Train/5/00003.bin': b''}, r'5/00003\.bin: .* byte 0'),
    ({'Train/5/00003.bin': [(34, 0, 0, 0)]}, r'5/00003\.bin: .*x = 34'),
    (
      {'Train/5/00003.bin': [(0, 0, 9, 0), (0, 0, 8, 0)]},
      r'5/00003\.bin: .*byte 5 has 8 us after 9',
    ),
    ({'Train/five/00003.bin': [(0, 0, 0, 0)]}, r'five/00003\.bin'),
    ({'Train/12/00003.bin': [(0, 0, 0, 0)]}, r'12/00003\.bin'),
    ({f'Train/5/{10**20}.bin': [(0, 0, 0, 0)]}, f'5/{10**20}'),
    ({'Train/5/three.bin': [(0, 0, 0, 0)]}, r'5/three\.bin'),
    ({'Train/5/00003.bin.part': [(0, 0, 0, 0)]}, r'00003\.bin\.part'),
    ({'Train/7/1.bin': [(0, 0, 0, 0)]}, r'5/00001\.bin and .*7/1\.bin'),
    ({'Train/5/00001.bs2': [(0, 0, 0, 0)]}, r'00001\.bin and .*00001\.bs2'),
  ],
)
def test_bad_files_are_named(tmp_path, root, files, message):
  _write(tmp_path / root, _FILES | files)
  with pytest.raises(ValueError, match=message):
    nmnist.load('train', data_dir=tmp_path)


def test_falling_times_can_be_sorted(tmp_path):
  _write(tmp_path / 'Train', {'Train/5/1.bin': [(0, 0, 9, 0), (0, 0, 8, 1)]})
  (recording,) = nmnist.read_events('train', data_dir=tmp_path, sort=True)
  assert recording.events['t'].tolist() == [8, 9]
  assert recording.label == 5
  assert recording.number == 1
  loaded = nmnist.load('train', data_dir=tmp_path, sort=True, chain=_WINDOWS)
  assert loaded.inputs.sum() == 1 + 1


def test_a_refusing_transform_names_the_file(tmp_path):
  _write(tmp_path / 'Train', _FILES)
  small = chain.Chain(
    (), functools.partial(frames.n_event_bins, num_bins=1, sensor=(28, 28))
  )
  with pytest.raises(ValueError, match=r'0/00002\.bin.*event 0 has x = 33'):
    nmnist.load('train', data_dir=tmp_path, chain=small)


def test_empty_and_damaged_archives_are_refused(tmp_path):
  path = tmp_path / 'nmnist' / 'Train.zip'
  _write(path, {})
  with pytest.raises(ValueError, match=r'Train\.zip: must hold recordings'):
    nmnist.load('train', data_dir=tmp_path)
  _write(path, _FILES)
  whole = path.read_bytes()
  path.write_bytes(whole[:-30])
  with pytest.raises(ValueError, match=r'Train\.zip: '):
    nmnist.load('train', data_dir=tmp_path)
  path.write_bytes(b'')
  with pytest.raises(ValueError, match=r'Train\.zip: '):
    nmnist.load('train', data_dir=tmp_path)
  path.unlink()
  (tmp_path / 'nmnist' / 'Train').mkdir()
  with pytest.raises(ValueError, match='must hold recordings'):
    nmnist.load('train', data_dir=tmp_path)


@hypothesis.settings(
  max_examples=40,
  suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(place=st.integers(0, 10_000), value=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_nothing(tmp_path, place, value):
  path = tmp_path / 'Train.zip'
  _write(path, _FILES)
  expected = [r.events for r in nmnist.read_events('train', data_dir=tmp_path)]
  mutated = bytearray(path.read_bytes())
  files_end = mutated.index(b'PK\1\2')  # where the directory begins
  mutated[place % files_end] ^= value
  path.write_bytes(mutated)
  found, complaint = expected, str(path)
  try:
    found = [r.events for r in nmnist.read_events('train', data_dir=tmp_path)]
  except ValueError as error:
    complaint = str(error)
  assert str(path) in complaint
  for one, other in zip(expected, found, strict=True):
    np.testing.assert_array_equal(one, other)


def test_missing_files_say_where_to_get_them(tmp_path, monkeypatch):
  with pytest.raises(FileNotFoundError, match=r'Test\.zip.*10\.17632/468j46'):
    nmnist.load('test', data_dir=tmp_path)
  with pytest.raises(FileNotFoundError, match=r'no data directory.*--data_dir'):
    nmnist.load('test', data_dir=None)
  monkeypatch.setenv('SNNJAX_DATA_DIR', str(tmp_path))
  with pytest.raises(FileNotFoundError, match=f'{tmp_path} has neither'):
    nmnist.load_frames('test')
  with pytest.raises(ValueError, match='validation'):
    nmnist.load('validation', data_dir=tmp_path)


def test_cache_follows_files_and_chain(tmp_path):
  folder = tmp_path / 'Train'
  _write(folder, _FILES)
  first = nmnist.load('train', data_dir=tmp_path, chain=_WINDOWS)
  doubled = chain.Chain((), functools.partial(frames.time_window, window=2000))
  assert len(
    nmnist.load('train', data_dir=tmp_path, chain=doubled).inputs[0]
  ) != len(first.inputs[0])
  path = folder / '5' / '00001.bin'
  status = path.stat()
  path.write_bytes(_encode([(2, 2, 0, 0)] * 3))
  os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
  changed = nmnist.load('train', data_dir=tmp_path, chain=_WINDOWS)
  assert changed.inputs[0].sum() == 3
  assert first.inputs[0].sum() == 2


def test_an_interrupted_write_is_made_up_for(tmp_path, own_cache):
  _write(tmp_path / 'Train', _FILES)
  first = nmnist.load('train', data_dir=tmp_path, chain=_WINDOWS)
  expected = np.array(first.inputs)
  (entry,) = (own_cache / 'arrays').iterdir()
  whole = (entry / 'inputs.npy').read_bytes()
  (entry / 'inputs.npy').unlink()
  (entry / 'inputs.npy').write_bytes(whole[: len(whole) // 2])
  (entry.parent / '.left-over').mkdir()
  again = nmnist.load('train', data_dir=tmp_path, chain=_WINDOWS)
  np.testing.assert_array_equal(again.inputs, expected)


@pytest.fixture(scope='module')
def recordings(data_dir):
  """All 1,100 real recordings by number."""
  found = {}
  for split in ('train', 'test'):
    for recording in nmnist.read_events(split, data_dir=data_dir):
      found[recording.number] = recording
  return dict(sorted(found.items()))


def test_real_files_are_those_of_the_published_subset(recordings):
  digest = hashlib.sha256()
  for recording in recordings.values():
    digest.update(events.encode(recording.events))
  assert digest.hexdigest() == (
    'da89e2d157aab1e4548dcdeee54dd73ad3025c80eba14a782ee8df12bf8d2bfe'
  )
  numbers = [*range(1, 1001), *range(60001, 60101)]
  assert list(recordings) == numbers


@pytest.mark.parametrize(
  ('number', 'label', 'first', 'last', 'denoised', 'windows', 'sums', 'bins'),
  [
    (
      1, 5, (18, 16, 893, 1), (10, 10, 305924, 0),
      (4358, (23, 9, 298494, 1)), ((305, 4680), (297, 4357)), (2250, 2107),
      (410, 1154, 315, 68, 821, 745, 100, 304, 589, 174),
    ),
    (
      2, 0, (10, 30, 937, 1), (11, 17, 305341, 1),
      (4639, (21, 11, 299125, 0)), ((304, 5027), (298, 4638)), (2385, 2253),
      (309, 1035, 450, 141, 730, 670, 114, 369, 938, 271),
    ),
    (
      3, 4, (8, 16, 4231, 1), (21, 25, 306195, 1),
      (3002, (20, 12, 298947, 0)), ((301, 3305), (294, 3001)), (1566, 1435),
      (168, 586, 234, 133, 523, 351, 153, 352, 627, 179),
    ),
    (
      60001, 7, (7, 7, 5087, 1), (26, 8, 307827, 1),
      (3037, (16, 21, 305179, 1)), ((302, 3329), (300, 3036)), (1538, 1498),
      (329, 794, 191, 142, 500, 363, 85, 220, 511, 194),
    ),
  ],
)  # fmt: skip
def test_real_recordings(
  recordings, number, label, first, last, denoised, windows, sums, bins
):
  raw = recordings[number].events
  assert recordings[number].label == label
  assert (raw[0].item(), raw[-1].item()) == (first, last)
  kept = denoise.denoise(raw)
  assert (len(kept), kept[-1].item()) == denoised
  cut = [frames.time_window(r, window=1000) for r in (raw, kept)]
  assert tuple((len(f), f.sum()) for f in cut) == windows
  assert tuple(cut[1].sum((0, 2, 3)).tolist()) == sums
  in_bins = frames.n_time_bins(raw, num_bins=10).sum((1, 2, 3))
  assert tuple(in_bins.tolist()) == bins


def test_real_recordings_cut_otherwise(recordings):
  raw = [recordings[i].events for i in (1, 2, 3, 60001)]
  groups = [frames.n_event_bins(r, num_bins=4).sum((1, 2, 3)) for r in raw]
  assert [g.tolist() for g in groups] == [
    [n] * 4 for n in (1170, 1257, 826, 832)
  ]
  counted = [len(frames.event_count(r, count=1000)) for r in raw]
  assert counted == [4, 5, 3, 3]
  for recording in raw:
    whole = frames.time_window(
      recording, window=10_000, include_incomplete=True
    )
    assert (len(whole), whole.sum()) == (31, len(recording))


def test_real_recordings_as_slayer_bins_them(recordings):
  first = events.slayer_tensor(recordings[1].events)
  assert first.sum((1, 2, 3)).tolist() == [2350, 2320]
  begin = [0, 2, 1, 4, 1, 2, 3, 4, 8, 4, 5, 1]
  assert first.sum((0, 1, 2))[:12].tolist() == begin
  test = events.slayer_tensor(recordings[60001].events)
  assert test.sum((1, 2, 3)).tolist() == [1606, 1705]


@pytest.mark.parametrize(
  ('numbers', 'per_class', 'mean', 'sd', 'median', 'total', 'on', 'window'),
  [
    (
      range(1, 1001), [97, 116, 99, 93, 105, 92, 94, 117, 87, 100],
      4133.23, 1153.52, 4180.5, 4_133_231, 0.4983, (296841, 315109),
    ),
    (
      range(60001, 60101), [8, 14, 8, 11, 14, 7, 10, 15, 2, 11],
      3855.96, 1108.56, 3913.0, 385_596, 0.4944, (301809, 336040),
    ),
  ],
)  # fmt: skip
def test_real_statistics(
  recordings, numbers, per_class, mean, sd, median, total, on, window
):
  chosen = [recordings[number] for number in numbers]
  assert np.bincount([r.label for r in chosen]).tolist() == per_class
  lengths = np.array([len(r.events) for r in chosen])
  assert lengths.sum() == total
  found = [lengths.mean(), lengths.std(), np.median(lengths)]
  np.testing.assert_allclose(found, [mean, sd, median], atol=0.005)
  share = np.concatenate([r.events['p'] for r in chosen]).mean()
  assert share == pytest.approx(on, abs=5e-5)
  last = [r.events['t'][-1] for r in chosen]
  assert (min(last), max(last)) == window


def test_real_split_is_denoised_and_framed(recordings, data_dir):
  loaded = nmnist.load_frames('test', data_dir=data_dir)
  assert loaded.inputs.shape == (100, 30, 2, 34, 34)
  assert loaded.inputs.dtype == np.uint8
  assert loaded.numbers.tolist() == list(range(60001, 60101))
  assert loaded.labels[:4].tolist() == [7, 2, 1, 0]
  kept = [
    len(denoise.denoise(recordings[n].events)) / len(recordings[n].events)
    for n in loaded.numbers.tolist()
  ]
  np.testing.assert_allclose(
    [np.mean(kept), min(kept), max(kept)], [0.925, 0.820, 0.954], atol=6e-4
  )
  expected = frames.n_time_bins(
    denoise.denoise(recordings[60100].events), num_bins=30
  )
  np.testing.assert_array_equal(loaded.inputs[-1], expected)
