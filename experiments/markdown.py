# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Tables of reports and benchmarks; imports no array library."""

from collections.abc import Sequence


def table(heads: Sequence, rows: Sequence[Sequence]) -> str:
  """Writes rows below their heads, without a line break at the end."""
  lines = [heads, ['---'] * len(heads), *rows]
  return '\n'.join(f'| {" | ".join(map(str, cells))} |' for cells in lines)
