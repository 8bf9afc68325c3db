"""Fuzzing with atheris (pip install atheris; Linux):

    python tests/fuzz/fuzz.py -max_total_time=600 found     ten minutes; inputs that reach something new go to found/
    python tests/fuzz/fuzz.py -runs=0                       only what is kept in tests/fuzz/corpus

Every option is libFuzzer's.  A finding is written to the working folder (crash-…, timeout-…); once it is mended,
its file goes to tests/fuzz/corpus, which the test suite runs without atheris.  The timeout is wide: instrumented
code is some fifty times slower.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

with atheris.instrument_imports(include=["hindi_diplo"]):
    import targets


def main() -> None:
    """Run the fuzzer until its time is over or something is found."""
    options = ["-max_len=4096", "-timeout=120", "-rss_limit_mb=2048"]
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory() as new:
        folders = [a for a in given if not a.startswith("-")] or [new]
        Path(folders[0]).mkdir(exist_ok=True)
        flags = [a for a in given if a.startswith("-")]
        atheris.Setup([sys.argv[0], *options, *flags, *folders, str(HERE / "corpus")], targets.run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
