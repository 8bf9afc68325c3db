"""The notebooks run from top to bottom, and are stored as run (``python notebooks/run.py --write``)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
FOLDER = Path(__file__).parents[1] / "notebooks"
NAMES = [
    "01_tour.ipynb", "02_from_articles_to_a_network.ipynb", "03_add_a_rule_and_a_leader.ipynb",
    "04_evaluate_against_seeds.ipynb",
]


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_notebooks", FOLDER / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_stored_as_run(runner: ModuleType, name: str) -> None:
    path = FOLDER / name
    assert path in runner.notebooks()
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert runner.faults(path, notebook) == []
    told = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(told) >= 5 and any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def test_faults_are_seen(runner: ModuleType, tmp_path: Path) -> None:
    v4 = nbformat.v4
    error = v4.new_output("error", ename="E", evalue="", traceback=[])
    cells = [v4.new_code_cell("1", execution_count=2, outputs=[error]),
             v4.new_code_cell("2", execution_count=2, outputs=[
                 v4.new_output("stream", name="stderr", text="w"),
                 v4.new_output("display_data", data={"text/html": '<script src="http://x">'})])]
    path = tmp_path / "bad.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    found = " | ".join(runner.faults(path, nbformat.read(path, as_version=4)))
    assert "not stored as run in order" in found and "holds error" in found and "holds warning" in found
    assert "'<script'" in found


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_runs_anew(runner: ModuleType, name: str) -> None:
    for package in ("pandas", "pyarrow", "plotly", "networkx", "ipykernel"):
        pytest.importorskip(package)
    path = FOLDER / name
    assert runner.differences(path, nbformat.read(path, as_version=4), runner.execute(path)) == []
