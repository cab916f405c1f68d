# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a task must return, looked at before anything is computed."""

from collections.abc import Iterable, Mapping

from snnjax.types import Mean, PyTree, Shape, Task


def require_sums(sums: PyTree, whose: str, shape: Shape = ()) -> None:
  """Refuses to add up what is no `Mean` by name.

  Args:
    sums: what a function of the user's has returned, or its shapes.
    whose: the function's name.
    shape: of totals and counts.

  Raises:
    ValueError: saying what came.
  """
  if not isinstance(sums, Mapping) or not all(
    isinstance(mean, Mean) and mean.total.shape == mean.count.shape == shape
    for mean in sums.values()
  ):
    raise ValueError(
      f"{whose} must return sums, a `Mean` by name, such as {{'accuracy': "
      'metrics.accuracy(predictions, labels, mask)}, or metrics.mean_of(values '
      f'[B], mask) for anything else; got {sums}'
    )


def require_score(task: Task, names: Iterable[str]) -> None:
  """Refuses a task whose score needs what is not measured.

  Args:
    task: the task.
    names: of what is.

  Raises:
    ValueError: naming what it needs and what there is.
  """
  try:
    task.score(dict.fromkeys(names, 1.0))
  except KeyError as error:
    raise ValueError(
      f"the task's score needs {error} of what `evaluate` returns, "
      f'{sorted(names)}; give `Task` a `score` of these (it is by default that '
      'of accuracy), or pass score_split=None'
    ) from error
  except ArithmeticError:
    pass  # of made-up numbers
