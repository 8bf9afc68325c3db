"""Known vulnerabilities in what requirements-dev.lock pins, asked of pip-audit.

Exits with 1 where there is one.  Where the database cannot be reached, or knows none of the packages (a mirror
without it), that is said and is no failure: it says nothing about the packages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements-dev.lock"


def main() -> int:
    """Run pip-audit and tell what it found."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--disable-pip", "--require-hashes", "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"not audited: pip-audit reached no database ({reason[:160]})")
        return 0
    asked = [p for p in packages if "skip_reason" not in p]
    bad = [(p["name"], p["version"], v["id"]) for p in asked for v in p["vulns"]]
    for name, version, number in bad:
        print(f"{name} {version}: {number}")
    print(f"{len(asked)} of {len(packages)} packages audited, {len(bad)} known vulnerabilities"
          + ("" if asked else ": the index has no database of them"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
