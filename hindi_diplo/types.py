"""A document and its layers, as the package hands them about; the layers' records are those of :mod:`records`.

A Doc goes between processes packed into plain values, since a pickle of its thousand records is slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from .records import (
    EVENT_KINDS,
    MENTION_KINDS,
    SCHEMA,
    STATUSES,
    Article,
    Entity,
    Event,
    Mention,
    Occasion,
    Participant,
    Place,
    Reference,
    Relation,
    Sentence,
    Span,
    TimeExpression,
    Token,
    Topic,
    When,
    Zone,
    ends_of,
    span_in,
    view,
)

__all__ = [
    "EVENT_KINDS", "MENTION_KINDS", "STATUSES",
    "Article", "Doc", "Entity", "Event", "Mention", "Occasion", "Participant", "Place", "Reference",
    "Relation", "SCHEMA", "Sentence", "Span", "TimeExpression", "Token", "Topic", "When", "Zone",
]


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
                    **ends_of(mention.span), "country": entity.country, "office": entity.office,
                    "rule": mention.source,
                })
        entities.sort(key=lambda e: (e["start"], e["stop"]))
        return {
            "schema": SCHEMA, "id": self.id, "title": self.title, "published": self.published,
            "url": self.url, "dateline": self.dateline, "text": self.text, "made_by": dict(self.made_by),
            "entities": entities,
            "relations": [{"type": r.type, "subject": r.subject, "object": r.object, **ends_of(r.span),
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
        return str(view("doc_text", self))

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_html(self) -> str:
        """The text with its entities and event slots marked, and a card for each event: an HTML fragment."""
        return str(view("doc_html", self))

    def events_frame(self) -> Any:
        """A pandas frame with one row per event; see :func:`hindi_diplo.frames.events_frame`."""
        return view("events_frame", self)

    def entities_frame(self) -> Any:
        """A pandas frame with one row per mention; see :func:`hindi_diplo.frames.entities_frame`."""
        return view("entities_frame", self)

    def relations_frame(self) -> Any:
        """A pandas frame with one row per relation; see :func:`hindi_diplo.frames.relations_frame`."""
        return view("relations_frame", self)

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


def with_layer(doc: Doc, name: str, layer: tuple[Any, ...]) -> Doc:
    """The document with one more layer; ``dataclasses.replace`` takes several times as long."""
    made = object.__new__(Doc)
    for put, value in zip(_PUTS.values(), _values(doc), strict=True):
        put(made, value)
    _PUTS[name](made, layer)
    return made


def _doc_of(d: Mapping[str, Any]) -> Doc:
    layers = d.get("layers") or _layers_of_record(d)
    return Doc(
        text=d["text"], id=d["id"], published=d["published"], title=d["title"],
        dateline=d.get("dateline"), url=d.get("url"),
        events=tuple(Event.from_dict(e) for e in d["events"]),
        relations=tuple(Relation(r["type"], r["subject"], r["object"], span_in(r), r["rule"],
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


_PUTS: Final = {f.name: vars(Doc)[f.name].__set__ for f in fields(Doc)}
_values: Final = attrgetter(*_PUTS)
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
        mentions.append({"span": ends_of(span_in(row)), "kind": row["label"], "norm": row["text"],
                         "source": row["rule"]})
    return {"mentions": mentions, "entities": list(entities.values())}
