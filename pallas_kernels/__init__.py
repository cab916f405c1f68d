# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Kernels that take the place of XLA's loops on a GPU."""

from pallas_kernels.event_solver import solve_by_pallas

__all__ = ['solve_by_pallas']
