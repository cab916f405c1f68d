# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Architectures."""

from snnjax.models.csnn import csnn

__all__ = ['csnn']
