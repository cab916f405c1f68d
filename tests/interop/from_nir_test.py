# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Graphs against snnTorch, against NIR's equations, and against ours."""

import functools
import itertools
from pathlib import Path

import jax
import jax.numpy as jnp
import nir
import numpy as np
import pytest

from snnjax import simulate
from snnjax.interop.from_nir import from_nir
from snnjax.interop.to_nir import to_nir
from snnjax.models.rate_network import CHARGE, POOL, rate_network
from snnjax.neurons import reset

FILE = Path(__file__).with_name('snntorch_network.npz')
DT = 1e-3
ONES = np.ones(2, np.float32)


def run(graph, xs, **options):
  """Outputs `[T, ...]` for inputs `[T, ...]` of one example."""
  cell, params = from_nir(graph, **{'time_step': DT, **options})
  return outputs_of(cell, params, xs)


def outputs_of(cell, params, xs):
  simulation = jax.jit(functools.partial(simulate.simulate, cell))
  return simulation(params, jnp.asarray(xs)[:, None]).outputs[:, 0]


def graph_of(*nodes, shape):
  """A chain."""
  ends = (
    nir.Input({'input': np.array(shape)}),
    nir.Output({'output': np.array(shape)}),
  )
  names = ['input', *(f'n{k}' for k in range(len(nodes))), 'output']
  every = dict(zip(names, (ends[0], *nodes, ends[1]), strict=True))
  edges = list(itertools.pairwise(names))
  return nir.NIRGraph(every, edges, type_check=False)


def test_a_network_of_snntorch_spikes_alike():
  tree = {}
  with np.load(FILE) as file:
    inputs, outputs = file['inputs'], file['outputs']
    for key in file.files:
      if key.startswith('graph/'):
        *path, name = key.split('/')
        at = tree
        for part in path:
          at = at.setdefault(part, {})
        leaf = file[key]
        at[name] = leaf if leaf.ndim else leaf.item()
  graph = nir.NIRGraph.from_dict(tree['graph'])
  found = run(graph, inputs.transpose(0, 2, 3, 1), time_step=1e-4)
  assert outputs.sum() > 10
  np.testing.assert_array_equal(found, outputs)


def test_what_we_write_we_read():
  layers = 3, POOL, 4
  cell = rate_network(layers, num_outputs=2)
  xs = jax.random.uniform(jax.random.key(0), (12, 10, 8, 1))
  params = cell.init(jax.random.key(1), xs.shape[1:])
  expected = outputs_of(cell, params, xs)
  graph = to_nir(layers, params, xs.shape[1:], time_step=DT)
  found = run(graph, xs, reset=reset.subtract, charge=CHARGE)
  np.testing.assert_allclose(found, expected, atol=1e-5)


def constants(names, num, **ranges):
  rng = np.random.default_rng(0)
  return {
    name: rng.uniform(*ranges.get(name, (0.5, 2.0)), num).astype(np.float32)
    for name in names
  }


TIMES = {
  'tau': (0.004, 0.02),
  'tau_mem': (0.004, 0.02),
  'tau_syn': (0.002, 0.01),
}


@pytest.mark.parametrize('resets', [reset.to_zero, reset.subtract])
@pytest.mark.parametrize('kind', [nir.LIF, nir.CubaLIF])
def test_leaky_neurons_follow_their_equations(kind, resets):
  names = {
    nir.LIF: ('tau', 'r', 'v_threshold'),
    nir.CubaLIF: ('tau_syn', 'tau_mem', 'r', 'v_threshold', 'w_in'),
  }[kind]
  values = constants(names, 5, **TIMES)
  leak = np.linspace(-0.2, 0.3, 5, dtype=np.float32)
  node = kind(**values, v_leak=leak, v_reset=leak)
  xs = np.random.default_rng(1).uniform(0, 6, (60, 5)).astype(np.float32)
  spikes, v, i = [], np.float64(leak), np.zeros(5)
  for x in xs:
    if kind is nir.CubaLIF:
      i = i + DT / node.tau_syn * (-i + node.w_in * x)
      v = v + DT / node.tau_mem * (leak - v + node.r * i)
    else:
      v = v + DT / node.tau * (leak - v + node.r * x)
    fired = v > node.v_threshold
    spikes.append(fired)
    step = node.v_threshold - leak if resets is reset.subtract else v - leak
    if resets is reset.subtract:
      # At the next step, after the leak: our convention.
      decay = 1 - DT / (node.tau_mem if kind is nir.CubaLIF else node.tau)
      step = step / decay
    v = np.where(fired, v - step, v)
  assert 10 < np.sum(spikes) < 200
  found = run(graph_of(node, shape=(5,)), xs, reset=resets)
  np.testing.assert_array_equal(found, np.float32(spikes))


@pytest.mark.parametrize('kind', [nir.LI, nir.CubaLI, nir.I])
def test_integrators_follow_their_equations(kind):
  names = {
    nir.LI: ('tau', 'r'),
    nir.CubaLI: ('tau_syn', 'tau_mem', 'r', 'w_in'),
    nir.I: ('r',),
  }[kind]
  values = constants(names, 5, **TIMES)
  rest = {} if kind is nir.I else {'v_leak': np.zeros(5)}
  node = kind(**values, **rest)
  xs = np.random.default_rng(1).standard_normal((40, 5)).astype(np.float32)
  expected, v, i = [], np.zeros(5), np.zeros(5)
  for x in xs:
    if kind is nir.CubaLI:
      i = i + DT / node.tau_syn * (-i + node.w_in * x)
      v = v + DT / node.tau_mem * (-v + node.r * i)
    else:
      v = v + DT * (
        node.r * x if kind is nir.I else (node.r * x - v) / node.tau
      )
    expected.append(v)
  found = run(graph_of(node, shape=(5,)), xs)
  np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_images_keep_their_places():
  rng = np.random.default_rng(0)
  scale = rng.random((3, 4, 6), np.float32)
  threshold = rng.random(2 * 3 * 3, np.float32) * 4
  weight = rng.standard_normal((5, 18)).astype(np.float32)
  window = np.array([2, 2])
  graph = graph_of(
    nir.Scale(scale),
    nir.SumPool2d(window, window, np.array([0, 0])),
    nir.Flatten({'input': np.array([3, 2, 3])}, 0, -1),
    nir.Threshold(threshold),
    nir.Linear(weight),
    shape=(3, 4, 6),
  )
  xs = rng.random((7, 3, 4, 6), np.float32)
  pooled = (xs * scale).reshape(7, 3, 2, 2, 3, 2).sum((3, 5)).reshape(7, -1)
  expected = (pooled > threshold).astype(np.float32) @ weight.T
  found = run(graph, xs.transpose(0, 2, 3, 1))
  np.testing.assert_allclose(found, expected, atol=1e-5)


def recurrent(back, num):
  ones = np.ones(num, np.float32)
  nodes = {
    'input': nir.Input({'input': np.array([num])}),
    'fire': nir.IF(r=ones / DT, v_threshold=ones),
    'back': back,
    'output': nir.Output({'output': np.array([num])}),
  }
  edges = [
    ('input', 'fire'),
    ('fire', 'back'),
    ('back', 'fire'),
    ('fire', 'output'),
  ]
  return nir.NIRGraph(nodes, edges, type_check=False)


def test_feedback_in_a_subgraph_comes_a_step_later():
  back = nir.Linear(np.array([[0, 1], [-1, 0]], np.float32))
  graph = graph_of(recurrent(back, 2), shape=(2,))
  cell, params = from_nir(graph, time_step=DT)
  assert list(params) == ['n0.fire']
  fresh = cell.init(jax.random.key(0), (2,))
  assert jax.tree.structure(fresh) == jax.tree.structure(params)
  xs = np.array([[0, 1.5], [0.5, 0], [0, 0.75], [0, 0.5]], np.float32)
  found = run(graph, xs)
  # The second fires, which brings the first to 1.5 at the next step; that takes
  # 1 from the second.
  expected = [[0, 1], [1, 0], [0, 0], [0, 0]]
  np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize('kind', ['linear', 'affine', 'scale', 'one scale'])
def test_feedback_among_pixels_keeps_their_places(kind):
  rng = np.random.default_rng(0)
  weight = rng.standard_normal((12, 12)).astype(np.float32)
  back = {
    'linear': nir.Linear(weight),
    'affine': nir.Affine(weight, 0.2 * weight[0]),
    'scale': nir.Scale(weight[0]),
    'one scale': nir.Scale(np.full(12, 0.3, np.float32)),
  }[kind]
  node = recurrent(back, 12)
  xs = rng.random((9, 2, 2, 3), np.float32)
  expected = run(graph_of(node, shape=(12,)), xs.reshape(9, 12))
  flatten = nir.Flatten({'input': np.array([2, 2, 3])}, 0, -1)
  graph = graph_of(flatten, node, shape=(2, 2, 3))
  found = run(graph, xs.transpose(0, 2, 3, 1))
  found = found.reshape(9, 2, 3, 2).transpose(0, 3, 1, 2).reshape(9, 12)
  assert 10 < np.sum(expected) < 100
  np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize('padding', ['same', 'valid', (1, 2)])
def test_convolutions_are_those_of_arrays(padding):
  rng = np.random.default_rng(0)
  weight = rng.standard_normal((3, 2, 3, 2)).astype(np.float32)
  bias = rng.standard_normal(3).astype(np.float32)
  stride = (2, 1) if padding == (1, 2) else 1
  node = nir.Conv2d((5, 6), weight, stride, padding, 1, 1, bias)
  xs = rng.random((4, 2, 5, 6), np.float32)
  around = {
    'same': ((1, 1), (0, 1)),  # of an even side, the end has more
    'valid': ((0, 0), (0, 0)),
    (1, 2): ((1, 1), (2, 2)),
  }[padding]
  padded = np.pad(xs, ((0, 0), (0, 0), *around))
  windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 2), (2, 3))
  rows, columns = (stride, stride) if stride == 1 else stride
  expected = np.einsum(
    'tcijkl,ockl->tijo', windows[:, :, ::rows, ::columns], weight
  )
  found = run(graph_of(node, shape=(2, 5, 6)), xs.transpose(0, 2, 3, 1))
  np.testing.assert_allclose(found, expected + bias, atol=1e-5)


def test_membranes_start_charged():
  thresholds = np.array([1.0, 2.0, 4.0], np.float32)
  node = nir.IF(r=np.ones(3) / DT, v_threshold=thresholds)
  xs = np.full((5, 3), 0.55, np.float32)
  found = run(graph_of(node, shape=(3,)), xs, charge=0.5)
  expected = [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0]]
  np.testing.assert_array_equal(found, expected)


def test_the_shortest_time_constant_is_a_step():
  tau = np.full(2, 1e-4, np.float32)  # less than the number in float64
  node = nir.LIF(tau, ONES, 0 * ONES, ONES)
  found = run(graph_of(node, shape=(2,)), 1.5 * np.eye(2), time_step=1e-4)
  np.testing.assert_array_equal(found, np.eye(2))


def test_what_is_read_can_be_trained():
  ones = np.ones(3, np.float32)
  graph = graph_of(
    nir.Affine(np.eye(3, dtype=np.float32), 0 * ones),
    nir.LIF(tau=0.01 * ones, r=10 * ones, v_leak=0 * ones, v_threshold=ones),
    shape=(3,),
  )
  cell, params = from_nir(graph, time_step=DT)
  xs = jnp.full((20, 1, 3), 0.7)

  def loss(params):
    return jnp.sum(simulate.simulate(cell, params, xs).outputs)

  gradient = jax.jit(jax.grad(loss))(params)
  assert np.all(np.diag(gradient['n0']['kernel']) > 0)


CONV = {
  'input_shape': (4, 4),
  'weight': np.ones((2, 2, 3, 3), np.float32),
  'stride': 1,
  'padding': 0,
  'dilation': 1,
  'groups': 1,
  'bias': np.zeros(2, np.float32),
}


@pytest.mark.parametrize(
  ('node', 'words'),
  [
    (nir.Delay(ONES), 'Delay is not known'),
    (nir.Conv2d(**(CONV | {'groups': 2})), '2 groups; needs 1'),
    (nir.Conv2d(**(CONV | {'dilation': 2})), 'dilation'),
    (
      nir.AvgPool2d(np.array([2, 2]), np.array([1, 1]), np.array([0, 0])),
      'square',
    ),
    (nir.LIF(1e-4 * ONES, ONES, 0 * ONES, ONES), 'must not be longer'),
    (nir.LIF(ONES, ONES, 0 * ONES, ONES, -1 * ONES), 'must be one to rest'),
    (nir.LI(ONES, ONES, ONES), 'v_leak is'),
    (nir.IF(ONES, ONES, ONES), 'must be one to rest'),
    (nir.Linear(np.ones((4, 3))), 'does not fit'),
    (nir.LIF(*4 * [np.ones(3)]), 'does not fit'),
    (nir.Flatten({'input': np.array([2, 4, 4])}), 'must make a vector'),
    (recurrent(nir.Linear(np.ones((1, 2))), 2), 'has feedback'),
  ],
)
def test_what_cannot_be_read_is_named(node, words):
  of_images = nir.Conv2d | nir.AvgPool2d | nir.Flatten
  shape = (2, 4, 4) if isinstance(node, of_images) else (2,)
  with pytest.raises(ValueError, match=f"'n0.*{words}"):
    from_nir(graph_of(node, shape=shape), time_step=DT)


def branching():
  graph = graph_of(nir.Scale(ONES), nir.Scale(ONES), shape=(2,))
  graph.edges.append(('input', 'n1'))
  return graph


def unreachable():
  graph = graph_of(nir.Scale(ONES), shape=(2,))
  graph.nodes['lost'] = nir.Scale(ONES)
  return graph


def beside():
  graph = graph_of(nir.Scale(ONES), shape=(2,))
  graph.nodes |= {'a': nir.Scale(ONES), 'b': nir.Scale(ONES)}
  graph.edges += [('a', 'b'), ('b', 'a')]
  return graph


def beyond_the_output():
  graph = graph_of(nir.Scale(ONES), shape=(2,))
  graph.nodes['late'] = nir.Scale(ONES)
  graph.edges.append(('output', 'late'))
  return graph


def on_an_image():
  return graph_of(nir.Linear(np.ones((4, 2))), shape=(2, 2, 3))


def without_input():
  graph = graph_of(nir.Scale(ONES), shape=(2,))
  del graph.nodes['input']
  graph.edges.remove(('input', 'n0'))
  return graph


@pytest.mark.parametrize(
  ('make', 'words'),
  [
    (branching, 'must be a chain'),
    (unreachable, "'lost'"),
    (beside, "'a', 'b'"),
    (beyond_the_output, "must end at 'output'"),
    (on_an_image, 'does not fit'),
    (without_input, 'one node Input'),
    (lambda: graph_of(nir.Scale(ONES), shape=(1, 2)), 'an input must be'),
  ],
)
def test_what_does_not_hang_together_is_refused(make, words):
  with pytest.raises(ValueError, match=words):
    from_nir(make(), time_step=DT)
