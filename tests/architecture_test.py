# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""The house of docs/architecture.md: who may import whom, and how much.

`violations` reads one module's source and runs none of it.
"""

import ast
import graphlib
import importlib
import inspect
import pathlib
import sys
import typing
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).parents[1]
SHIPPED = ('snnjax', 'pallas_kernels', 'experiments', 'configs')
LIBRARY = ('snnjax',)
FIRST_LINE = (
  '# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.'
)

# A room of `snnjax` may import its own floor and those above it here.
FLOORS = (
  ('types',),
  ('devices', 'numerics'),
  ('products',),
  ('integers', 'patch_products'),
  ('surrogate', 'encoders', 'targets', 'losses', 'metrics', 'convolution'),
  ('neurons', 'synapses', 'delays', 'dropout', 'normalisation'),
  ('combinators', 'policies'),
  ('simulate', 'observers'),
  ('spatial', 'event', 'plasticity'),
  ('models',),
  ('conversion',),
  ('interop',),
)
FLOOR = {room: k for k, rooms in enumerate(FLOORS) for room in rooms}
KNOW_NO_NEURON = ('data', 'training', 'viz')
HIGHEST = FLOOR | dict.fromkeys(KNOW_NO_NEURON, FLOOR['losses'])

# Who alone may import it; the longest name that fits counts.
ONLY_IN = {
  'tensorflow': (),
  'torch': (),
  'matplotlib': ('snnjax.viz',),
  'tensorflow_datasets': ('snnjax.data',),
  'ml_collections': ('configs', 'experiments'),
  'absl.app': ('experiments',),
  'absl.flags': ('experiments',),
  'jax.experimental.pallas': ('pallas_kernels',),
  'jax.experimental.pallas.mosaic_gpu': ('pallas_kernels.backend',),
  'jax.experimental.pallas.tpu': ('pallas_kernels.backend',),
  'jax.experimental.pallas.triton': ('pallas_kernels.backend',),
  'snnjax': ('snnjax', 'experiments'),
  'snnjax.types': ('snnjax', 'experiments', 'pallas_kernels'),
  'snnjax.event.types': ('snnjax', 'experiments', 'pallas_kernels'),
  'pallas_kernels': ('pallas_kernels', 'experiments'),
  'experiments': ('experiments',),
  'configs': ('configs',),
  'benchmarks': (),
  'tests': (),
}
IN_CONFIGS = {'ml_collections', 'configs', *sys.stdlib_module_names}

MODULE_LINES, FUNCTION_LINES, LAUNCHER_LINES = 300, 60, 60


def modules() -> dict[str, pathlib.Path]:
  """Every module that ships, by its dotted name."""
  found = {}
  for top in SHIPPED:
    for path in sorted(ROOT.glob(f'{top}/**/*.py')):
      parts = path.relative_to(ROOT).with_suffix('').parts
      found['.'.join(parts).removesuffix('.__init__')] = path
  return found


MODULES = modules()


def imports(tree: ast.AST) -> Iterator[str]:
  """What a module imports, each with the name it takes: `a.b.name`."""
  for node in ast.walk(tree):
    if isinstance(node, ast.Import):
      yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
      origin = '.' * node.level + (node.module or '')
      yield from (f'{origin}.{alias.name}' for alias in node.names)


def within(name: str, tops: tuple[str, ...]) -> bool:
  return any(name == top or name.startswith(f'{top}.') for top in tops)


def floors_allow(importer: str, target: str) -> bool:
  """Whether one module of `snnjax` may import another; true of any else."""
  if not (within(importer, LIBRARY) and within(target, LIBRARY)):
    return True
  own, other = (f'{name}.'.split('.')[1] for name in (importer, target))
  if own in ('', other):  # the front door, or the same room
    return True
  return FLOOR.get(other, len(FLOORS)) <= HIGHEST.get(own, -1)


def size(function: ast.FunctionDef) -> int:
  """Counts a function's lines, its docstring apart."""
  docstring = ast.get_docstring(function, clean=False) or ''
  lines = 1 + (function.end_lineno or 0) - function.lineno
  return lines - len(docstring.splitlines())


def violations(module: str, source: str) -> list[str]:
  """What a module does against the architecture, one sentence each."""
  tree, lines = ast.parse(source), source.splitlines()
  targets = list(imports(tree))
  found = []
  if not lines or lines[0] != FIRST_LINE:
    found.append('does not open with the copyright line')
  for target in targets:
    rules = [top for top in ONLY_IN if within(target, (top,))]
    if rules and not within(module, ONLY_IN[max(rules, key=len)]):
      found.append(f'must not import {target}')
    elif not floors_allow(module, target):
      found.append(f'stands too early in the import order for {target}')
    if any(p.startswith('_') and p[:2] != '__' for p in target.split('.')):
      found.append(f'imports the private {target}')
    if target.startswith('.'):
      found.append(f'imports {target} relatively')
    if within(module, ('configs',)) and target.split('.')[0] not in IN_CONFIGS:
      found.append(f'must hold values only, and imports {target}')
  is_launcher = 'experiments.launch' in targets
  most = LAUNCHER_LINES if is_launcher else MODULE_LINES
  if len(lines) > most:
    found.append(f'has {len(lines)} lines, more than {most}')
  for node in ast.walk(tree):
    if isinstance(node, ast.FunctionDef) and size(node) > FUNCTION_LINES:
      found.append(
        f'{node.name} has {size(node)} lines, more than {FUNCTION_LINES}'
      )
  return found


@pytest.mark.parametrize('module', MODULES)
def test_module_keeps_the_architecture(module):
  source = MODULES[module].read_text()
  assert violations(module, source) == []


def test_no_import_cycle():
  graph = {
    module: {owner(target) for target in imports(ast.parse(path.read_text()))}
    for module, path in MODULES.items()
  }
  graphlib.TopologicalSorter(graph).prepare()


def owner(target: str) -> str:
  """The shipped module that an imported name is, or lies in."""
  while target and target not in MODULES:
    target = target.rpartition('.')[0]
  return target


def test_every_room_has_its_floor():
  rooms = {module.split('.')[1] for module in MODULES if 'snnjax.' in module}
  assert rooms <= set(HIGHEST)


@pytest.mark.parametrize(
  ('module', 'line', 'complaint'),
  [
    ('snnjax.losses', 'from snnjax import neurons', 'too early'),
    ('snnjax.neurons.lif', 'import snnjax.combinators', 'too early'),
    ('snnjax.data.idx', 'from snnjax.neurons import lif', 'too early'),
    ('snnjax.training.loop', 'from snnjax.data import load', 'too early'),
    ('snnjax.simulate', 'import snnjax', 'too early'),
    ('snnjax.newcomer', 'import snnjax.types', 'too early'),
    ('snnjax.losses', 'import pallas_kernels.backend', 'must not'),
    ('snnjax.losses', 'from experiments import csnn', 'must not'),
    ('snnjax.models.csnn', 'from ml_collections import ConfigDict', 'must not'),
    ('snnjax.training.loop', 'import matplotlib.pyplot as plt', 'must not'),
    ('experiments.csnn', 'from matplotlib import pyplot', 'must not'),
    ('snnjax.data.source', 'import tensorflow as tf', 'must not'),
    ('experiments.csnn', 'def f():\n  import torch', 'must not'),
    ('snnjax.losses', 'from jax.experimental import pallas', 'must not'),
    (
      'pallas_kernels.spike_times',
      'from jax.experimental.pallas import triton',
      'must not',
    ),
    ('pallas_kernels.spike_times', 'import snnjax.losses', 'must not'),
    ('snnjax.losses', 'from jax._src import core', 'private'),
    ('snnjax.neurons.lif', 'from . import reset', 'relatively'),
    ('configs.csnn.mnist', 'import jax', 'values only'),
    ('snnjax.losses', 'x = 0\n' * 300, '301 lines'),
    ('experiments.csnn', 'from experiments import launch\n' * 60, '61 lines'),
    ('snnjax.losses', 'def f():\n' + '  x = 0\n' * 60, 'f has 61 lines'),
  ],
)
def test_planted_violation_is_found(module, line, complaint):
  assert complaint in ' '.join(violations(module, f'{FIRST_LINE}\n{line}'))


def test_missing_copyright_line_is_found():
  assert violations('snnjax.losses', 'x = 0')


@pytest.mark.parametrize(
  ('module', 'line'),
  [
    ('snnjax.neurons.lif', 'from snnjax.neurons import reset'),
    ('snnjax.synapses', 'from snnjax.neurons.neuron import value'),
    ('snnjax.viz.curves', 'from snnjax.types import Array'),
    ('snnjax.viz.curves', 'import matplotlib.ticker'),
    ('pallas_kernels.backend', 'from jax.experimental.pallas import triton'),
    ('pallas_kernels.spike_times', 'from snnjax.event.types import Crossings'),
    ('experiments.csnn', 'from snnjax import training, viz'),
    ('configs.csnn.mnist', 'from configs.csnn import digits'),
  ],
)
def test_what_is_allowed_passes(module, line):
  assert not violations(module, f'{FIRST_LINE}\n{line}')


PACKAGES = [m for m, path in MODULES.items() if path.name == '__init__.py']


def test_every_folder_of_the_library_is_a_package():
  folders = {m.rpartition('.')[0] for m in MODULES if m.startswith('snnjax.')}
  assert folders <= set(PACKAGES)


@pytest.mark.parametrize('package', PACKAGES)
def test_public_names_are_documented(package):
  module = importlib.import_module(package)
  assert not [n for n in module.__all__ if not is_documented(module, n)]


def is_documented(module, name: str) -> bool:
  thing = getattr(module, name)
  is_alias = typing.get_origin(thing) is not None
  if is_alias or not (callable(thing) or inspect.ismodule(thing)):
    return True
  doc = inspect.getdoc(thing) or ''
  return bool(doc) and not doc.startswith(f'{name}(')  # NamedTuple's own


def test_missing_docstring_is_found():
  class Planted(typing.NamedTuple):
    field: int

  here = sys.modules[__name__]
  here.Planted, here.planted = Planted, lambda: None
  assert not is_documented(here, 'Planted')
  assert not is_documented(here, 'planted')
  assert is_documented(here, 'violations')
