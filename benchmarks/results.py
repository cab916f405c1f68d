# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Writes the tables of docs/results.md and README.md from kept records.

python -m benchmarks.results  # all tables anew
python -m benchmarks.results --config=configs/suite/paper.py
  --add=exp/suite_paper  # after taking over what a suite's runs came to

Lines of benchmarks are put into docs/records/benchmarks.jsonl by hand, those
of another machine into benchmarks_{machine}.jsonl: gpu, zen.
"""

import json
import re
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from absl import app, flags
from ml_collections import ConfigDict, config_flags

from benchmarks import records, scaling, targets
from configs.suite import digits, paper
from experiments import markdown, suite_runs
from experiments.suite_runs import Run

ROOT = Path(__file__).parents[1]
PAGES = ROOT / 'README.md', ROOT / 'docs' / 'results.md'
RECORDS = ROOT / 'docs' / 'records'
_BLOCK = re.compile(
  r'(<!-- table: ([\w ]+) -->\n).*?(<!-- end of table -->)', re.DOTALL
)


def add(config: ConfigDict, workdir: Path, folder: Path = RECORDS) -> int:
  """Takes over the records of a suite's finished runs; returns how many."""
  file = folder / f'{config.exp_id}.jsonl'
  kept = {record['name']: record for record in _lines(file)}
  runs = suite_runs.plan(config, workdir, None)
  found = [(run, suite_runs.read(run)) for run in runs if run.title]
  new = {
    run.name: {
      'name': run.name,
      **record.process._asdict(),
      **record.outcome._asdict(),
    }
    for run, record in found
    if record and record.process
  }
  kept |= new
  names = [run.name for run in runs if run.name in kept]
  file.write_text(''.join(f'{json.dumps(kept[name])}\n' for name in names))
  return len(new)


def filled(page: str, folder: Path = RECORDS) -> str:
  """A page with its marked tables written anew."""

  def table(match: re.Match) -> str:
    start, name, end = match.groups()
    return f'{start}{_table(name, folder)}\n{end}'

  return _BLOCK.sub(table, page)


def _table(name, folder):
  kind, *rest = name.split()
  if kind == 'benchmark':
    return _benchmark(folder, ' '.join(rest))
  config = {'digits': digits, 'paper': paper}[kind].get_config()
  kept = {record['name']: record for record in _lines(folder / f'{kind}.jsonl')}
  rows = _rows(suite_runs.plan(config, Path(), None), kept)
  columns = _COLUMNS
  if rest == ['headline']:
    columns = _HEADLINE
    rows = [row for row in rows if row[0].source and row[0].asked]
  cells = [[column(*row) for column in columns.values()] for row in rows]
  return markdown.table(tuple(columns), cells)


def _rows(runs, kept):
  """The first run of each title with the records of all that share it."""
  rows = {}
  for run in runs:
    if run.name in kept:
      rows.setdefault(run.title, (run, []))[1].append(kept[run.name])
  return rows.values()


def _benchmark(folder, case):
  machine, _, of_machine = case.partition(' ')
  file = folder / f'benchmarks_{machine}.jsonl'
  if file.exists():
    case = of_machine
  else:
    file = folder / 'benchmarks.jsonl'
  found = [records.Record(**line) for line in _lines(file)]
  if not case:
    return records.table(found)
  if case == 'targets':
    return targets.table(found)
  chosen = [record for record in found if record.case.split(',')[0] == case]
  return (scaling if case == 'scaling' else records).table(chosen)


def _lines(file):
  return [json.loads(line) for line in file.read_text().splitlines()]


def _mean(key: str, scale: float, decimals: int) -> Callable:
  def cell(run: Run, found: Sequence[dict]) -> str:
    del run
    known = [record[key] for record in found if record[key] is not None]
    values = [scale * value for value in known]
    if not values:
      return '-'
    mean = f'{statistics.mean(values):.{decimals}f}'
    if len(values) == 1 or not decimals:
      return mean
    return f'{mean} ± {statistics.stdev(values):.{decimals}f}'

  return cell


def _by_device(key: str) -> Callable:
  """A mean for each device, in the order of `_all('device')`."""

  def cell(run: Run, found: Sequence[dict]) -> str:
    del run
    values = {}
    for record in found:
      known = values.setdefault(record['device'], [])
      known += [] if record[key] is None else [record[key]]
    return '; '.join(
      f'{statistics.mean(known):.0f}' if known else '-'
      for known in values.values()
    )

  return cell


def _all(key: str) -> Callable:
  def cell(run: Run, found: Sequence[dict]) -> str:
    del run
    return '; '.join(dict.fromkeys(record[key] for record in found)) or '-'

  return cell


def _what(run, found):
  del found
  return run.title


def _source(run, found):
  del found
  return run.source or '-'


def _asked(run, found):
  del found
  return run.asked or '-'


def _seeds(run, found):
  del run
  return len(found)


def _command(run, found):
  del run
  command = re.sub(r'(--config.seed)=\d+', r'\1=S', found[0]['command'])
  return f'`{command}`'


_HEADLINE = {
  'what': _what,
  'source, %': _source,
  'here, %': _mean('last', 100, 2),
  'seeds': _seeds,
}
_COLUMNS = {
  'what': _what,
  'source, %': _source,
  'asked': _asked,
  'last, %': _mean('last', 100, 2),
  'validation-best, %': _mean('best', 100, 2),
  'seeds': _seeds,
  'steps': _mean('steps', 1, 0),
  'trained, %': _mean('trained', 100, 2),
  'seconds': _by_device('seconds'),
  'compiling': _by_device('compile_s'),
  'peak MiB': _by_device('peak_mib'),
  'device': _all('device'),
  'command': _command,
  'commit': _all('commit'),
}


def main(argv: list[str]) -> None:
  """Adds what the flags name, then writes the pages."""
  del argv
  if _FOLDER.value:
    count = add(_CONFIG.value, Path(_FOLDER.value))
    print(f'{count} records of {_FOLDER.value} taken over')
  for page in PAGES:
    page.write_text(filled(page.read_text()))


if __name__ == '__main__':
  _CONFIG = config_flags.DEFINE_config_file(
    'config', 'configs/suite/paper.py', 'The suite whose records are added.'
  )
  _FOLDER = flags.DEFINE_string('add', None, 'Folder of a suite to take over.')
  app.run(main)
