# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Every test of data has a cache and a data directory of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
  folder = tmp_path_factory.mktemp('cache')
  monkeypatch.setenv('SNNJAX_CACHE_DIR', str(folder))
  monkeypatch.delenv('SNNJAX_DATA_DIR', raising=False)
  return folder
