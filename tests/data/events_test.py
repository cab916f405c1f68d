# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of the address-event files and SLAYER's tensors."""

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from snnjax.data import events

_words = st.lists(
  st.tuples(
    st.integers(0, 255),
    st.integers(0, 255).filter(lambda y: y != 240),
    st.integers(0, 2**23 - 1),
    st.integers(0, 1),
  )
)


def _events(rows):
  return np.array(rows, events.EVENT)


@pytest.mark.parametrize(
  ('column', 'value'),
  [('x', 65539), ('t', 0.5), ('t', np.nan), ('p', -1), ('p', 2), ('y', -40000)],
)
def test_what_a_column_cannot_hold_is_refused(column, value):
  columns = {'x': [1], 'y': [2], 't': [3.0], 'p': [True]}
  assert events.make_events(**columns)['t'].tolist() == [3]
  with pytest.raises(ValueError, match=f'got {column} from'):
    events.make_events(**{**columns, column: [value]})


def test_decode_reads_the_published_example():
  decoded = events.decode(bytes.fromhex('121080037d'), name='a.bin')
  np.testing.assert_array_equal(decoded, _events([(18, 16, 893, 1)]))


@hypothesis.given(_words)
def test_decode_inverts_encode(rows):
  recording = _events(rows)
  decoded = events.decode(events.encode(recording), name='a.bin')
  np.testing.assert_array_equal(decoded, recording)


@hypothesis.given(_words)
def test_encode_inverts_decode(rows):
  data = events.encode(_events(rows))
  assert events.encode(events.decode(data, name='a.bin')) == data


def test_carries_delay_what_follows_and_are_dropped():
  carry = bytes([0, 240, 0, 0, 7])
  event = bytes([1, 2, 0, 0, 9])
  decoded = events.decode(
    event + carry + event + carry + carry + event,
    name='a.bin',
    sensor=(34, 34),
    must_be_ordered=True,
  )
  assert decoded['t'].tolist() == [9, 9 + 2**13, 9 + 3 * 2**13]
  assert decoded['y'].tolist() == [2, 2, 2]


def test_the_own_time_of_a_carry_does_not_count():
  carry, late, early = (
    bytes([1, y, 0, 0, t]) for y, t in ((240, 99), (2, 9), (2, 8))
  )
  decoded = events.decode(carry + late, name='a.bin', must_be_ordered=True)
  assert decoded['t'].tolist() == [9 + 2**13]
  with pytest.raises(ValueError, match=r'byte 10 has 8200 us after 8201'):
    events.decode(carry + late + early, name='a.bin', must_be_ordered=True)


def test_leftover_bytes_name_file_and_place():
  with pytest.raises(ValueError, match=r'7/1\.bin: .*12: 2 .* byte 10'):
    events.decode(bytes(12), name='7/1.bin')


def test_events_off_the_sensor_name_file_and_byte():
  data = events.encode(_events([(33, 33, 0, 0), (34, 2, 1, 0)]))
  assert len(events.decode(data, name='a.bin')) == 2
  with pytest.raises(ValueError, match=r'a\.bin: .*byte 5 has x = 34, y = 2'):
    events.decode(data, name='a.bin', sensor=(34, 34))


def test_falling_times_name_file_and_byte():
  data = events.encode(_events([(0, 0, 5, 0), (0, 0, 5, 1), (0, 0, 4, 0)]))
  unsorted = events.decode(data, name='a.bin')
  assert unsorted['t'].tolist() == [5, 5, 4]
  assert events.sort_by_time(unsorted)['t'].tolist() == [4, 5, 5]
  assert events.sort_by_time(unsorted)['p'].tolist() == [0, 0, 1]
  with pytest.raises(ValueError, match=r'a\.bin: .*byte 10 has 4 us after 5'):
    events.decode(data, name='a.bin', must_be_ordered=True)


@pytest.mark.parametrize(
  'event',
  [
    (256, 0, 0, 0),
    (-1, 0, 0, 0),
    (0, 240, 0, 0),
    (0, 0, 2**23, 0),
    (0, 0, -1, 0),
    (0, 0, 0, 2),
  ],
)
def test_encode_refuses_what_a_word_cannot_hold(event):
  with pytest.raises(ValueError, match=r'event 1 has x'):
    events.encode(_events([(0, 0, 0, 0), event]))


@hypothesis.given(data=st.binary(max_size=64))
def test_any_bytes_decode_or_are_refused_by_name(data):
  decoded, complaint = np.empty(0, events.EVENT), 'a.bin: '
  try:
    decoded = events.decode(
      data, name='a.bin', sensor=(34, 34), must_be_ordered=True
    )
  except ValueError as error:
    complaint = str(error)
  assert complaint.startswith('a.bin: ')
  assert (decoded['x'] < 34).all()
  assert (np.diff(decoded['t']) >= 0).all()


def test_slayer_bins_round_half_to_even_and_drop_the_rest():
  recording = _events(
    [(1, 2, 500, 0), (1, 2, 1500, 1), (1, 2, 2400, 1), (3, 0, 3600, 0)]
  )
  either = events.slayer_tensor(recording, num_bins=4)
  assert either.shape == (2, 34, 34, 4)
  assert either[0, 2, 1].tolist() == [1, 0, 0, 0]
  assert either[1, 2, 1].tolist() == [0, 0, 1, 0]
  assert either.sum() == 2  # 3.6 ms is bin 4, beyond the last
  summed = events.slayer_tensor(recording, num_bins=4, combine=np.add)
  assert summed[1, 2, 1, 2] == 2
  halved = events.slayer_tensor(recording, num_bins=4, step_ms=2.0)
  assert halved[0, 0, 3].tolist() == [0, 0, 0.5, 0]


@pytest.mark.parametrize('event', [(34, 0, 0, 0), (0, -1, 0, 0), (0, 0, 0, 2)])
def test_slayer_refuses_events_off_the_sensor(event):
  with pytest.raises(ValueError, match=r'but event 1 has x'):
    events.slayer_tensor(_events([(0, 0, 0, 0), event]))


def test_slayer_list_reads_ids_and_labels(tmp_path):
  path = tmp_path / 'train.txt'
  path.write_text('#sample\t#class\n1\t5\n00002\t0\n\n')
  ids, labels = events.read_slayer_list(path)
  assert list(ids) == ['1', '00002']
  np.testing.assert_array_equal(labels, np.array([5, 0], np.int32))


@pytest.mark.parametrize(
  ('text', 'line'),
  [
    ('', 1),
    ('1 5\n', 1),
    ('#sample #class\n1 5\n2\n', 3),
    ('#sample #class\n1 five\n', 2),
  ],
)
def test_slayer_list_errors_name_the_line(tmp_path, text, line):
  path = tmp_path / 'train.txt'
  path.write_text(text)
  with pytest.raises(ValueError, match=rf'train\.txt, line {line}:'):
    events.read_slayer_list(path)
