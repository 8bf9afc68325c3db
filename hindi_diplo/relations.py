"""Relations of a document: who holds which office, who visits where, short forms, membership.

Each has the span of the words that say it.  ``holds_office`` carries the country and the term of office
that the knowledge base knows for the day of the document, ``visits`` the days that the text gives.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from .dates import calendar
from .knowledge import Holding, KnowledgeBase
from .linking import Said, brackets, said_before, trigger_words
from .records import by_place, first_at
from .text import phrase
from .types import Doc, Entity, Event, Mention, Relation, Sentence, Span

__all__ = ["relations"]


def relations(doc: Doc, kb: KnowledgeBase) -> tuple[Relation, ...]:
    """All relations of a document with entities and events, in the order of the text."""
    of = {m: e for e in doc.entities for m in e.mentions}
    found = [*_aliases(doc, of), *_offices(doc, of, kb), *_members(doc, of), *_visits(doc, of)]
    return tuple(sorted(found, key=by_place))


def _aliases(doc: Doc, of: dict[int, Entity]) -> Iterator[Relation]:
    for brief, full in brackets(doc).items():
        if full in of:
            span = Span(doc.mentions[full].span.start, doc.mentions[brief].span.stop + 1)
            yield Relation("alias_of", of[full].id, doc.mentions[brief].span.of(doc.text), span, "relations/brackets")


# ---------------------------------------------------------------- offices


def _offices(doc: Doc, of: dict[int, Entity], kb: KnowledgeBase) -> Iterator[Relation]:
    seen = set()
    for index, entity in sorted(of.items()):
        if entity.kind != "PERSON":
            continue
        said = said_before(doc, index, kb)
        if said.office and (entity.id, said.office) not in seen:
            seen.add((entity.id, said.office))
            start = next(doc.mentions[n].span.start for n in range(index - 1, -1, -1)
                         if doc.mentions[n].kind == "OFFICE" and doc.mentions[n].span.of(doc.text) == said.office)
            span = Span(start, doc.mentions[index].span.stop)
            term = _term(entity, said, kb, doc.published)
            where = said.country or said.org or (term.country if term else entity.country)
            yield Relation("holds_office", entity.id, said.office, span, "relations/office-before-name", where,
                           term.start or None if term else None, term.stop or None if term else None)


def _term(entity: Entity, said: Said, kb: KnowledgeBase, day: str | None) -> Holding | None:
    """The known term of the office that the text names: the one that covers the day; where the text says
    that it is over, or no day is given, the last one."""
    office = kb.office(said.office or "")
    same = (office, *kb.alike.get(office or "", ()), *kb.abroad.get(office or "", ()))
    terms = [t for t in kb.terms_of(entity.id) if t.office in same]
    if day and not said.former:
        now = [t for t in kb.terms_of(entity.id, day) if t.office in same]
        return now[0] if now else None
    past = [t for t in terms if not day or (t.stop and t.stop <= day)]
    return past[0] if past else None


# ---------------------------------------------------------------- membership


def _members(doc: Doc, of: dict[int, Entity]) -> Iterator[Relation]:
    """Countries that the text calls members: <country> … <organisation>'s member, members of <organisation>
    <countries>; a sentence that denies it gives none."""
    if trigger_words("MEMBER").isdisjoint([t.norm for t in doc.tokens]):
        return
    starts = [m.span.start for m in doc.mentions]
    for sentence in doc.sentences:
        first, last = bisect_left(starts, sentence.span.start), bisect_left(starts, sentence.span.stop)
        inside = list(range(first, last))
        for place, index in enumerate(inside):
            org = of.get(index)
            if org is None or org.kind != "ORG":
                continue
            end = _member_word(doc, doc.mentions[index], sentence)
            if end is None:
                continue
            before = list(_lands(doc, of, inside[:place][::-1], doc.mentions[index].span.start, -1))
            after = list(_lands(doc, of, inside[place + 1 :], end, 1))
            for mention, land in after or before:
                span = Span(min(mention.span.start, doc.mentions[index].span.start), max(mention.span.stop, end))
                yield Relation("member_of", land.id, org.id, span, "relations/member-word")


def _member_word(doc: Doc, org: Mention, sentence: Sentence) -> int | None:
    """Where the word for member ends that follows an organisation in the genitive; None without one or
    where the words behind it deny it."""
    words = [t for t in doc.tokens[sentence.first : sentence.last] if t.span.start >= org.span.stop]
    genitive, member, denial = trigger_words("OF"), trigger_words("MEMBER"), trigger_words("NOT")
    if not words or words[0].norm not in genitive:
        return None
    at = next((n for n, token in enumerate(words[1:4], 1) if token.norm in member), None)
    if at is None:
        return None
    while at + 1 < len(words) and words[at + 1].norm in member:
        at += 1
    return None if any(t.norm in denial for t in words[at + 1 : at + 4]) else words[at].span.stop


def _lands(
    doc: Doc, of: dict[int, Entity], indexes: list[int], at: int, way: int
) -> Iterator[tuple[Mention, Entity]]:
    """The countries of a list that stands right behind (way 1) or before (-1) the place ``at``."""
    free = trigger_words("JOIN") | trigger_words("COMMA") | {",", "-"}
    for index in indexes:
        mention, entity = doc.mentions[index], of.get(index)
        gap = doc.text[at : mention.span.start] if way > 0 else doc.text[mention.span.stop : at]
        words = phrase(gap).split()
        loose = way < 0 and len(words) <= 3 and any(word.isdigit() for word in words)  # "in 2017"
        if entity is None or entity.kind != "COUNTRY" or mention.source.endswith("/adj") or not (
                loose or all(word in free for word in words)):
            return
        yield mention, entity
        at = mention.span.stop if way > 0 else mention.span.start


# ---------------------------------------------------------------- visits


def _visits(doc: Doc, of: dict[int, Entity]) -> Iterator[Relation]:
    at: dict[tuple[int, int], Entity] = {}
    for m, entity in of.items():
        span = doc.mentions[m].span
        at.setdefault((span.start, span.stop), entity)
    for event in doc.events:
        if event.kind != "visit" or event.place is None or event.place.span is None:
            continue
        goal = at.get((event.place.span.start, event.place.span.stop))
        if goal is None:
            continue
        begins, ends = _when(event)
        days = _days(doc, event)
        for p in event.participants:
            yield Relation("visits", p.entity, goal.id, event.trigger, event.rule, goal.country, begins, ends, days)


def _when(event: Event) -> tuple[str | None, str | None]:
    """First and last day of a visit as the text gives them."""
    if event.time is None or event.time.value is None:
        return None, None
    first, _, last = event.time.value.partition("/")
    return (first, last or None) if event.time.grain in ("day", "range") else (None, None)


def _days(doc: Doc, event: Event) -> int | None:
    """How many days the sentence of the visit says it takes; from the range of days where it does not."""
    numbers, unit = calendar()["number"], trigger_words("DAYS")
    here = first_at(doc.sentences, event.trigger.start + 1) - 1
    if here >= 0:
        sentence = doc.sentences[here]
        row = [t for t in doc.tokens[sentence.first : sentence.last] if t.norm not in ("-", "–")]
        near = [(abs(t.span.start - event.trigger.start), n) for n, t in enumerate(row) if n and t.norm in unit]
        for _, n in sorted(near):
            count = row[n - 1].norm
            if count.isdigit() and 0 < int(count) < 100:
                return int(count)
            if count in numbers:
                return numbers[count]
    if event.time is not None and event.time.grain == "range" and event.time.value:
        first, last = event.time.value.split("/")
        return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    return None
