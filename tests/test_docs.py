"""Every block of code in docs/ and the README's Python runs; text under a block is what it printed."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$(?:\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with the seeds in it, and the command on the path."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    command = tmp_path / "bin" / "hindi-diplo"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hindi_diplo "$@"\n')
    command.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_blocks_run(page: Path, desk: Path) -> None:
    for package in ("pandas", "plotly", "networkx", "pyarrow"):
        pytest.importorskip(package)
    names: dict[str, object] = {"__name__": "__main__"}
    for language, code, shown in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(code, f"{page.name}: {code.splitlines()[0]}", "exec"), names)
            if shown:
                assert said.getvalue().rstrip() == shown.rstrip(), code
        elif language == "sh" and page.name != "README.md":  # .ci/readme_commands.py runs those of the README
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", code], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{code}\n{done.stderr}"


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
