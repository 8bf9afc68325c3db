"""The records that a document's layers are made of: frozen, slotted, with no logic and no I/O.

All offsets are half-open ``[start, stop)`` in characters of the document's text, which is the
input exactly as it was given.  Dates are ISO 8601 strings of the grain that is known:
``2024-07-09`` (day), ``2024-W28`` (week), ``2024-07`` (month), ``2024`` (year), and
``2024-07-08/2024-07-11`` (range, both ends included).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final, TypeVar

__all__ = [
    "EVENT_KINDS", "MENTION_KINDS", "STATUSES",
    "Article", "Entity", "Event", "Mention", "Occasion", "Participant", "Place", "Reference",
    "Relation", "SCHEMA", "Sentence", "Span", "TimeExpression", "Token", "Topic", "When", "Zone",
]

_Record = TypeVar("_Record")

SCHEMA: Final = "hindi-diplo/1"

MENTION_KINDS: Final = ("PERSON", "COUNTRY", "ORG", "PLACE", "OFFICE")
EVENT_KINDS: Final = ("meeting", "call", "multilateral", "visit")
STATUSES: Final = ("held", "planned", "cancelled", "postponed", "refused", "not_held")
GRAINS: Final = ("day", "week", "month", "year", "range")
ROLES: Final = ("party", "host", "visitor", "mediator")
ZONE_KINDS: Final = ("title", "dateline", "body", "furniture")


VIEWS: Final[dict[str, Callable[[Any], Any]]] = {}
"""How records are shown; the modules above (display, frames) enter their functions here as they load."""


def view(name: str, of: object) -> Any:
    """The view ``name`` of a record; raises LookupError where its module was not loaded."""
    if name not in VIEWS:
        raise LookupError(f"no view {name!r} is loaded: import hindi_diplo (it loads display and frames)")
    return VIEWS[name](of)


def _one_of(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise ValueError(f"{what}: expected one of {', '.join(allowed)}, got {value!r}")


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """Half-open character interval of the document's text; raises ValueError unless 0 <= start < stop."""

    start: int
    stop: int

    def __init__(self, start: int, stop: int) -> None:  # a document makes hundreds: by its slots, which is quicker
        if not 0 <= start < stop:
            raise ValueError(f"a span needs 0 <= start < stop, got [{start}, {stop})")
        _set_start(self, start)
        _set_stop(self, stop)

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.stop]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies inside this span (equal spans cover each other)."""
        return self.start <= other.start and other.stop <= self.stop

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.stop and other.start < self.stop


_set_start, _set_stop = (vars(Span)[name].__set__ for name in ("start", "stop"))


def ends_of(span: Span | None) -> dict[str, int | None]:
    return {"start": span.start if span else None, "stop": span.stop if span else None}


def _span(d: Mapping[str, Any]) -> Span | None:
    return None if d["start"] is None else Span(d["start"], d["stop"])


def span_in(d: Mapping[str, Any]) -> Span:
    return Span(d["start"], d["stop"])


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the page: title, dateline, body (the story) or furniture (all that is no story)."""

    span: Span
    kind: str

    def __post_init__(self) -> None:
        _one_of(self.kind, ZONE_KINDS, "zone kind")


@dataclass(frozen=True, slots=True)
class Article:
    """What the reader makes of a page, a file or a row.

    ``text`` is the text as given (for HTML: as extracted); ``zones`` cut it, in order and without
    overlap.  ``published`` is an ISO date or None; ``dateline`` the place name that opens the story.
    """

    text: str
    id: str = ""
    title: str | None = None
    published: str | None = None
    dateline: str | None = None
    url: str | None = None
    zones: tuple[Zone, ...] = ()

    def __repr__(self) -> str:
        return (f"Article(id={self.id!r}, title={self.title!r}, published={self.published!r}, "
                f"dateline={self.dateline!r}, {len(self.text)} characters)")


@dataclass(frozen=True, slots=True, init=False)
class Token:
    """A word or mark: its span, its text as written and its folded form (``text.fold``)."""

    span: Span
    text: str
    norm: str

    def __init__(self, span: Span, text: str, norm: str) -> None:  # as for spans
        _set_span(self, span)
        _set_text(self, text)
        _set_norm(self, norm)


_set_span, _set_text, _set_norm = (vars(Token)[name].__set__ for name in ("span", "text", "norm"))
_new = object.__new__


def tokens_of(words: Iterable[tuple[str, str]], text: str, start: int) -> list[Token]:
    """The tokens of words, none of them empty, and their folded forms; in ``text`` they follow each other from
    ``start`` on, with white space between.  In half the time of the constructors."""
    found = []
    index, new = text.index, _new
    for word, norm in words:
        start = index(word, start)
        span, made = new(Span), new(Token)
        _set_start(span, start)
        start += len(word)
        _set_stop(span, start)
        _set_span(made, span)
        _set_text(made, word)
        _set_norm(made, norm)
        found.append(made)
    return found


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span, its tokens ``Doc.tokens[first:last]`` and the kind of zone it stands in."""

    span: Span
    first: int
    last: int
    zone: str = "body"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or an office in the text.  ``norm`` is the folded text, ``source`` the rule or tagger
    that found it (``gazetteer/people``, ``mentions/before-ne``, ``tagger/compact``), ``score`` 0..1."""

    span: Span
    kind: str
    norm: str
    source: str
    score: float = 1.0

    def __post_init__(self) -> None:
        _one_of(self.kind, MENTION_KINDS, "mention kind")


class _Shapes(dict[type, tuple[dict[str, int], Callable[[Any], tuple[Any, ...]]]]):
    """Of each kind of record the places of its fields, and what gets their values."""

    def __missing__(self, kind: type) -> tuple[dict[str, int], Callable[[Any], tuple[Any, ...]]]:
        names = [f.name for f in fields(kind)]
        shape = self[kind] = {name: n for n, name in enumerate(names)}, attrgetter(*names)
        return shape


_SHAPES: Final = _Shapes()


def replace(record: _Record, **changes: Any) -> _Record:
    """The record with other values in some of its fields; in a third of the time of ``dataclasses.replace``.

    Raises KeyError for a field that it has not, and what its constructor raises."""
    places, values_of = _SHAPES[type(record)]
    values = [*values_of(record)]
    for name, value in changes.items():
        values[places[name]] = value
    return type(record)(*values)


#: The order of the text for ``sorted``: as by spans, which takes several times as long.
by_place: Final = attrgetter("span.start", "span.stop")


def first_at(layer: Sequence[Token] | Sequence[Sentence] | Sequence[Mention], offset: int) -> int:
    """The index of the first record of a layer in text order that begins at or after ``offset`` (characters);
    the layer's length where there is none."""
    return bisect_left(layer, offset, key=lambda record: record.span.start)


def tokens_in(tokens: Sequence[Token], span: Span) -> Sequence[Token]:
    """The tokens that begin in a span, of those of a text in its order."""
    return tokens[first_at(tokens, span.start) : first_at(tokens, span.stop)]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression with its ISO value.  ``anchored`` says what it was counted from:
    ``absolute``, ``published``, ``story`` (a date said before in the text) or ``none`` (value is None)."""

    span: Span
    value: str | None
    grain: str
    rule: str
    anchored: str = "absolute"

    def __post_init__(self) -> None:
        _one_of(self.grain, GRAINS, "grain")


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that mentions point at.

    ``id`` is a knowledge-base id or ``local:n``; ``kind`` PERSON, COUNTRY, ORG or PLACE; ``country``
    an ISO 3166 code; ``office`` the office that the text gives (as written, else from the knowledge
    base); ``mentions`` indexes ``Doc.mentions``; ``why`` says what linked it; ``candidates`` are
    other ids that were possible, with their scores."""

    id: str
    kind: str
    name: str
    name_latin: str
    country: str | None = None
    office: str | None = None
    mentions: tuple[int, ...] = ()
    why: str = ""
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A noun phrase that stands for participants: a role with or without a name, a counterpart, a
    pronoun, "both leaders".  ``entities`` are entity ids; () means: tried, not resolved.  ``name`` is
    the office phrase of somebody whom neither the text nor the knowledge base names."""

    span: Span
    rule: str
    entities: tuple[str, ...]
    why: str = ""
    office: str | None = None
    country: str | None = None
    name: str | None = None


LOCAL: Final = "local:"


def is_local(entity: str) -> bool:
    """Whether an id is one of a document's own ("local:3"): of somebody whom the knowledge base does not know."""
    return entity.startswith(LOCAL)


@dataclass(frozen=True, slots=True)
class Topic:
    """What was talked about: a noun phrase, the rule that found it, a PLOVER context label or None."""

    span: Span
    text: str
    rule: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """An entity in an event.  ``span`` is the whole noun phrase that was read; ``via`` the reference
    rule that resolved it, None where the name itself stood there; ``side`` 1, 2 or None."""

    entity: str
    name: str
    name_latin: str
    text: str
    span: Span
    role: str = "party"
    office: str | None = None
    country: str | None = None
    side: int | None = None
    via: str | None = None

    def __post_init__(self) -> None:
        _one_of(self.role, ROLES, "participant role")


@dataclass(frozen=True, slots=True)
class Place:
    """Where: ``basis`` is stated, dateline, event (from another mention of it) or assumed."""

    name: str
    basis: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    text: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class When:
    """When: an ISO value of the given grain; ``basis`` is stated, published or assumed."""

    value: str
    grain: str
    basis: str
    text: str | None = None
    span: Span | None = None

    def __post_init__(self) -> None:
        _one_of(self.grain, GRAINS, "grain")


@dataclass(frozen=True, slots=True)
class Occasion:
    """The gathering on whose sidelines it happened; ``id`` of the organisation where it is known."""

    text: str
    span: Span
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One real-world encounter, merged over all the sentences (``mentions``) that tell it."""

    id: str
    kind: str
    status: str
    trigger: Span
    trigger_text: str
    participants: tuple[Participant, ...]
    place: Place | None
    time: When | None
    topics: tuple[Topic, ...]
    occasion: Occasion | None
    mentions: tuple[Span, ...]
    rule: str
    confidence: float
    cameo: str | None = None
    plover: str | None = None

    def __post_init__(self) -> None:
        _one_of(self.kind, EVENT_KINDS, "event kind")
        _one_of(self.status, STATUSES, "event status")

    def to_dict(self) -> dict[str, Any]:
        """The event as it stands in an output record (JSON types only)."""
        place, time, occasion = self.place, self.time, self.occasion
        return {
            "id": self.id, "kind": self.kind, "status": self.status,
            "participants": [
                {"id": p.entity, "name": p.name, "name_latin": p.name_latin, "text": p.text, "role": p.role,
                 "office": p.office, "country": p.country, "side": p.side, **ends_of(p.span), "via": p.via}
                for p in self.participants
            ],
            "place": place and {"name": place.name, "country": place.country, "lat": place.lat,
                                "lon": place.lon, "text": place.text, **ends_of(place.span),
                                "basis": place.basis},
            "time": time and {"value": time.value, "grain": time.grain, "text": time.text,
                              **ends_of(time.span), "basis": time.basis},
            "topics": [{"text": t.text, "label": t.label, **ends_of(t.span), "rule": t.rule}
                       for t in self.topics],
            "occasion": occasion and {"text": occasion.text, "id": occasion.id, **ends_of(occasion.span)},
            "trigger": {"text": self.trigger_text, **ends_of(self.trigger)},
            "mentions": [[m.start, m.stop] for m in self.mentions],
            "codes": {"cameo": self.cameo, "plover": self.plover},
            "rule": self.rule, "confidence": self.confidence,
        }

    def __repr__(self) -> str:
        who = " – ".join(p.name for p in self.participants)
        place, time = self.place and self.place.name, self.time and self.time.value
        return f"Event({self.kind}, {self.status}, who={who!r}, place={place!r}, time={time!r}, rule={self.rule!r})"

    def __str__(self) -> str:
        """The event as a card of plain text."""
        return str(view("event_text", self))

    def _repr_html_(self) -> str:
        return str(view("event_html", self))

    @staticmethod
    def from_dict(d: Mapping[str, Any]) -> Event:
        """The event of an output record; the inverse of :meth:`to_dict`."""
        place, time, occasion, codes = d["place"], d["time"], d["occasion"], d.get("codes") or {}
        return Event(
            id=d["id"], kind=d["kind"], status=d["status"], trigger=span_in(d["trigger"]),
            trigger_text=d["trigger"]["text"],
            participants=tuple(
                Participant(p["id"], p["name"], p["name_latin"], p["text"], span_in(p), p["role"],
                            p["office"], p["country"], p["side"], p.get("via"))
                for p in d["participants"]
            ),
            place=place and Place(place["name"], place["basis"], place["country"], place.get("lat"),
                                  place.get("lon"), place["text"], _span(place)),
            time=time and When(time["value"], time["grain"], time["basis"], time["text"], _span(time)),
            topics=tuple(Topic(span_in(t), t["text"], t.get("rule", ""), t["label"]) for t in d["topics"]),
            occasion=occasion and Occasion(occasion["text"], span_in(occasion), occasion["id"]),
            mentions=tuple(Span(a, b) for a, b in d["mentions"]),
            rule=d.get("rule", ""), confidence=d.get("confidence", 1.0),
            cameo=codes.get("cameo"), plover=codes.get("plover"),
        )


@dataclass(frozen=True, slots=True)
class Relation:
    """holds_office, visits, alias_of or member_of, between two entity ids (or an office name).

    ``country`` is that of the office or of the place visited; ``begins`` and ``ends`` are ISO days, of the
    term of office as the knowledge base has it or of the visit as the text gives it; ``days`` is how long
    a visit takes; each None where it is not known."""

    type: str
    subject: str
    object: str
    span: Span
    rule: str
    country: str | None = None
    begins: str | None = None
    ends: str | None = None
    days: int | None = None


def _by_constructor(kind: Any) -> None:
    """Let records go between processes as their constructor's arguments: the default of frozen dataclasses is three
    times as slow, and a document has a thousand of them."""
    values = attrgetter(*(f.name for f in fields(kind)))

    def reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
        return kind, values(self)

    kind.__reduce__ = reduce


for _kind in (Span, Zone, Token, Sentence, Mention, TimeExpression, Entity, Reference, Topic, Participant, Place, When,
              Occasion, Event, Relation):
    _by_constructor(_kind)
