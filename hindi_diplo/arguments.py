"""What belongs to an encounter besides its sides: occasion, place and time; topics by ``topics.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from .knowledge import KnowledgeBase
from .patterns import Item, Lexicon
from .topics import FoundTopic, Topics
from .types import Doc, Entity, Occasion, Place, Span, TimeExpression, When

__all__ = ["Arguments", "FoundTopic"]


class Arguments:
    """Finds the arguments of triggers in rows."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        self.kb = kb
        self._topics = Topics(lexicon)
        self.grammar = self._topics.grammar
        self.topics = self._topics.find
        self._classes = lexicon.classes

    # -- occasion, place, time --------------------------------------------------------------------

    def occasion(self, doc: Doc, row: Sequence[Item], entity: Mapping[int, Entity]) -> Occasion | None:
        """The named gathering on whose sidelines something happens."""
        side, gathering = self._classes["SIDELINES"], self._classes["GATHERING"] | self._classes["MEET"]
        loose = self._classes["DURING"] | self._classes["INCLUDING"]
        for at, item in enumerate(row):
            if item.kind or item.norm not in side:
                continue
            begin = max(0, at - 10)
            orgs = [n for n in range(begin, at) if row[n].kind == "ORG" and row[n].index >= 0]
            if not orgs:
                continue
            org = orgs[0]
            named = any(not i.kind and i.norm in gathering for i in row[org:at])
            if item.norm in loose and not named:
                continue
            if any(not i.kind and i.norm in self._classes["STOP"] | self._classes["ERG"] for i in row[org:at]):
                continue
            last = at
            while last - 1 > org and not row[last - 1].kind and row[last - 1].norm in self._classes["EDGE"]:
                last -= 1
            span = Span(row[org].span.start, row[last - 1].span.stop)
            found = entity.get(row[org].index)
            return Occasion(span.of(doc.text), span, found.id if found else None)
        return None

    def gathering(self, doc: Doc, row: Sequence[Item], first: int, last: int,
                  entity: Mapping[int, Entity]) -> Occasion:
        """The name of a gathering: the items from its organisation to the word for gathering."""
        if first >= 2 and row[first - 2].kind == "ORG" and row[first - 1].norm == "(":
            first -= 2  # the full name stands before its short form in brackets
        span = Span(row[first].span.start, row[last - 1].span.stop)
        found = entity.get(row[first].index)
        return Occasion(span.of(doc.text), span, found.id if found else None)

    def place(self, doc: Doc, row: Sequence[Item], trigger: int, entity: Mapping[int, Entity],
              topics: Sequence[FoundTopic]) -> Place | None:
        """The place stated in the trigger's sentence, or the dateline where it says 'here'."""
        inside = [t.span for found in topics for t in found.topics]
        best: tuple[int, Place] | None = None
        for at, item in enumerate(row):
            if any(span.covers(item.span) for span in inside):
                continue
            place: Place | None = None
            following = row[at + 1].norm if at + 1 < len(row) and not row[at + 1].kind else ""
            if item.kind in ("PLACE", "COUNTRY") and item.index >= 0:
                after = row[at + 2].norm if at + 2 < len(row) else ""
                if following in self._classes["IN"] and after not in self._classes["INSITU"]:
                    place = self.place_of(doc, entity.get(item.index), item.span)
            elif not item.kind and item.norm in self._classes["HERE"]:
                place = self.dateline(doc, item.span)
            if place is None:
                continue
            distance = abs(trigger - at) + (40 if item.kind == "COUNTRY" else 0) + (12 if at > trigger else 0)
            if best is None or distance < best[0]:
                best = distance, place
        return best[1] if best else None

    def place_of(self, doc: Doc, entity: Entity | None, span: Span, basis: str = "stated") -> Place | None:
        """The place that a linked mention names; a venue gives its city."""
        if entity is None:
            return None
        known = self.kb.entry(entity.id)
        if known is not None and known.city:
            known = self.kb.entry(known.city) or known
        if known is None:
            return Place(entity.name, basis, entity.country, None, None, span.of(doc.text), span)
        country = known.id if known.kind == "COUNTRY" else known.country
        return Place(known.name_hi, basis, country, known.lat, known.lon, span.of(doc.text), span)

    def dateline(self, doc: Doc, span: Span | None = None) -> Place | None:
        """The place of the dateline, if the story has one."""
        zone = next((z.span for z in doc.zones if z.kind == "dateline"), None)
        for entity in doc.entities:
            for index in entity.mentions:
                mention = doc.mentions[index]
                if zone and zone.covers(mention.span) and entity.kind in ("PLACE", "COUNTRY"):
                    return self.place_of(doc, entity, span or mention.span, "dateline")
        return None

    def time(self, doc: Doc, row: Sequence[Item], trigger: int, topics: Sequence[FoundTopic]) -> When | None:
        """The time expression that belongs to the trigger: the nearest before it, else after it."""
        inside = [t.span for found in topics for t in found.topics]
        best: tuple[int, TimeExpression] | None = None
        finite = self._classes["DID"] - self._classes["OF"] | self._classes["HAPPENED"]
        for at, item in enumerate(row):
            if item.kind != "TIME" or any(span.covers(item.span) for span in inside):
                continue
            time = doc.times[item.index]
            if time.value is None:
                continue
            between = row[min(at, trigger) + 1 : max(at, trigger)]
            crossed = sum(not i.kind and i.norm in finite for i in between)
            distance = abs(trigger - at) + 15 * crossed + (15 if at > trigger else 0)
            if best is None or distance < best[0]:
                best = distance, time
        if best is None:
            return None
        time = best[1]
        assert time.value is not None
        return When(time.value, time.grain, "stated", time.span.of(doc.text), time.span)

    def past_perfect(self, row: Sequence[Item], trigger: int) -> bool:
        """Whether the clause of a trigger ends in a past auxiliary: it tells of something long before."""
        ends, was = self._classes["COMMA"] | self._classes["STOP"], self._classes["WAS"]
        clause = takewhile(lambda i: i.kind or i.norm not in ends, row[trigger + 1 :])
        return any(not i.kind and (i.norm in was or i.norm.split()[-1] in was) for i in clause)
