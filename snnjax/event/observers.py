# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a network's spikes tell of its health."""

import jax.numpy as jnp

from snnjax.event.types import Crossings
from snnjax.metrics import mean_of
from snnjax.types import Array, Sums


def activity(crossings: dict[str, Crossings], mask: Array) -> Sums:
  """Counts spikes, and what went wrong with them, by layer.

  Args:
    crossings: of every layer.
    mask: `[B]`, 1 for an example and 0 for padding.

  Returns:
    `spikes/<layer>`, per example; `silent/<layer>`, the share of neurons that
    do not fire; `overflow/<layer>`, the share whose spikes found no room;
    `grazing/<layer>`, spikes per example whose slope is 0: too small
    for an exact gradient.
  """
  sums = {}
  for name, layer in crossings.items():
    is_spike = jnp.isfinite(layer.times)
    measures = {
      'spikes': is_spike.sum((1, 2)).astype(jnp.float32),
      'silent': jnp.mean(~is_spike.any(-1), axis=1),
      'overflow': jnp.mean(layer.has_overflown, axis=1),
      'grazing': (layer.slopes == 0).sum((1, 2)).astype(jnp.float32),
    }
    for measure, values in measures.items():
      sums[f'{measure}/{name}'] = mean_of(values, mask)
  return sums
