# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tests of chains: what they do, and that their names tell them apart."""

import functools

import jax.numpy as jnp
import numpy as np
import pytest

from snnjax.data import chain, denoise, events, frames

_RECORDING = np.array(
  [(3, 1, t, t % 2) for t in range(0, 9000, 30)], events.EVENT
)


def _halve(counts):
  return counts / 2


def test_run_calls_in_order():
  found = chain.run(
    chain.Chain(
      transforms=(denoise.first_saccade_only, events.sort_by_time),
      frame=functools.partial(frames.n_event_bins, num_bins=3),
      frame_transforms=(functools.partial(frames.crop, size=32), frames.clip),
    ),
    _RECORDING,
  )
  assert found.shape == (3, 2, 32, 32)
  assert found.dtype == np.uint8
  assert found[:, 0, 0, 2].tolist() == [1, 1, 1]


def test_run_takes_the_smallest_type_that_fits():
  one_bin = functools.partial(frames.n_event_bins, num_bins=1)
  many = np.concatenate([_RECORDING] * 3)
  assert chain.run(chain.Chain((), one_bin), many).dtype == np.int16
  assert chain.run(chain.Chain((), one_bin), many).max() == 900
  halved = chain.run(chain.Chain((), one_bin, (_halve,)), many)
  assert halved.max() == 450.0


def test_stack_pads_at_the_end():
  parts = [np.ones((t, 2, 1, 1), np.uint8) for t in (2, 3, 1)]
  parts[1] = parts[1].astype(np.int16)
  stacked, lengths = chain.stack(parts)
  assert stacked.dtype == np.int16
  assert lengths.tolist() == [2, 3, 1]
  assert stacked[..., 0, 0, 0].tolist() == [[1, 1, 0], [1, 1, 1], [1, 0, 0]]


def test_names_differ_where_results_may():
  def cut(**options):
    return functools.partial(frames.time_window, **options)

  chains = [
    chain.Chain((), cut(window=5)),
    chain.Chain((), cut(window=6)),
    chain.Chain((), cut(window=5, overlap=1)),
    chain.Chain((denoise.denoise,), cut(window=5)),
    chain.Chain((functools.partial(denoise.denoise),), cut(window=5)),
    chain.Chain((denoise.stabilize, denoise.denoise), cut(window=5)),
    chain.Chain((denoise.denoise, denoise.stabilize), cut(window=5)),
    chain.Chain((), cut(window=5), (frames.clip,)),
    chain.Chain((), cut(window=5), (_halve,)),
  ]
  names = [tuple(chain.describe(c)) for c in chains]
  assert len(set(names)) == len(names)
  assert names[2] == tuple(
    chain.describe(chain.Chain((), cut(overlap=1, window=5)))
  )


def test_a_default_is_part_of_the_name():
  def keeping(every):
    def keep(events, k=every, *, first=every):
      return events[first::k]

    return chain.describe(chain.Chain((keep,), frames.clip))

  two = keeping(2)
  assert two == keeping(2)
  assert two != keeping(3)
  with pytest.raises(ValueError, match='plain'):
    keeping(np.ones(3))


def test_what_cannot_be_named_is_refused():
  window = 5
  captured = chain.Chain(
    (), lambda recording: frames.time_window(recording, window=window)
  )
  with pytest.raises(ValueError, match='captured'):
    chain.describe(captured)
  with pytest.raises(ValueError, match='plain'):
    chain.describe(
      chain.Chain((), functools.partial(frames.time_window, window=np.ones(3)))
    )
  typed = {}
  exec('def keep(events): return events', typed)
  for function in (jnp.sqrt, lambda events: events, typed['keep']):
    with pytest.raises(ValueError, match='function from a file'):
      chain.describe(chain.Chain((), function))
