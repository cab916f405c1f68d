# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What every cell promises, checked for every cell.

All laws of a cell are computed in one compiled program (`laws`), over seven
steps and three examples; the tests then compare its parts.
"""

import functools
import itertools
import operator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snnjax import (
  combinators,
  convolution,
  delays,
  dropout,
  neurons,
  normalisation,
  policies,
  simulate,
  surrogate,
  synapses,
)
from snnjax.neurons import reset
from snnjax.types import Cell, Shape

T, B, CHUNK = 7, 3, 4  # the chunk does not divide the steps


class Case(NamedTuple):
  cell: Cell
  in_shape: Shape = (4,)
  scale: float = 1.5  # of the inputs
  has_own_examples: bool = True  # no example sees another
  has_policies: bool = False  # that differ in more than the scan


IMAGE = (3, 4, 2)
CASES = {
  'lif': Case(neurons.lif(0.7), has_policies=True),
  'lif_no_delay': Case(
    neurons.lif(0.7, reset=reset.to_zero, reset_delay=False)
  ),
  'lif_per_neuron': Case(
    neurons.lif(jax.random.uniform, np.arange(1.0, 3.0), reset=reset.none),
    (3, 2),
  ),
  'lif_quantised': Case(
    neurons.lif(quantise=neurons.quantise(neurons.uniform_levels(4)))
  ),
  'lif_inhibited': Case(
    neurons.lif(0.7, spike_fn=surrogate.inhibit(surrogate.arctan()))
  ),
  'integrate_and_fire': Case(
    neurons.integrate_and_fire(charge=0.5), has_policies=True
  ),
  'current_based_lif': Case(neurons.current_based_lif(0.5, 0.8)),
  'alpha': Case(neurons.alpha(threshold=0.5, reset=neurons.reset_excitation)),
  'lapicque': Case(neurons.lapicque(2.0, 1.0)),
  'adaptive_lif': Case(neurons.adaptive_lif(0.8)),
  'resonate_and_fire': Case(neurons.resonate_and_fire(threshold=0.1)),
  'izhikevich': Case(neurons.izhikevich(), scale=40.0),
  'leaky_integrator': Case(neurons.leaky_integrator()),
  'delta_leaky': Case(neurons.delta_leaky()),
  'leaky_filter': Case(neurons.leaky_filter()),
  'rectified_leaky': Case(neurons.rectified_leaky()),
  'slstm': Case(neurons.slstm(synapses.dense(8), 0.1), (8,)),
  'slstm_of_images': Case(
    neurons.slstm(
      synapses.conv(8, 2, padding='SAME'),
      0.1,
      pool=lambda membrane: convolution.max_pool(membrane, 2),
    ),
    (2, 2, 8),
  ),
  'dense': Case(synapses.dense(3)),
  'conv': Case(synapses.conv(3, (2, 1), strides=(1, 2)), IMAGE),
  'one_to_one': Case(synapses.one_to_one(np.arange(4.0))),
  'max_pool': Case(synapses.max_pool(2), IMAGE),
  'average_pool': Case(synapses.average_pool(2), IMAGE),
  'flatten': Case(synapses.flatten(), IMAGE),
  'delay': Case(delays.delay(3)),
  'delay_of_images': Case(
    delays.delay(2, initial=np.array([0.2, 1.7]), spread=delays.gaussian(0.5)),
    (2, 3, 2),
  ),
  'delayed_dense': Case(delays.delayed_dense(3, 2)),
  'dropout': Case(dropout.dropout(0.4)),
  'dropout_evaluated': Case(dropout.dropout(0.0)),
  'batch_norm_train': Case(
    normalisation.batch_norm_train(5), has_own_examples=False
  ),
  'batch_norm_evaluate': Case(normalisation.batch_norm_evaluate(T), (2, 3, 4)),
  'recurrent': Case(
    combinators.recurrent(neurons.lif(0.7), synapses.one_to_one(0.5))
  ),
  'recurrent_dense': Case(
    combinators.recurrent(neurons.current_based_lif(), synapses.dense(4))
  ),
  'recurrent_conv': Case(
    combinators.recurrent(
      neurons.lif(0.7), synapses.conv(2, 2, padding='SAME')
    ),
    (2, 3, 2),
  ),
  'recurrent_delayed': Case(
    combinators.recurrent(neurons.lif(0.7), delays.delayed_dense(4, 2))
  ),
  'refractory': Case(combinators.refractory(neurons.lif(0.9), num_steps=2)),
  'residual': Case(
    combinators.residual(
      combinators.serial(dense=synapses.dense(4), lif=neurons.lif(0.5, 0.2))
    )
  ),
  'counted': Case(combinators.counted(neurons.lif(0.5))),
  'serial': Case(
    combinators.serial(
      conv=synapses.conv(4, 2),
      pool=synapses.max_pool(2),
      hidden=neurons.lif(0.5, 0.3),
      flat=synapses.flatten(),
      dense=synapses.dense(3),
      output=neurons.lif(0.9, 0.2),
    ),
    IMAGE,
    has_policies=True,
  ),
  'serial_nested': Case(
    combinators.serial(
      front=combinators.serial(conv=synapses.conv(3, 2)),
      middle=combinators.serial(
        lif=neurons.lif(0.5, 0.3), conv=synapses.conv(2, 2)
      ),
      output=neurons.leaky_integrator(),
    ),
    IMAGE,
  ),
  'serial_stochastic': Case(
    combinators.serial(
      dense=synapses.dense(5),
      hidden=neurons.lif(0.5, 0.3),
      dropout=dropout.dropout(0.3),
      delay=delays.delay(2),
      norm=normalisation.batch_norm_evaluate(T),
      output=synapses.dense(3),
    )
  ),
  'serial_of_nothing': Case(combinators.serial()),
}


class Outcome(NamedTuple):
  outputs: Any  # [T, B, ...]
  state: Any
  gradient: Any  # by parameters and by inputs


def outcome(case, advance, params, xs):
  """Runs `advance(params, state, xs) -> (state, ys)` and differentiates it."""

  def loss(params, xs):
    state, ys = advance(params, start(case, params), xs)
    weights = np.random.default_rng(1).normal(size=ys.shape)
    total = jnp.vdot(ys, jnp.asarray(weights, ys.dtype))
    for leaf in jax.tree.leaves(state):
      total += jnp.sum(leaf, dtype=total.dtype)
    return total, (ys, state)

  gradient, (ys, state) = jax.grad(loss, (0, 1), has_aux=True)(params, xs)
  return Outcome(ys, state, gradient)


def start(case, params):
  return case.cell.start(params, jax.random.key(2), case.in_shape, B)


def by_unroll(case, memory):
  def advance(params, state, xs):
    ys, _, state = simulate.simulate(
      case.cell, params, xs, num_steps=T, state=state, memory=memory
    )
    return state, ys

  return advance


def by_run(case, borders=(0, T)):
  """In pieces; the gradient ends where another begins."""

  def advance(params, state, xs):
    pieces = []
    for begin, end in itertools.pairwise(borders):
      if begin:
        state = jax.lax.stop_gradient(state)
      state, ys = simulate.run(
        case.cell, params, xs[begin:end], num_steps=end - begin, state=state
      )
      pieces.append(ys)
    return state, jnp.concatenate(pieces)

  return advance


@functools.cache
def laws(name):
  """The program of one cell's laws, its parameters, two inputs, its traces."""
  case = CASES[name]
  unroll = by_unroll(case, policies.store_all())
  advances = {
    'run': by_run(case),
    'pieces': by_run(case, (0, CHUNK, T)),
    'truncated': by_unroll(
      case, policies.pack_spikes(block=CHUNK, truncate=True)
    ),
  }
  if case.has_policies:
    advances |= {
      'truncated_kept': by_unroll(
        case, policies.store_all(block=CHUNK, truncate=True)
      ),
      'packed': by_unroll(case, policies.pack_spikes(block=CHUNK)),
      'rematerialised': by_unroll(case, policies.rematerialise()),
    }
  traced = []

  def program(params, pair):
    traced.append(name)
    both = jax.vmap(functools.partial(outcome, case, unroll), (None, 0))
    return {
      'unroll': both(params, pair),
      'constant': unroll(params, start(case, params), pair[0, :1])[::-1],
      **{k: outcome(case, f, params, pair[0]) for k, f in advances.items()},
    }

  params = case.cell.init(jax.random.key(0), case.in_shape)
  pair = np.random.default_rng(0).normal(0.3, 1, (2, T, B, *case.in_shape))
  pair = (case.scale * pair).astype(np.float32)
  # A quick compilation is worth more here than a quick program.
  options = {'xla_backend_optimization_level': 0}
  return jax.jit(program, compiler_options=options), params, pair, traced


@functools.cache
def results(name):
  """What the program gives, and what it gives with the inputs swapped."""
  program, params, pair, _ = laws(name)
  return jax.tree.map(
    np.asarray, (program(params, pair), program(params, pair[::-1]))
  )


def assert_close(got, expected, tolerance=2e-5):
  """Compares pytrees, each leaf in units of its largest entry."""
  assert jax.tree.structure(got) == jax.tree.structure(expected)
  for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(expected), strict=True):
    atol = tolerance * max(1.0, np.abs(b).max(initial=0.0))
    np.testing.assert_allclose(a, b, rtol=0, atol=atol)


every_cell = pytest.mark.parametrize('name', CASES)


@every_cell
def test_unroll_is_the_scan_of_step_and_vmap_is_the_loop(name):
  first, swapped = results(name)
  for k, alone in enumerate((first, swapped)):
    mapped = jax.tree.map(operator.itemgetter(k), first['unroll'])
    assert_close(mapped, alone['run'])


@every_cell
def test_nothing_is_traced_again(name):
  results(name)
  assert laws(name)[3] == [name]


@every_cell
def test_streaming_in_pieces_is_the_whole(name):
  found = results(name)[0]
  assert_close(found['pieces'][:2], found['run'][:2])


@pytest.mark.parametrize('name', [n for n in CASES if CASES[n].has_policies])
def test_memory_policy_changes_nothing(name):
  found = results(name)[0]
  assert_close(found['rematerialised'], found['run'])
  assert_close(found['packed'], found['run'])
  assert_close(found['truncated_kept'], found['pieces'])


@every_cell
def test_truncation_stops_the_gradient_at_each_chunk(name):
  found = results(name)[0]
  assert_close(found['truncated'], found['pieces'])


@every_cell
def test_constant_input_is_the_repeated_one(name):
  program, params, pair, _ = laws(name)
  repeated = program(params, np.repeat(pair[:, :1], T, axis=1))['run']
  assert_close(results(name)[0]['constant'], tuple(repeated[:2]))


@every_cell
def test_jit_is_no_jit(name):
  _, params, pair, _ = laws(name)
  case = CASES[name]
  state = start(case, params)
  for t in range(2):
    state, y = case.cell.step(params, state, jnp.asarray(pair[0, t]))
    assert_close(y, results(name)[0]['run'].outputs[t])


@every_cell
@pytest.mark.parametrize('extreme', [1e4, -1e4, 0.0])
def test_gradients_are_finite_whatever_the_input(name, extreme):
  program, params, pair, _ = laws(name)
  extremes = np.full_like(pair, extreme)
  extremes[:, 3] = -extreme
  found = program(params, extremes)
  for leaf in jax.tree.leaves((found['run'], found['unroll'])):
    assert np.isfinite(leaf).all()


@every_cell
def test_no_example_sees_another(name):
  program, params, pair, _ = laws(name)
  other = pair.copy()
  other[:, :, 1] = 7.0
  before, after = results(name)[0]['run'], program(params, other)['run']

  def others(found):
    inputs = found.gradient[1]
    return jax.tree.map(
      lambda x, axis: np.delete(x, 1, axis),
      (found.outputs, inputs, *jax.tree.leaves(found.state)),
      (1, 1, *[0] * len(jax.tree.leaves(found.state))),
    )

  if CASES[name].has_own_examples:
    assert_close(others(after), others(before), 1e-6)
  else:
    assert not np.allclose(others(after)[0], others(before)[0])


@every_cell
def test_state_and_trace_keep_their_form(name):
  case = CASES[name]
  params = laws(name)[1]
  state = jax.eval_shape(functools.partial(start, case), params)
  x = jax.ShapeDtypeStruct((B, *case.in_shape), np.float32)
  assert jax.eval_shape(case.cell.step, params, state, x)[0] == state
  assert all(leaf.shape[0] == B for leaf in jax.tree.leaves(state))
  xs = jax.ShapeDtypeStruct((T, B, *case.in_shape), np.float32)
  memory = policies.store_all()
  last, ys, trace = jax.eval_shape(
    lambda *args: case.cell.unroll(*args, T, memory), params, state, xs
  )
  assert last == state
  assert ys.shape[:2] == (T, B)
  assert all(leaf.shape[0] == T for leaf in jax.tree.leaves(trace))
  names = [part for part, _ in case.cell.parts]
  if names or trace == {}:
    assert set(trace) == set(names)
  else:
    _, outputs = trace
    assert outputs == ys


@every_cell
def test_binary_is_only_what_is_called_so(name):
  case = CASES[name]
  _, params, pair, _ = laws(name)
  if case.cell.is_binary(False):
    assert set(np.unique(results(name)[0]['run'].outputs)) <= {0, 1}
  elif case.cell.is_binary(True):
    spikes = (pair[0] > 0).astype(np.float32)
    outputs = simulate.simulate(
      case.cell, params, spikes, state=start(case, params)
    ).outputs
    assert set(np.unique(outputs)) == {0, 1}


@every_cell
def test_the_case_is_no_empty_one(name):
  """A cell that is silent, or deaf, would keep every law above."""
  found = results(name)[0]['run']
  assert len(np.unique(found.outputs)) > 1
  leaves = jax.tree_util.tree_leaves_with_path(found.gradient)
  deaf = [path[-1] for path, leaf in leaves if not leaf.any()]
  assert {jax.tree_util.keystr((key,)) for key in deaf} <= {
    '.mean',
    '.variance',
  }
