"""A record as typed spans and arcs between them: what brat, Label Studio and doccano can all hold.

An entity is a span; an event a span over its trigger, with arcs to its participants, place, time, topics,
occasion and sentences; a relation an arc between two entities, or a span where one end is no entity (an
office).  What no tool has a field for (ids, names, bases, spanless slots) travels in ``meta``, by the span
or arc that it belongs to, so that a round trip loses nothing; what a labeller changes in the tool wins
over ``meta``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, ParamSpec

from ..errors import InputError
from ..records import EVENT_KINDS, LOCAL, ROLES, STATUSES, is_local
from .schema import GOLD

__all__ = ["ARGUMENTS", "ENTITIES", "RELATIONS", "Arc", "Marked", "Standoff", "from_standoff", "reads", "to_standoff"]

_P = ParamSpec("_P")


def reads(form: str) -> Callable[[Callable[_P, dict[str, Any]]], Callable[_P, dict[str, Any]]]:
    """Decorates an importer: what a file of another shape makes it stumble over becomes an InputError."""

    def decorate(importer: Callable[_P, dict[str, Any]]) -> Callable[_P, dict[str, Any]]:
        @wraps(importer)
        def read(*args: _P.args, **kwargs: _P.kwargs) -> dict[str, Any]:
            try:
                return importer(*args, **kwargs)
            except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
                raise InputError(f"no export of {form}: {type(error).__name__}: {error}") from error

        return read

    return decorate

ENTITIES: Final = ("PERSON", "COUNTRY", "ORG", "PLACE")
RELATIONS: Final = ("holds_office", "visits", "alias_of", "member_of")
#: Type of an argument's span -> name of its arc (a participant's arc has the name of the role).
ARGUMENTS: Final = {
    "PARTICIPANT": "party",
    "EVENT_PLACE": "place",
    "EVENT_TIME": "time",
    "TOPIC": "topic",
    "OCCASION": "occasion",
    "SENTENCE": "sentence",
}
_SLOTS: Final = {"place": "EVENT_PLACE", "time": "EVENT_TIME", "occasion": "OCCASION"}


@dataclass(slots=True)
class Marked:
    """A typed span; ``note`` is what a labeller sees and may change: an entity's id, an event's status."""

    key: str
    type: str
    start: int
    stop: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Arc:
    """A named arc from one span to another, by their keys."""

    type: str
    source: str
    target: str


@dataclass(slots=True)
class Standoff:
    """A text with its spans and arcs; ``meta`` is JSON that must come back with them."""

    text: str
    spans: list[Marked] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)


def _names(spans: Iterable[Marked]) -> dict[str, str]:
    """key -> a name that says type, place and which of several alike; it does not depend on the keys."""
    seen: Counter[tuple[str, int, int]] = Counter()
    names = {}
    for s in spans:
        seen[s.type, s.start, s.stop] += 1
        names[s.key] = f"{s.type}:{s.start}:{s.stop}:{seen[s.type, s.start, s.stop]}"
    return names


class _Writer:
    def __init__(self, record: Mapping[str, Any]) -> None:
        if "text" not in record:
            raise InputError(
                f"{record.get('id', '?')!r} has no text: give the text that its sha256 stands for"
            )
        self.record, self.made = record, Standoff(record["text"])
        self.data: dict[str, dict[str, Any]] = {}
        self.arc_data: list[dict[str, Any]] = []
        self.shared: dict[tuple[str, int, int], str] = {}

    def span(self, kind: str, start: int, stop: int, data: dict[str, Any], note: str | None = None) -> str:
        key = f"T{len(self.made.spans) + 1}"
        self.made.spans.append(Marked(key, kind, start, stop, note))
        self.data[key] = data
        return key

    def argument(self, kind: str, name: str, trigger: str, row: Mapping[str, Any], number: int) -> None:
        at = kind, row["start"], row["stop"]
        if at not in self.shared:
            self.shared[at] = self.span(*at, {}, row["value"] if name == "time" else None)
        self.arc(name, trigger, self.shared[at], {**_rest(row, self.made.text, "role"), "n": number})

    def arc(self, name: str, source: str, target: str, data: dict[str, Any]) -> None:
        self.made.arcs.append(Arc(name, source, target))
        self.arc_data.append(data)

    def write(self) -> Standoff:
        record = self.record
        for number, e in enumerate(record.get("entities", ())):
            self.span(
                e["label"], e["start"], e["stop"], {**_rest(e, self.made.text, "label"), "n": number}, e["id"]
            )
        entities = list(self.made.spans)
        for number, r in enumerate(record.get("relations", ())):
            ends = [_nearest(entities, r[end], r["start"], r["stop"]) for end in ("subject", "object")]
            data = {**{k: v for k, v in r.items() if k != "type"}, "n": number}
            if ends[0] and ends[1] and ends[0] != ends[1]:
                self.arc(r["type"], ends[0], ends[1], data)
            else:
                self.span(
                    r["type"],
                    r["start"],
                    r["stop"],
                    {k: v for k, v in data.items() if k not in ("start", "stop")},
                )
        for number, event in enumerate(record["events"]):
            self.event(event, number)
        names = _names(self.made.spans)
        arcs: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for arc, data in zip(self.made.arcs, self.arc_data, strict=True):
            arcs[f"{arc.type} {names[arc.source]} {names[arc.target]}"].append(data)
        layers = [k for k in ("entities", "relations") if k in record]
        self.made.meta = {
            "record": {
                k: v for k, v in record.items() if k not in ("text", "entities", "relations", "events")
            },
            "layers": layers,
            "spans": {names[k]: d for k, d in self.data.items()},
            "arcs": dict(arcs),
        }
        return self.made

    def event(self, event: Mapping[str, Any], number: int) -> None:
        trigger = event["trigger"]
        lists = ("participants", "topics", "mentions", *_SLOTS, "trigger", "kind", "status")
        data: dict[str, Any] = {k: v for k, v in event.items() if k not in lists}
        data["n"] = number
        data |= {k: v for k, v in _rest(trigger, self.made.text).items() if k == "text"}
        spanless = [[n, p] for n, p in enumerate(event["participants"]) if p["start"] is None]
        if spanless:
            data["participants"] = spanless
        for slot in _SLOTS:
            if event[slot] and event[slot].get("start") is None:
                data[slot] = event[slot]
        key = self.span(event["kind"], trigger["start"], trigger["stop"], data, event["status"])
        for n, p in enumerate(event["participants"]):
            if p["start"] is not None:
                self.argument("PARTICIPANT", p["role"], key, p, n)
        for slot, kind in _SLOTS.items():
            if event[slot] and event[slot].get("start") is not None:
                self.argument(kind, slot, key, event[slot], 0)
        for n, t in enumerate(event["topics"]):
            self.argument("TOPIC", "topic", key, t, n)
        for n, (start, stop) in enumerate(event["mentions"]):
            self.argument("SENTENCE", "sentence", key, {"start": start, "stop": stop}, n)


def _rest(row: Mapping[str, Any], text: str, *drop: str) -> dict[str, Any]:
    """What the span does not say by itself."""
    rest = {k: v for k, v in row.items() if k not in ("start", "stop", *drop)}
    if "text" in rest and rest["text"] == text[row["start"] : row["stop"]]:
        del rest["text"]
    return rest


def _nearest(entities: Iterable[Marked], ident: str, start: int, stop: int) -> str | None:
    """The key of the mention of an entity that lies nearest to a span."""
    found = [
        (max(start - e.stop, e.start - stop, 0), n, e.key) for n, e in enumerate(entities) if e.note == ident
    ]
    return min(found)[2] if found else None


def to_standoff(record: Mapping[str, Any]) -> Standoff:
    """The spans and arcs of a record (output or gold); raises InputError where it has no text."""
    return _Writer(record).write()


class _Reader:
    def __init__(self, made: Standoff) -> None:
        self.made, self.text = made, made.text
        self.meta: Mapping[str, Any] = made.meta or {}
        self.by_key = {s.key: s for s in made.spans}
        for s in made.spans:
            if not 0 <= s.start < s.stop <= len(self.text):
                raise InputError(
                    f"span {s.key} [{s.start}, {s.stop}) lies outside the text of {len(self.text)} characters"
                )
        for a in made.arcs:
            if a.source not in self.by_key or a.target not in self.by_key:
                raise InputError(f"arc {a.type} from {a.source} to {a.target}: no such span")
        self.names = self._origins()
        stored: Mapping[str, list[dict[str, Any]]] = self.meta.get("arcs", {})
        self.arc_data = {name: list(rows) for name, rows in stored.items()}

    def _origins(self) -> dict[str, str]:
        """key -> name in ``meta``; a span that was moved or relabelled takes the entry, left over, of its
        own sort that it overlaps most."""
        names = _names(self.made.spans)
        known: Mapping[str, Any] = self.meta.get("spans", {})
        left = set(known) - set(names.values())
        for key, name in names.items():
            if name in known or not left:
                continue
            s = self.by_key[key]
            best = max(left, key=lambda other: (_shared(s, other), other))
            if _shared(s, best):
                names[key] = best
                left.discard(best)
        return names

    def data(self, key: str) -> dict[str, Any]:
        stored: dict[str, Any] = self.meta.get("spans", {}).get(self.names[key], {})
        return dict(stored)

    def take(self, arc: Arc) -> dict[str, Any]:
        """What ``meta`` holds for an arc, each row once; a participant's may stand under another role."""
        ends = f"{self.names[arc.source]} {self.names[arc.target]}"
        for kind in (arc.type, *(ROLES if arc.type in ROLES else ())):
            rows = self.arc_data.get(f"{kind} {ends}")
            if rows:
                return rows.pop(0)
        return {}

    def read(self) -> dict[str, Any]:
        base = dict(self.meta.get("record", {"schema": GOLD, "id": "", "title": None, "published": None}))
        entities, relations, events = self.entities(), self.relations(), self.events()
        layers = self.meta.get("layers", ["entities", "relations"])
        record = {**base, "text": self.text}
        if entities or "entities" in layers:
            record["entities"] = entities
        if relations or "relations" in layers:
            record["relations"] = relations
        return {**record, "events": events}

    def entities(self) -> list[dict[str, Any]]:
        known = {d["id"]: d for d in map(self.data, self.by_key) if "name" in d and "id" in d}
        local = [int(n) for i in known if is_local(i) and (n := i.removeprefix(LOCAL)).isdecimal()]
        invented: dict[str, str] = {}
        rows = []
        self.entity_at: dict[str, dict[str, Any]] = {}
        for s in self.made.spans:
            if s.type not in ENTITIES:
                continue
            words = self.text[s.start : s.stop]
            data = self.data(s.key)
            ident = s.note or data.get("id")
            if not ident:
                ident = invented.setdefault(words, f"local:{max(local, default=0) + len(invented) + 1}")
            if data.get("id") != ident:
                # Another id than before: what is known of it elsewhere in the document, else a bare row.
                data = {
                    **{k: v for k, v in known.get(ident, {}).items() if k not in ("n", "text")},
                    **({"n": data["n"]} if "n" in data else {}),
                }
            row = {
                "id": ident,
                "label": s.type,
                "name": words,
                "name_latin": "",
                "text": words,
                "start": s.start,
                "stop": s.stop,
                "country": None,
                "office": None,
                **data,
            }
            row |= {"id": ident, "label": s.type, "start": s.start, "stop": s.stop}
            rows.append(row)
            self.entity_at[s.key] = row
        return _ordered(rows)

    def relations(self) -> list[dict[str, Any]]:
        rows = []
        for arc in self.made.arcs:
            if arc.type not in RELATIONS:
                continue
            ends = self.by_key[arc.source], self.by_key[arc.target]
            span = {"start": min(e.start for e in ends), "stop": max(e.stop for e in ends)}
            for key in (arc.source, arc.target):
                if key not in self.entity_at:
                    raise InputError(f"relation {arc.type}: {key} is no entity")
            rows.append(
                {
                    "type": arc.type,
                    **span,
                    **self.take(arc),
                    "subject": self.entity_at[arc.source]["id"],
                    "object": self.entity_at[arc.target]["id"],
                }
            )
        for s in self.made.spans:
            if s.type in RELATIONS:
                rows.append(
                    {
                        "subject": "",
                        "object": self.text[s.start : s.stop],
                        **self.data(s.key),
                        "type": s.type,
                        "start": s.start,
                        "stop": s.stop,
                    }
                )
        return _ordered(rows)

    def events(self) -> list[dict[str, Any]]:
        arcs: dict[str, list[Arc]] = defaultdict(list)
        for arc in self.made.arcs:
            arcs[arc.source].append(arc)
        rows = [self.event(s, arcs[s.key]) for s in self.made.spans if s.type in EVENT_KINDS]
        ordered = _ordered(rows)
        for number, row in enumerate(ordered, 1):
            row.setdefault("id", f"e{number}")
        return ordered

    def event(self, s: Marked, arcs: list[Arc]) -> dict[str, Any]:
        data = self.data(s.key)
        if s.note is not None and s.note not in STATUSES:
            raise InputError(f"event {s.key}: expected a status of {', '.join(STATUSES)}, got {s.note!r}")
        people = [{**p, "n": n} for n, p in data.pop("participants", ())]
        slots: dict[str, Any] = {slot: data.pop(slot, None) for slot in _SLOTS}
        topics, told = [], []
        for arc in arcs:
            at = self.by_key[arc.target]
            span = {"start": at.start, "stop": at.stop}
            words = {"text": self.text[at.start : at.stop]}
            if arc.type in ROLES:
                people.append({**self._participant(at), **words, **self.take(arc), "role": arc.type, **span})
            elif arc.type == "topic":
                topics.append({"label": None, **words, **self.take(arc), **span})
            elif arc.type == "sentence":
                told.append({**self.take(arc), **span})
            elif arc.type in _SLOTS:
                row = {**_NEW[arc.type], **words, **self.take(arc), **span}
                if arc.type == "place" and "name" not in row:
                    row["name"] = words["text"]
                row.pop("n", None)
                if arc.type == "time":
                    self._date(row, at)
                slots[arc.type] = row
            else:
                raise InputError(
                    f"event {s.key}: no argument is called {arc.type!r}; there are "
                    f"{', '.join([*ROLES, 'place', 'time', 'occasion', 'topic', 'sentence'])}"
                )
        trigger = {"text": data.pop("text", self.text[s.start : s.stop]), "start": s.start, "stop": s.stop}
        return {
            **data,
            "kind": s.type,
            "status": s.note or "held",
            "participants": _ordered(people),
            **slots,
            "topics": _ordered(topics),
            "trigger": trigger,
            "mentions": [[m["start"], m["stop"]] for m in _ordered(told)],
        }

    def _date(self, row: dict[str, Any], at: Marked) -> None:
        """Set the value of a time from its note: where it is new, or was changed for its only event."""
        uses = sum(a.target == at.key for a in self.made.arcs)
        if at.note and (uses == 1 or "value" not in row):
            row["value"] = at.note
        if "value" not in row:
            raise InputError(
                f"time {at.key} {row['text']!r}: its ISO value (2020-09-09) must stand in its note"
            )
        row["grain"] = grain(row["value"])

    def _participant(self, at: Marked) -> dict[str, Any]:
        """What a new participant is taken to be: the last person named in its span, else the last entity."""
        inside = [e for e in self.entity_at.values() if at.start <= e["start"] and e["stop"] <= at.stop]
        people = [e for e in inside if e["label"] == "PERSON"] or inside
        e = max(people, key=lambda e: e["start"]) if people else {}
        words = self.text[at.start : at.stop]
        return {
            "id": e.get("id", "local:0"),
            "name": e.get("name", words),
            "name_latin": e.get("name_latin", ""),
            "office": e.get("office"),
            "country": e.get("country"),
            "side": None,
        }


_NEW: Final[Mapping[str, Mapping[str, Any]]] = {
    "place": {"country": None, "basis": "stated"},
    "time": {"basis": "stated"},
    "occasion": {"id": None},
}


def grain(value: str) -> str:
    """The grain of an ISO value."""
    if "/" in value:
        return "range"
    if "-W" in value:
        return "week"
    return ("year", "month", "day")[min(value.count("-"), 2)]


def _shared(s: Marked, name: str) -> int:
    kind, start, stop, _ = name.split(":")
    alike = any({kind, s.type} <= set(sort) for sort in (ENTITIES, RELATIONS, EVENT_KINDS)) or kind == s.type
    return max(0, min(s.stop, int(stop)) - max(s.start, int(start))) if alike else 0


def _ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order that they had; new ones after them, in the order of the text."""
    rows = sorted(
        rows,
        key=lambda r: (
            r.get("n", 1 << 30),
            (r.get("start") or r.get("trigger", {}).get("start") or 0) if "n" not in r else 0,
        ),
    )
    return [{k: v for k, v in r.items() if k != "n"} for r in rows]


@reads("spans and arcs")
def from_standoff(made: Standoff) -> dict[str, Any]:
    """The record of :func:`to_standoff`, with what was changed in between.

    New spans become entities with the id ``local:n``, new arcs participants and slots with what the text
    shows.  Raises InputError for a span outside the text, an arc to nowhere, an unknown status."""
    return _Reader(made).read()
