# Copyright 2026 The snnjax authors. Licensed under the Apache License 2.0.
"""Notebooks run, learn, and say in both files the same."""

import pathlib
import runpy

import jupytext
import pytest

FOLDER = pathlib.Path(__file__).parents[1] / 'notebooks'
NAMES = sorted(path.stem for path in FOLDER.glob('*.py'))


def cells(path: pathlib.Path) -> list[tuple[str, str]]:
  return [(cell.cell_type, cell.source) for cell in jupytext.read(path).cells]


def test_every_script_has_its_notebook():
  assert {path.stem for path in FOLDER.glob('*.ipynb')} == {*NAMES}


@pytest.mark.parametrize('name', NAMES)
def test_script_and_notebook_say_the_same(name):
  notebook = FOLDER / f'{name}.ipynb'
  assert cells(notebook) == cells(FOLDER / f'{name}.py'), '`make notebooks`'
  found = jupytext.read(notebook).cells
  assert not any(cell.get('outputs') for cell in found)


@pytest.mark.parametrize('name', NAMES)
def test_notebook_runs_and_learns(name, tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  names = runpy.run_path(str(FOLDER / f'{name}.py'))
  assert names['test_accuracy'] > 0.75
