"""The records that every layer is made of: frozen, slotted, with no logic and no I/O.

All offsets are half-open ``[start, stop)`` in characters of :attr:`Doc.text`, which is the
input exactly as it was given.  Dates are ISO 8601 strings of the grain that is known:
``2024-07-09`` (day), ``2024-W28`` (week), ``2024-07`` (month), ``2024`` (year), and
``2024-07-08/2024-07-11`` (range, both ends included).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

__all__ = [
    "EVENT_KINDS", "MENTION_KINDS", "STATUSES",
    "Article", "Doc", "Entity", "Event", "Mention", "Occasion", "Participant", "Place", "Reference",
    "Relation", "Sentence", "Span", "TimeExpression", "Token", "Topic", "When", "Zone",
]

MENTION_KINDS: Final = ("PERSON", "COUNTRY", "ORG", "PLACE", "OFFICE")
EVENT_KINDS: Final = ("meeting", "call", "multilateral", "visit")
STATUSES: Final = ("held", "planned", "cancelled", "postponed", "refused", "not_held")
GRAINS: Final = ("day", "week", "month", "year", "range")
ROLES: Final = ("party", "host", "visitor", "mediator")
ZONE_KINDS: Final = ("title", "dateline", "body", "furniture")


def _one_of(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise ValueError(f"{what}: expected one of {', '.join(allowed)}, got {value!r}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character interval of the document's text; raises ValueError unless 0 <= start < stop."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ValueError(f"a span needs 0 <= start < stop, got [{self.start}, {self.stop})")

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.stop]

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies inside this span (equal spans cover each other)."""
        return self.start <= other.start and other.stop <= self.stop

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.stop and other.start < self.stop


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


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: its span, its text as written and its folded form (``text.fold``)."""

    span: Span
    text: str
    norm: str


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
    pronoun, "both leaders".  ``entities`` are entity ids; () means: tried, not resolved."""

    span: Span
    rule: str
    entities: tuple[str, ...]
    why: str = ""
    office: str | None = None
    country: str | None = None


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


@dataclass(frozen=True, slots=True)
class Relation:
    """holds_office, visits, alias_of or member_of, between two entity ids (or an office name)."""

    type: str
    subject: str
    object: str
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Doc:
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
    made_by: tuple[tuple[str, str], ...] = field(default=())
