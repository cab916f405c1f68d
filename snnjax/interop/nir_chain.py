# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""From a graph of NIR to nodes in a row."""

import nir

from snnjax.types import Shape

Nodes = dict[str, nir.NIRNode]
Edges = set[tuple[str, str]]
_ENDS = nir.Input, nir.Output


def chain(graph: nir.NIRGraph) -> tuple[Nodes, Nodes, Shape]:
  """Puts the nodes of a graph in order.

  Args:
    graph: from one input to one output; a node may feed back to itself through
      another. Subgraphs are written out, their nodes as `subgraph.node`.

  Returns:
    The nodes in order, without inputs and outputs; by the same names, the nodes
    through which they feed back; and the shape of the input, as NIR has it.

  Raises:
    ValueError: if it is no such graph.
  """
  nodes, edges = _written_out(graph)
  feedbacks = {
    source: target
    for source, target in edges
    if (target, source) in edges and _has_only(edges, target, source)
  }
  edges -= {*feedbacks.items(), *((b, a) for a, b in feedbacks.items())}
  first = name = _only(graph, nir.Input, 'the graph')
  last = _only(graph, nir.Output, 'the graph')
  shape = nodes[name].input_type['input']
  if shape is None:
    raise ValueError(f'input {name!r} must have a shape; got none')
  order = [name]
  while following := [target for source, target in edges if source == name]:
    before = [source for source, target in edges if target == following[0]]
    if len(following) > 1 or len(before) > 1:
      raise ValueError(
        'a graph must be a chain, but for feedback through one node; '
        f'{name!r} leads to {sorted(following)}, and {following[0]!r} comes '
        f'after {sorted(before)}'
      )
    (name,) = following
    order.append(name)
  if order[-1] != last:
    raise ValueError(f'a graph must end at {last!r}; got the chain {order}')
  back = {feedbacks[n] for n in order if n in feedbacks}
  if left := set(nodes) - {*order} - back:
    raise ValueError(f'nodes {sorted(left)} cannot be reached from {first!r}')
  return (
    {n: nodes[n] for n in order if not isinstance(nodes[n], _ENDS)},
    {n: nodes[feedbacks[n]] for n in order if n in feedbacks},
    tuple(int(n) for n in shape),
  )


def _has_only(edges: Edges, name: str, other: str) -> bool:
  """Whether a node's only neighbour, before and after it, is another."""
  return {e for e in edges if name in e} == {(name, other), (other, name)}


def _written_out(graph: nir.NIRGraph) -> tuple[Nodes, Edges]:
  """Replaces subgraphs by their nodes, inputs and outputs included."""
  nodes, edges, entries, exits = {}, set(), {}, {}
  for name, node in graph.nodes.items():
    if not isinstance(node, nir.NIRGraph):
      nodes[name] = node
      continue
    inner, inner_edges = _written_out(node)
    nodes |= {f'{name}.{n}': part for n, part in inner.items()}
    edges |= {(f'{name}.{a}', f'{name}.{b}') for a, b in inner_edges}
    entries[name] = f'{name}.{_only(node, nir.Input, name)}'
    exits[name] = f'{name}.{_only(node, nir.Output, name)}'
  edges |= {(exits.get(a, a), entries.get(b, b)) for a, b in graph.edges}
  return nodes, edges


def _only(graph: nir.NIRGraph, kind: type, name: str) -> str:
  """The name of the only node of a kind."""
  found = [n for n, node in graph.nodes.items() if isinstance(node, kind)]
  if len(found) != 1:
    raise ValueError(
      f'{name} must have one node {kind.__name__}; got {found or "none"}'
    )
  return found[0]
