"""Run the two set-up-and-go commands of the README just as they stand there.

Each stands in a ``sh`` block behind the comment ``<!-- command: run -->`` or ``<!-- command: test -->``.
The virtual environment of the README is replaced by the one given, so that CI can go on with it.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main(venv: str) -> int:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*?)\n```", readme, re.DOTALL))
    for name in ("run", "test"):
        command = found[name].replace(".venv", venv)
        print(f"$ {command}", flush=True)
        code = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=ROOT, check=False).returncode
        if code:
            print(f"the README's command {name!r} failed with {code}")
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
