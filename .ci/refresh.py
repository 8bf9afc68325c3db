"""Make anew what is stored of the program's output, after a change that changes it.

    python .ci/refresh.py                       README and docs blocks, notebooks, pictures
    python .ci/refresh.py blocks notebooks      some of them
    python .ci/refresh.py --check               change nothing; exit with 1 where a block is out of date

A block of text after a block of Python in docs/ is what the code prints; the one behind ``<!-- output: run -->``
in README.md is what its command prints.  Pictures need Chromium and are left as they are where there is none.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [*sorted((ROOT / "docs").glob("*.md")), README]
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$(?:\n```text\n(?P<shown>.*?)^```$)?", re.M | re.S)
OUTPUT = re.compile(r"(<!-- output: run -->\n```text\n)(.*?)(^```$)", re.M | re.S)
ARTICLE = "seeds/jaishankar-lavrov-2020-09-09.txt"
COLUMNS = "120"  # the width of the table in the README


@contextlib.contextmanager
def desk() -> Iterator[Path]:
    """An empty folder to work in, with the seeds in it and the command on the path."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        (folder / "seeds").symlink_to(ROOT / "seeds")
        command = folder / "bin" / "hindi-diplo"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hindi_diplo "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        before = dict(os.environ)
        os.environ.update(PATH=f"{command.parent}:{os.environ['PATH']}", PYTHONPATH=str(ROOT), COLUMNS=COLUMNS)
        try:
            yield folder
        finally:
            os.environ.clear()
            os.environ.update(before)


def page(path: Path) -> str:
    """The text of a page with every block run and its output put in; raises where a block fails."""
    text = path.read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}
    new, at = "", 0
    for block in BLOCK.finditer(text):
        language, code = block["language"], block["code"]
        if language == "python":
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(code, f"{path.name}: {code.splitlines()[0]}", "exec"), names)
            if block["shown"] is not None:
                new += text[at : block.start("shown")] + said.getvalue().rstrip() + "\n"
                at = block.end("shown")
        elif language == "sql":
            import duckdb

            if not duckdb.sql(code).fetchall():
                raise ValueError(f"{path.name}: a query that finds nothing: {code}")
        elif language == "sh" and path != README:  # .ci/readme_commands.py runs those of the README
            subprocess.run(["bash", "-euo", "pipefail", "-c", code], check=True, capture_output=True, text=True)
    made = new + text[at:]
    if path != README:
        return made
    command = [sys.executable, "-m", "hindi_diplo", "extract", ARTICLE, "--format", "table"]
    shown = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=os.environ).stdout
    return OUTPUT.sub(lambda m: m[1] + shown.rstrip() + "\n" + m[3], made)


def pictures() -> None:
    """The Jupyter view with a slot under the mouse, and the report."""
    sys.path.insert(0, str(ROOT / "tests"))
    from chromium import FOUND, Chromium

    import hindi_diplo as hd
    from hindi_diplo import display
    from hindi_diplo.report import write_report

    if FOUND is None:
        print("no Chromium: the pictures stay as they are", file=sys.stderr)
        return
    nlp = hd.load()
    with desk() as folder, Chromium() as browser:
        doc = nlp(hd.read(ARTICLE))
        (folder / "view.html").write_text(display.page([doc]), encoding="utf-8")
        browser.open(folder / "view.html")
        browser.resize(1000, 900)
        browser.hover(".s-e0p1", scroll=False)
        browser.picture(ROOT / "docs" / "img" / "jupyter.png")
        write_report(nlp.pipe(hd.articles("seeds/dev.jsonl")), "report.html")
        browser.open(folder / "report.html")
        browser.resize(1200, 1000)
        browser.picture(ROOT / "docs" / "img" / "report.png")


def main() -> int:
    """Refresh, or with ``--check`` compare; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=["blocks", "notebooks", "pictures", []], help="default: all")
    parser.add_argument("--check", action="store_true", help="change nothing, name the pages that are out of date")
    arguments = parser.parse_args()
    what = set(arguments.what or ["blocks", "notebooks", "pictures"])
    old = []
    for path in PAGES if "blocks" in what else ():
        with desk():
            made = page(path)
        if made != path.read_text(encoding="utf-8"):
            old.append(path.name)
            if not arguments.check:
                path.write_text(made, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: {'out of date' if arguments.check else 'written'}", flush=True)
    if arguments.check:
        return 1 if old else 0
    if "notebooks" in what:
        subprocess.run([sys.executable, str(ROOT / "notebooks" / "run.py"), "--write"], check=True)
    if "pictures" in what:
        pictures()
    return 0


if __name__ == "__main__":
    sys.exit(main())
