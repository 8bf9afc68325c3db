"""The scores that may only rise: run the shipped pipeline on the seeds, compare with floors.json.

Names that begin with ``ner/`` are F1 scores of the shipped tagger, alone and with the rules, as
``benchmarks/ner.py`` measures them: on its own files, and on labelled files that stand in ../shared/data/ner
(which are not part of the repository: where they are missing, their floors are passed over, and it says so).

    python .ci/floors.py            fails where a score is below its floor
    python .ci/floors.py --raise    writes the scores of today as floors where they are higher
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import hindi_diplo as hd
from hindi_diplo import taggers
from hindi_diplo.evaluation import EvaluationReport

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
import ner  # noqa: E402

FILE = ROOT / ".ci" / "floors.json"
SLACK = 0.002  # rounding; nothing else may lower a score


CORPORA = ROOT.parent / "shared" / "data" / "ner"


def tagger_scores(name: str) -> dict[str, float] | None:
    """F1 of the shipped tagger and of tagger and rules on one set; None where the set is not here."""
    kind, _, rest = name.removeprefix("ner/").partition("-")
    if kind in ("ilner", "hiner"):
        path = CORPORA / f"{kind}-{rest}.tsv"
        if not path.exists():
            return None
        own = ner.CompactTagger.load(head=f"{kind}-train")
        return {"own head": ner.f1(ner.Plain(own), ner.corpus(path))["micro"] / 100}
    label, cases = ("PER", ner.unseen(rest)) if kind == "unseen" else ("micro", ner.seeds())
    compact = taggers.load("compact")
    return {name: ner.f1(system, cases)[label] / 100
            for name, system in (("compact", ner.Plain(compact)), ("compact+rules", ner.Rules(compact)))}


def shares(report: EvaluationReport) -> Callable[[str], float | None]:
    """The value of a measure; ``status.all`` and ``place.all`` are the shares of all gold events that are found
    with the right status and place.  (The shares among those found fall where a difficult event is found that was
    missed before.)"""
    def value(measure: str) -> float | None:
        slot, _, everything = measure.partition(".")
        if everything and slot in ("status", "place"):
            return report.rate(slot).right / report.rate("events").gold
        return report.value(measure)

    return value


def main() -> int:
    floors = json.loads(FILE.read_text(encoding="utf-8"))
    nlp = hd.load()
    low = 0
    for name, measures in floors.items():
        if name.startswith("ner/"):
            scores = tagger_scores(name)
            if scores is None:
                print(f"--   {name:<22} is not here: passed over")
                continue
            value_of = scores.get
        else:
            value_of = shares(hd.evaluate(nlp, ROOT / "seeds" / name, resamples=0))
        for measure, floor in measures.items():
            value = value_of(measure)
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
