# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""To what other programs read; each module needs its own package."""

__all__ = []
