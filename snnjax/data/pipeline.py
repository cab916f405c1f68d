# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From a source to batches: which examples, in which order, how padded.

Every order is a function of seed and epoch alone, so a run can be resumed at
any step. No example is ever dropped: the last batch of an epoch is padded and
its mask says where.
"""

import functools
import operator
from collections.abc import Iterable, Iterator

import numpy as np

from snnjax import types


def require_split(name: str, splits: Iterable[str], split: str) -> None:
  """Refuses a split that the set called `name` does not have.

  Raises:
    ValueError: naming those that it has.
  """
  if split not in splits:
    raise ValueError(
      f'{name} has the splits {list(splits)}, not {split!r}; '
      '`snnjax.data.split_off` holds examples out.'
    )


def split_off(
  source: types.Source, fraction: float, seed: int
) -> tuple[types.Source, types.Source]:
  """Splits a part off a source, with the classes in equal proportion.

  Args:
    source: N examples.
    fraction: share to hold out, between 0 and 1.
    seed: decides which examples, alone.

  Returns:
    The rest and the held-out part, round(fraction · N) examples, both in the
    source's order.

  Raises:
    ValueError: one of the parts would be empty.
  """
  size = len(source.labels)
  num_held = round(fraction * size)
  if not 0 < num_held < size:
    raise ValueError(
      f'Both parts must have examples, but a fraction of {fraction} of {size} '
      f'leaves {size - num_held} and {num_held}.'
    )
  order = np.random.default_rng(seed).permutation(size)
  order = order[np.argsort(source.labels[order], kind='stable')]
  # Along the classes, one example in every size/num_held.
  steps = np.arange(size + 1) * num_held // size
  is_held = np.zeros(size, bool)
  is_held[order] = steps[1:] > steps[:-1]
  return take(source, ~is_held), take(source, is_held)


def take(source: types.Source, which: np.ndarray | slice) -> types.Source:
  """Keeps some examples.

  Args:
    source: N examples.
    which: a slice, numbers, or a mask `[N]`.
  """
  return source._replace(
    inputs=source.inputs[which], labels=source.labels[which]
  )


def subset(source: types.Source, factor: int) -> types.Source:
  """Keeps the first N // factor examples, in the source's order.

  Args:
    source: N examples.
    factor: at least 1, which keeps all.

  Returns:
    A source that shares its memory with the given one.

  Raises:
    ValueError: nothing would be left, or the factor is no whole number.
  """
  size = len(source.labels)
  if factor != int(factor) or not 1 <= factor <= size:
    raise ValueError(
      f'The factor of a subset must be a whole number from 1 to the number of '
      f'examples, {size}, but is {factor}.'
    )
  return take(source, slice(size // int(factor)))


def training_stream(
  source: types.Source, batch_size: int, *, seed: int
) -> types.Stream:
  """Shows every example once per epoch, each epoch in another order.

  Args:
    source: N examples.
    batch_size: B.
    seed: of the orders, with the epoch.

  Returns:
    ⌈N / B⌉ batches per epoch. The last one is padded with the epoch's first
    examples, with mask 0: what takes no mask, such as a batch's mean or a
    plastic synapse, sees a batch like any other.

  Raises:
    ValueError: the source or the batch is empty, or a label is of no class.
  """
  steps_per_epoch = _num_batches(source, batch_size)

  @functools.lru_cache(maxsize=2)
  def order_of(epoch):
    return np.random.default_rng((seed, epoch)).permutation(len(source.labels))

  def batch(step):
    epoch, place = divmod(operator.index(step), steps_per_epoch)
    return _batch(source, order_of(epoch), place, batch_size)

  return types.Stream(steps_per_epoch=steps_per_epoch, batch=batch)


def evaluation_batches(source: types.Source, batch_size: int) -> types.Batches:
  """Shows every example once, in the source's order.

  Args:
    source: N examples.
    batch_size: B.

  Returns:
    A function that starts anew at each call and yields ⌈N / B⌉ batches,
    padded as those of `training_stream`.

  Raises:
    ValueError: the source or the batch is empty, or a label is of no class.
  """
  num_batches = _num_batches(source, batch_size)
  order = np.arange(len(source.labels))

  def batches() -> Iterator[types.Batch]:
    return (
      _batch(source, order, place, batch_size) for place in range(num_batches)
    )

  return batches


def _num_batches(source: types.Source, batch_size: int) -> int:
  size = len(source.labels)
  if size < 1 or batch_size < 1 or len(source.inputs) != size:
    raise ValueError(
      'Batches need as many inputs as labels, at least one of each, and room '
      f'for one; got {len(source.inputs)} inputs, {size} labels and a batch '
      f'size of {batch_size}.'
    )
  labels, num_classes = np.asarray(source.labels), len(source.class_names)
  if num_classes and (
    labels.ndim != 1 or labels.min() < 0 or labels.max() >= num_classes
  ):
    raise ValueError(
      f'Labels must be [N], from 0 to {num_classes - 1} for the '
      f'{num_classes} class names, but are {labels.shape} from {labels.min()} '
      f'to {labels.max()}; leave out or renumber what has no class.'
    )
  return -(-size // batch_size)


def _batch(
  source: types.Source, order: np.ndarray, place: int, batch_size: int
) -> types.Batch:
  places = place * batch_size + np.arange(batch_size)
  mask = places < len(order)
  index = order.take(places, mode='wrap')
  return types.Batch(
    inputs=np.asarray(source.inputs[index]),
    labels=source.labels[index].astype(np.int32),
    mask=mask.astype(np.float32),
    index=index.astype(np.int32),
  )
