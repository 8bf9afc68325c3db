"""The scores of one document: counts for every measure, confusions, and each error with its sentence.

A measure is a triple of counts ``(right, gold, got)``; counts are summed over documents before any rate.
Nothing here keeps state: the second document cannot change the first one's scores, and the order in
which labels are given changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import regex

from ..merging import days
from ..text import phrase
from .match import Judge, Record, assign, coverage, overlap

__all__ = ["ACCURACIES", "LABELS", "Score", "describe", "pair_events", "score"]

HALF: Final = 0.5
_BREAK: Final = regex.compile(r"[।॥|?!\n]")

#: What each measure says, in the order in which reports show them.
LABELS: Final[Mapping[str, str]] = {
    "entities.strict": "entities, span and label",
    "entities.exact": "entities, span",
    "entities.partial": "entities, overlap (half for a part)",
    "entities.type": "entities, label of an overlap",
    "linked": "entities linked to the right id",
    "relations": "relations",
    "events": "events, participants at least half right",
    "events.strict": "events, participants all right",
    "kind": "kind, of events found",
    "status": "status, of events found",
    "kind+status": "kind and status, of events found",
    "place": "place, of events found",
    "time": "time, of events found",
    "time.overlap": "time, days overlap",
    "topics": "topics, of events found",
    "topics.exact": "topics, same words",
    "topics.label": "label of topics found",
    "topics.all": "topics, of all events",
    "occasion": "occasion, of events found",
    "roles": "role of participants found",
    "mentions": "sentences that tell it, of events found",
    "empty": "texts with no event kept empty",
}

#: Measures that count the same things in gold and output: their one rate is the share that is right.
ACCURACIES: Final = frozenset({"kind", "status", "kind+status", "roles", "topics.label", "empty"})


@dataclass(slots=True)
class Score:
    """What came of one document."""

    counts: dict[str, list[float]] = field(default_factory=dict)
    confusions: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def add(self, measure: str, right: float, gold: float, got: float) -> None:
        counts = self.counts.setdefault(measure, [0.0, 0.0, 0.0])
        for index, value in enumerate((right, gold, got)):
            counts[index] += value


def _span(r: Record) -> tuple[int, int] | None:
    start, stop = r.get("start"), r.get("stop")
    return None if start is None or stop is None else (start, stop)


def _sorted(records: Iterable[Record]) -> list[Record]:
    """In an order that depends on what the records say alone, so that ties break the same way always.

    The id of an event is a number or a hash that says nothing; that of an entity is what it says."""
    return sorted(
        map(_canonical, records),
        key=lambda r: json.dumps(
            {k: v for k, v in r.items() if k != "id" or "participants" not in r}, sort_keys=True
        ),
    )


def _canonical(value: Any) -> Any:
    """The value with the lists inside it (participants, topics, mentions) in an order of their own."""
    if isinstance(value, Mapping):
        return {k: _canonical(v) for k, v in value.items()}
    if isinstance(value, list | tuple) and not all(isinstance(v, int) for v in value):
        return sorted(map(_canonical, value), key=lambda v: json.dumps(v, sort_keys=True))
    return value


class _Scorer:
    def __init__(self, gold: Record, got: Record, judge: Judge) -> None:
        self.gold, self.got, self.judge = gold, got, judge
        self.text: str = gold.get("text") or got.get("text") or ""
        self.score = Score()

    def error(
        self,
        layer: str,
        kind: str,
        where: tuple[int, int] | None,
        *,
        gold: str | None = None,
        got: str | None = None,
        rule: str | None = None,
    ) -> None:
        self.score.errors.append(
            {
                "doc": self.gold.get("id", ""),
                "layer": layer,
                "kind": kind,
                "start": where and where[0],
                "stop": where and where[1],
                "sentence": self.sentence(where),
                "gold": gold,
                "got": got,
                "rule": rule or "",
            }
        )

    def sentence(self, where: tuple[int, int] | None) -> str:
        if where is None or where[0] >= len(self.text):
            return ""
        before = [m.end() for m in _BREAK.finditer(self.text, 0, where[0])]
        after = _BREAK.search(self.text, max(where[1] - 1, where[0]))
        return self.text[before[-1] if before else 0 : after.end() if after else len(self.text)].strip()

    # -- entities ---------------------------------------------------------------------------------

    def entities(self) -> None:
        gold, got = _sorted(self.gold["entities"]), _sorted(self.got["entities"])
        add, wrong = self.score.add, self.error
        pairs = _overlapping(gold, got)
        for label in sorted({e["label"] for e in [*gold, *got]}):
            add(
                f"entities.strict[{label}]",
                0,
                sum(e["label"] == label for e in gold),
                sum(e["label"] == label for e in got),
            )
        for scheme in ("strict", "exact", "partial", "type"):
            add(f"entities.{scheme}", 0, len(gold), len(got))
        add("linked", 0, len(gold), len(got))
        for g, p in pairs:
            a, b = gold[g], got[p]
            same_span, same_label = _span(a) == _span(b), a["label"] == b["label"]
            add("entities.exact", same_span, 0, 0)
            add("entities.partial", 1 if same_span else HALF, 0, 0)
            add("entities.type", same_label, 0, 0)
            add("entities.strict", same_span and same_label, 0, 0)
            if same_span and same_label:
                add(f"entities.strict[{a['label']}]", 1, 0, 0)
            self.score.confusions["entities", a["label"], b["label"]] += 1
            if not (same_span and same_label):
                kind = "span" if same_label else "label"
                wrong("entities", kind, _span(a), gold=_entity(a), got=_entity(b), rule=b.get("rule"))
            if same_label and self.judge.same(a, b):
                add("linked", 1, 0, 0)
            elif same_label:
                wrong(
                    "linked",
                    "link",
                    _span(a),
                    gold=f"{a['text']} = {a['id']}",
                    got=f"{b['text']} = {b['id']}",
                    rule=b.get("rule"),
                )
        for index in sorted(set(range(len(gold))) - {g for g, _ in pairs}):
            a = gold[index]
            self.score.confusions["entities", a["label"], ""] += 1
            wrong("entities", "missed", _span(a), gold=_entity(a))
        for index in sorted(set(range(len(got))) - {p for _, p in pairs}):
            b = got[index]
            self.score.confusions["entities", "", b["label"]] += 1
            wrong("entities", "spurious", _span(b), got=_entity(b), rule=b.get("rule"))

    # -- relations --------------------------------------------------------------------------------

    def relations(self) -> None:
        gold, got = _sorted(self.gold["relations"]), _sorted(self.got["relations"])
        who = [{e["id"]: e for e in r["entities"]} for r in (self.gold, self.got)]

        def weight(a: Record, b: Record) -> float:
            if a["type"] != b["type"]:
                return 0.0
            if not all(self._same_end(who[0], who[1], a[end], b[end]) for end in ("subject", "object")):
                return 0.0
            spans = _span(a), _span(b)
            return 1.0 + (coverage(spans[0], spans[1]) if spans[0] and spans[1] else 0.0)

        pairs = assign([[weight(a, b) for b in got] for a in gold])
        for records, column in ((gold, 1), (got, 2)):
            for r in records:
                self.score.add("relations", 0, column == 1, column == 2)
                self.score.add(f"relations[{r['type']}]", 0, column == 1, column == 2)
        for g, _ in pairs:
            self.score.add("relations", 1, 0, 0)
            self.score.add(f"relations[{gold[g]['type']}]", 1, 0, 0)
        for index in sorted(set(range(len(gold))) - {g for g, _ in pairs}):
            self.error("relations", "missed", _span(gold[index]), gold=_relation(gold[index]))
        for index in sorted(set(range(len(got))) - {p for _, p in pairs}):
            r = got[index]
            self.error("relations", "spurious", _span(r), got=_relation(r), rule=r.get("rule"))

    def _same_end(self, gold: Mapping[str, Record], got: Mapping[str, Record], a: str, b: str) -> bool:
        if a in gold and b in got:
            return self.judge.same(gold[a], got[b])
        return a == b or phrase(a) == phrase(b)

    # -- events -----------------------------------------------------------------------------------

    def events(self) -> None:
        gold, got = _sorted(self.gold["events"]), _sorted(self.got["events"])
        add = self.score.add
        if not gold:
            add("empty", not got, 1, 1)
        shared = [[self.people(a, b) for b in got] for a in gold]
        weights = [
            [self.weight(a, b, len(shared[g][p])) for p, b in enumerate(got)] for g, a in enumerate(gold)
        ]
        pairs = assign(weights)
        for events, column in ((gold, 1), (got, 2)):
            for event in events:
                for measure in ("events", "events.strict"):
                    add(measure, 0, column == 1, column == 2)
                    add(f"{measure}[{event['kind']}]", 0, column == 1, column == 2)
                add(
                    "topics.all",
                    0,
                    len(event["topics"]) * (column == 1),
                    len(event["topics"]) * (column == 2),
                )
        for g, p in pairs:
            self._pair(gold[g], got[p], shared[g][p])
        for index in sorted(set(range(len(gold))) - {g for g, _ in pairs}):
            self.score.confusions["kind", gold[index]["kind"], ""] += 1
            self.error("events", "missed", _span(gold[index]["trigger"]), gold=describe(gold[index]))
        for index in sorted(set(range(len(got))) - {p for _, p in pairs}):
            event = got[index]
            self.score.confusions["kind", "", event["kind"]] += 1
            self.error(
                "events", "spurious", _span(event["trigger"]), got=describe(event), rule=event.get("rule")
            )

    def people(self, a: Record, b: Record) -> list[tuple[int, int]]:
        """The participants that are the same, as index pairs into the two events."""
        one, other = a["participants"], b["participants"]
        return assign(
            [
                [2.0 + (x.get("id") == y.get("id")) if self.judge.same(x, y) else 0.0 for y in other]
                for x in one
            ]
        )

    def weight(self, a: Record, b: Record, shared: int) -> float:
        """0 where two events cannot be one; else greater for more shared participants, then for an exact
        set, then for more of kind, status, time, place and sentences in common."""
        largest = max(len(a["participants"]), len(b["participants"]), 1)
        share = shared / largest
        if share < HALF:
            return 0.0
        told = [[(m[0], m[1]) for m in e["mentions"]] for e in (a, b)]
        together = any(overlap(x, y) for x in told[0] for y in told[1])
        # Half a set is evidence only beside the same sentence and the same sort of thing.
        if share < 1 and (((a["kind"] == "visit") != (b["kind"] == "visit")) or (all(told) and not together)):
            return 0.0
        common = (a["kind"] == b["kind"]) * 4 + (a["status"] == b["status"]) * 2 + together * 2
        common += self._same_time(a, b) * 3 + self._same_place(a, b) * 2
        trigger = [_span(e["trigger"]) for e in (a, b)]
        common += bool(trigger[0] and trigger[1] and overlap(trigger[0], trigger[1])) * 2
        common += len(self._topics(a, b)) > 0
        return float(round(share * 2520) * 1e7 + (share == 1) * 1e5 + common)

    @staticmethod
    def _same_time(a: Record, b: Record) -> bool:
        one, other = a["time"], b["time"]
        return (
            one is None and other is None
            if one is None or other is None
            else bool(one["value"] == other["value"])
        )

    def _same_place(self, a: Record, b: Record) -> bool:
        one, other = a["place"], b["place"]
        return (
            one is None and other is None
            if one is None or other is None
            else self.judge.same_place(one, other)
        )

    @staticmethod
    def _topics(a: Record, b: Record) -> list[tuple[int, int]]:
        return assign([[_likeness(x, y) for y in b["topics"]] for x in a["topics"]])

    def _pair(self, a: Record, b: Record, people: Sequence[tuple[int, int]]) -> None:
        """Count what two paired events have in common, slot by slot."""
        add, rule, trigger = self.score.add, b.get("rule"), _span(a["trigger"])
        exact = len(people) == len(a["participants"]) == len(b["participants"])
        for measure, right in (("events", True), ("events.strict", exact)):
            add(measure, right, 0, 0)
            # A found event of another kind is found; its row by kind counts it where the gold has it.
            if right and a["kind"] == b["kind"]:
                add(f"{measure}[{a['kind']}]", 1, 0, 0)
        if not exact:
            self.error("events", "participants", trigger, gold=_names(a), got=_names(b), rule=rule)
        for slot in ("kind", "status"):
            add(slot, a[slot] == b[slot], 1, 1)
            self.score.confusions[slot, a[slot], b[slot]] += 1
            if a[slot] != b[slot]:
                said = [f"{e[slot]}: {_names(e)}" for e in (a, b)]
                self.error(slot, slot, trigger, gold=said[0], got=said[1], rule=rule)
        add("kind+status", a["kind"] == b["kind"] and a["status"] == b["status"], 1, 1)
        for x, y in people:
            roles = a["participants"][x].get("role", "party"), b["participants"][y].get("role", "party")
            add("roles", roles[0] == roles[1], 1, 1)
            self.score.confusions["roles", roles[0], roles[1]] += 1
        self._slot(
            "place", a, b, a["place"] is not None and b["place"] is not None and self._same_place(a, b)
        )
        self._slot("time", a, b, a["time"] is not None and b["time"] is not None and self._same_time(a, b))
        near = (
            a["time"] is not None
            and b["time"] is not None
            and _days_meet(a["time"]["value"], b["time"]["value"])
        )
        add("time.overlap", near, a["time"] is not None, b["time"] is not None)
        self._slot("occasion", a, b, self._same_occasion(a.get("occasion"), b.get("occasion")))
        self._pair_topics(a, b)
        told = [[(m[0], m[1]) for m in e["mentions"]] for e in (a, b)]
        same = assign([[c if (c := coverage(x, y)) >= HALF else 0.0 for y in told[1]] for x in told[0]])
        add("mentions", len(same), len(told[0]), len(told[1]))

    def _slot(self, slot: str, a: Record, b: Record, right: bool) -> None:
        one, other = a.get(slot), b.get(slot)
        self.score.add(slot, right, one is not None, other is not None)
        if not right and (one or other):
            kind = "wrong" if one and other else "missed" if one else "spurious"
            where = (one and _span(one)) or (other and _span(other)) or _span(a["trigger"])
            self.error(slot, kind, where, gold=_said(slot, one), got=_said(slot, other), rule=b.get("rule"))

    def _same_occasion(self, one: Record | None, other: Record | None) -> bool:
        if one is None or other is None:
            return False
        if one.get("id") and other.get("id"):
            return bool(one["id"] == other["id"])
        return _shared_words(one["text"], other["text"]) >= HALF

    def _pair_topics(self, a: Record, b: Record) -> None:
        add, pairs = self.score.add, self._topics(a, b)
        for measure in ("topics", "topics.exact"):
            add(measure, 0, len(a["topics"]), len(b["topics"]))
        for x, y in pairs:
            one, other = a["topics"][x], b["topics"][y]
            add("topics", 1, 0, 0)
            add("topics.all", 1, 0, 0)
            add("topics.exact", phrase(one["text"]) == phrase(other["text"]), 0, 0)
            add("topics.label", one["label"] == other["label"], 1, 1)
            self.score.confusions["topics", one["label"] or "", other["label"] or ""] += 1
        for index in sorted(set(range(len(a["topics"]))) - {x for x, _ in pairs}):
            topic = a["topics"][index]
            self.error("topics", "missed", _span(topic), gold=topic["text"], rule=b.get("rule"))
        for index in sorted(set(range(len(b["topics"]))) - {y for _, y in pairs}):
            topic = b["topics"][index]
            self.error("topics", "spurious", _span(topic), got=topic["text"], rule=topic.get("rule"))


def _overlapping(gold: Sequence[Record], got: Sequence[Record]) -> list[tuple[int, int]]:
    """One-to-one pairs of overlapping entities: exact spans first, then labels, then shared characters.

    Solved one cluster of overlapping spans at a time, so that long documents cost little."""
    spans = sorted(
        [(_span(e) or (0, 0), 0, i) for i, e in enumerate(gold)]
        + [(_span(e) or (0, 0), 1, i) for i, e in enumerate(got)]
    )
    pairs: list[tuple[int, int]] = []
    cluster: list[list[int]] = [[], []]
    reach = -1

    def close() -> None:
        ones, others = cluster
        weights = [[_entity_weight(gold[g], got[p]) for p in others] for g in ones]
        pairs.extend((ones[r], others[c]) for r, c in assign(weights))

    for span, side, index in spans:
        if span[0] >= reach:
            close()
            cluster = [[], []]
        cluster[side].append(index)
        reach = max(reach, span[1])
    close()
    return sorted(pairs)


def _entity_weight(a: Record, b: Record) -> float:
    one, other = _span(a), _span(b)
    if one is None or other is None or not overlap(one, other):
        return 0.0
    return float((one == other) * 100 + (a["label"] == b["label"]) * 10 + coverage(one, other))


def _likeness(a: Record, b: Record) -> float:
    """How alike two topics are, 0 where they are not the same: half of the longer one must be shared, as
    characters of the text or as words (words of one or two characters, most postpositions, aside)."""
    one, other = _span(a), _span(b)
    spans = coverage(one, other) if one and other else 0.0
    best = max(spans, _shared_words(a["text"], b["text"]))
    return best if best >= HALF else 0.0


def _shared_words(a: str, b: str) -> float:
    bags = []
    for text in (a, b):
        words = phrase(text).split()
        bags.append(Counter([w for w in words if len(w) > 2] or words))
    return (bags[0] & bags[1]).total() / max(bags[0].total(), bags[1].total(), 1)


def _days_meet(a: str, b: str) -> bool:
    one, other = days(a), days(b)
    return one[0] <= other[1] and other[0] <= one[1]


def _entity(e: Record) -> str:
    return f"{e['text']} [{e['label']}]"


def _relation(r: Record) -> str:
    return f"{r['subject']} {r['type']} {r['object']}"


def _names(event: Record) -> str:
    return " – ".join(sorted(p["name"] for p in event["participants"]))


def describe(event: Record) -> str:
    """An event in one line, as error lists show it."""
    place, time = event["place"], event["time"]
    return (
        f"{event['kind']}, {event['status']}: {_names(event)}; {place['name'] if place else '?'}; "
        f"{time['value'] if time else '?'}"
    )


def _said(slot: str, value: Record | None) -> str | None:
    if value is None:
        return None
    return str(value["value"] if slot == "time" else value["name"] if slot == "place" else value["text"])


def score(gold: Record, got: Record, judge: Judge) -> Score:
    """Score one record against the gold record of the same text."""
    scorer = _Scorer(gold, got, judge)
    scorer.entities()
    scorer.relations()
    scorer.events()
    return scorer.score


def pair_events(gold: Record, got: Record, judge: Judge) -> list[tuple[int, int]]:
    """Which events of two records are the same encounter, as index pairs into the two lists."""
    scorer = _Scorer(gold, got, judge)
    one, other = gold["events"], got["events"]
    return assign([[scorer.weight(a, b, len(scorer.people(a, b))) for b in other] for a in one])
