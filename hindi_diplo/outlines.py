"""What a story tells in sum before it tells it one by one: "A met several leaders in P on Monday", "A will be in P
on the 6th and 7th"."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

from .arguments import Arguments, FoundTopic
from .candidates import Candidate
from .dates import days_named, stated
from .merging import days, same_time, within
from .parties import Parties
from .patterns import Item, Lexicon
from .records import first_at, replace
from .types import Doc, Place, TimeExpression, When

__all__ = ["Outlines"]

_GO_ON: Final = 3  # sentences within which what was told in sum is told one by one


@dataclass(frozen=True, slots=True)
class _Outline:
    """Whom a sentence says to have met others, not named; where and when, and whether that is still to come."""

    number: int
    people: frozenset[str]
    place: Place | None
    time: When | None
    planned: bool
    journey: bool  # a journey whose goal is told next
    lands: frozenset[str] = frozenset()  # those of all sides, where only they are said: "talks of X and Y were in P"


class Outlines:
    """The sentences of one document that tell encounters or stays in sum; ``number`` counts sentences."""

    def __init__(self, doc: Doc, parties: Parties, arguments: Arguments, lexicon: Lexicon) -> None:
        self.doc, self.parties, self.arguments, self.lexicon = doc, parties, arguments, lexicon
        self._latest: deque[_Outline] = deque(maxlen=_GO_ON)

    def note(self, row: Sequence[Item], number: int, topics: Sequence[FoundTopic]) -> None:
        """Read a sentence that tells of no encounter of its own."""
        has = self.lexicon.has
        begin = self.lexicon.first(row, "VISIT", "MEET", "TALK")
        for at, item in enumerate(row[begin:], begin) if begin is not None else ():
            journey = has(item, "VISIT")
            met = has(item, "MEET", "TALK") and any(has(i, "FROM", "WITH", "QUANT") for i in row[max(0, at - 5) : at])
            if not (journey or met):
                continue
            after = row[at + 1 : at + 5 if journey else at + 3]
            planned = any(has(i, "WILLDO") or (journey and has(i, "WILLCOME", "FUTURE")) for i in after)
            subject = next((people for n, people in self.parties.subjects(row) if n < at), None)
            if subject is None or not (planned or any(has(i, "DONE", "DID", "CAME") for i in after)):
                continue
            place = None if journey else self.arguments.place(self.doc, row, at, self.parties.of_mention, topics)
            time = self.arguments.time(self.doc, row, at, topics, status="planned" if planned else "held",
                                       kind="visit" if journey else "meeting")
            if place or time:
                people = frozenset(p.entity for p in subject)
                self._latest.append(_Outline(number, people, place, time, planned, journey))
            return
        self._of_lands(row, number, topics)

    def _of_lands(self, row: Sequence[Item], number: int, topics: Sequence[FoundTopic]) -> None:
        """Read a sentence that says where those of several countries met, and leaves open who they were."""
        has, begin = self.lexicon.has, self.lexicon.first(row, "MET", "MEET", "TALK")
        for at, item in enumerate(row[begin:], begin) if begin is not None else ():
            met = has(item, "MET") or (
                has(item, "MEET", "TALK") and any(has(i, "HAPPENED") for i in row[at + 1 : at + 3]))
            place = self.arguments.place(self.doc, row, at, self.parties.of_mention, topics) if met else None
            if place is None or not self.arguments.is_city(place):
                continue
            named = (self.parties.of_mention.get(i.index) for i in row if i.kind in ("COUNTRY", "ADJ", "ORG"))
            lands = frozenset(e.country or e.id for e in named if e is not None)
            said = any(has(i, "SAY") for i in row[:at])  # the time is that of saying
            time = None if said else self.arguments.time(self.doc, row, at, topics, status="held")
            self._latest.append(_Outline(number, frozenset(), place, time, False, False, lands))
            return

    @staticmethod
    def _tells_of(told: _Outline, c: Candidate, number: int) -> bool:
        """Whether somebody of an encounter was told of, or the next sentence tells of all sides' countries."""
        lands = {p.country for p in c.participants}
        sides = told.number + 1 == number and None not in lands and len(lands) > 1 and lands <= told.lands
        return sides or bool(told.people & set(c.people()))

    def said_there(self, c: Candidate, row: Sequence[Item], number: int) -> None:
        """Give an encounter on the occasion of which somebody said what the sentence before tells ("he said this
        at the meeting with B") the day on which that was said."""
        opens = [i for i in row[:3] if i.kind != "TIME"]
        points = opens and (opens[0].kind == "PRON_NOM" or self.lexicon.has(opens[0], "THIS"))
        said = points and any(self.lexicon.has(i, "SAYING") for i in row[1:8])
        if c.time is not None or c.kind == "visit" or not said or not number:
            return
        before = self.doc.sentences[number - 1].span
        if named := days_named(self.doc, before):
            c.time = stated(self.doc, named[0])

    def fill(self, c: Candidate, number: int) -> None:
        """Give a meeting that states neither time nor city those under which it was told in sum, a journey or a call
        its day."""
        if c.earlier or c.background:
            return
        for told in reversed(self._latest):
            if told.journey != (c.kind == "visit"):
                continue
            if (number - told.number <= _GO_ON and self._tells_of(told, c, number) and same_time(c.time, told.time)
                    and told.planned == (c.status == "planned") and c.status in ("held", "planned", None)
                    and (c.place is None or told.place is None or c.place.country == told.place.country)):
                city = told.place is not None and self.arguments.is_city(told.place)
                wide = c.place is None or (city and not self.arguments.is_city(c.place))
                if wide and told.place is not None and c.kind not in ("call", "visit"):
                    c.place = replace(told.place, basis="event")
                c.time = c.time or told.time
                return

    def spell(self, row: Sequence[Item], journeys: Sequence[Candidate], number: int) -> None:
        """Give a journey told just before the day on which a sentence says that it began or ends, or its days."""
        has = self.lexicon.has
        journeys = sorted((c for c in journeys if c.kind == "visit"), key=self._told_last, reverse=True)
        if not journeys:
            return
        for at, item in enumerate(row):
            time = self.doc.times[item.index] if item.kind == "TIME" else None
            if time is None or time.value is None or time.grain not in ("day", "range") or any(
                    c.kind == "visit" and c.time and c.time.span == item.span for c in journeys):
                continue
            before, behind = row[max(0, at - 6) : at], row[at + 1 : at + 7]
            named = any(has(i, "VISIT") for i in (*before, *behind))
            begun = named and any(has(i, "STARTED") for i in behind[:4])
            on_day = begun or (time.grain == "day" and any(has(i, "VISIT") for i in before[-5:])
                               and any(has(i, "WILLHAPPEN") for i in behind[:2]))
            ahead = time.grain == "day" and any(has(i, "WILLHAPPEN") for i in behind[:2])  # "A's visit to be on Friday"
            whose = [*takewhile(lambda i: not has(i, "VISIT"), behind[2:])] if ahead else []
            on_day = on_day or (ahead and len(whose) + 2 < len(behind))
            until = any(has(i, "UNTIL", "TO") for i in behind[:1]) and any(has(i, "VISIT") for i in behind)
            goes_on = any(has(i, "WILLLAST") for i in behind[:2]) and any(  # "this journey will last until"
                i.kind in ("PRON_GEN", "PRON_NOM") or has(i, "THIS") for i in before)
            apposed = (any(i.norm == "(" for i in before[-1:]) or self._of_coarse(time, journeys)) and any(
                has(i, "VISIT") for i in (*before[-2:], *behind[:3]))  # "the visit (8-9 May)", "the visit of 8-9 May"
            told = any(has(i, "VISIT") for i in before) and any(  # "his visit will be from the 3rd to the 5th"
                has(i, "WILLHAPPEN", "WILLLAST", "PLANNED") for i in behind[:3])
            lasting = named and time.grain == "range" and (until or goes_on or apposed or told)
            last_day = time.grain == "day" and any(has(i, "UNTIL") for i in behind[:1]) and any(  # "is there until"
                i.kind in ("PERSON", "ROLE", "PRON_NOM") for i in row[:at]) and any(
                has(i, "WILLLAST") or (has(i, "STAYS") and has(i, "FUTURE")) or (has(i, "IS") and has(one, "ON"))
                for one, i in pairwise(behind))
            last_day = last_day or (time.grain == "day" and any(has(i, "UNTIL") for i in behind[:1]) and any(
                has(i, "THIS", "OWN") for i in takewhile(lambda i: not has(i, "VISIT"), behind)) and any(
                has(i, "VISIT") for i in behind))  # "on this journey of his, which is until the 3rd"
            spoken = (*row[max(0, at - 8) : at], *behind)
            ended = any(has(i, "ENDED") for i in behind[:4]) and any(has(i, "VISIT") for i in spoken)
            owners = {p.entity for i in whose if i.kind in ("PERSON", "ROLE") for p in self.parties.people_of(i, None)}
            begun_before = [c for c in journeys if c.time and c.time.value < time.value] if last_day else []
            c = next((c for c in begun_before or journeys if self._goes_home(
                c, row, at, ended or on_day or lasting or last_day, number, owners)), None)
            there = any(has(i, "THERE") for i in takewhile(lambda i: not has(i, "VISIT"), behind))
            if there and not self._names_goal(c, row):
                continue  # "will make a journey there": to a place told in this sentence
            if c is not None and lasting and self._of_tour(c, journeys) and not self._names_goal(c, row):
                continue  # the days of all its legs together
            coming = self.doc.published and time.value > self.doc.published
            if c is None or (begun and coming and c.status != "planned"):
                continue  # what of a journey is still to begin
            if c.time and self.doc.published and c.time.value <= self.doc.published:
                c.status = c.status or "held"
            if (on_day or lasting) and c.time and within(time.value, c.time):
                c.time = stated(self.doc, time)
            elif c.time is None or (lasting and c.time.grain == "day" and _starts(c.time.value, time.value)):
                c.left = None if on_day or lasting or time.grain != "day" else stated(self.doc, time)
                c.time = stated(self.doc, time) if on_day or lasting else None
                if goes_on and lasting:
                    c.take_in((), [self.doc.sentences[number].span])
            elif c.time and not on_day and c.time.grain == time.grain == "day" and c.time.value < time.value:
                c.time = replace(c.time, value=f"{c.time.value}/{time.value}", grain="range")

    def during(self, row: Sequence[Item], journeys: Sequence[Candidate], number: int) -> None:
        """Give the legs of a journey told just before the days of it that a sentence tells besides: "during his journey
        he will meet the leaders of the countries from the 3rd to the 5th"."""
        has, at = self.lexicon.has, self.lexicon.first(row, "VISIT")
        if at is None or not self.lexicon.within(row[at + 1 : at + 2], "DURING"):
            return
        ahead = ((self.doc.times[i.index], after) for i, after in pairwise(row[at + 2 : at + 14]) if i.kind == "TIME")
        time = next((t for t, after in ahead if t.value and t.grain == "range" and has(after, "UNTIL")), None)
        people = self.parties.subject_ids(row) if time else set()
        for c in journeys:
            told = c.kind == "visit" and c.status == "planned" and c.time is None and people & c.in_role("visitor")
            if time is not None and told and number - self._told_last(c) <= _GO_ON:
                c.time = stated(self.doc, time)

    @staticmethod
    def _of_tour(c: Candidate, journeys: Sequence[Candidate]) -> bool:
        """Whether a journey is a leg of one that a sentence tells to lead to several countries."""
        return any(e is not c and set(e.mentions) & set(c.mentions) and e.place and c.place
                   and e.in_role("visitor") & c.in_role("visitor") and e.place.country != c.place.country
                   for e in journeys)

    def _names_goal(self, c: Candidate | None, row: Sequence[Item]) -> bool:
        """Whether a sentence names the country to which a journey leads."""
        return c is not None and c.place is not None and any(self._land(i) == c.place.country for i in row)

    @staticmethod
    def _of_coarse(time: TimeExpression, journeys: Sequence[Candidate]) -> bool:
        """Whether days lie within the week or month in which a journey is said to be."""
        return time.value is not None and any(
            c.kind == "visit" and c.time is not None and within(time.value, c.time) for c in journeys)

    def new_day(self, row: Sequence[Item], latest: Sequence[Candidate], number: int) -> None:
        """Give what was put off, told just before, the day on which "it will now be"."""
        points = any(i.kind == "PRON_NOM" or self.lexicon.has(i, "THIS") for i in row[:3])
        self._old_day(row, latest, number)
        c = latest[-1] if latest and points and self.lexicon.within(row, "WILLHAPPEN", "WILLDO") else None
        if c is None or c.status != "postponed" or c.time or number - self._told_last(c) > _GO_ON:
            return
        times = (self.doc.times[i.index] for i in row if i.kind == "TIME")
        when = next((t for t in times if t.value and t.grain in ("day", "range")), None)
        if when is not None:
            c.time = stated(self.doc, when)

    def _old_day(self, row: Sequence[Item], latest: Sequence[Candidate], number: int) -> None:
        """Give what was called off, told just before, the day on which "he was to come"."""
        c = latest[-1] if latest else None
        ahead = self.lexicon.within(row, "WILLHAPPEN", "WILLDO", "WILLCOME") and self.lexicon.within(row[-4:], "WAS")
        if c is None or not ahead or c.status != "cancelled" or c.time or number - self._told_last(c) > 1:
            return
        people = self.parties.subject_ids(row)
        journey = c.kind == "visit"
        word = self.lexicon.within(row, "VISIT", "WILLCOME") if journey else self.lexicon.within(row, "MEET", "TALK")
        times = [t for i in row if i.kind == "TIME" and (t := self.doc.times[i.index]).value]
        if word and len(times) == 1 and (not people or people & set(c.people())):
            c.time = stated(self.doc, times[0])

    def _told_last(self, c: Candidate) -> int:
        """The number of the last sentence that tells an event."""
        return max(first_at(self.doc.sentences, m.start) for m in c.mentions)

    def _goes_home(self, c: Candidate, row: Sequence[Item], at: int, spoken_of: bool, number: int,
                   owners: Set[str] = frozenset()) -> bool:
        """Whether a journey is the one that a time is told of: it is spoken of, as that of its ``owners`` where a
        sentence names them, or its travellers come home then."""
        if c.kind != "visit" or c.status not in ("held", "planned", None) or number - self._told_last(c) > _GO_ON:
            return False
        people = owners or {p.entity for n, who in self.parties.subjects(row) if row[n].kind != "ORG" for p in who}
        if people and not people & set(c.people()):
            return False
        behind = [*takewhile(lambda i: not self.lexicon.has(i, "STOP"), row[at + 1 : at + 8])]
        if owners:
            behind = [*takewhile(lambda i: not self.lexicon.has(i, "VISIT"), behind)]
        if spoken_of:  # "will end on the 24th, and from there he will go to B"
            behind = [*takewhile(lambda i: not self.lexicon.has(i, "JOIN"), behind)]
        visit = next((n for n in range(at - 1, max(0, at - 5), -1) if self.lexicon.has(row[n], "VISIT")), 0)
        goals = {self._land(i) for i in (*behind, *row[max(0, visit - 1) : visit])} - {""}
        if spoken_of:
            return not goals or (c.place is not None and c.place.country in goals)
        homes = {p.country for p in c.participants if p.role == "visitor"}
        went = any(self.lexicon.has(i, "FUTURE", "CAME", "WILLCOME", "LEFT") for i in behind)
        back = any(self.lexicon.has(i, "RETURNED") for i in behind[:5])
        return went and (back or bool(goals & homes))

    def _land(self, item: Item) -> str:
        entity = self.parties.of_mention.get(item.index) if item.kind in ("COUNTRY", "PLACE") else None
        return (entity.country or entity.id) if entity else ""

    def stay(self, row: Sequence[Item], journeys: Iterable[Candidate]) -> None:
        """Give the journeys told before the days on which somebody is said to be in their country, or will come
        there."""
        has = self.lexicon.has
        for at, item in enumerate(row[:-2]) if self.lexicon.within(row, "STAYS", "WILLCOME") else ():
            stays = has(row[at + 1], "IN") and has(row[at + 2], "STAYS")
            if item.kind not in ("COUNTRY", "PLACE") or not (stays or has(row[at + 1], "WILLCOME")):
                continue
            when = next((self.doc.times[i.index] for i in reversed(row[:at]) if i.kind == "TIME"), None)
            place = self.arguments.place_of(self.doc, self.parties.of_mention.get(item.index), item.span)
            if when is None or when.value is None or place is None or not (
                    when.grain == "range" or (when.grain == "day" and not stays)):
                continue
            for c in journeys:
                if c.kind == "visit" and c.place and c.place.country == place.country and (
                        c.time is None or (c.time.grain == "day" and when.grain == "range")):
                    begun = c.time and self.doc.published and c.time.value <= self.doc.published
                    c.status = c.status or ("held" if begun else None)
                    c.time = stated(self.doc, when)


def _starts(day: str, stay: str) -> bool:
    """Whether a stay begins on a day, or on the one behind it, on which they came."""
    return 0 <= (days(stay)[0] - days(day)[0]).days <= 1
