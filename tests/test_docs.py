"""Every block of code in docs/ and the README's Python runs; text under a block is what it printed."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def refresher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh", ROOT / ".ci" / "refresh.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


REFRESH = refresher()


@pytest.mark.slow
@pytest.mark.parametrize("page", REFRESH.PAGES, ids=lambda p: p.name)
def test_blocks_run_and_say_what_is_shown(page: Path) -> None:
    for package in ("pandas", "plotly", "networkx", "pyarrow", "duckdb"):
        pytest.importorskip(package)
    with REFRESH.desk():
        made = REFRESH.page(page)
    assert made == page.read_text(encoding="utf-8"), "out of date: run python .ci/refresh.py blocks and read the change"


def test_the_readme_has_what_is_promised() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"<!-- command: (\w+) -->\n```sh\n", text) == ["run", "test"]
    assert len(REFRESH.OUTPUT.findall(text)) == 1
    assert {"docs/img/jupyter.png", "docs/img/report.png"} <= set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text))


def test_a_block_that_is_out_of_date_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Two\n```python\nprint(1 + 1)\n```\n```text\n3\n```\n\n```python\nx = 1\n```\n", encoding="utf-8")
    with REFRESH.desk():
        assert REFRESH.page(page) == page.read_text(encoding="utf-8").replace("\n3\n", "\n2\n")
    page.write_text("```python\nraise KeyError('no')\n```\n", encoding="utf-8")
    with REFRESH.desk(), pytest.raises(KeyError, match="no"):
        REFRESH.page(page)


def test_links_lead_somewhere() -> None:
    for page in REFRESH.PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
