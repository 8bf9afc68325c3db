"""Run the notebooks of this folder from top to bottom: ``python notebooks/run.py [--write] [NAME ...]``.

Without ``--write`` each is run and compared with what is stored; with it the new outputs are stored.  What is
compared is what a reader would miss: that every cell ran, in order and without an error or a warning, and that
a cell shows the same sort of thing as before (text, table, picture, in that order).  Figures are not compared:
they follow the rules and the knowledge base, and notebooks say with ``assert`` what must not change.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
LARGEST = 400_000  # characters of a stored notebook
OUTSIDE = ("<script", "src=\"http", "href=\"http", "url(http")  # outputs must open offline


def notebooks() -> list[Path]:
    """The notebooks, in order."""
    return sorted(FOLDER.glob("*.ipynb"))


def execute(path: Path) -> Any:
    """The notebook, run anew in an empty folder; raises CellExecutionError where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=600, record_timing=False, extra_arguments=["--log-level=40"],
                       resources={"metadata": {"path": folder}}).execute()
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def shown(cell: Any) -> list[str]:
    """What a code cell shows, as a list of sorts: "text", "error", or the richest type of a display."""
    sorts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            sorts.append("text" if output.name == "stdout" else "warning")
        elif output.output_type == "error":
            sorts.append("error")
        else:
            sorts.append(next((t for t in ("text/html", "image/svg+xml") if t in output.data), "text/plain"))
    return [sort for n, sort in enumerate(sorts) if sort != "text" or sorts[n - 1 : n] != ["text"]]


def faults(path: Path, notebook: Any) -> list[str]:
    """What is wrong with a notebook as it is stored."""
    found = []
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, 1):
        if cell.execution_count != number:
            found.append(f"{path.name}: cell {cell.id} is not stored as run in order")
        found += [f"{path.name}: cell {cell.id} holds {sort}" for sort in shown(cell) if sort in ("error", "warning")]
    text = path.read_text(encoding="utf-8")
    if len(text) > LARGEST:
        found.append(f"{path.name}: {len(text)} characters, more than {LARGEST}")
    outputs = str([cell.outputs for cell in cells])
    found += [f"{path.name}: an output holds {mark!r}" for mark in OUTSIDE if mark in outputs]
    return found


def differences(path: Path, stored: Any, fresh: Any) -> list[str]:
    """Cells that now show another sort of thing than what is stored."""
    pairs = zip(stored.cells, fresh.cells, strict=True)
    return [f"{path.name}: cell {a.id} showed {shown(a)}, now {shown(b)}"
            for a, b in pairs if a.cell_type == "code" and shown(a) != shown(b)]


def main() -> int:
    """Run the notebooks; returns 1 where one is not as stored."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="the notebooks to run; default: all")
    parser.add_argument("--write", action="store_true", help="store the new outputs")
    arguments = parser.parse_args()
    problems = []
    for path in [FOLDER / name for name in arguments.names] or notebooks():
        fresh = execute(path)
        if arguments.write:
            nbformat.write(fresh, path)
        stored = nbformat.read(path, as_version=4)
        problems += faults(path, stored) + differences(path, stored, fresh)
        print(f"{path.name}: run", flush=True)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
