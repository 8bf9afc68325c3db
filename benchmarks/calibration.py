"""Whether the confidence of events means what it says; fits the table from which it is read.

    python benchmarks/calibration.py GOLD.jsonl …                    reliability of the confidence that ships
    python benchmarks/calibration.py GOLD.jsonl … --folds 5          the same of weights fitted without each fifth
    python benchmarks/calibration.py GOLD.jsonl … --fit TABLE.tsv    fits the weights on all and writes them

Right is an event that the gold has too, with the same kind and status.  The weights are those of a logistic
regression with a penalty on their squares; features seen fewer than eight times get none.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from hindi_diplo import pipeline
from hindi_diplo.confidence import features
from hindi_diplo.evaluation import Judge, load_gold
from hindi_diplo.evaluation.scores import pair_events

SELDOM = 8
PENALTY = 1.0
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Case:
    """One event that came out: its document, its features, its confidence, and whether it is right."""

    doc: str
    features: tuple[str, ...]
    confidence: float
    right: bool


def cases(paths: list[Path]) -> list[Case]:
    """Every event that the pipeline finds in the gold documents."""
    nlp = pipeline.load()
    judge = Judge(nlp.kb)
    out = []
    for path in paths:
        for gold in load_gold(path):
            record = gold.record
            doc = nlp({"text": record["text"], "title": record.get("title")}, published=record.get("published"))
            pairs = {p: g for g, p in pair_events(record, doc.to_dict(), judge)}
            for number, event in enumerate(doc.events):
                twin = record["events"][pairs[number]] if number in pairs else None
                right = twin is not None and (twin["kind"], twin["status"]) == (event.kind, event.status)
                out.append(Case(f"{path.name}:{record['id']}", features(event), event.confidence, right))
    return out


def fit(seen: list[Case]) -> dict[str, float]:
    """Feature -> weight in log-odds, by Newton's method."""
    count = Counter(name for case in seen for name in case.features)
    names = sorted(name for name, n in count.items() if n >= SELDOM)
    x = np.array([[name in case.features for name in names] for case in seen], dtype=float)
    y = np.array([case.right for case in seen], dtype=float)
    ridge = np.diag([0.01 if name == "base" else PENALTY for name in names])
    w = np.zeros(len(names))
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, x.T @ (y - p) - ridge @ w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return dict(zip(names, map(float, w), strict=True))


def predict(weights: dict[str, float], case: Case) -> float:
    score = sum(weights.get(name, 0.0) for name in case.features)
    return float(1 / (1 + np.exp(-score)))


def crossed(seen: list[Case], folds: int) -> list[float]:
    """The confidence of each case by weights fitted on the documents of the other folds."""
    docs = sorted({case.doc for case in seen})
    fold = {doc: n % folds for n, doc in enumerate(docs)}
    weights = [fit([c for c in seen if fold[c.doc] != n]) for n in range(folds)]
    return [predict(weights[fold[case.doc]], case) for case in seen]


def table(seen: list[Case], said: list[float]) -> str:
    """The reliability table, with Brier score and expected calibration error."""
    right, p = np.array([c.right for c in seen], dtype=float), np.array(said)
    rows = ["| confidence | events | said | right |", "|---|---|---|---|"]
    gap = 0.0
    for low, high in pairwise(BINS):
        inside = (p >= low) & ((p < high) | (high == 1.0))
        if inside.any():
            mean, share = float(p[inside].mean()), float(right[inside].mean())
            rows.append(f"| {low:.2f}–{high:.2f} | {inside.sum()} | {mean:.2f} | {share:.2f} |")
            gap += float(inside.sum()) * abs(mean - share)
    rows.append(f"\n{len(seen)} events, {right.mean():.3f} right; Brier score {((p - right) ** 2).mean():.3f} "
                f"(a constant: {right.mean() * (1 - right.mean()):.3f}); calibration error {gap / len(seen):.3f}")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--fit", type=Path, metavar="TABLE.tsv")
    arguments = parser.parse_args()
    seen = cases(arguments.gold)
    print(table(seen, [case.confidence for case in seen]))
    if arguments.folds:
        print(f"\nweights fitted without each of {arguments.folds} parts:\n")
        print(table(seen, crossed(seen, arguments.folds)))
    if arguments.fit:
        lines = ["# feature of an event -> weight in log-odds; made by benchmarks/calibration.py --fit, not by hand.",
                 "feature\tweight", *(f"{name}\t{weight:.3f}" for name, weight in fit(seen).items())]
        arguments.fit.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
