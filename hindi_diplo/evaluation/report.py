"""The report of an evaluation: rates from summed counts, intervals, tables, errors."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import InputError
from .scores import ACCURACIES, LABELS

__all__ = ["BARS", "DocumentScore", "EvaluationReport", "Rate"]

SCHEMA: Final = "hindi-diplo-evaluation/1"

#: The bars for fresh real news: row, measure, which rate of it, must, aim.
BARS: Final = (
    ("events found, participants at least half right, F1", "events", "f1", 0.80, 0.92),
    ("all participants exactly right, F1", "events.strict", "f1", 0.65, 0.85),
    ("kind right, of found", "kind", "recall", 0.92, 0.97),
    ("status right, of found", "status", "recall", 0.92, 0.97),
    ("date right, where it can be known", "time", "recall", 0.85, 0.95),
    ("place right, where it can be known", "place", "recall", 0.80, 0.92),
    ("gold topics found", "topics", "recall", 0.70, 0.85),
    ("texts with no meeting kept empty", "empty", "recall", 0.90, 1.0),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts of one measure and the rates that follow; a rate over nothing is None."""

    right: float
    gold: float
    got: float

    @property
    def precision(self) -> float | None:
        """What was right of what came out."""
        return self.right / self.got if self.got else None

    @property
    def recall(self) -> float | None:
        """What was found of what should be (for measures of things found: the share that is right)."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """2 right / (gold + got): the harmonic mean of precision and recall."""
        return 2 * self.right / (self.gold + self.got) if self.gold + self.got else None

    def to_dict(self) -> dict[str, float | None]:
        """Counts and rates."""
        return {
            "right": self.right,
            "gold": self.gold,
            "got": self.got,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """The scores of one document, with the two records that they compare (not part of ``to_dict``)."""

    id: str
    file: str
    phenomena: tuple[str, ...]
    counts: Mapping[str, tuple[float, float, float]]
    confusions: Mapping[tuple[str, str, str], int]
    errors: tuple[Mapping[str, Any], ...]
    gold: Mapping[str, Any] | None = field(default=None, compare=False)
    got: Mapping[str, Any] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Scores of an output against gold.  ``str()`` prints them, :meth:`to_dict` and :meth:`from_dict`
    keep them, :meth:`to_html` is the error browser, :meth:`compare` sets two runs side by side."""

    documents: tuple[DocumentScore, ...]
    skipped: tuple[str, ...] = ()
    made_by: Mapping[str, str] = field(default_factory=dict)
    resamples: int = 1000
    seed: int = 0

    # -- rates ------------------------------------------------------------------------------------

    def rate(self, measure: str, of: Callable[[DocumentScore], bool] | None = None) -> Rate:
        """The rate of one measure (see ``measures``), over all documents or those that ``of`` takes."""
        total = np.zeros(3)
        for document in self.documents:
            if measure in document.counts and (of is None or of(document)):
                total += document.counts[measure]
        return Rate(*(float(x) for x in total))

    @property
    def measures(self) -> list[str]:
        """The names of all measures there are counts for, in the order of the report."""
        there = {m for d in self.documents for m in d.counts}
        order = {m: i for i, m in enumerate(LABELS)}
        return sorted(there, key=lambda m: (order.get(m.partition("[")[0], 99), m))

    @property
    def scores(self) -> dict[str, Rate]:
        """Every measure with its rate."""
        return {m: self.rate(m) for m in self.measures}

    def value(self, measure: str) -> float | None:
        """The one figure of a measure: F1, or the share right where gold and output count the same."""
        return self.rate(measure).f1

    def interval(self, measure: str, rate: str = "f1", *, level: float = 0.95) -> tuple[float, float] | None:
        """The bootstrap interval of a rate: documents are drawn with replacement, the counts of each
        drawing summed, and the middle ``level`` of the rates taken.  Seeded, so the same each time."""
        counts = self._counts(measure)
        if len(counts) < 2:
            return None
        draws = np.random.default_rng(self.seed).multinomial(
            len(counts), np.full(len(counts), 1 / len(counts)), size=self.resamples
        )
        right, gold, got = (draws @ counts).T
        below = {"f1": (gold + got) / 2, "precision": got, "recall": gold}[rate]
        rates = right[below > 0] / below[below > 0]
        if not len(rates):
            return None
        low, high = np.quantile(rates, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    def _counts(self, measure: str) -> Any:
        return np.array([d.counts.get(measure, (0.0, 0.0, 0.0)) for d in self.documents])

    # -- breakdowns -------------------------------------------------------------------------------

    @property
    def errors(self) -> list[dict[str, Any]]:
        """Every error: doc, layer, kind, start, stop, sentence, gold, got, rule."""
        return [dict(e) for d in self.documents for e in d.errors]

    def per_document(self) -> list[dict[str, Any]]:
        """One row per document: counts of events, F1 of the main measures, number of errors."""
        return [
            {
                "id": d.id,
                "file": d.file,
                "gold": int(d.counts["events"][1]) if "events" in d.counts else 0,
                "got": int(d.counts["events"][2]) if "events" in d.counts else 0,
                **{m: Rate(*d.counts[m]).f1 if m in d.counts else None for m in _MAIN},
                "errors": len(d.errors),
            }
            for d in self.documents
        ]

    def per_phenomenon(self) -> list[dict[str, Any]]:
        """One row per tag of the gold documents, most frequent first."""
        tags = Counter(t for d in self.documents for t in d.phenomena)
        return [
            self._group(tag, lambda d, t=tag: t in d.phenomena)  # type: ignore[misc]
            for tag, _ in sorted(tags.items(), key=lambda item: (-item[1], item[0]))
        ]

    def per_file(self) -> list[dict[str, Any]]:
        """One row per gold file."""
        files = dict.fromkeys(d.file for d in self.documents)
        return [self._group(file, lambda d, f=file: d.file == f) for file in files]  # type: ignore[misc]

    def _group(self, name: str, of: Callable[[DocumentScore], bool]) -> dict[str, Any]:
        return {
            "name": name,
            "documents": sum(map(of, self.documents)),
            "gold": int(self.rate("events", of).gold),
            **{m: self.rate(m, of).f1 for m in _MAIN},
        }

    def confusion(self, layer: str) -> dict[tuple[str, str], int]:
        """(gold label, label that came out) -> count, for entities, kind, status, roles or topics; ``""``
        stands for nothing: missed on the right, spurious on the left."""
        total: Counter[tuple[str, str]] = Counter()
        for document in self.documents:
            for (of, gold, got), count in document.confusions.items():
                if of == layer:
                    total[gold, got] += count
        return dict(total)

    def bars(self) -> list[dict[str, Any]]:
        """The bars for fresh news: row, value, its interval, right and of, must and aim."""
        rows = []
        for label, measure, rate, must, aim in BARS:
            counted = self.rate(measure)
            value = getattr(counted, rate)
            rows.append(
                {
                    "row": label,
                    "value": value,
                    "interval": self.interval(measure, rate),
                    "right": counted.right,
                    "gold": counted.gold,
                    "got": counted.got,
                    "must": must,
                    "aim": aim,
                    "met": None
                    if value is None
                    else "aim"
                    if value >= aim
                    else "must"
                    if value >= must
                    else "no",
                }
            )
        return rows

    def below(self, floors: Mapping[str, float] | Iterable[str]) -> list[str]:
        """What lies below its floor, in words: for ``--fail-under events=0.8 place.recall=0.9``.

        A floor names a measure, by default its F1, or ``measure.precision`` / ``measure.recall``; a bare
        number is the floor of ``events``.  Raises InputError for a measure that is none."""
        if not isinstance(floors, Mapping):
            floors = dict(_floor(f) for f in floors)
        failures = []
        for name, floor in floors.items():
            measure, rate = name, "f1"
            if name.rpartition(".")[2] in ("f1", "precision", "recall"):
                measure, _, rate = name.rpartition(".")
            if measure.partition("[")[0] not in LABELS:
                raise InputError(f"no measure {measure!r}; there are {', '.join(LABELS)}")
            value = getattr(self.rate(measure), rate)
            if value is None or value < floor:
                shown = "not measured" if value is None else f"{value:.4f}"
                failures.append(f"{name}: {shown}, below {floor:g}")
        return failures

    # -- two runs ---------------------------------------------------------------------------------

    def compare(self, other: EvaluationReport) -> Any:
        """This run against a later one on the same documents: a :class:`Comparison`."""
        from .compare import compare

        return compare(self, other)

    # -- out --------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Everything but the texts, as JSON types: rates with intervals, tables, errors, and each
        document's counts, from which :meth:`from_dict` makes the report again."""
        return {
            "schema": SCHEMA,
            "made_by": dict(self.made_by),
            "resamples": self.resamples,
            "seed": self.seed,
            "skipped": list(self.skipped),
            "scores": {
                m: {
                    "label": LABELS.get(m.partition("[")[0], m),
                    **self.rate(m).to_dict(),
                    "interval": self.interval(m),
                }
                for m in self.measures
            },
            "files": self.per_file(),
            "phenomena": self.per_phenomenon(),
            "documents": [
                {
                    "id": d.id,
                    "file": d.file,
                    "phenomena": list(d.phenomena),
                    "counts": {m: list(c) for m, c in d.counts.items()},
                    "confusions": [[*key, count] for key, count in d.confusions.items()],
                    "errors": [dict(e) for e in d.errors],
                }
                for d in self.documents
            ],
        }

    @staticmethod
    def from_dict(d: Mapping[str, Any]) -> EvaluationReport:
        """The report of :meth:`to_dict`; raises InputError where it is none."""
        if d.get("schema") != SCHEMA:
            raise InputError(f"expected a saved evaluation ({SCHEMA}), got {d.get('schema')!r}")
        return EvaluationReport(
            documents=tuple(
                DocumentScore(
                    x["id"],
                    x["file"],
                    tuple(x["phenomena"]),
                    {m: (c[0], c[1], c[2]) for m, c in x["counts"].items()},
                    {(a, b, c): n for a, b, c, n in x["confusions"]},
                    tuple(x["errors"]),
                )
                for x in d["documents"]
            ),
            skipped=tuple(d["skipped"]),
            made_by=dict(d["made_by"]),
            resamples=d["resamples"],
            seed=d["seed"],
        )

    def save(self, path: str | Path) -> None:
        """Write :meth:`to_dict` as JSON."""
        Path(path).write_text(
            json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )

    @staticmethod
    def load(path: str | Path) -> EvaluationReport:
        """Read what :meth:`save` wrote."""
        try:
            return EvaluationReport.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
        except (OSError, json.JSONDecodeError) as error:
            raise InputError(f"no saved evaluation: {error}", file=path) from None

    def __repr__(self) -> str:
        value = self.value("events")
        events = "no events" if value is None else f"events F1 {value:.3f}"
        return f"EvaluationReport({len(self.documents)} documents, {events}, {len(self.errors)} errors)"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        documents, events = len(self.documents), int(self.rate("events").gold)
        yield f"{documents} documents, {events} events in gold, {len(self.errors)} errors"
        if self.made_by:
            yield "made by " + ", ".join(f"{k} {v[:12]}" for k, v in self.made_by.items())
        for name in self.skipped:
            yield f"skipped: {name} (no text with that sha256; give its folder as texts)"
        yield ""
        head = ["", "precision", "recall", "F1", "95% interval", "right", "gold", "got"]
        rows = []
        for measure in self.measures:
            if "[" in measure:
                continue
            rate, span = self.rate(measure), self.interval(measure)
            shown = f"{span[0]:.3f}-{span[1]:.3f}" if span else ""
            accuracy = measure in ACCURACIES
            rows.append(
                [
                    LABELS.get(measure, measure),
                    "" if accuracy else _figure(rate.precision),
                    "" if accuracy else _figure(rate.recall),
                    _figure(rate.f1),
                    shown,
                    f"{rate.right:g}",
                    f"{rate.gold:g}",
                    f"{rate.got:g}",
                ]
            )
        yield from table([head, *rows])
        yield ""
        labels = [m for m in self.measures if "[" in m]
        if labels:
            yield from table(
                [
                    ["by label", "precision", "recall", "F1", "right", "gold", "got"],
                    *(
                        [
                            m,
                            *(_figure(getattr(self.rate(m), r)) for r in ("precision", "recall", "f1")),
                            *(f"{getattr(self.rate(m), c):g}" for c in ("right", "gold", "got")),
                        ]
                        for m in labels
                    ),
                ]
            )
            yield ""
        for title, groups in (("by file", self.per_file()), ("by phenomenon", self.per_phenomenon())):
            frequent = [g for g in groups if g["documents"] >= (3 if title == "by phenomenon" else 1)]
            if len(frequent) > 1:
                yield from table(
                    [
                        [title, "documents", "in gold", *_MAIN.values()],
                        *(
                            [
                                g["name"] or "-",
                                str(g["documents"]),
                                str(g["gold"]),
                                *(_figure(g[m]) for m in _MAIN),
                            ]
                            for g in frequent
                        ),
                    ]
                )
                if len(frequent) < len(groups):
                    rare = len(groups) - len(frequent)
                    yield f"({rare} more in fewer than 3 documents: see per_phenomenon())"
                yield ""
        for layer in ("entities", "kind", "status"):
            wrong = {pair: n for pair, n in self.confusion(layer).items() if pair[0] != pair[1]}
            if wrong:
                shown = "; ".join(
                    f"{a or 'nothing'} read as {b or 'nothing'}: {n}"
                    for (a, b), n in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
                )
                yield f"confused {layer}: {shown}"

    def error_lines(self, layers: Iterable[str] | None = None) -> Iterator[str]:
        """The errors as text, by document; ``layers`` keeps some."""
        keep = None if layers is None else set(layers)
        for document in self.documents:
            errors = [e for e in document.errors if keep is None or e["layer"] in keep]
            if errors:
                yield f"== {document.file + ': ' if document.file else ''}{document.id}"
            for e in errors:
                yield f"  {e['layer']}, {e['kind']}" + (f"  ({e['rule']})" if e["rule"] else "")
                yield f"    {' '.join(e['sentence'].split())}"
                yield f"    gold: {e['gold'] or '-'}"
                yield f"    got:  {e['got'] or '-'}"

    def to_html(self) -> str:
        """The error browser: one self-contained page, gold and output of each document side by side."""
        from .browser import page

        return page(self)

    def _repr_html_(self) -> str:
        from .browser import summary

        return summary(self)


_MAIN: Final[Mapping[str, str]] = {
    "events": "events",
    "events.strict": "exact",
    "status": "status",
    "place": "place",
    "time": "time",
    "topics": "topics",
    "entities.strict": "entities",
}


def _floor(given: str) -> tuple[str, float]:
    match = re.fullmatch(r"(?:(?P<name>[^=]+)=)?(?P<value>\d*\.?\d+)", given.strip())
    if match is None:
        raise InputError(f"expected MEASURE=VALUE (events=0.8) or a number, got {given!r}")
    return match["name"] or "events", float(match["value"])


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as aligned text: the first column to the left, the rest to the right, a rule under the head."""
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        yield "  ".join(cells).rstrip()
        if number == 0:
            yield "  ".join("-" * w for w in widths)
