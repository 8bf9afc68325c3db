"""What belongs to an encounter besides its sides: topics, occasion, place and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .knowledge import KnowledgeBase
from .patterns import Grammar, Item, Lexicon
from .text import fold
from .types import Doc, Entity, Occasion, Place, Span, TimeExpression, Topic, When
from .views import KINDS

__all__ = ["Arguments", "FoundTopic"]


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """Topics of one phrase and the item number of the word that says they were talked about."""

    topics: tuple[Topic, ...]
    trigger: int


class Arguments:
    """Finds the arguments of triggers in rows (``rules/topics.toml``)."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        self.kb = kb
        self.grammar = Grammar("topics", lexicon, KINDS)
        self._classes = lexicon.classes
        self._no_split = tuple(self.grammar.settings["no_split_after"])
        labels = self.grammar.settings.get("label", ())
        self._labels: list[tuple[str, tuple[str, ...]]] = [(r["label"], tuple(map(fold, r["words"]))) for r in labels]

    # -- topics -----------------------------------------------------------------------------------

    def topics(self, doc: Doc, row: Sequence[Item]) -> list[FoundTopic]:
        """The topics of a sentence; one FoundTopic for each talked-about phrase."""
        cuts: list[tuple[int, int]] = []
        spans: dict[int, tuple[int, int, str, int]] = {}
        for match in self.grammar.matches(row):
            if match.rule.options.get("cut"):
                cuts.append((match.start, match.stop))
                continue
            first, last = match.slots["X"]
            old = spans.get(last)
            if old is None or match.rule.priority > old[1] or (match.rule.id == old[2] and first < old[0]):
                spans[last] = (first, match.rule.priority, match.rule.id, match.slots["T"][0])
        out: list[FoundTopic] = []
        seen: set[Span] = set()
        for last, (leftmost, _, rule, trigger) in sorted(spans.items()):
            first = leftmost
            for start, stop in cuts:
                if start < last and first < stop < last:
                    first = stop
            topics = [t for a, b in self._split(row, first, last) if (t := self._topic(doc, row, a, b, rule))]
            topics = [t for t in topics if t.span not in seen]
            seen.update(t.span for t in topics)
            if topics:
                out.append(FoundTopic(tuple(topics), trigger))
        return out

    def _topic(self, doc: Doc, row: Sequence[Item], first: int, last: int, rule: str) -> Topic | None:
        lead, edge, heads = self._classes["LEAD"], self._classes["EDGE"], self._classes["TOPICHEAD"]
        while first < last and (row[first].kind in ("TIME", "BOTH") or (not row[first].kind
                                and (row[first].norm in edge or row[first].norm in lead))):
            first += 1
        while first < last and not row[last - 1].kind and row[last - 1].norm in edge:
            last -= 1
        last = self._unwrapped(row, first, last)
        if first >= last or all(not i.kind and (i.norm in heads or i.norm in lead) for i in row[first:last]):
            return None
        if not row[last - 1].kind and row[last - 1].norm in self._classes["NOTOPIC"]:
            return None
        if last - first == 1 and row[first].kind in ("PERSON", "ROLE", "GROUP", "BOTHLANDS"):
            return None
        span = Span(row[first].span.start, row[last - 1].span.stop)
        text = span.of(doc.text)
        return Topic(span, text, rule, self._label(row[first:last], doc))

    def _unwrapped(self, row: Sequence[Item], first: int, last: int) -> int:
        """The end of a phrase without 'ways to strengthen' and the like around it."""
        verbal, wrap = self._classes["VERBAL"], self._classes["WRAP"]
        at = last
        while at - 1 > first and not row[at - 1].kind and row[at - 1].norm in verbal | self._classes["EDGE"]:
            at -= 1
        if at == last or not any(not i.kind and i.norm in verbal for i in row[at:last]):
            return last
        while at - 1 > first and not row[at - 1].kind and row[at - 1].norm in wrap:
            at -= 1
        return at

    def _label(self, items: Sequence[Item], doc: Doc) -> str | None:
        norms = [t.norm for i in items for t in doc.tokens[i.first : i.last]]
        for label, words in self._labels:
            if any(norm.startswith(words) for norm in norms):
                return label
        return None

    def _split(self, row: Sequence[Item], first: int, last: int) -> list[tuple[int, int]]:
        """The members of a coordinated phrase; adjectives and clauses before one head stay together."""
        join = self._classes["JOIN"]

        out, start = [], first
        for at in range(first, last):
            item = row[at]
            if item.kind or item.norm not in join:
                continue
            before = row[at - 1] if at > start else None
            after = row[at + 1] if at + 1 < last else None
            if before is None or after is None:
                continue
            if before.kind in ("COUNTRY", "ADJ", "ORG", "PLACE", "PERSON") and after.kind:
                continue
            if before.norm.endswith(self._no_split) or after.norm in self._classes["WRAP"]:
                continue
            comma = item.norm in self._classes["COMMA"]
            if not comma and start == first and at - start == 1 and last - at > 2 and not self._comma(row, first, last):
                continue  # "रक्षा और सुरक्षा सहयोग": two modifiers of one head
            out.append((start, at))
            start = at + 1
        out.append((start, last))
        return out

    def _comma(self, row: Sequence[Item], first: int, last: int) -> bool:
        return any(not i.kind and i.norm in self._classes["COMMA"] for i in row[first:last])

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
