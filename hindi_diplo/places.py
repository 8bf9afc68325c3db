"""Where an encounter was: the place that a sentence states, the dateline, the place of a gathering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import takewhile

from .dates import stated
from .knowledge import Entry, KnowledgeBase
from .patterns import Item, Lexicon
from .records import first_at
from .text import phrase
from .topics import FoundTopic
from .types import Doc, Entity, Place, Span, When

__all__ = ["Places"]


class Places:
    """Finds the places of triggers in rows."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        self.kb = kb
        self._classes = lexicon.classes
        self._has, self._words, self._within = lexicon.has, lexicon.words, lexicon.within
        ends = ("COMMA", "STOP", "ERG", "FROM", "WITH", "TO", "IN", "ON", "VISIT")
        self._pointing = self._classes["HERE"] | self._classes["THERE"]
        self._came = lexicon.words("REACHED", "WILLCOME", "STOPPED", "PAUSED", "GONE", "CAME")
        self._after_goal = lexicon.words(*ends)

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
                    time = stated(doc, when)
                return (entity[row[org].index].id, place, time) if place and place.country else None
        return None

    def gathering_day(self, doc: Doc, row: Sequence[Item], entity: Mapping[int, Entity]) -> tuple[str, When] | None:
        """The organisation of whose gathering a sentence says when it will be, and when: "the summit of X will be on
        D", "the summit of X that is to be on D"."""
        if not self._within(row, "WILLHAPPEN", "WILLLAST"):
            return None
        for at, item in enumerate(row):
            time = doc.times[item.index] if item.kind == "TIME" else None
            if time is None or time.value is None or not self._within(
                    row[at + 1 : at + 5], "WILLHAPPEN", "WILLLAST"):
                continue
            ahead = next((n for n, i in enumerate(row[at + 1 : at + 9], at + 1) if i.kind == "ORG"), None)
            before = next((n for n in range(at - 1, max(-1, at - 7), -1) if row[n].kind == "ORG"), None)
            for org in (n for n in (before, ahead) if n is not None and row[n].index in entity):
                named = row[org + 1 : min(org + 6, at) if org < at else org + 6]
                between = row[min(at, org) + 1 : max(at, org)]
                if self._within(named, "GATHERING", "SUMMIT", "MEET") and not any(
                        i.kind in ("PERSON", "TIME") or self._has(i, "ERG", "STOP") for i in between):
                    return entity[row[org].index].id, stated(doc, time)
        return None

    def _came_for(self, doc: Doc, row: Sequence[Item], entity: Mapping[int, Entity]) -> (
            tuple[str, Place, When | None] | None):
        """The organisation at whose gathering somebody came to take part, and the place to which he came."""
        for at, item in enumerate(row[:-3]):
            if item.kind != "ORG" or item.index not in entity or not any(
                    self._has(i, "IN") for i in row[at + 1 : at + 6]):
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
            found = self._stated(doc, row, at, trigger, entity)
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

    def _stated(self, doc: Doc, row: Sequence[Item], at: int, trigger: int,
                entity: Mapping[int, Entity]) -> tuple[Place, int] | None:
        """The place that an item can state for an encounter, and how much less likely it is than a city 'in' which
        they met."""
        item = row[at]
        after = row[at + 1 : at + 5]
        if self._has(item, "HERE", "THERE"):
            place = self.dateline(doc, item.span) if self._has(item, "HERE") else None
            if place is None or place.country is not None:
                there = self._spoken_of(doc, item.span, entity, told=place is None, toured=place is None,
                                        land=self._has(item, "THERE"))
                place = there if there and (place is None or there.country not in (None, place.country)) else place
            return (place, 0) if place else None
        if item.kind not in ("PLACE", "COUNTRY") or item.index < 0 or not after:
            return None
        if after[0].norm == "(":  # the name in another script, or the country: "X (Y) in"
            close = next((n for n, i in enumerate(row[at + 2 : at + 6], at + 2) if i.norm == ")"), None)
            after = row[close + 1 : close + 5] if close is not None and close + 1 < len(row) else after
        if after[0].norm == "." and len(after) > 1:
            after = after[1:]  # an abbreviation's last point
        if item.kind == "PLACE" and at + 1 == trigger and self._has(after[0], "SUMMIT", "GATHERING"):
            place = self.place_of(doc, entity.get(item.index), item.span)  # "the summit of X"
            return (place, 0) if place and place.country else None
        in_land = len(after) > 2 and after[0].norm == "," and after[1].kind in ("COUNTRY", "PLACE")
        if item.kind == "PLACE" and in_land and self._has(after[2], "IN"):
            after = after[2:]  # "in X, Y": a town and where it lies
        if self._has(after[0], "TOWN") and len(after) > 1:
            after = after[1:]
        named, city = entity.get(item.index), item.kind == "PLACE"
        if self._has(after[0], "IN"):
            town = at > 1 and row[at - 1].norm == "," and row[at - 2].kind == "PLACE"  # "in X, Y": named with X
            if town or self._elsewhere(doc, row, at, after):
                return None
            place = self.place_of(doc, named, item.span)
            known = self.kb.entry(named.id) if named else None
            if place is not None and (self.is_building(place) or (known is not None and known.city)):
                return self._city_of(doc, row, at, entity) or place, 0  # many lands have a house of that name
            # A country says less, and so does what has none: a continent, a sea.
            wide = not city or (known is not None and place is not None and place.country is None)
            return (place, 40 if wide else 0) if place else None
        if not city and len(after) > 2 and self._has(after[0], "OF") and self._has(after[1], "CAPITAL"):
            known = self.kb.entry(self.kb.capital_of(named.id) or "") if named and self._has(after[2], "IN") else None
            span = Span(item.span.start, after[1].span.stop)
            return (self.known(known, span.of(doc.text), span), 0) if known else None
        before = any(self._has(i, "BEFOREDOING") for i in after[1:2])
        if self._has(after[0], "CAMEKAR") or (self._has(after[0], "CAMING") and not before):
            place = self.place_of(doc, named, item.span)  # having come there
            return (place, 10 if city else 45) if place and place.country else None
        if self._has(after[0], "STOPPED", "PAUSED"):
            place = self.place_of(doc, named, item.span)  # on the way elsewhere
            return (place, 0) if place and place.country else None
        if self._has(after[0], "BY") and any(self._has(i, "RECEIVE") for i in after[1:3]):
            place = self.place_of(doc, named, item.span)  # who hosts talks
            return (place, 5 if city else 45) if place else None
        if city and self._has(after[0], "POINT") and any(self._has(i, "ON", "IN") for i in after[1:3]):
            place = self.place_of(doc, named, item.span)
            return (place, 0) if place else None
        last = doc.tokens[item.last - 1].norm
        if city and item.last - item.first > 1 and last in self._classes["POINT"] and self._has(after[0], "ON"):
            place = self.place_of(doc, named, item.span)
            return (place, 0) if place else None
        if city and self._of_venue(row[at + 1 : at + 9]):
            place = self.place_of(doc, named, item.span)
            return (place, 5) if place and place.country else None
        ahead = at and self._has(after[0], "WILLCOME", "CAME", "GONE", "ARRIVED") and self._purposed(row, at)
        if ahead and not city:
            place = self.place_of(doc, named, item.span)
            return (place, 45) if place else None
        heads = after[0].norm == ":" and (not at or row[at - 1].norm == "|")  # a headline "Moscow: A met B"
        if city and (self._has(after[0], "REACHED") or ahead or heads or self._toured(after)):
            place = self.place_of(doc, named, item.span)
            here = self.dateline(doc) if heads else None
            again = here is not None and place is not None and here.name == place.name  # the dateline once more
            if place is None or named is None or self.kb.entry(named.id) is None or again:
                return None
            return place, -15 if heads else 10
        return None

    def _elsewhere(self, doc: Doc, row: Sequence[Item], at: int, after: Sequence[Item]) -> bool:
        """Whether what is "in" a place is not the encounter: who is staying there, the press conference at which it
        is told; or whether it is in two countries."""
        going_on = row[at + 3 : at + 8]  # "peace talks in X", "on the sidelines of the summit under way in X"
        talks = (len(after) > 2 and self._has(after[2], "MEET", "TALK", "GATHERING")) or (
            any(i.kind == "ORG" for i in going_on[:2])
            and any(self._has(i, "SIDELINES", "GATHERING") for i in going_on))
        if len(after) > 1 and self._has(after[1], "INSITU") and not talks:
            return True
        who = row[at + 2 : at + 3]  # "the envoy of B in A"
        if row[at].kind == "COUNTRY" and who and who[0].kind in ("PERSON", "ROLE") and self._is_envoy(doc, who[0]):
            return True
        close = takewhile(lambda i: not self._has(i, "STOP", "ERG", "OF"), row[at + 2 : at + 6])
        if any(self._has(i, "PRESS") for i in close):
            return True
        return at > 1 and row[at].kind == row[at - 2].kind == "COUNTRY" and self._has(row[at - 1], "JOIN")

    def _is_envoy(self, doc: Doc, item: Item) -> bool:
        """Whether a person or office is an envoy by one of its words."""
        return any(t.norm in self._classes["ENVOY"] for t in doc.tokens[item.first : item.last])

    def _city_of(self, doc: Doc, row: Sequence[Item], at: int, entity: Mapping[int, Entity]) -> Place | None:
        """The city in which a building is said to stand: "the Raj Bhavan of X", "hotel Y in X"."""
        for n in range(at - 1, max(-1, at - 4), -1):
            if row[n].kind == "PLACE" and row[n].index >= 0:
                place = self.place_of(doc, entity.get(row[n].index), row[n].span)
                return place if place is not None and self.is_city(place) else None
            if row[n].kind or not self._has(row[n], "OF", "IN", "LOCATED", "COMMA"):
                return None
        return None

    def _purposed(self, row: Sequence[Item], at: int) -> bool:
        """Whether a place that somebody goes to follows what he goes for: "for talks A today to X", "to meet B X"."""
        between = ("TIME", "PERSON", "ROLE", "LANDS", "GROUP", "COUNTRY")
        before = list(takewhile(lambda i: i.kind in between or self._has(i, "TO", "OF", "CAPITAL", "QUOTE"),
                                reversed(row[:at])))
        n = at - len(before) - 1
        return n >= 0 and self._has(row[n], "FOR", "PURPOSE", "MEETING", "DOING")

    def _of_venue(self, after: Sequence[Item]) -> bool:
        """Whether a place is followed by a building of it in which something is: "Delhi's Hyderabad House",
        "the residence situated in Delhi"."""
        if self._has(after[0], "AIRPORT"):
            return True
        if not self._has(after[0], "OF") and not any(self._has(i, "LOCATED") for i in after[:5]):
            return False
        inside = list(takewhile(lambda i: not self._has(i, "IN", "ON", "STOP", "COMMA", "ERG"), after))
        last = inside[-1]
        named = last.kind == "PLACE" or self._has(last, "OFFICE_TAIL", "VENUE", "QUOTE")
        return named and len(inside) < len(after) and self._has(after[len(inside)], "IN", "ON")

    def _toured(self, after: Sequence[Item]) -> bool:
        """Whether a place is followed by 'during the visit'."""
        at = next((n for n, i in enumerate(after) if self._has(i, "VISIT")), len(after))
        return (at + 1 < len(after) and self._has(after[at + 1], "DURING", "SIDELINES")
                and all(not i.kind and not self._has(i, "ERG", "STOP", "COMMA") for i in after[:at]))

    def spoken_of(self, doc: Doc, span: Span, entity: Mapping[int, Entity]) -> Place | None:
        """The place that 'there' means: the last to which somebody came, or in which something was."""
        return self._spoken_of(doc, span, entity, told=True)

    def _spoken_of(self, doc: Doc, span: Span, entity: Mapping[int, Entity], *, told: bool,
                   toured: bool = True, land: bool = True) -> Place | None:
        """The place to which somebody came, or, where anything ``told`` counts, in which something was, in the
        sentence of 'here' or the one before it; a country "in" which something was counts where ``land`` says so."""
        sentence = first_at(doc.sentences, span.start + 1) - 1
        begin = doc.sentences[max(0, sentence - 1)].span.start
        for index in range(first_at(doc.mentions, span.start) - 1, -1, -1):
            mention = doc.mentions[index]
            if mention.span.start < begin:
                return None
            after = first_at(doc.tokens, mention.span.stop)
            if doc.tokens[after : after + 1] and doc.tokens[after].norm in self._classes["EVEN"]:
                after += 1  # "will go to X too, where"
            named = mention.kind in ("PLACE", "COUNTRY") and doc.tokens[after : after + 1]
            if named and (named[0].norm in self._came or (toured and self.of_journey(doc, index))
                          or (told and named[0].norm in self._classes["IN"] and (
                                  land or mention.kind == "PLACE"))):
                return self.place_of(doc, entity.get(index), span)
        return None

    def of_journey(self, doc: Doc, index: int) -> bool:
        """Whether a mention is a country to which a journey is said to lead: a word for journey follows."""
        mention = doc.mentions[index]
        if mention.kind != "COUNTRY" or mention.source.endswith("/adj"):
            return False
        after = first_at(doc.tokens, mention.span.stop)
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
            towns = self._words("TOWN", "POINT")  # "the town of", "the post of" behind a name that nobody knows
            name = " ".join(w for n, w in enumerate(entity.name.split()) if not n or not (
                phrase(w) in towns or w.isascii()))
            return Place(name, basis, entity.country, None, None, span.of(doc.text), span)
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

    def says_more(self, place: Place, than: Place | None) -> bool:
        """Whether a place is a city of the country that another is, or the other is not known."""
        return than is None or (place.country == than.country and self.is_city(place) and not self.is_city(than))

    def is_town(self, place: Place) -> bool:
        """Whether a place of which nobody knows the country is a town by one of its words."""
        return place.country is None and any(phrase(w) in self._classes["TOWN"] for w in (place.text or "").split())

    def is_building(self, place: Place) -> bool:
        """Whether a place of which nobody knows the city is a building by one of its words."""
        sites = self._words("SITE", "VENUE")
        return place.country is None and any(phrase(word) in sites for word in place.name.split())

    def is_region(self, place: Place) -> bool:
        """Whether a place is known to be a region, in which a town says more."""
        found = [self.kb.entry(ident) for kind, ident in self.kb.lookup(place.name) if kind == "PLACE"]
        return any(e is not None and e.country == place.country and e.type == "region" for e in found)

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
        entry = self._of_name(doc.dateline or "")
        return self.known(entry, (span or zones[0]).of(doc.text), span or zones[0], "dateline") if entry else None

    def _of_name(self, name: str) -> Entry | None:
        """The place that a dateline names: in Devanagari or Latin script, or by the body that has its seat there."""
        seats = (f"{name} {tail}" for tail in sorted(self._classes["HEADQUARTERS"]))
        for form in (name, *seats) if name else ():
            for kind, ident in self.kb.lookup(form):
                entry = self.kb.entry(ident) if kind in ("PLACE", "COUNTRY") else None
                if entry is not None:
                    return self.kb.entry(entry.city or ident)
        return self._latin.get(name.casefold())

    @cached_property
    def _latin(self) -> Mapping[str, Entry]:
        """The cities by their names in Latin script; a name that two of them have stands for none."""
        found: dict[str, Entry] = {}
        twice = set()
        for entry in self.kb.entries.values():
            if entry.kind == "PLACE" and entry.city is None and entry.name_latin:
                name = entry.name_latin.casefold()
                twice |= {name} & found.keys()
                found[name] = entry
        return {name: entry for name, entry in found.items() if name not in twice}

    def inside(self, doc: Doc, span: Span) -> bool:
        """Whether the word for 'in' follows a span."""
        after = first_at(doc.tokens, span.stop)
        return after < len(doc.tokens) and doc.tokens[after].norm in self._classes["IN"]
