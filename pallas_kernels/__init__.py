# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Kernels: what a GPU is given in the place of compiled loops."""

from pallas_kernels.event_solver import solve_by_pallas

__all__ = ['solve_by_pallas']
