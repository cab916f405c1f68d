# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The kernels beside their plain twin; all else is in tests/event/layer_test.

Interpreted on a CPU, compiled on a GPU, and lowered for CUDA on either.
"""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import export, sharding

from pallas_kernels import backend, solve_by_pallas
from snnjax import event

TAU_SYN = 0.065


def layer(num_outputs, tau_syn=TAU_SYN, *, t_max=0.4, examples=3, inputs=120):
  """A layer's arguments: more events than a group, silence, overflow, ties."""
  rng = np.random.default_rng(0)
  times = rng.integers(0, 50, (examples, inputs, 2)) * (t_max / 100)
  times[rng.random(times.shape) < 0.4] = np.inf
  times[-1] = np.inf
  assert np.isfinite(times).sum((1, 2)).max() > backend.GROUP
  weights = rng.uniform(-0.4, 0.6, (inputs, num_outputs))
  threshold = rng.uniform(0.08, 0.2, num_outputs) * (tau_syn / TAU_SYN) ** 2
  return weights, np.sort(times, axis=-1), threshold, threshold, t_max


def loss_and_gradients(solver, tau_syn=TAU_SYN):
  """A loss of spike times, with their gradients, by one solver."""

  def loss(weights, times, threshold, reset, t_max):
    neuron = event.EventNeuron(tau_syn, threshold, reset)
    events = event.sort_events(times)
    found = event.event_crossings(
      weights, events, neuron, 4, t_max, solver, min_slope=0.5
    )
    order = 1 + jnp.arange(found.times.size).reshape(found.times.shape) % 7
    is_spike = jnp.isfinite(found.times)
    return jnp.sum(jnp.where(is_spike, order * found.times, 0)), found

  return jax.jit(
    jax.value_and_grad(loss, argnums=(0, 1, 2, 3), has_aux=True),
    static_argnums=4,
  )


@pytest.mark.parametrize(
  ('num_outputs', 'tau_syn'), [(70, TAU_SYN), (5, TAU_SYN), (5, 0.0095)]
)
def test_kernels_are_their_plain_twin(num_outputs, tau_syn):
  with jax.enable_x64(True):
    args = layer(num_outputs, tau_syn)
    (_, found), gradients = loss_and_gradients(solve_by_pallas, tau_syn)(*args)
    (_, twin), expected = loss_and_gradients(event.solve_by_scan, tau_syn)(
      *args
    )
  assert np.isfinite(twin.times).sum() > 20
  assert 0 < np.asarray(twin.has_overflown).mean() < 1
  np.testing.assert_array_equal(found.has_overflown, twin.has_overflown)
  np.testing.assert_allclose(found.times, twin.times, rtol=1e-11)
  np.testing.assert_allclose(found.slopes, twin.slopes, rtol=1e-7)
  jax.tree.map(
    lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9),
    gradients,
    expected,
  )


@pytest.mark.parametrize('num_outputs', [70, 5])
def test_single_precision_finds_the_same_spikes(num_outputs):
  *arrays, t_max = layer(num_outputs)
  args = *(np.asarray(x, np.float32) for x in arrays), t_max
  (_, found), gradients = loss_and_gradients(solve_by_pallas)(*args)
  (_, twin), expected = loss_and_gradients(event.solve_by_scan)(*args)
  for ours, theirs in zip(
    (found.times, *gradients), (twin.times, *expected), strict=True
  ):
    assert ours.dtype == theirs.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=5e-3, atol=2e-3)


@pytest.mark.parametrize('num_outputs', [70, 5])
def test_kernels_lower_for_cuda(num_outputs):
  *arrays, t_max = layer(num_outputs)
  args = [np.asarray(x, np.float32) for x in arrays]
  checks = ('triton_kernel_call', '__gpu$xla.gpu.triton')
  device = sharding.AbstractDevice('NVIDIA H100', None, 'gpu')
  mesh = sharding.AbstractMesh((), (), abstract_device=device)
  with sharding.use_abstract_mesh(mesh):
    exported = export.export(
      loss_and_gradients(solve_by_pallas),
      platforms=['cuda'],
      disabled_checks=[
        export.DisabledSafetyCheck.custom_call(name) for name in checks
      ],
    )(*args, t_max)
  kernels = re.findall('|'.join(map(re.escape, checks)), exported.mlir_module())
  assert len(kernels) == 4  # forward, sweep, weights' gradient, times' gradient


def test_a_convolution_by_kernels():
  neuron = event.EventNeuron(TAU_SYN, 0.1, 0.1)
  rng = np.random.default_rng(0)
  times = rng.uniform(0, 0.1, (2, 5, 5, 2, 1)).astype(np.float32)
  times[rng.random(times.shape) < 0.3] = np.inf

  def loss(params, conv):
    spikes = conv.apply(params, jnp.asarray(times))[0]
    return jnp.sum(jnp.where(jnp.isfinite(spikes), spikes, 0))

  def gradient(solver):
    conv = event.network.conv(
      'conv',
      3,
      3,
      neuron,
      max_spikes=3,
      t_max=0.3,
      kernel_init=event.network.uniform(-0.2, 0.6),
      solver=solver,
    )
    params = conv.init(jax.random.key(0), times.shape[1:-1])
    return jax.jit(jax.grad(lambda params: loss(params, conv)))(params)

  ours = gradient(solve_by_pallas)['kernel']
  theirs = gradient(event.solve_by_chunks)['kernel']
  assert np.abs(theirs).max() > 0.1
  np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-4)
