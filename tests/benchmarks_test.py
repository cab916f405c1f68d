# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What benchmarks write, and that their floors compute the same; no times."""

import argparse
import ast
import functools
import json
import os
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax import monitoring
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from benchmarks import (
  conversion_eval,
  csnn_step,
  event_ours,
  event_step,
  gpu,
  lif_layer,
  memory_policy,
  records,
  scaling,
  stdp_step,
  timing,
  training_memory,
  with_jax,
)
from benchmarks.peers import event_loop
from snnjax import event

ROOT = pathlib.Path(__file__).parents[1]
FIELDS = (
  *('case', 'lib', 'version', 'size', 'phase'),
  *('median_s', 'min_s', 'peak_mib', 'compile_s'),
)
PHASES = {'forward', 'backward', 'train_step', 'inference'}
MODULES = (
  conversion_eval,
  csnn_step,
  event_step,
  gpu,
  lif_layer,
  memory_policy,
  scaling,
  stdp_step,
)
TAU_SYN, THRESHOLD, ROOM, T_MAX = 0.13, 0.05, 4, 0.3
FLAGS = argparse.Namespace(
  repeats=2,
  seconds=60,
  threads=1,
  seed=0,
  platform='cpu',
  with_imports=False,
)


def record(lib='ours', size=8, min_s=0.002, peak_mib=10.0):
  return records.Record(
    'case', lib, '1', size, 'forward', min_s, min_s, peak_mib, 0.5
  )


def test_line_has_the_fields():
  assert tuple(json.loads(records.line(record()))) == FIELDS


def test_table_compares_with_the_first_of_a_group():
  found = [
    record(),
    record('peer', min_s=0.005, peak_mib=20.0),
    record(size=16, min_s=0.004),
    record('compiled only', size=16, min_s=None),
  ]
  lines = records.table(found).splitlines()
  rows = [
    [cell.strip() for cell in line.strip('|').split('|')] for line in lines
  ]
  assert len({len(row) for row in rows}) == 1
  assert [row[7] for row in rows[2:]] == ['1.00', '2.50', '1.00', '-']
  assert [row[9] for row in rows[2:]] == ['1.00', '2.00', '1.00', '1.00']


def test_exponent():
  sizes = np.array([1, 2, 4, 8])
  assert records.exponent(sizes, 3.0 * sizes**1.5) == pytest.approx(1.5)
  assert np.isnan(records.exponent([8], [0.5]))


def test_scaling_fits_each_axis():
  found = [
    record()._replace(case=name, size=n, min_s=1e-3 * n**p, peak_mib=5.0)
    for name, p in (('a', 1), ('b', 2))
    for n in (1, 2, 4)
  ]
  rows = scaling.table(found).splitlines()[2:]
  assert [row.split('|')[4].strip() for row in rows] == ['1.00', '2.00']


def test_contenders_that_disagree_are_refused():
  wanted = {}
  timing.check('ours', {'loss': 1.0, 'kernel': 2.0}, wanted)
  timing.check('own law', {}, wanted)
  timing.check('near', {'loss': 1.00001, 'kernel': 2.001}, wanted)
  with pytest.raises(SystemExit, match='agree on loss'):
    timing.check('far', {'loss': 1.001, 'kernel': 2.0}, wanted)


@pytest.mark.parametrize('is_large', [False, True])
def test_contenders_are_timed_and_absent_ones_named(capsys, is_large):
  case = timing.Case(
    'lif_layer',
    8,
    'backward',
    functools.partial(
      lif_layer.problem, num_inputs=8, num_neurons=8, num_steps=5, batch=2
    ),
    {
      'snnjax': 'benchmarks.ours:lif_layer',
      'jax': 'benchmarks.peers.jax_folded:lif_layer',
      'nobody': 'benchmarks.peers.nobody:lif_layer',
    },
    is_large=is_large,
  )
  surroundings = dict(os.environ), os.sched_getaffinity(0)
  found = timing.compare(case, FLAGS)
  assert (dict(os.environ), os.sched_getaffinity(0)) == surroundings
  assert [r.lib for r in found] == ['snnjax', 'jax']
  assert all(r.min_s <= r.median_s and r.compile_s >= 0 for r in found)
  assert found[0].version.startswith('snnjax ')
  assert 'nobody is absent' in capsys.readouterr().err


def failing(seed):
  raise RuntimeError(f'no memory left for {seed}')


FAILING = timing.Case(
  'lif_layer',
  8,
  'forward',
  failing,
  {'floor': 'benchmarks.peers.floors:products'},
)


def test_a_contender_that_fails_is_named(capfd):
  with pytest.raises(EOFError):
    timing.compare(FAILING, FLAGS)
  assert 'Process floor:' in capfd.readouterr().err


def test_one_without_memory_of_a_gpu_is_left_out(capsys):
  changes = {'platform': 'cuda', 'with_imports': True}
  flags = argparse.Namespace(**vars(FLAGS) | changes)
  assert timing.compare(FAILING, flags) == []
  assert 'floor is absent: no memory left for 0' in capsys.readouterr().err


def test_the_c_loop_is_absent_without_a_compiler(capsys, monkeypatch):
  monkeypatch.setenv('CC', '')
  monkeypatch.setenv('PATH', '')
  contenders = {'C loop': 'benchmarks.peers.event_loop:event_forward'}
  case = timing.Case(
    'event_step', 'made', 'forward', event_step.made_problem, contenders
  )
  assert timing.compare(case, FLAGS) == []
  assert 'C loop is absent: a C compiler is needed' in capsys.readouterr().err


@pytest.mark.parametrize('module', MODULES, ids=lambda module: module.__name__)
def test_cases_name_functions_that_exist(module):
  names = set()
  for case in module.CASES:
    assert case.phase in PHASES
    names |= set(case.contenders.values())
  keys = [(case.name, case.size, case.phase) for case in module.CASES]
  assert len(set(keys)) == len(keys)
  for path, function in (name.split(':') for name in names):
    source = (ROOT / path.replace('.', '/')).with_suffix('.py').read_text()
    defined = {
      name
      for node in ast.parse(source).body
      for name in (
        [node.name]
        if isinstance(node, ast.FunctionDef)
        else [ast.unparse(target) for target in getattr(node, 'targets', ())]
      )
    }
    assert function in defined, f'{path} lacks {function}'


def small_layer(seed, batch=5, num_inputs=9, num_outputs=6):
  rng = np.random.default_rng(seed)
  times = rng.uniform(0, 0.15, (batch, num_inputs, 2)).astype(np.float32)
  times[rng.random(times.shape) < 0.3] = np.inf
  events = event.sort_events(jnp.asarray(np.sort(times, axis=-1)))
  shape = num_inputs, num_outputs
  weights = rng.uniform(-0.5, 1, shape).astype(np.float32)
  layer = event_loop.Layer(
    weights,
    batch,
    tau_syn=TAU_SYN,
    threshold=THRESHOLD,
    room=ROOM,
    t_max=T_MAX,
  )
  return weights, events, layer


@pytest.mark.parametrize('seed', range(3))
def test_c_loop_is_the_readable_solver(seed):
  weights, events, layer = small_layer(seed)

  def find(weights, times):
    neuron = event.EventNeuron(TAU_SYN, THRESHOLD, THRESHOLD)
    found = event.event_crossings(
      weights,
      event.Events(times, events.sources),
      neuron,
      ROOM,
      T_MAX,
      event.solve_by_scan,
    )
    return found.times, found.slopes

  @jax.jit
  def both(weights, times, errors):
    found, pull_back, slopes = jax.vjp(find, weights, times, has_aux=True)
    return found, slopes, *pull_back(errors)

  prepared = layer.events(*(np.asarray(leaf) for leaf in events))
  number = layer.forward(prepared)
  is_spike = np.isfinite(layer.found)
  layer.errors[:] = is_spike * np.random.default_rng(seed).normal(
    size=is_spike.shape
  )
  by_times = np.zeros_like(prepared.times)
  layer.backward(prepared, by_times)
  found, slopes, *gradients = both(weights, events.times, layer.errors)
  assert number == is_spike.sum() > 10
  assert is_spike.sum(-1).max() > 1
  close = functools.partial(np.testing.assert_allclose, rtol=1e-3, atol=1e-4)
  close(layer.found, found)
  close(layer.slopes, slopes)
  close(layer.by_weights.T, gradients[0])
  close(by_times, gradients[1])


def test_c_loop_orders_spikes():
  _, events, layer = small_layer(0)
  layer.forward(layer.events(*(np.asarray(leaf) for leaf in events)))
  ordered = layer.ordered()
  for spikes, times, sources in zip(
    layer.found, ordered.times, ordered.sources, strict=True
  ):
    n = np.isfinite(spikes).sum()
    np.testing.assert_array_equal(times[:n], np.sort(spikes, axis=None)[:n])
    assert all(t in spikes[o] for t, o in zip(times, sources[:n], strict=False))


def test_training_step_of_the_c_loop_is_ours():
  rng = np.random.default_rng(0)
  times = np.sort(rng.uniform(0, 0.1, (3, 20)), axis=1)
  problem = event_step.Problem(
    times=times.astype(np.float32),
    sources=np.tile(np.arange(20, dtype=np.int32), (3, 1)),
    labels=np.array([0, 1, 3], np.int32),
    weights=(
      rng.uniform(-1, 3, (20, 12)).astype(np.float32),
      rng.uniform(0, 3, (12, 4)).astype(np.float32),
    ),
  )
  makers = event_ours.step_by_scan, event_loop.whole_step
  ours, theirs = (
    contender.read(contender.step(contender.state))
    for contender in (make(problem) for make in makers)
  )
  assert min(ours.values()) > 0
  assert theirs == pytest.approx(ours, rel=1e-3)


def test_a_repeated_training_step_compiles_nothing():
  mesh = Mesh(np.array(jax.devices()[:1]), 'batch')
  params = {'layer': {'kernel': jnp.ones(3)}}
  contender = with_jax.descent(
    jax.value_and_grad(lambda params, x: params['layer']['kernel'] @ x),
    jax.device_put(params, NamedSharding(mesh, PartitionSpec())),
    (jnp.arange(3.0),),
    learning_rate=0.1,
  )
  state = contender.step(contender.state)
  events = []

  def listen(event, _, **kwargs):
    events.append(event)

  monitoring.register_event_duration_secs_listener(listen)
  try:
    contender.step(state)
  finally:
    monitoring.unregister_event_duration_listener(listen)
  assert not [event for event in events if 'compile' in event]


def test_c_loop_updates_as_adam():
  weights, _, layer = small_layer(0)
  layer.by_weights[:] = np.random.default_rng(0).normal(
    size=layer.by_weights.shape
  )
  tx = optax.adam(0.1)
  params, opt_state = jnp.asarray(weights.T), tx.init(jnp.asarray(weights.T))
  for step in range(3):
    layer.update(step + 1, 0.1)
    updates, opt_state = tx.update(layer.by_weights, opt_state)
    params = optax.apply_updates(params, updates)
  np.testing.assert_allclose(layer.weights, params, rtol=1e-4, atol=1e-6)


def test_kept_spikes_are_smaller_as_bits():
  floats, bits = (
    training_memory.measure(
      'kept_spikes', name, 0, *training_memory.kept_spikes(policy(block=10))
    ).peak_mib
    for name, policy in training_memory.POLICIES.items()
  )
  assert bits <= 0.15 * floats
