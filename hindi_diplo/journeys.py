"""Journeys: one for the travellers of each country, and one for each country that they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .arguments import Arguments
from .candidates import Candidate
from .dates import stated
from .knowledge import KnowledgeBase
from .lexicon import Item, Lexicon
from .parties import Parties
from .records import replace
from .types import Doc, Participant, Place

__all__ = ["Journeys"]

Slots = Mapping[str, tuple[int, int]]
_WITHIN: Final = 12  # items before a town in which the land that the journey is to is told
_PHRASE: Final = 5  # items between a land and the word for the journey to it


class Journeys:
    """The journeys of one document: a candidate told by one match becomes one or several."""

    def __init__(self, doc: Doc, kb: KnowledgeBase, parties: Parties, arguments: Arguments,
                 lexicon: Lexicon) -> None:
        self.doc, self.kb, self.arguments = doc, kb, arguments
        self.classes, self._has = lexicon.classes, lexicon.has
        self.of_mention, self.land = parties.of_mention, parties.land

    def by_traveller(self, c: Candidate, row: Sequence[Item], slots: Slots, at: int) -> list[Candidate]:
        """A journey for the travellers of each country: they do not come together, unless it is said."""
        lands = {self.land(p.country) for p in c.participants if p.role == "visitor" and p.country}
        if c.kind != "visit" or len(lands) < 2 or "C" in slots:
            return [c]
        if any(not i.kind and i.norm in self.classes["TOGETHER"] for i in row) or any(
                i.kind == "BOTH" for i in row[at + 1 :]) or self._one_party(row, slots, at, len(lands)):
            return [c]
        groups: dict[str, list[Participant]] = {}
        key = ""
        for p in c.participants:
            if p.role == "visitor":
                # kin come with whom they are kin of
                key = self.land(p.country) or (p.entity if p.office or not key else key)
                groups.setdefault(key, []).append(p)
        others = [p for p in c.participants if p.role != "visitor"]
        return [c.split(participants=[*group, *others]) for group in groups.values()]

    def _one_party(self, row: Sequence[Item], slots: Slots, at: int, lands: int) -> bool:
        """Whether the leaders of several lands, the subject of one verb, make one journey: no gathering or other
        purpose is told for which each of them would come by himself."""
        first = slots["A"][0] if "A" in slots else at
        ahead = row[:at]
        return first < at and lands > 2 and row[first].kind in ("PERSON", "ROLE") and not any(
            i.kind == "ORG" or self._has(i, "GATHERING", "SUMMIT", "MEET", "TALK", "PART", "PURPOSE", "FOR", "SEPARATE")
            for i in ahead)

    def by_goal(self, c: Candidate, row: Sequence[Item], slots: Slots) -> list[Candidate]:
        """A journey for each of the countries that it leads to; none home, or to a building."""
        if c.kind != "visit":
            return [c]
        slot = slots.get("G")
        if slot is None:
            return [c]
        at = slots["T"][0]
        slot = self._within_region(row, *slot, at)
        on_it = [next((n for n in ("ON", "IS") if self._has(i, n)), "")
                 for i in row[at + 1 : at + 3]] == ["ON", "IS"]
        came = c.arrival and c.status == "held" and row[at].norm in self.classes["CAME"]
        out: list[Candidate] = []
        listed = [(item, time or self._in_brackets(item)) for item, time in (
            *self._listed(row, *slot), *self._goes_on(row, slot[1], at))]
        each = sum(time is not None for _, time in listed) > 1  # "on Monday to A, on Tuesday to B"
        for item, time in listed:
            place, known = self._told_goal(row, item, at), None
            if item.kind and (entity := self.of_mention.get(item.index)):
                known = self.kb.entry(entity.id)
            home = place is not None and place.country is not None and all(
                self.land(p.country) == place.country for p in c.participants if p.role != "host")
            if not home and not (known is not None and known.city) and not self._building(item):
                town = self._goal(item) if item.kind == "PLACE" else place
                there = [town] if town and (came or town != place) and town.basis == "stated" else []
                journey = c.split(place=place, places=[place] if place else [], reached=there)
                journey.to_land = not c.arrival and place is not None and place.country is not None and (
                    not self.arguments.is_city(place))
                if each and time is not None and self.doc.times[time.index].value:
                    journey.time = stated(self.doc, self.doc.times[time.index])
                out.append(journey)
            elif home and (left := self._left(row, slot[0])) is not None:
                out.append(c.split(place=left, places=[left], status="held"))
        if on_it and len(out) > 1:  # "is on a journey to A and B": to which of them is not said
            for journey in out:
                journey.status = None
        elif c.status == "held" and any(self._has(i, "LEFT") for i in row[at : at + 5]):
            for journey in out[1:]:  # "set out on a journey to A and B": whether B is still ahead is not said
                journey.status = None
        return out

    def untold(self, c: Candidate, events: Sequence[Candidate]) -> list[Candidate]:
        """A journey whose goal is not said leads to where the text has told of a meeting of those who make it, or to
        its dateline, if that is abroad for all of them; none where a journey of theirs is told already."""
        guests = c.in_role("visitor")
        if any(e.kind == "visit" and guests & e.in_role("visitor") for e in events):
            return []
        for e in reversed(events):
            if e.kind in ("meeting", "multilateral") and guests & set(e.people()) and e.status != "not_held":
                place = e.place or self.arguments.dateline(self.doc)
                if place and place.country and all(
                        p.country and p.country != place.country for p in c.participants if p.role == "visitor"):
                    place = replace(place, basis="event")
                    return [c.split(place=place, places=[place])]
        return []

    def _in_brackets(self, goal: Item) -> Item | None:
        """The days told in brackets right behind a goal: "A (2-3 May)"."""
        tokens, first = self.doc.tokens, goal.last + 1
        if not goal.kind or first >= len(tokens) or tokens[goal.last].norm != "(":
            return None
        start = tokens[first].span.start
        found = next((n for n, t in enumerate(self.doc.times) if t.span.start == start), None)
        return None if found is None else Item("TIME", "", self.doc.times[found].span, first, first, found)

    def _building(self, item: Item) -> bool:
        """Whether a goal is a building or a site by one of its words: no land is reached there."""
        return item.kind == "PLACE" and any(
            t.norm in self.classes["SITE"] for t in self.doc.tokens[item.first : item.last])

    def _listed(self, row: Sequence[Item], first: int, last: int) -> list[tuple[Item, Item | None]]:
        """The goals in a slot and those of the same kind joined before it, each with the time told before it."""
        kinds = ("COUNTRY", "PLACE")
        items: list[tuple[Item, Item | None]] = []
        before: Item | None = None
        for i in row[first:last]:
            if i.kind == "TIME":
                before = i
            elif i.kind or self._has(i, "HERE", "THERE"):
                items.append((i, before))
                before = None
        while items[0][0].kind in kinds:
            at, time = first, None
            if at >= 2 and self._has(row[at - 1], "TO", "UNTIL") and row[at - 2].kind == "TIME":
                at, time = at - 2, row[at - 2]
            if at >= 1 and self._has(row[at - 1], "INTURN"):
                at -= 1
            items[0] = (items[0][0], time)
            joined = at >= 1 and self._has(row[at - 1], "JOIN", "BESIDES", "VIA")
            at -= 2 if joined and at >= 2 and self._has(row[at - 2], "OF", "FROM") else 1  # "to A's and to B's journey"
            if at < 1 or not joined or row[at - 1].kind not in kinds:
                break
            first = at - 1
            items.insert(0, (row[first], None))
        return items

    def _within_region(self, row: Sequence[Item], first: int, last: int, at: int) -> tuple[int, int]:
        """The slot of a goal, or of the last of the countries that are said to be of that part of the world:
        "a journey to A and B in Africa"."""
        goal = self._goal(row[first]) if last - first == 1 and row[first].kind == "PLACE" else None
        if goal is None or not self.arguments.is_region(goal) or not self._has(row[last], "OF"):
            return first, last
        lands = [n for n in range(last + 1, at) if row[n].kind == "COUNTRY"]
        return (lands[-1], lands[-1] + 1) if lands else (first, last)

    def _left(self, row: Sequence[Item], at: int) -> Place | None:
        """Where those who set out for home, at ``at``, have been: "left A for home"."""
        if at < 2 or not self._has(row[at - 1], "FROM") or row[at - 2].kind not in ("COUNTRY", "PLACE"):
            return None
        place = self._goal(row[at - 2])
        return place if place is not None and place.country and place.country != self._land(row[at]) else None

    def _land(self, item: Item) -> str | None:
        """The country in which a goal lies."""
        place = self._goal(item)
        return place.country if place else None

    def _goes_on(self, row: Sequence[Item], at: int, trigger: int) -> list[tuple[Item, Item | None]]:
        """The goals behind a slot: "on Monday A's and on Tuesday B's journey"."""
        items: list[tuple[Item, Item | None]] = []
        while at + 2 < trigger:
            join = at + 1 if self._has(row[at], "OF") else at
            dated = join > at or row[join + 1].kind == "TIME"  # "on Monday to A and on Tuesday to B"
            if not (dated and self._has(row[join], "JOIN")):
                break
            at, time = join + 1, None
            if row[at].kind == "TIME":
                time = row[at]
                at += 2 if self._has(row[at + 1], "TO", "UNTIL") else 1
            if at >= trigger or row[at].kind not in ("COUNTRY", "PLACE"):
                break
            items.append((row[at], time))
            at += 1
        return items

    def _told_goal(self, row: Sequence[Item], item: Item, at: int) -> Place | None:
        """The goal of a journey told at ``at``: for a land whose capital it is said to be, "the capital X of G", the
        capital; for a town the land to which the same sentence says the journey to be, "on a journey to G came to X".
        """
        place = self._goal(item)
        where = next((n for n in range(at) if row[n] is item), None)
        if place is None or where is None:
            return place
        if item.kind == "COUNTRY" and where + 3 < at and row[where + 3].kind == "PLACE" and (
                self._has(row[where + 1], "OF") and self._has(row[where + 2], "CAPITAL")):
            capital = self._goal(row[where + 3])
            return capital if capital is not None and capital.country in (None, place.country) else place
        if item.kind != "PLACE" or place.country is None:
            return place
        for n in range(where - 2, max(-1, where - _WITHIN), -1):
            if self._has(row[n], "STOP", "ERG"):
                break
            if row[n].kind == "COUNTRY" and self._land(row[n]) == place.country and self._journey(row, n + 1, where):
                return self._goal(row[n])
        return place

    def _journey(self, row: Sequence[Item], first: int, last: int) -> bool:
        """Whether a land right before ``first`` is one that somebody is "on a journey" to."""
        n = next((n for n in range(first, min(last - 1, first + _PHRASE)) if self._has(row[n], "VISIT")), None)
        return n is not None and self._has(row[n + 1], "ON") and not any(i.kind == "PERSON" for i in row[first:n])

    def _goal(self, item: Item) -> Place | None:
        if item.kind:
            return self.arguments.place_of(self.doc, self.of_mention.get(item.index), item.span)
        if self._has(item, "THERE"):
            return self.arguments.spoken_of(self.doc, item.span, self.of_mention)
        return self.arguments.dateline(self.doc, item.span)
