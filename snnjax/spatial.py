# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The spatial gradient: through the layers by spike rates, not through time.

The network of integrate-and-fire neurons is simulated without a gradient. Each
layer's measured rate then stands in for the clipped line that it approximates:

  Iₗ = Wₗ·rₗ₋₁ + bₗ,   rₗ = clip(Iₗ/θ, 0, 1) + stop_gradient(rate - clip(...))

so that memory does not grow with the number of steps. At the output the line
itself is read: the spikes of T steps together with what the membrane holds
beyond them, Iₗ/θ = (N + (U - U₀)/θ)/T, where N are the spikes that U has been
reset for: not yet the last step's. Counts alone could not tell apart classes
that fire at every step, and a silent class would be stuck.

References: Lee, Delbrück, Pfeiffer, "Training deep spiking neural networks
using backpropagation", 2016. Wu et al., "A tandem learning rule for effective
training and rapid inference of deep spiking neural networks", 2021.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from snnjax import combinators
from snnjax.neurons.neuron import over_batch
from snnjax.simulate import run, start
from snnjax.types import Array, Cell, Params


class Rates(NamedTuple):
  outputs: Array  # [B, O], spikes per step and what the membrane still holds
  layers: dict[str, Array]  # [B, N...], spikes per step of every layer


def spatial_rates(
  cell: Cell, params: Params, x: Array, *, num_steps: int
) -> Rates:
  """Simulates a network on a constant input and returns its spike rates.

  Args:
    cell: a `serial` of linear synapses (average, not maximum pooling) and
      integrate-and-fire neurons with parameter `threshold`; the last layer is
      one of neurons.
    params: its parameters.
    x: the constant input `[B, ...]`.
    num_steps: T.

  Returns:
    The rates; `outputs` has the spatial gradient and may lie outside [0, 1].
  """
  neurons = start(cell, params, x[None])
  counting = combinators.serial(
    {
      name: combinators.counted(part) if name in neurons else part
      for name, part in cell.parts
    }
  )
  state, _ = run(
    counting,
    jax.lax.stop_gradient(params),
    x[None],
    num_steps=num_steps,
    record=lambda state, y: (),
  )
  layers = {name: own.counts / num_steps for name, own in state.items()}
  last = cell.parts[-1][0]
  for name, part in cell.parts:
    if name not in neurons:
      _, x = part.step(params.get(name, ()), (), x)
      continue
    threshold = over_batch(params[name].threshold, x.ndim)
    line = x / jax.lax.stop_gradient(threshold)
    if name != last:
      line = jnp.clip(line, 0.0, 1.0)
      line += jax.lax.stop_gradient(layers[name] - line)
    x = line
  return Rates(x, layers)
