# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a suite leaves: a table on the screen and a page to look at."""

import base64
import html
from collections.abc import Sequence
from pathlib import Path

from experiments import markdown, provenance
from experiments.suite_runs import Record, Run

_PAGE, _TABLE = 'report.html', 'table.md'
_HEADER = (
  'system',
  'source, %',
  'last model, %',
  'validation-best, %',
  'seconds',
  'compiling',
  'peak MiB',
)
_LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; color: #222; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; padding: .3rem .6rem;
  border-bottom: 1px solid #ddd; }}
img {{ max-width: 100%; max-height: 30rem; }}
code {{ background: #f4f4f4; padding: .1rem .3rem; }}
.failed {{ color: #b00; }}
</style></head><body><h1>{title}</h1>
<p>Accuracy on test examples. "Last" is the model after the last update,
"validation-best" the one with the highest accuracy on held-out training
examples. {device}; commit {commit}.</p>
{table}
{sections}
</body></html>
"""


def write(
  title: str, runs: Sequence[Run], records: Sequence[Record], workdir: Path
) -> None:
  """Writes `report.html` and `table.md`.

  Args:
    title: of the page.
    runs: what is done.
    records: what came of it, in the same order.
    workdir: where to.
  """
  shown = [
    (run, record)
    for run, record in zip(runs, records, strict=True)
    if run.title or record.failure
  ]
  rows = [_cells(run, record) for run, record in shown]
  (workdir / _TABLE).write_text(markdown.table(_HEADER, rows) + '\n')
  (workdir / _PAGE).write_text(
    _LAYOUT.format(
      title=html.escape(title),
      device=html.escape(provenance.device()),
      commit=html.escape(provenance.commit()),
      table=_html(rows),
      sections='\n'.join(_section(run, record) for run, record in shown),
    )
  )


def tell(records: Sequence[Record], workdir: Path) -> None:
  """Prints the table that was written, and where the page is."""
  seconds = sum(record.process.seconds for record in records if record.process)
  print(f'\n{(workdir / _TABLE).read_text()}')
  print(f'{seconds:.0f} s in all. The report is {(workdir / _PAGE).resolve()}')


def _cells(run, record):
  if record.failure:
    return [run.label, run.source, record.failure, '', '', '', '']
  outcome, process = record.outcome, record.process
  note = f' ({outcome.note})' if outcome.note else ''
  return [
    run.label,
    run.source,
    f'{100 * outcome.last:.2f}{note}',
    f'{100 * outcome.best:.2f}',
    f'{process.seconds:.0f}',
    f'{process.compile_s:.0f}',
    f'{process.peak_mib:.0f}',
  ]


def _html(rows):
  def row(tag, cells):
    cells = ''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)
    return f'<tr>{cells}</tr>'

  lines = [row('th', _HEADER), *(row('td', cells) for cells in rows)]
  return f'<table>{"".join(lines)}</table>'


def _section(run, record):
  command = provenance.public_command(run.command)
  parts = [
    f'<h2>{html.escape(run.label)}</h2>',
    f'<p><code>{html.escape(command)}</code></p>',
  ]
  picture = run.folder / run.picture
  if record.failure:
    parts.append(f'<p class="failed">{html.escape(record.failure)}</p>')
  elif picture.is_file():
    content = base64.b64encode(picture.read_bytes()).decode()
    source = f'data:image/{picture.suffix[1:]};base64,{content}'
    parts.append(f'<img alt="{html.escape(run.picture)}" src="{source}">')
  return '\n'.join(parts)
