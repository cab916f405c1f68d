# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The networks of the Diehl and Cook family, with the constants of BindsNET.

References:
  P. U. Diehl, M. Cook, Unsupervised learning of digit recognition using
  spike-timing-dependent plasticity, 2015.
  H. Hazan et al., Unsupervised learning with self-organizing spiking neural
  networks, 2018.
  D. J. Saunders et al., Locally connected spiking neural networks for
  unsupervised feature learning, 2019.
"""

import jax.numpy as jnp
import numpy as np

from snnjax.plasticity import lateral, neurons, rules
from snnjax.plasticity.network import Network
from snnjax.plasticity.traces import trace


def two_layer(
  num_inputs: int,
  num_neurons: int = 100,
  *,
  dt: float = 1e-3,
  rule: rules.Rule | None = None,
  neuron: neurons.Neuron | None = None,
  **options,
) -> Network:
  """Makes leaky neurons without competition; they learn, but not to classify.

  Args:
    num_inputs: I.
    num_neurons: N.
    dt: length of a step (seconds).
    rule: default `rules.post_pre()`.
    neuron: default `neurons.leaky(dt=dt)`.
    **options: of `Network`.
  """
  return _network(
    num_inputs,
    num_neurons,
    lateral.none(),
    dt=dt,
    rule=rule,
    neuron=neuron or neurons.leaky(dt=dt),
    **options,
  )


def two_population(
  num_inputs: int,
  num_neurons: int = 100,
  *,
  dt: float = 1e-3,
  inhibition: float = 120.0,
  rule: rules.Rule | None = None,
  neuron: neurons.Neuron | None = None,
  **options,
) -> Network:
  """Makes neurons that inhibit each other directly: `DiehlAndCook2015v2`.

  Args:
    num_inputs: I.
    num_neurons: N.
    dt: length of a step (seconds).
    inhibition: of all others by a spike (millivolts).
    rule: default `rules.post_pre()`.
    neuron: default `neurons.adaptive(dt=dt)`.
    **options: of `Network`.
  """
  return _network(
    num_inputs,
    num_neurons,
    lateral.inhibition(inhibition),
    dt=dt,
    rule=rule,
    neuron=neuron,
    **options,
  )


def three_population(
  num_inputs: int,
  num_neurons: int = 100,
  *,
  dt: float = 1e-3,
  excitation: float = 22.5,
  inhibition: float = 120.0,
  rule: rules.Rule | None = None,
  neuron: neurons.Neuron | None = None,
  feed_forward: bool = True,
  **options,
) -> Network:
  """Makes neurons that inhibit through interneurons: `DiehlAndCook2015`.

  Args:
    num_inputs: I.
    num_neurons: N, of either kind.
    dt: length of a step (seconds).
    excitation: of the own interneuron by a spike (millivolts).
    inhibition: of all others by an interneuron's spike (millivolts).
    rule: default `rules.post_pre()`.
    neuron: excitatory; default `neurons.adaptive(dt=dt)`.
    feed_forward: whether spikes reach the next population within the step.
    **options: of `Network`.

  Raises:
    ValueError: if the excitation cannot make an interneuron fire.
  """
  rest, threshold = -60.0, -40.0
  if excitation < threshold - rest:
    raise ValueError(
      f'one spike must make an interneuron fire: excitation (exc) at least '
      f'{threshold - rest} mV; got {excitation}'
    )
  between = neurons.leaky(
    dt=dt,
    threshold=threshold,
    rest=rest,
    reset=-45.0,
    refractory=2e-3,
    tau=0.01,
  )
  inhibiting = lateral.interneurons(
    between,
    excitation=excitation,
    strength=inhibition,
    feed_forward=feed_forward,
  )
  return _network(
    num_inputs,
    num_neurons,
    inhibiting,
    dt=dt,
    rule=rule,
    neuron=neuron,
    feed_forward=feed_forward,
    **options,
  )


def increasing_inhibition(
  num_inputs: int,
  num_neurons: int = 100,
  *,
  start: float = 10.0,
  largest: float = -40.0,
  **options,
) -> Network:
  """Makes neurons on a grid, which inhibit each other more from farther off.

  Args:
    num_inputs: I.
    num_neurons: N.
    start: from a neuron at distance 0 (millivolts).
    largest: added at the largest distance (millivolts).
    **options: of `two_population`, except `inhibition`.
  """
  weights = lateral.increasing(num_neurons, start=start, largest=largest)
  matrix = lateral.by_matrix(jnp.asarray(weights))
  return _network(num_inputs, num_neurons, matrix, **options)


def locally_connected(
  in_shape: tuple[int, int],
  num_filters: int,
  *,
  window: int,
  stride: int,
  inhibition: float = 25.0,
  **options,
) -> Network:
  """Makes neurons that see a window each and compete with those that see it.

  Args:
    in_shape: height and width of the inputs (pixels).
    num_filters: neurons per window.
    window: side of a window (pixels).
    stride: from a window to the next (pixels).
    inhibition: within a window, by a spike (millivolts).
    **options: of `two_population`; `norm` is by default 0.2 · window².

  Raises:
    ValueError: if no window fits into the inputs.
  """
  height, width = in_shape
  if window > min(in_shape):
    raise ValueError(
      f'a window must fit into the inputs; got one of side {window} for '
      f'{height} x {width} pixels'
    )
  tops = range(0, height - window + 1, stride)
  lefts = range(0, width - window + 1, stride)
  mask = np.zeros((len(tops), len(lefts), num_filters, height, width))
  for row, top in enumerate(tops):
    for column, left in enumerate(lefts):
      mask[row, column, :, top : top + window, left : left + window] = 1
  mask = mask.reshape(-1, height * width)
  num_windows = len(tops) * len(lefts)
  weights = lateral.within_windows(num_windows, num_filters, inhibition)
  options.setdefault('norm', 0.2 * window**2)
  return _network(
    height * width,
    len(mask),
    lateral.by_matrix(jnp.asarray(weights)),
    mask=jnp.asarray(mask),
    **options,
  )


def _network(
  num_inputs: int,
  num_neurons: int,
  acting: lateral.Lateral,
  *,
  dt: float = 1e-3,
  rule: rules.Rule | None = None,
  neuron: neurons.Neuron | None = None,
  **options,
) -> Network:
  """Fills in what these networks have in common; `acting` on each other."""
  options.setdefault('trace', trace(dt=dt))
  return Network(
    num_inputs,
    num_neurons,
    neuron=neuron or neurons.adaptive(dt=dt),
    lateral=acting,
    rule=rule or rules.post_pre(),
    **options,
  )
