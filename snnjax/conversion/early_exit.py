# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Stops where an answer has settled."""

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax.types import Array


class Exit(NamedTuple):
  """When and what is answered.

  Attributes:
    prediction: class `[B]`.
    steps: `[B]`, after which it is given.
  """

  prediction: Array
  steps: Array


def early_exit(outputs: Array, record: Sequence[int], *, margin: float) -> Exit:
  """Answers as soon as the best class leads enough, else in the end.

  The lead is that of softmax probabilities, best less second.

  Args:
    outputs: logits `[R, B, C]` after each of the recorded steps.
    record: those R numbers of steps.
    margin: the lead that settles an answer, in [0, 1].

  Returns:
    Each example's answer and how many steps it took.
  """
  best = jax.lax.top_k(jax.nn.softmax(outputs), 2)[0]
  is_settled = best[..., 0] - best[..., 1] >= margin
  is_settled = is_settled.at[-1].set(True)
  place = is_settled.argmax(0)
  predictions = jnp.take_along_axis(outputs.argmax(-1), place[None], axis=0)[0]
  return Exit(predictions, jnp.asarray(record)[place])
