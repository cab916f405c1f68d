# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The input of the golden vectors, and how they are compared."""

import numpy as np

INPUTS = (0.6, 0.65, 0.0, 1.4, 0.3, -0.2, 0.9, 0.9, 0.0, 2.5, 0.1, 0.0)


def assert_golden(found: np.ndarray, expected: str) -> None:
  """Compares with numbers that are given to eight decimals."""
  expected = np.array(expected.split(), float)
  np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8)
