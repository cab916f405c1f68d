# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""One run that nothing interrupts, for others to be compared with."""

import json

import jax
import numpy as np
import pytest

from snnjax.training import read_records
from tests.training import tiny


@pytest.fixture(scope='session')
def uninterrupted(tmp_path_factory):
  workdir = tmp_path_factory.mktemp('uninterrupted')
  return workdir, tiny.fit(workdir)


@pytest.fixture(scope='session')
def assert_same_run(uninterrupted):
  """Compares states to the bit, and all files that tell of the run."""

  def bits(leaf):
    if jax.numpy.issubdtype(leaf.dtype, jax.dtypes.prng_key):
      leaf = jax.random.key_data(leaf)
    return np.asarray(leaf)

  expected_in, expected = uninterrupted

  def compare(workdir, state):
    for a, b in zip(
      jax.tree.leaves(state), jax.tree.leaves(expected), strict=True
    ):
      assert a.dtype == b.dtype
      np.testing.assert_array_equal(bits(a), bits(b))
    assert untimed(workdir) == untimed(expected_in)
    for name in ('best.json', 'config.json'):
      assert settings(workdir / name) == settings(expected_in / name)
    for name in ('checkpoints', 'best'):
      assert listing(workdir / name) == listing(expected_in / name)

  return compare


def settings(path):
  # A commit may be made while tests run.
  return {**json.loads(path.read_text()), 'commit': None}


def untimed(workdir):
  records = read_records(workdir)
  return [{**record, 'wall_time': None} for record in records]


def listing(folder):
  return sorted(path.name for path in folder.iterdir())
