# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What may happen to a file."""


def flip(content: bytes, place: int, bits: int) -> bytearray:
  """Flips bits of one byte."""
  flipped = bytearray(content)
  flipped[place] ^= bits
  return flipped
