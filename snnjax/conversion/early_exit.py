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


def early_exit(
  outputs: Array,
  record: Sequence[int],
  *,
  repeats: int = 4,
  margin: float = 0.5,
) -> Exit:
  """Answers as soon as an answer is settled, else in the end.

  An answer is settled where the best class has been the same for some reads and
  leads the second by enough in softmax probability. One read is not enough: the
  first ones may be confident and wrong.

  Args:
    outputs: logits `[R, B, C]` after each of the recorded steps.
    record: those R numbers of steps.
    repeats: reads in a row with the same best class, 1 or more.
    margin: the lead at the last of them, in [0, 1].

  Returns:
    Each example's answer and how many steps it took.

  Raises:
    ValueError: there are not as many outputs as recorded steps.
  """
  if len(outputs) != len(record):
    raise ValueError(
      f'outputs must be those of the recorded steps, {len(record)}; got '
      f'{len(outputs)}'
    )
  best, classes = jax.lax.top_k(jax.nn.softmax(outputs), 2)
  is_settled = best[..., 0] - best[..., 1] >= margin
  answers = classes[..., 0]
  for k in range(1, repeats):
    is_same = answers[k:] == answers[:-k]
    is_settled &= jnp.pad(is_same, ((k, 0), (0, 0)))[: len(answers)]
  is_settled = is_settled.at[-1].set(True)
  place = is_settled.argmax(0)
  predictions = jnp.take_along_axis(answers, place[None], axis=0)[0]
  return Exit(predictions, jnp.asarray(record)[place])
