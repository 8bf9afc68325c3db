"""The four entity measures against the nervaluate package, which named them, on the same random spans."""

from __future__ import annotations

import random

import pytest

from hindi_diplo.evaluation import Judge, score

nervaluate = pytest.importorskip("nervaluate")

LABELS = ["PERSON", "COUNTRY", "ORG", "PLACE"]
NAMES = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
Spans = list[tuple[int, int, str]]


def spans(chance: random.Random) -> Spans:
    """Up to six spans, none over another."""
    made: Spans = []
    at = 0
    for _ in range(chance.randint(0, 6)):
        start = at + chance.randint(0, 3)
        at = start + chance.randint(1, 6)
        made.append((start, at, chance.choice(LABELS)))
    return made


def ours(gold: Spans, got: Spans) -> dict[str, tuple[float, float, float]]:
    def record(entities: Spans) -> dict[str, object]:
        rows = [{"id": f"local:{n}", "label": label, "start": a, "stop": b, "text": "क" * (b - a), "name": f"x{n}",
                 "name_latin": None, "country": None, "office": None} for n, (a, b, label) in enumerate(entities)]
        return {"id": "x", "text": "क" * 99, "entities": rows, "relations": [], "events": []}

    counts = score(record(gold), record(got), Judge()).counts
    return {name: tuple(counts[f"entities.{name}"]) for name in NAMES}  # type: ignore[misc]


def theirs(gold: Spans, got: Spans) -> dict[str, tuple[float, float, float]]:
    def listed(entities: Spans) -> list[dict[str, object]]:
        # the ends of nervaluate are inclusive: with ours, spans that only touch would overlap
        return [{"label": label, "start": a, "end": b - 1} for a, b, label in entities]

    overall = nervaluate.Evaluator([listed(gold)], [listed(got)], tags=LABELS, loader="dict").evaluate()["overall"]
    found = {name: overall[key] for name, key in NAMES.items()}
    return {name: (r.correct + r.partial / 2, r.possible, r.actual) for name, r in found.items()}


def crossed(gold: Spans, got: Spans) -> bool:
    """Whether a span lies over two of the other side: then it matters which it is paired with."""
    over = [[a < d and c < b for c, d, _ in got] for a, b, _ in gold]
    return any(sum(row) > 1 for row in over) or any(sum(column) > 1 for column in zip(*over, strict=True))


def test_the_same_counts_where_pairs_are_plain() -> None:
    chance, plain = random.Random(1), 0
    for _ in range(400):
        gold, got = spans(chance), spans(chance)
        if not crossed(gold, got):
            plain += 1
            assert ours(gold, got) == theirs(gold, got), (gold, got)
    assert plain > 100


def test_where_pairs_cross_ours_are_the_best_and_in_no_order() -> None:
    """nervaluate takes the first overlap it meets; ours are paired as a whole, labels before lengths."""
    chance, better = random.Random(2), 0
    for _ in range(400):
        gold, got = spans(chance), spans(chance)
        if crossed(gold, got):
            mine, other = ours(gold, got), theirs(gold, got)
            assert mine["strict"] == other["strict"] and mine["exact"] == other["exact"]
            assert mine["type"][0] >= other["type"][0]
            better += mine["type"][0] > other["type"][0]
            assert ours(chance.sample(gold, len(gold)), chance.sample(got, len(got))) == mine
    assert better > 0
