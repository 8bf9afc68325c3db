"""The same meeting in many articles becomes one event, with all of its sources kept.

    import hindi_diplo as hd
    merged = hd.corpus.merge(docs)
    merged.events[0].sources        # every telling, whole
    merged.links                    # planned -> held, held <-> cancelled …

Events are compared inside blocks only (kind, status, participants, days), so the time grows with the number of
events and not with its square.  Where it is open which of several meetings a vague telling means, it stays
by itself.  Nothing is lost: every telling stands in exactly one event, as it was.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from .merging import days
from .records import is_local
from .text import fold
from .types import Doc, Event

__all__ = ["Corpus", "CorpusEvent", "Link", "Person", "Source", "merge", "record_sources"]

BEFORE: Final = 3  # days before publication in which an undated meeting that was held is taken to lie
AFTER: Final = 30  # days after publication in which an undated meeting that is planned is taken to lie
SLACK: Final = 1  # days by which a date that the text does not state may be wrong
LEAST: Final[Mapping[str, int]] = {"meeting": 2, "call": 2}  # with fewer named, who met whom is not known
LARGEST: Final = 12  # participants above which an event is compared only with those of the very same ones
CHAINS: Final[Mapping[tuple[str, str], str]] = {
    ("planned", "held"): "came_about", ("planned", "cancelled"): "fell_through",
    ("planned", "refused"): "fell_through", ("planned", "not_held"): "fell_through",
    ("planned", "postponed"): "put_off",
    ("held", "cancelled"): "disputed", ("held", "postponed"): "disputed", ("held", "not_held"): "disputed",
    ("held", "refused"): "disputed",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One telling: the article's id and what is known of it, and the event as the article's record has it.

    ``file`` and ``row`` name the row of a batch, else they are empty."""

    doc: str
    published: str | None
    title: str | None
    url: str | None
    record: str
    file: str = ""
    row: int = 0

    @property
    def event(self) -> Event:
        """The event of the article, as it was before it was merged."""
        return Event.from_dict(json.loads(self.record))


@dataclass(frozen=True, slots=True)
class Person:
    """A participant over all sources: the id, the fullest name, and the office and country told most often."""

    id: str
    name: str
    name_latin: str
    office: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class CorpusEvent:
    """One encounter over all articles that tell it.

    ``first`` and ``last`` are the days in which it lies, None where no source says or implies any; ``time``
    and ``grain`` are what the source says that knows best.  ``confidence`` is that of the surest source."""

    id: str
    kind: str
    status: str
    people: tuple[Person, ...]
    first: date | None
    last: date | None
    time: str | None
    grain: str | None
    place: str | None
    place_country: str | None
    lat: float | None
    lon: float | None
    topics: tuple[str, ...]
    confidence: float
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two corpus events of the same people that belong together and are not one: a plan that ``came_about``,
    ``fell_through`` or was ``put_off``, or tellings that are ``disputed`` (held here, not held there)."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Merged events, sorted by day, and the links between them."""

    events: tuple[CorpusEvent, ...]
    links: tuple[Link, ...]

    @property
    def sources(self) -> Iterator[Source]:
        """Every telling that went in, once."""
        return (source for event in self.events for source in event.sources)

    def apart(self) -> dict[str, tuple[Event, ...]]:
        """The events of each article as they were before merging, by the article's id: merging undone."""
        found: dict[str, list[Event]] = defaultdict(list)
        for source in self.sources:
            found[source.doc].append(source.event)
        return {doc: tuple(sorted(events, key=lambda e: (e.trigger, e.id))) for doc, events in sorted(found.items())}


def merge(docs: Iterable[Doc | Mapping[str, Any] | Corpus | CorpusEvent | Source]) -> Corpus:
    """Merge the events of Docs, output records, or what was merged before (its sources are merged anew).

    The order in which they come changes nothing, and what comes twice counts once.  Events of different status
    are never merged; they may be linked."""
    return _Merger(_sources(docs)).corpus()


def _sources(given: Iterable[Any]) -> Iterator[Source]:
    for one in given:
        if isinstance(one, Source):
            yield one
        elif isinstance(one, CorpusEvent | Corpus):
            yield from one.sources
        else:
            yield from record_sources(one.record() if isinstance(one, Doc) else one)


def record_sources(record: Mapping[str, Any], *, file: str = "", row: int = 0) -> Iterator[Source]:
    """The events of an output record as sources; ``file`` and ``row`` say where in a batch it stands."""
    for event in record["events"]:
        yield Source(record["id"], record["published"], record.get("title"), record.get("url"), _text(event), file, row)


def _text(event: Mapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


# ---------------------------------------------------------------- one telling, as merging sees it


@dataclass(slots=True)
class _Told:
    source: Source
    kind: str
    status: str
    people: tuple[str, ...]
    first: date | None
    last: date | None
    exact: bool  # the text states the very day
    place: str | None  # country of a place that the text states

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return self.kind, self.status, self.people


def _told(source: Source) -> _Told:
    event = json.loads(source.record)
    place, time = event["place"] or {}, event["time"]
    people = {_person(p) for p in event["participants"]}
    if event["kind"] == "visit" and place.get("country"):
        people.add(f"to:{place['country']}")  # a visit is told by who and where to
    first = last = None
    exact = False
    if time:
        first, last = days(time["value"])
        exact = first == last and time["basis"] == "stated"
        if time["basis"] != "stated":
            first, last = first - timedelta(SLACK), last + timedelta(SLACK)
    elif source.published:
        day = date.fromisoformat(source.published)
        ahead = event["status"] == "planned"
        first, last = (day, day + timedelta(AFTER)) if ahead else (day - timedelta(BEFORE), day)
    stated = place.get("country") if place.get("basis") == "stated" else None
    return _Told(source, event["kind"], event["status"], tuple(sorted(people)), first, last, exact, stated)


def _person(p: Mapping[str, Any]) -> str:
    """What a participant is called across documents: the id, or for a local one the folded name and country."""
    return f"local:{fold(p['name'])}:{p['country'] or ''}" if is_local(p["id"]) else str(p["id"])


# ---------------------------------------------------------------- groups


@dataclass(slots=True)
class _Group:
    """Tellings that are one event; ``into`` is the group that it was found to be part of."""

    kind: str
    status: str
    people: tuple[str, ...]
    first: date | None
    last: date | None
    place: str | None
    told: list[_Told] = field(default_factory=list)
    into: _Group | None = None

    def root(self) -> _Group:
        group = self
        while group.into is not None:
            group = group.into
        return group

    def swallow(self, other: _Group) -> None:
        """Take another group in; of the days those remain that both allow."""
        self.told += other.told
        other.into = self
        if self.first and self.last and other.first and other.last:
            self.first, self.last = max(self.first, other.first), min(self.last, other.last)
        self.place = self.place or other.place

    def agrees(self, other: _Group) -> bool:
        """Whether days and places can be the same."""
        if not (self.first and self.last and other.first and other.last):
            return False
        return (self.first <= other.last and other.first <= self.last
                and (self.place is None or other.place is None or self.place == other.place))


class _Calendar:
    """Groups of one block by their first day, to find those that overlap some days without a look at all."""

    def __init__(self) -> None:
        self._rows: list[tuple[date, int, _Group]] = []
        self._longest = timedelta(0)

    def add(self, group: _Group) -> None:
        if group.first and group.last:
            insort(self._rows, (group.first, len(self._rows), group))
            self._longest = max(self._longest, group.last - group.first)

    def agreeing(self, group: _Group, most: int = 2) -> list[_Group]:
        """Up to ``most`` groups that agree with this one, each once."""
        found: list[_Group] = []
        if group.first is None or group.last is None:
            return found
        for first, _, row in self._rows[bisect_left(self._rows, (group.first - self._longest, -1)):]:
            if first > group.last:
                break
            other = row.root()
            if other is not group.root() and other.agrees(group) and all(other is not f for f in found):
                found.append(other)
                if len(found) == most:
                    break
        return found


class _Merger:
    def __init__(self, sources: Iterable[Source]) -> None:
        told = [_told(source) for source in dict.fromkeys(sources)]
        told.sort(key=lambda t: (t.source.published or "", t.source.doc, t.source.file, t.source.row, t.source.record))
        self.blocks: dict[tuple[str, str, tuple[str, ...]], list[_Group]] = defaultdict(list)
        blocks: dict[tuple[str, str, tuple[str, ...]], list[_Told]] = defaultdict(list)
        for one in told:
            blocks[one.key].append(one)
        for key in sorted(blocks):
            self.blocks[key] = self._same_people(key, blocks[key])
        self._some_of_the_people()

    def _same_people(self, key: tuple[str, str, tuple[str, ...]], told: Sequence[_Told]) -> list[_Group]:
        """Groups of tellings of the same people: those of one stated day, then each vaguer one to the only group
        that it can mean, the sharpest first."""
        kind, status, people = key
        alike: dict[tuple[Any, ...], _Group] = {}
        for one in told:
            if one.first is None or len(people) < LEAST.get(kind, 1):
                alike[(one.source,)] = _Group(kind, status, people, None, None, None, [one])  # nothing to go by
                continue
            at = (not one.exact, one.first, one.last, one.place)
            alike.setdefault(at, _Group(kind, status, people, one.first, one.last, one.place)).told.append(one)
        dated = [group for at, group in alike.items() if len(at) == 4]
        sharp = {id(group): at[0] for at, group in alike.items() if len(at) == 4}
        dated.sort(key=lambda g: (sharp[id(g)], _length(g), g.place is None, g.first, g.place or ""))
        calendar, made = _Calendar(), [group for at, group in alike.items() if len(at) == 1]
        for group in dated:
            candidates = calendar.agreeing(group)
            if len(candidates) == 1:
                candidates[0].swallow(group)
            else:
                calendar.add(group)
                made.append(group)
        return made

    def _some_of_the_people(self) -> None:
        """A group that names some of the participants of another, two at least, joins it where there is but one."""
        calendars: dict[tuple[str, str, str, str], _Calendar] = defaultdict(_Calendar)
        groups = [g for block in self.blocks.values() for g in block if g.first and 2 <= len(g.people) <= LARGEST]
        groups.sort(key=lambda g: (-len(g.people), g.kind, g.status, g.people, _length(g), g.first, g.place or ""))
        for group in groups:
            kind, status, people = group.kind, group.status, set(group.people)
            calendar = calendars.get((kind, status, group.people[0], group.people[1]))
            candidates = [other for other in calendar.agreeing(group, most=50) if people < set(other.people)
                          ] if calendar else []
            if len(candidates) == 1:
                candidates[0].swallow(group)
            elif len(group.people) > 2:
                for pair in combinations(group.people, 2):
                    calendars[(kind, status, pair[0], pair[1])].add(group)

    def corpus(self) -> Corpus:
        """The groups as events, and the links between them."""
        made: dict[int, CorpusEvent] = {}
        names: Counter[str] = Counter()
        roots = [group for block in self.blocks.values() for group in block if group.into is None]
        for group in sorted(roots, key=_order):
            event = _event(group)
            names[event.id] += 1
            if names[event.id] > 1:
                event = replace(event, id=f"{event.id}-{names[event.id]}")
            made[id(group)] = event
        events = sorted(made.values(), key=lambda e: (e.first or date.max, e.id))
        return Corpus(tuple(events), tuple(sorted(set(self._links(roots, made)))))

    def _links(self, roots: Sequence[_Group], made: Mapping[int, CorpusEvent]) -> Iterator[Link]:
        calendars: dict[tuple[str, str, tuple[str, ...]], _Calendar] = defaultdict(_Calendar)
        ordered = sorted((g for g in roots if g.first and g.people), key=_order)
        for group in ordered:
            calendars[(group.kind, group.status, group.people)].add(group)
        for group in ordered:
            for (before, after), kind in CHAINS.items():
                if group.status == before and (group.kind, after, group.people) in calendars:
                    calendar = calendars[(group.kind, after, group.people)]
                    for other in calendar.agreeing(group, most=1):
                        yield Link(kind, made[id(group)].id, made[id(other)].id)


def _length(group: _Group) -> timedelta:
    return group.last - group.first if group.first and group.last else timedelta.max


def _order(group: _Group) -> tuple[Any, ...]:
    first = group.told[0].source
    return (group.first or date.max, group.last or date.max, group.kind, group.status, group.people, group.place or "",
            first.published or "", first.doc, first.file, first.row, first.record)


def _event(group: _Group) -> CorpusEvent:
    told = sorted(group.told, key=lambda t: (t.source.published or "", t.source.doc, t.source.file, t.source.row,
                                             t.source.record))
    tellings: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    topics: dict[str, str] = {}
    events = [json.loads(one.source.record) for one in told]
    for event in events:
        for p in event["participants"]:
            tellings[_person(p)].append(p)
        for topic in event["topics"]:
            topics.setdefault(fold(topic["text"]), topic["text"])
    times = [event["time"] for event in events if event["time"]]
    time = min(times, key=lambda t: (t["basis"] != "stated", _width(t["value"]), t["value"]), default=None)
    places = [event["place"] for event in events if event["place"]]
    best = min((p["basis"] != "stated" for p in places), default=True)
    counted = Counter((p["name"], p["country"]) for p in places if (p["basis"] != "stated") == best)
    where = min(counted, key=lambda at: (-counted[at], at[0], at[1] or ""), default=(None, None))
    spot: dict[str, Any] = next((p for p in places if (p["name"], p["country"]) == where), {})
    key = "|".join((group.kind, group.status, ",".join(group.people), str(group.first), str(group.last),
                    group.place or "", told[0].source.record if group.first is None else ""))
    return CorpusEvent(
        id=hashlib.sha256(key.encode()).hexdigest()[:16], kind=group.kind, status=group.status,
        people=tuple(_merged(ident, tellings[ident]) for ident in sorted(tellings)),
        first=group.first, last=group.last, time=time and time["value"], grain=time and time["grain"],
        place=where[0], place_country=where[1], lat=spot.get("lat"), lon=spot.get("lon"),
        topics=tuple(topics.values()), confidence=max(event["confidence"] for event in events),
        sources=tuple(one.source for one in told),
    )


def _width(value: str) -> timedelta:
    first, last = days(value)
    return last - first


def _merged(ident: str, told: Sequence[Mapping[str, Any]]) -> Person:
    def most(name: str) -> Any:
        values = Counter(p[name] for p in told if p[name])
        return min(values, key=lambda v: (-values[v], v), default=None)

    fullest = min(told, key=lambda p: (-len(p["name"]), p["name"], p["name_latin"]))
    return Person(ident, fullest["name"], fullest["name_latin"], most("office"), most("country"))
