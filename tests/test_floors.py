"""Imports go down only: each module may import from lower floors, and from its own where that is said."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hindi_diplo"
FLOORS = {
    1: "records types errors _version",
    2: "files",
    3: "text dates names",
    4: "knowledge lexicon matching patterns reader reader_html reader_zones codes confidence",
    5: "taggers gazetteer views arguments places topics merging parties candidates slots descriptions "
         "memory timevalues reckoning travels rows",
    6: "tagging times linking references referents story agenda outlines journeys gatherings sieve timing events "
       "relations",
    7: "pipeline",
    8: "evaluation exchange annotate display frames plots svg report train checks kbtools "
       "batch spark corpus corpus_files",
    9: "cli",
    10: "__init__ __main__",
}
FLOOR = {name: floor for floor, names in FLOORS.items() for name in names.split()}
SIDEWAYS = {
    ("relations", "linking"), ("references", "referents"),
    ("events", "references"),  # the events step folds the references into its rows
    ("events", "story"), ("events", "agenda"), ("agenda", "story"), ("events", "outlines"),
    ("events", "journeys"), ("events", "gatherings"), ("events", "sieve"), ("events", "timing"), ("timing", "story"),
    ("types", "errors"), ("types", "records"), ("dates", "text"), ("arguments", "topics"), ("arguments", "merging"),
    ("arguments", "places"), ("places", "topics"), ("topics", "views"), ("candidates", "merging"),
    ("slots", "reckoning"), ("reckoning", "merging"),
    ("slots", "arguments"), ("slots", "candidates"), ("slots", "merging"), ("memory", "merging"),
    ("patterns", "lexicon"), ("patterns", "matching"),
    ("reader", "reader_html"), ("reader", "reader_zones"), ("reader_html", "reader_zones"), ("names", "text"),
}
TOP_MAY_ALL = {8, 10}  # on floor 8 one module may use another where it plainly serves it


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            found.update([node.module.split(".")[0]] if node.module else [a.name for a in node.names])
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hindi_diplo."):
            found.add(node.module.split(".")[1])
    return found


FILES = [p for p in sorted(PACKAGE.rglob("*.py")) if "data" not in p.relative_to(PACKAGE).parts[:1]]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    name = module_of(path)
    assert name in FLOOR, f"{name} stands on no floor: add it to FLOORS"
    for other in imported(path) - {name}:
        assert other in FLOOR, f"{name} imports {other}, which stands on no floor"
        if FLOOR[name] in TOP_MAY_ALL or (name, other) in SIDEWAYS:
            assert FLOOR[other] <= FLOOR[name]
        else:
            assert FLOOR[other] < FLOOR[name], f"{name} (floor {FLOOR[name]}) imports {other} ({FLOOR[other]})"


def test_no_hindi_words_in_code() -> None:
    """Words belong in data files; a character class or a single letter is none."""
    import re

    words = re.compile(r"(?=[\u0900-\u0963]*[\u0915-\u0939][\u093e-\u094d])[\u0900-\u0963\u0970-\u097f]{3,}")
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(n.body[0].value) for n in ast.walk(tree)
                if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef)
                and n.body and isinstance(n.body[0], ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                assert not words.search(node.value), f"{path.name}:{node.lineno}: {node.value!r}"
