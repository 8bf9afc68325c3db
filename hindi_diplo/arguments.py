"""What belongs to an encounter besides its sides: occasion, place and time; topics by ``topics.py``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile

from .knowledge import Entry, KnowledgeBase
from .merging import days
from .patterns import Item, Lexicon
from .text import phrase
from .topics import FoundTopic, Topics
from .types import Doc, Entity, Occasion, Place, Sentence, Span, TimeExpression, When

__all__ = ["Arguments", "FoundTopic"]


class Arguments:
    """Finds the arguments of triggers in rows."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        self.kb = kb
        self._topics = Topics(lexicon)
        self.grammar = self._topics.grammar
        self.topics = self._topics.find
        self._classes = lexicon.classes
        self._has = lexicon.has
        ends = ("COMMA", "STOP", "ERG", "FROM", "WITH", "TO", "IN", "ON", "VISIT")
        self._pointing = self._classes["HERE"] | self._classes["THERE"]
        self._before = self._classes["EARLIER"] | self._classes["BEFOREDOING"]
        self._lately = self._classes["LATELY"] | self._classes["RECENTLY"]
        self._after_goal = frozenset[str]().union(*(self._classes[name] for name in ends))

    def nominal(self, row: Sequence[Item], at: int) -> bool:
        """Whether the trigger is told of, not told: 'during the talks', 'after the meeting'."""
        following = row[at + 1] if at + 1 < len(row) else None
        if following is None or following.kind:
            return False
        if following.norm in self._classes["NOMINAL"]:
            return True
        # Between nouns the genitive, at the end of a clause the verb: the same word.
        after = row[at + 2] if at + 2 < len(row) else None
        closing = self._classes["JOIN"] | self._classes["STOP"] | self._classes["FINITE"]
        ends = after is None or (not after.kind and after.norm in closing)
        return following.norm in self._classes["OF"] and not ends and row[at].norm in self._classes["VISIT"]

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

    def venue(self, doc: Doc, row: Sequence[Item], entity: Mapping[int, Entity]) -> (
            tuple[str, Place, When | None] | None):
        """The organisation whose gathering a sentence says to be at a place, the place, and the time that it says:
        "the summit of X in Y from T"."""
        if came := self._came_for(doc, row, entity):
            return came
        for at, item in enumerate(row[:-2]):
            if item.kind not in ("PLACE", "COUNTRY") or item.index < 0 or not self._has(row[at + 1], "IN"):
                continue
            org = next((n for n in range(at + 2, min(at + 9, len(row))) if row[n].kind == "ORG"), None)
            if org is None or row[org].index not in entity:
                continue
            until = row[at + 2 : org + 7]
            named = any(self._has(i, "GATHERING", "MEET") for i in row[org + 1 : org + 7])
            if named and not any(i.kind == "PERSON" or self._has(i, "ERG", "STOP") for i in until[: org - at - 2]):
                place = self.place_of(doc, entity.get(item.index), item.span, "event")
                when = next((doc.times[i.index] for i in row[max(0, at - 3) : org] if i.kind == "TIME"), None)
                time = None
                if when is not None and when.value is not None and self._has(row[org - 1], "WILLHAPPEN"):
                    time = When(when.value, when.grain, "stated", when.span.of(doc.text), when.span)
                return (entity[row[org].index].id, place, time) if place and place.country else None
        return None

    def _came_for(self, doc: Doc, row: Sequence[Item], entity: Mapping[int, Entity]) -> (
            tuple[str, Place, When | None] | None):
        """The organisation at whose gathering somebody came to take part, and the place to which he came."""
        for at, item in enumerate(row[:-3]):
            if item.kind != "ORG" or item.index not in entity or not any(self._has(i, "IN") for i in row[at + 1 : at + 6]):
                continue
            part = next((n for n in range(at + 2, min(at + 8, len(row))) if self._has(row[n], "PART")), None)
            goal = None if part is None else next(
                (n for n in range(part + 1, min(part + 7, len(row) - 1)) if row[n].kind in ("PLACE", "COUNTRY")), None)
            if goal is None or row[goal].index < 0 or not any(
                    self._has(i, "CAME", "WILLCOME", "GONE") for i in row[goal + 1 : goal + 3]):
                continue
            place = self.place_of(doc, entity.get(row[goal].index), row[goal].span, "event")
            if place and place.country:
                return entity[item.index].id, place, None
        return None

    def place(self, doc: Doc, row: Sequence[Item], trigger: int, entity: Mapping[int, Entity],
              topics: Sequence[FoundTopic]) -> Place | None:
        """The place stated in the trigger's sentence, or the dateline where it says 'here'."""
        inside = [t.span for found in topics for t in found.topics]
        best: tuple[int, Place] | None = None
        for at, item in enumerate(row):
            names = item.kind in ("PLACE", "COUNTRY") if item.kind else item.norm in self._pointing
            if not names or any(span.covers(item.span) for span in inside):
                continue
            found = self._stated(doc, row, at, entity)
            if found is None:
                continue
            place, penalty = found
            between = row[min(at, trigger) + 1 : max(at, trigger)]
            stops = sum(self._has(i, "STOP") for i in between)
            if stops and (at > trigger or self._has(item, "HERE")):
                continue
            distance = abs(trigger - at) + penalty + 20 * stops + (12 if at > trigger else 0)
            if best is None or distance < best[0]:
                best = distance, place
        return best[1] if best else None

    def _stated(self, doc: Doc, row: Sequence[Item], at: int, entity: Mapping[int, Entity]) -> tuple[Place, int] | None:
        """The place that an item can state, and how much less likely it is than a city 'in' which they met."""
        item = row[at]
        after = row[at + 1 : at + 5]
        if self._has(item, "HERE", "THERE"):
            place = self.dateline(doc, item.span) if self._has(item, "HERE") else None
            if place is None or place.country is not None:
                there = self._spoken_of(doc, item.span, entity, told=place is None)
                place = there if there and (place is None or there.country not in (None, place.country)) else place
            return (place, 0) if place else None
        if item.kind not in ("PLACE", "COUNTRY") or item.index < 0 or not after:
            return None
        if self._has(after[0], "TOWN") and len(after) > 1:
            after = after[1:]
        named, city = entity.get(item.index), item.kind == "PLACE"
        if self._has(after[0], "IN"):
            if self._elsewhere(row, at, after):
                return None
            place = self.place_of(doc, named, item.span)
            # A country says less, and so does what has none: a continent, a sea.
            known = self.kb.entry(named.id) if named else None
            wide = not city or (known is not None and place is not None and place.country is None)
            return (place, 40 if wide else 0) if place else None
        if not city and len(after) > 2 and self._has(after[0], "OF") and self._has(after[1], "CAPITAL"):
            known = self.kb.entry(self.kb.capital_of(named.id) or "") if named and self._has(after[2], "IN") else None
            span = Span(item.span.start, after[1].span.stop)
            return (self.known(known, span.of(doc.text), span), 0) if known else None
        if self._has(after[0], "CAMEKAR") or (self._has(after[0], "CAMING") and not any(self._has(i, "BEFOREDOING") for i in after[1:2])):
            place = self.place_of(doc, named, item.span)  # having come there
            return (place, 10 if city else 45) if place and place.country else None
        if self._has(after[0], "BY") and any(self._has(i, "RECEIVE") for i in after[1:3]):
            place = self.place_of(doc, named, item.span)  # who hosts talks
            return (place, 5 if city else 45) if place else None
        if city and self._has(after[0], "POINT") and any(self._has(i, "ON", "IN") for i in after[1:3]):
            place = self.place_of(doc, named, item.span)
            return (place, 0) if place else None
        if city and self._of_venue(row[at + 1 : at + 9]):
            place = self.place_of(doc, named, item.span)
            return (place, 5) if place and place.country else None
        ahead = at and self._has(after[0], "WILLCOME") and self._purposed(row, at)
        heads = after[0].norm == ":" and (not at or row[at - 1].norm == "|")  # a headline "Moscow: A met B"
        if city and (self._has(after[0], "REACHED") or ahead or heads or self._toured(after)):
            place = self.place_of(doc, named, item.span)
            here = self.dateline(doc) if heads else None
            again = here is not None and place is not None and here.name == place.name  # the dateline once more
            if place is None or named is None or self.kb.entry(named.id) is None or again:
                return None
            return place, -15 if heads else 10
        return None

    def _elsewhere(self, row: Sequence[Item], at: int, after: Sequence[Item]) -> bool:
        """Whether what is "in" a place is not the encounter: who is staying there, the press conference at which it
        is told; or whether it is in two countries."""
        if len(after) > 1 and self._has(after[1], "INSITU"):
            return True
        close = takewhile(lambda i: not self._has(i, "STOP", "ERG", "OF"), row[at + 2 : at + 6])
        if any(self._has(i, "PRESS") for i in close):
            return True
        return at > 1 and row[at].kind == row[at - 2].kind == "COUNTRY" and self._has(row[at - 1], "JOIN")

    def _purposed(self, row: Sequence[Item], at: int) -> bool:
        """Whether a place that somebody goes to follows what he goes for: "for talks today to X"."""
        before = list(takewhile(lambda i: i.kind == "TIME" or self._has(i, "TO"), reversed(row[:at])))
        n = at - len(before) - 1
        return n >= 0 and self._has(row[n], "FOR", "PURPOSE")

    def _of_venue(self, after: Sequence[Item]) -> bool:
        """Whether a place is followed by a building of it in which something is: "Delhi's Hyderabad House",
        "the residence situated in Delhi"."""
        if self._has(after[0], "AIRPORT"):
            return True
        if not self._has(after[0], "OF") and not any(self._has(i, "LOCATED") for i in after[:5]):
            return False
        inside = list(takewhile(lambda i: not self._has(i, "IN", "ON", "STOP", "COMMA", "ERG"), after))
        last = inside[-1]
        named = last.kind == "PLACE" or self._has(last, "OFFICE_TAIL", "VENUE")
        return named and len(inside) < len(after) and self._has(after[len(inside)], "IN", "ON")

    def _toured(self, after: Sequence[Item]) -> bool:
        """Whether a place is followed by 'during the visit'."""
        at = next((n for n, i in enumerate(after) if self._has(i, "VISIT")), len(after))
        return (at + 1 < len(after) and self._has(after[at + 1], "DURING", "SIDELINES")
                and all(not i.kind and not self._has(i, "ERG", "STOP", "COMMA") for i in after[:at]))

    def _spoken_of(self, doc: Doc, span: Span, entity: Mapping[int, Entity], *, told: bool) -> Place | None:
        """The place to which somebody came, or, where anything ``told`` counts, in which something was, in the
        sentence of 'here' or the one before it."""
        sentence = bisect_right(doc.sentences, span.start, key=lambda s: s.span.start) - 1
        begin = doc.sentences[max(0, sentence - 1)].span.start
        for index in range(bisect_left(doc.mentions, span.start, key=lambda m: m.span.start) - 1, -1, -1):
            mention = doc.mentions[index]
            if mention.span.start < begin:
                return None
            after = bisect_left(doc.tokens, mention.span.stop, key=lambda t: t.span.start)
            named = mention.kind in ("PLACE", "COUNTRY") and doc.tokens[after : after + 1]
            if named and (named[0].norm in self._classes["REACHED"] or self.of_journey(doc, index)
                          or (told and named[0].norm in self._classes["IN"])):
                return self.place_of(doc, entity.get(index), span)
        return None

    def of_journey(self, doc: Doc, index: int) -> bool:
        """Whether a mention is a country to which a journey is said to lead: a word for journey follows."""
        mention = doc.mentions[index]
        if mention.kind != "COUNTRY" or mention.source.endswith("/adj"):
            return False
        after = bisect_left(doc.tokens, mention.span.stop, key=lambda t: t.span.start)
        end = next((t.norm for t in doc.tokens[after : after + 6] if t.norm in self._after_goal), "")
        return end in self._classes["VISIT"]

    def place_of(self, doc: Doc, entity: Entity | None, span: Span, basis: str = "stated") -> Place | None:
        """The place that a linked mention names; a venue gives its city."""
        if entity is None:
            return None
        known = self.kb.entry(entity.id) or self._in_name(entity.name)
        if known is not None and known.city:
            known = self.kb.entry(known.city) or known
        if known is None:
            return Place(entity.name, basis, entity.country, None, None, span.of(doc.text), span)
        return self.known(known, span.of(doc.text), span, basis)

    def _in_name(self, name: str) -> Entry | None:
        """The known place in a longer name that also holds a word for a town, or a mark: "the southern city X"."""
        words = name.split()
        towns = self._classes["TOWN"]
        marks = [n for n, w in enumerate(words) if w.isascii() or w[-1] in ":\u0903" or phrase(w) in towns]
        for at in marks:
            for part in (words[at + 1 :], words[:at]):
                for kind, ident in self.kb.lookup(" ".join(part)) if part else ():
                    if kind == "PLACE":
                        return self.kb.entry(ident)
        return None

    @staticmethod
    def known(entry: Entry, text: str, span: Span, basis: str = "stated") -> Place:
        """The place that an entry of the knowledge base is."""
        country = entry.id if entry.kind == "COUNTRY" else entry.country
        return Place(entry.name_hi, basis, country, entry.lat, entry.lon, text, span)

    def is_city(self, place: Place) -> bool:
        """Whether a place lies in a country that is known, and is not the country itself."""
        land = self.kb.entry(place.country) if place.country else None
        return land is not None and land.name_hi != place.name

    def dateline(self, doc: Doc, span: Span | None = None) -> Place | None:
        """The place of the dateline, if the story has one."""
        zones = [z.span for z in doc.zones if z.kind == "dateline"]
        if not zones:
            return None
        for entity in doc.entities:
            for index in entity.mentions:
                mention = doc.mentions[index]
                if entity.kind in ("PLACE", "COUNTRY") and any(z.covers(mention.span) for z in zones):
                    return self.place_of(doc, entity, span or mention.span, "dateline")
        # A mark typed into the name hides it from the mentions; the reader has taken it off.
        known = next((i for kind, i in self.kb.lookup(doc.dateline or "") if kind in ("PLACE", "COUNTRY")), None)
        entry = self.kb.entry(known) if known else None
        return self.known(entry, (span or zones[0]).of(doc.text), span or zones[0], "dateline") if entry else None

    def time(self, doc: Doc, row: Sequence[Item], trigger: int, topics: Sequence[FoundTopic], *,
             kind: str = "meeting", status: str | None = None) -> When | None:
        """The time expression that belongs to the trigger: the nearest before it, else after it.

        What is planned is not before the day of publication; a postponed encounter has only the time until
        which it was put off."""
        inside = [t.span for found in topics for t in found.topics]
        best: tuple[int, TimeExpression] | None = None
        finite = self._classes["DID"] - self._classes["OF"] | self._classes["HAPPENED"]
        for at, item in enumerate(row):
            if item.kind != "TIME" or any(span.covers(item.span) for span in inside):
                continue
            time = doc.times[item.index]
            if time.value is None or not self._fits(time.value, status, doc.published):
                continue
            if status == "postponed" and not any(self._has(i, "UNTIL") for i in row[at + 1 : at + 2]):
                continue
            between = row[min(at, trigger) + 1 : max(at, trigger)]
            if kind == "visit" and at > trigger and any(i.kind in ("PERSON", "ROLE") for i in between):
                continue  # "who came on a visit to …, X met on Monday"
            if status == "planned" and any(self._has(i, "STOP") for i in between):
                continue
            if kind != "visit" and at < trigger and self._of_arrival(row, at):
                continue
            if self._of_other(between):
                continue
            if at > trigger and self._told_of(row, trigger, at, kind):
                continue
            if kind == "visit" and self._of_other_journey(between[1:] if at < trigger else between):
                continue  # but "before noon" is a time itself
            if status == "planned" and self._announced(row, at, trigger):
                continue
            if status == "planned" and at < trigger and any(self._has(i, "DONE", "SAY", "ARRIVED") for i in between):
                continue  # the time of what has happened
            crossed = sum(not i.kind and i.norm in finite for i in between)
            distance = abs(trigger - at) + 15 * crossed + (15 if at > trigger else 0)
            if best is None or distance < best[0]:
                best = distance, time
        if best is None:
            return None
        time = best[1]
        assert time.value is not None
        return When(time.value, time.grain, "stated", time.span.of(doc.text), time.span)

    def _of_other_journey(self, between: Sequence[Item]) -> bool:
        """Whether between a time and a journey stands what the time is of: "before", or a verb and "and"."""
        ends = ("WILLHAPPEN", "WILLDO", "WILLCOME")
        return any(self._has(i, "BEFOREDOING") for i in between) or any(
            self._has(a, *ends) and self._has(b, "JOIN") for a, b in pairwise(between))

    def _announced(self, row: Sequence[Item], at: int, trigger: int) -> bool:
        """Whether a time is that on which somebody announced something: "A announced on Friday that he will go"."""
        said = at and self._has(row[at - 1], "ERG") and at < trigger
        return bool(said) and any(self._has(i, "ANNOUNCED") for i in row[trigger + 1 : trigger + 6])

    def _of_other(self, between: Sequence[Item]) -> bool:
        """Whether between a time and a trigger the talks are told that the time is of: "at Monday's meeting on the
        recent talks"."""
        return any(self._has(i, "RECENTLY") for i in between) and any(self._has(i, "MEET", "TALK") for i in between)

    def _told_of(self, row: Sequence[Item], trigger: int, at: int, kind: str) -> bool:
        """Whether a time behind a trigger is that of something else: of what is said about an encounter, or of
        what somebody did before or after he took part in a gathering."""
        if self._has(row[trigger + 1], "ABOUT", "BEFOREDOING"):
            return True
        between = row[trigger + 1 : at]
        return kind == "multilateral" and any(self._has(i, "PURPOSE", "FOR", "AFTER") for i in between)

    @staticmethod
    def _fits(value: str, status: str | None, published: str | None) -> bool:
        """Whether an encounter of this status can be at this time."""
        return published is None or status != "planned" or days(value)[1] >= days(published)[0]

    def _of_arrival(self, row: Sequence[Item], at: int) -> bool:
        """Whether a time belongs to a participle before a name: 'X, who arrived on Friday'."""
        for n, item in enumerate(row[at + 1 : at + 6], at + 1):
            if item.kind in ("PERSON", "ROLE") or self._has(item, "COMMA", "STOP", "ERG"):
                return False
            if self._has(item, "REACHED") and not self._has(item, "CAMING", "CAMEKAR"):
                return n + 1 < len(row) and row[n + 1].kind in ("PERSON", "ROLE")
        return False

    def inside(self, doc: Doc, span: Span) -> bool:
        """Whether the word for 'in' follows a span."""
        after = bisect_left(doc.tokens, span.stop, key=lambda t: t.span.start)
        return after < len(doc.tokens) and doc.tokens[after].norm in self._classes["IN"]

    def ends_clause(self, doc: Doc, trigger: Span) -> bool:
        """Whether a verb is a finite one: the clause ends behind it."""
        after = bisect_left(doc.tokens, trigger.stop, key=lambda t: t.span.start)
        following = doc.tokens[after].norm if after < len(doc.tokens) else "."
        return following == "." or any(following in self._classes[name] for name in ("STOP", "JOIN", "IS"))

    def on_a_later_day(self, doc: Doc, told: Sequence[Span]) -> bool:
        """Whether a sentence says that it is the second day of a journey, or a later one."""
        days_on = self._classes["LATERDAY"]
        return any(f" {day} " in f" {phrase(span.of(doc.text))} " for span in told for day in days_on)

    def in_turn(self, doc: Doc, sentence: Sentence) -> bool:
        """Whether a sentence begins with a word for what comes first or next."""
        begin = doc.tokens[sentence.first : sentence.first + 2]
        words = self._classes["INTURN"]
        return bool(begin) and (begin[0].norm in words or " ".join(t.norm for t in begin) in words)

    def journey_end(self, row: Sequence[Item], at: int) -> int:
        """Where what is told of a journey ends: behind the verb of going, where only a time stands before it."""
        for n, item in enumerate(row[at : at + 6], at):
            if self._has(item, "CAME", "WILLCOME", "STARTED"):
                return n
            if item.kind != "TIME" and not self._has(item, "ON", "TO", "EVEN", "FOR", "FROM"):
                break
        return at

    def earlier(self, row: Sequence[Item], trigger: int) -> bool:
        """Whether an encounter is told as something before what the story is at: "before that", "before he met
        the other", or a gathering after which somebody did something."""
        for n in range(trigger - 1, -1, -1) if any(i.norm in self._before for i in row[:trigger]) else ():
            if self._has(row[n], "STOP"):
                break
            doing = n and self._has(row[n], "BEFOREDOING") and self._has(row[n - 1], "MEETING", "CAMING", "DOING")
            if doing or self._has(row[n], "EARLIER"):
                return True
        after = row[trigger + 1 : trigger + 6]
        return any(self._has(a, "PART") and self._has(b, "PURPOSE") and self._has(c, "AFTER")
                   for a, b, c in zip(after, after[1:], after[2:], strict=False))

    def background(self, row: Sequence[Item], trigger: int) -> bool:
        """Whether something before the day's news is told: "lately", "the recent talks", or a past auxiliary at the
        end of the clause."""
        if any(i.norm in self._lately for i in row[:trigger]):
            before = list(takewhile(lambda i: not self._has(i, "STOP"), reversed(row[:trigger])))
            if any(self._has(i, "LATELY") for i in before) or any(self._has(i, "RECENTLY") for i in before[:2]):
                return True
        return self._past_perfect(row, trigger)

    def _past_perfect(self, row: Sequence[Item], trigger: int) -> bool:
        ends, was = self._classes["COMMA"] | self._classes["STOP"], self._classes["WAS"]
        clause = takewhile(lambda i: i.kind or i.norm not in ends, row[trigger + 1 :])
        return any(not i.kind and (i.norm in was or i.norm.split()[-1] in was) for i in clause)
