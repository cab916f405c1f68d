# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""To and from other programs: NIR (which needs the package `nir`), and Flax."""

__all__ = []
