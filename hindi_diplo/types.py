"""The records that every layer is made of: frozen, slotted, with no logic and no I/O.

All offsets are half-open ``[start, stop)`` in characters of :attr:`Doc.text`, which is the
input exactly as it was given.  Dates are ISO 8601 strings of the grain that is known:
``2024-07-09`` (day), ``2024-W28`` (week), ``2024-07`` (month), ``2024`` (year), and
``2024-07-08/2024-07-11`` (range, both ends included).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

__all__ = [
    "EVENT_KINDS", "MENTION_KINDS", "STATUSES",
    "Article", "Doc", "Entity", "Event", "Mention", "Occasion", "Participant", "Place", "Reference",
    "Relation", "SCHEMA", "Sentence", "Span", "TimeExpression", "Token", "Topic", "When", "Zone",
]

SCHEMA: Final = "hindi-diplo/1"

MENTION_KINDS: Final = ("PERSON", "COUNTRY", "ORG", "PLACE", "OFFICE")
EVENT_KINDS: Final = ("meeting", "call", "multilateral", "visit")
STATUSES: Final = ("held", "planned", "cancelled", "postponed", "refused", "not_held")
GRAINS: Final = ("day", "week", "month", "year", "range")
ROLES: Final = ("party", "host", "visitor", "mediator")
ZONE_KINDS: Final = ("title", "dateline", "body", "furniture")


VIEWS: Final[dict[str, Callable[[Any], Any]]] = {}
"""How records are shown; the modules above (display, frames) enter their functions here as they load."""


def _view(name: str, of: object) -> Any:
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


def _ends(span: Span | None) -> dict[str, int | None]:
    return {"start": span.start if span else None, "stop": span.stop if span else None}


def _span(d: Mapping[str, Any]) -> Span | None:
    return None if d["start"] is None else Span(d["start"], d["stop"])


def _needed(d: Mapping[str, Any]) -> Span:
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


def token(start: int, text: str, norm: str) -> Token:
    """The token of a word that is not empty and begins at ``start``: in half the time of the constructors."""
    span, made = _new(Span), _new(Token)
    _set_start(span, start)
    _set_stop(span, start + len(text))
    _set_span(made, span)
    _set_text(made, text)
    _set_norm(made, norm)
    return made


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
                 "office": p.office, "country": p.country, "side": p.side, **_ends(p.span), "via": p.via}
                for p in self.participants
            ],
            "place": place and {"name": place.name, "country": place.country, "lat": place.lat,
                                "lon": place.lon, "text": place.text, **_ends(place.span),
                                "basis": place.basis},
            "time": time and {"value": time.value, "grain": time.grain, "text": time.text,
                              **_ends(time.span), "basis": time.basis},
            "topics": [{"text": t.text, "label": t.label, **_ends(t.span), "rule": t.rule}
                       for t in self.topics],
            "occasion": occasion and {"text": occasion.text, "id": occasion.id, **_ends(occasion.span)},
            "trigger": {"text": self.trigger_text, **_ends(self.trigger)},
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
        return str(_view("event_text", self))

    def _repr_html_(self) -> str:
        return str(_view("event_html", self))

    @staticmethod
    def from_dict(d: Mapping[str, Any]) -> Event:
        """The event of an output record; the inverse of :meth:`to_dict`."""
        place, time, occasion, codes = d["place"], d["time"], d["occasion"], d.get("codes") or {}
        return Event(
            id=d["id"], kind=d["kind"], status=d["status"], trigger=_needed(d["trigger"]),
            trigger_text=d["trigger"]["text"],
            participants=tuple(
                Participant(p["id"], p["name"], p["name_latin"], p["text"], _needed(p), p["role"],
                            p["office"], p["country"], p["side"], p.get("via"))
                for p in d["participants"]
            ),
            place=place and Place(place["name"], place["basis"], place["country"], place.get("lat"),
                                  place.get("lon"), place["text"], _span(place)),
            time=time and When(time["value"], time["grain"], time["basis"], time["text"], _span(time)),
            topics=tuple(Topic(_needed(t), t["text"], t.get("rule", ""), t["label"]) for t in d["topics"]),
            occasion=occasion and Occasion(occasion["text"], _needed(occasion), occasion["id"]),
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


class _Packed:
    """Gives a Doc room for the layers that are still packed."""

    __slots__ = ("_packed",)
    _packed: dict[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Doc(_Packed):
    """A text and the layers over it, in the order in which the pipeline writes them, each () until then.

    ``published`` (ISO date or None) is an input: nothing in the package asks what day it is now."""

    text: str
    id: str = ""
    published: str | None = None
    title: str | None = None
    dateline: str | None = None
    url: str | None = None
    zones: tuple[Zone, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    tokens: tuple[Token, ...] = ()
    mentions: tuple[Mention, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    entities: tuple[Entity, ...] = ()
    references: tuple[Reference, ...] = ()
    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = ()
    made_by: tuple[tuple[str, str], ...] = ()

    if not TYPE_CHECKING:  # there it would make every name an attribute

        def __getattr__(self, name: str) -> Any:
            """A layer of a Doc that came from another process, unpacked when it is first asked for."""
            packed = getattr(self, "_packed", {}) if name != "_packed" else {}
            data = packed.get(name)
            if data is None:
                return object.__getattribute__(self, name)  # unpacked by another thread, or no attribute at all
            object.__setattr__(self, name, _unpacked(name, data, self.text))
            packed.pop(name, None)
            return object.__getattribute__(self, name)

    def pack(self) -> tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]]:
        """What another process needs for :meth:`unpack`: the plain fields, and the layers as plain values."""
        layers = {name: _packed(name, layer) for name in _PACKED if (layer := getattr(self, name))}
        return tuple(getattr(self, name) for name in _PLAIN), layers

    @staticmethod
    def unpack(plain: tuple[Any, ...], layers: dict[str, tuple[Any, ...]]) -> Doc:
        """The Doc of :meth:`pack`; a layer is unpacked when it is first asked for."""
        doc = object.__new__(Doc)
        for name, value in zip(_PLAIN, plain, strict=True):
            object.__setattr__(doc, name, value)
        for name in _PACKED:
            if name not in layers:
                object.__setattr__(doc, name, ())
        object.__setattr__(doc, "_packed", layers)
        return doc

    def record(self) -> dict[str, Any]:
        """The output record (``hindi-diplo schema`` prints its JSON Schema), without the inner layers."""
        entities: list[dict[str, Any]] = []
        for entity in self.entities:
            for index in entity.mentions:
                mention = self.mentions[index]
                if mention.source.endswith("/adj"):
                    continue  # an adjective of a country is evidence, no name of it
                entities.append({
                    "id": entity.id, "label": entity.kind, "name": entity.name,
                    "name_latin": entity.name_latin, "text": mention.span.of(self.text),
                    **_ends(mention.span), "country": entity.country, "office": entity.office,
                    "rule": mention.source,
                })
        entities.sort(key=lambda e: (e["start"], e["stop"]))
        return {
            "schema": SCHEMA, "id": self.id, "title": self.title, "published": self.published,
            "url": self.url, "dateline": self.dateline, "text": self.text, "made_by": dict(self.made_by),
            "entities": entities,
            "relations": [{"type": r.type, "subject": r.subject, "object": r.object, **_ends(r.span),
                           "rule": r.rule, "country": r.country, "from": r.begins, "to": r.ends, "days": r.days}
                          for r in self.relations],
            "events": [event.to_dict() for event in self.events],
        }

    def to_dict(self) -> dict[str, Any]:
        """The output record with all inner layers under ``layers``; :meth:`from_dict` gives the Doc back."""
        layers = {name: [asdict(record) for record in getattr(self, name)] for name in _LAYERS}
        return {**self.record(), "layers": layers}

    def __repr__(self) -> str:
        return (f"Doc(id={self.id!r}, published={self.published!r}, {len(self.text)} characters, "
                f"{len(self.entities)} entities, {len(self.events)} events)")

    def __str__(self) -> str:
        """The table of events, in plain text."""
        return str(_view("doc_text", self))

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self) -> str:
        """The text with its entities and event slots marked, and a card for each event: an HTML fragment."""
        return str(_view("doc_html", self))

    def events_frame(self) -> Any:
        """A pandas frame with one row per event; see :func:`hindi_diplo.frames.events_frame`."""
        return _view("events_frame", self)

    def entities_frame(self) -> Any:
        """A pandas frame with one row per mention; see :func:`hindi_diplo.frames.entities_frame`."""
        return _view("entities_frame", self)

    def relations_frame(self) -> Any:
        """A pandas frame with one row per relation; see :func:`hindi_diplo.frames.relations_frame`."""
        return _view("relations_frame", self)

    @staticmethod
    def from_dict(d: Mapping[str, Any]) -> Doc:
        """The Doc of :meth:`to_dict`; of a record without ``layers``, the Doc with what the record holds.

        Raises ValueError where the schema is another one, a field is missing or of another type, or a span
        lies outside the text."""
        if not isinstance(d, Mapping) or d.get("schema") != SCHEMA:
            got = d.get("schema") if isinstance(d, Mapping) else type(d).__name__
            raise ValueError(f"expected a record of schema {SCHEMA!r}, got {got!r}")
        try:
            doc = _doc_of(d)
            spans = [*_spans_of([getattr(doc, name) for name in (*_LAYERS, "events", "relations")])]
            count = len(doc.mentions)
            if any(s.stop > len(doc.text) for s in spans) or any(
                    not 0 <= m < count for e in doc.entities for m in e.mentions):
                raise ValueError("a span lies outside the text, or an entity points at no mention")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no record of schema {SCHEMA!r}: {type(error).__name__}: {error}") from error
        return doc


def _doc_of(d: Mapping[str, Any]) -> Doc:
    layers = d.get("layers") or _layers_of_record(d)
    return Doc(
        text=d["text"], id=d["id"], published=d["published"], title=d["title"],
        dateline=d.get("dateline"), url=d.get("url"),
        events=tuple(Event.from_dict(e) for e in d["events"]),
        relations=tuple(Relation(r["type"], r["subject"], r["object"], _needed(r), r["rule"],
                                     r.get("country"), r.get("from"), r.get("to"), r.get("days"))
                        for r in d["relations"]),
        made_by=tuple(d["made_by"].items()),
        **{name: tuple(_revive(kind, values) for values in layers.get(name, ()))
           for name, kind in _LAYERS.items()},
    )


def _spans_of(value: Any) -> Iterator[Span]:
    """Every span in records, however deep."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _spans_of(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _spans_of(getattr(value, one.name))


_LAYERS: Final[Mapping[str, Any]] = {
    "zones": Zone, "sentences": Sentence, "tokens": Token, "mentions": Mention,
    "times": TimeExpression, "entities": Entity, "references": Reference,
}


class _Packing:
    """How the records of a layer become plain tuples and back: a span is its two ends, all else is plain already."""

    def __init__(self, kind: Any) -> None:
        names = [f.name for f in fields(kind)]
        self._kind, self._at = kind, names.index("span") if "span" in names else None
        self.values = attrgetter(*(part for name in names for part in (
            ("span.start", "span.stop") if name == "span" else (name,))))

    def made(self, values: tuple[Any, ...]) -> Any:
        """The record of these values."""
        at = self._at
        if at is None:
            return self._kind(*values)
        return self._kind(*values[:at], Span(*values[at : at + 2]), *values[at + 2 :])


_PACKINGS: Final = {name: _Packing(kind) for name, kind in {**_LAYERS, "relations": Relation}.items()}
_PACKED: Final = (*_PACKINGS, "events")
_PLAIN: Final = tuple(f.name for f in fields(Doc) if f.name not in _PACKED)


def _packed(name: str, layer: tuple[Any, ...]) -> tuple[Any, ...]:
    if name == "events":
        return tuple(event.to_dict() for event in layer)
    if name == "tokens":  # hundreds, and what they are can be told by little
        return tuple([get(token) for token in layer] for get in map(attrgetter, ("span.start", "span.stop", "norm")))
    return tuple(map(_PACKINGS[name].values, layer))


def _unpacked(name: str, data: tuple[Any, ...], text: str) -> tuple[Any, ...]:
    if name == "events":
        return tuple(map(Event.from_dict, data))
    if name == "tokens":
        return tuple(Token(Span(start, stop), text[start:stop], norm) for start, stop, norm in zip(*data, strict=True))
    return tuple(map(_PACKINGS[name].made, data))


def _revive(kind: Any, values: Mapping[str, Any]) -> Any:
    made = dict(values)
    if "span" in made:
        made["span"] = Span(**made["span"])
    for name in ("mentions", "entities"):
        if name in made:
            made[name] = tuple(made[name])
    if "candidates" in made:
        made["candidates"] = tuple((c, s) for c, s in made["candidates"])
    return kind(**made)


def _layers_of_record(d: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The mentions and entities that the rows of a record tell of."""
    mentions: list[dict[str, Any]] = []
    entities: dict[str, dict[str, Any]] = {}
    for row in d["entities"]:
        entity = entities.setdefault(row["id"], {
            "id": row["id"], "kind": row["label"], "name": row["name"], "name_latin": row["name_latin"],
            "country": row["country"], "office": row["office"], "mentions": []})
        entity["mentions"].append(len(mentions))
        mentions.append({"span": _ends(_needed(row)), "kind": row["label"], "norm": row["text"],
                         "source": row["rule"]})
    return {"mentions": mentions, "entities": list(entities.values())}


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
