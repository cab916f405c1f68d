# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""What a run prints at its end."""

from pathlib import Path

from snnjax import training


def tell(workdir: Path) -> None:
  """Prints the accuracies, and where the run's files are."""
  records = training.read_records(workdir)
  best = training.best_step(workdir)
  last = max(record['step'] for record in records)
  for name, step in (('last', last), ('validation-best', best)):
    accuracies = ', '.join(
      f'{record["split"]} {100 * record["metrics"]["accuracy"]:.2f} %'
      for record in records
      if record['step'] == step
    )
    print(f'Accuracy of the {name} model (step {step}): {accuracies}')
  print(f'The run is in {workdir.resolve()}:')
  for path in sorted(workdir.glob('[!.]*')):
    print(f'  {path.name}{"/" if path.is_dir() else ""}')
