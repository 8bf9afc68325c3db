"""The scores that may only rise: run the shipped pipeline on the seeds, compare with floors.json.

    python .ci/floors.py            fails where a score is below its floor
    python .ci/floors.py --raise    writes the scores of today as floors where they are higher
"""

import json
import sys
from pathlib import Path

import hindi_diplo as hd

ROOT = Path(__file__).parents[1]
FILE = ROOT / ".ci" / "floors.json"
SLACK = 0.002  # rounding; nothing else may lower a score


def main() -> int:
    floors = json.loads(FILE.read_text(encoding="utf-8"))
    nlp = hd.load()
    low = 0
    for name, measures in floors.items():
        report = hd.evaluate(nlp, ROOT / "seeds" / name, resamples=0)
        for measure, floor in measures.items():
            value = report.value(measure)
            mark = "ok" if value is not None and value >= floor - SLACK else "LOW"
            low += mark == "LOW"
            print(f"{mark:<4} {name:<22} {measure:<18} {value:.3f} (floor {floor:.3f})")
            if "--raise" in sys.argv and value is not None and value > floor:
                measures[measure] = round(value - 0.0005, 3)
    if "--raise" in sys.argv:
        FILE.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
