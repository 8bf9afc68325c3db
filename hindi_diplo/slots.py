"""Time and place that an event does not state itself: taken over from the tellings around it, from the
dateline, or from the day of publication; the basis says which."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from .arguments import Arguments
from .candidates import SITTINGS, Candidate
from .dates import days_named, stated
from .merging import days, same_time
from .reckoning import in_week, shifted
from .records import first_at, replace
from .types import Doc, Entity, Place, Span, When

__all__ = ["fill"]

NEAR: Final = 5  # sentences within which a story is taken to go on about the same day
CLOSE: Final = 3  # sentences within which it is taken to stay at the same place
WINDOW: Final = 20  # events before and after that are looked at: cost stays linear in a document's length
STAY: Final = 3  # days after an arrival on which who came is taken to be there still
_JOURNEY: Final = 7  # days at most in one country between coming and setting out, of which a story tells
_TALKERS: Final = 2  # of those who are told to have sat together, at least
_NEWS: Final = 5  # sentences behind the first within which a story tells what is new
_TOLD: Final = 2  # sentences behind an encounter within which who told of it is named
RECENT: Final = 3  # days within which the dateline can be where something happened


def fill(doc: Doc, events: Sequence[Candidate], arguments: Arguments) -> None:
    """Give every event of a document the time and place that follow from the others, in their order."""
    filler = _Filler(doc, events, arguments)
    for number, event in enumerate(events):
        if event.time is None:
            event.time = filler.time(event, number)
    for number, event in enumerate(events):
        if event.time is None and event.kind == "visit" and event.on_it and event.status in ("held", None):
            event.time = filler.time(event, number)  # by now that of the talks behind it is known
    for number, event in enumerate(events):
        event.time = filler.until_next(event, number)
    for number, event in enumerate(events):
        if event.kind in ("meeting", "multilateral") and not event.remote:
            event.place = filler.place(event, number)
    for number, event in enumerate(events):
        if event.kind == "visit":
            event.place = filler.journey(event) if event.place else filler.guest_of(event, number)
        elif event.kind == "call" or event.remote:
            event.place = None  # wherever they were


def _beside(numbers: Sequence[int], n: int) -> Sequence[int]:
    """The number before and the number after ``n`` in a sorted list."""
    at = bisect_left(numbers, n)
    return numbers[max(0, at - 1) : at + 1]


class _Filler:
    def __init__(self, doc: Doc, events: Sequence[Candidate], arguments: Arguments) -> None:
        self.doc, self.events, self.arguments = doc, events, arguments
        number = {s.span.start: n for n, s in enumerate(doc.sentences)}
        self._told = [sorted(number[m.start] for m in c.mentions) for c in events]  # sentences that tell each event
        self._first = next((n for n, e in enumerate(events) if e.kind in SITTINGS and e.status in ("held", None)
                            and not e.background), len(events))

    @cached_property
    def _first_told(self) -> int:
        """Where the sentence begins that tells the first encounter."""
        return min((m.start for m in self.events[self._first].mentions), default=-1) if self._first < len(
            self.events) else -1

    def _apart(self, one: int, other: int) -> int:
        """How many sentences lie between the nearest tellings of two events."""
        few, many = sorted((self._told[one], self._told[other]), key=len)
        return min((abs(n - m) for n in few for m in _beside(many, n)), default=len(self.doc.sentences))

    def _around(self, number: int, within: int) -> Iterator[int]:
        """The other events told within so many sentences: those before first, nearest first."""
        before = range(number - 1, max(-1, number - 1 - WINDOW), -1)
        for other in (*before, *range(number + 1, min(len(self.events), number + 1 + WINDOW))):
            if self._apart(number, other) <= within:
                yield other

    # -- time -------------------------------------------------------------------------------------

    def time(self, c: Candidate, number: int) -> When | None:
        """The time of an event that states none."""
        if c.apart is not None or c.nth > 1:
            return self._counted(c, number)
        if c.status == "not_held":
            return self._of_gathering(c, number)
        if c.status == "planned":
            return self._in_turn(c, number)
        if c.status not in ("held", None):
            return None
        if c.kind == "visit" or c.background:
            return self._of_meeting(c, number) or self._on_arrival(c, number) or self._thereupon(c, number)
        known = self._same_day(c, number) or self._of_meeting(c, number) or self._day_before(c, number)
        if known is None and (today := self._published(c, number)) is not None:
            known = self._day_told(number) or today
        return known

    def _day_told(self, number: int) -> When | None:
        """The day on which somebody told of the day's news, where that was before the day of publication."""
        at = self._told[number][-1]
        for sentence in self.doc.sentences[at : at + _TOLD + 1]:
            told = self.arguments.said_on(self.doc, sentence) if sentence.zone == "body" else None
            if told is not None:
                when = stated(self.doc, told)
                return replace(when, basis="assumed") if self._before_today(when) else None
        return None

    def _day_before(self, c: Candidate, number: int) -> When | None:
        """The day that the sentence before an encounter names, of what else somebody did or said then."""
        told = self._told[number][0]
        if c.earlier or c.kind != "meeting" or not told or not self.doc.published:
            return None
        before = self.doc.sentences[told - 1]
        named = {t.value: t for t in days_named(self.doc, before.span)}
        if before.zone != "body" or len(named) != 1 or not self.arguments.goes_on(self.doc, before):
            return None
        when = stated(self.doc, next(iter(named.values())))
        today = when.value == self.doc.published
        return replace(when, basis="assumed") if today or self._before_today(when) else None

    def _counted(self, c: Candidate, number: int) -> When | None:
        """The day from which a sentence counts to another encounter, or on which a journey began of which it tells
        the second day or a later one."""
        others = map(self.events.__getitem__, self._around(number, 1 if c.apart else 0))
        told = (o for o in others if o.kind != "visit" or c.apart)
        when = next((o.time for o in told if o.time and o.time.grain == "day"), None)
        if c.apart is not None:
            by, span = c.apart
            if when is None:
                return None
            day = shifted(when, -by, "stated")
            return replace(in_week(day) if c.grain == "week" else day, text=span.of(self.doc.text), span=span)
        if when is None and self.doc.published and c.status in ("held", None):
            when = When(self.doc.published, "day", "published")
        return shifted(when, 1 - c.nth, "assumed") if when else None

    def _of_gathering(self, c: Candidate, number: int) -> When | None:
        """What did not come about at a gathering has the gathering's days."""
        for other in map(self.events.__getitem__, self._around(number, NEAR)):
            if other.kind == "multilateral" and other.time and set(c.people()) & set(other.people()):
                return replace(other.time, basis="assumed")
        return None

    def _in_turn(self, c: Candidate, number: int) -> When | None:
        """What is planned to come first or next, on the day that the sentence before names, or besides another, or on
        a journey of one day."""
        if c.kind == "visit":
            return self._for_talks(c, number)
        if (day := self._on_one_day(c, number)) is not None:
            return day
        for other in map(self.events.__getitem__, self._around(number, 0)):  # "will meet A and then B"
            same = c.kind == other.kind == "meeting" and other.status == "planned" and c.sentence in other.mentions
            day = other.time if same and set(c.people()) & set(other.people()) else None
            here = day.span.stop if day and day.span else c.sentence.start
            told_just_before = first_at(self.doc.sentences, c.sentence.start) - first_at(self.doc.sentences, here) <= 1
            if day is not None and day.grain == "day" and told_just_before:
                return replace(day, basis="assumed")
        told = (first_at(self.doc.sentences, m.start) for m in c.mentions)
        at = next((n for n in told if n and self.arguments.in_turn(self.doc, self.doc.sentences[n])), None)
        if at is None:
            return None
        before = days_named(self.doc, self.doc.sentences[at - 1].span)
        named = [t for t in before if not self.arguments.until(self.doc, t)]
        when = stated(self.doc, named[-1]) if named else None
        return when if when and not (self.doc.published and when.value < self.doc.published) else None

    def _on_one_day(self, c: Candidate, number: int) -> When | None:
        """What is planned during a journey that is said to last one day is of that day."""
        for n in self._around(number, NEAR):
            other = self.events[n]
            day = other.time if other.kind == "visit" and not (other.background or other.earlier) else None
            if day is not None and day.grain == "day" and other.in_role("visitor") & set(c.people()) and any(
                    self.arguments.of_one_day(self.doc, m) for m in (*other.mentions, *c.mentions)):
                return replace(day, basis="assumed")
        return None

    def _for_talks(self, c: Candidate, number: int) -> When | None:
        """Who will come for talks in a country of which the day is told will come on that day."""
        for n in self._around(number, CLOSE):
            other = self.events[n]
            if other.kind in ("meeting", "multilateral") and other.status == "planned" and other.time and c.place and (
                    other.time.grain == "day" and other.time.basis == "stated"
                    and c.in_role("visitor") & set(other.people())
                    and other.place and c.place.country == other.place.country):
                return replace(other.time, basis="assumed")
        return None

    def _of_meeting(self, c: Candidate, number: int) -> When | None:
        """A journey or gathering is taken to be at the time of the meeting told before that it was for."""
        if c.kind not in ("visit", "multilateral") or c.earlier or not (c.background or c.arrival):
            return None
        for n in range(number - 1, max(-1, number - 1 - WINDOW), -1):
            other = self.events[n]
            if other.kind == "meeting" and other.time and set(c.people()) & set(other.people()):
                held = other.status in ("held", None)
                if held and other.time.basis == "stated" and 0 < self._apart(n, number) <= NEAR:
                    return replace(other.time, basis="assumed")
                break
        return None

    def _on_arrival(self, c: Candidate, number: int) -> When | None:
        """Who is told to arrive and to meet somebody in one sentence does so on one day; an arrival that a story
        begins with is the day's news."""
        if not (c.arrival or c.on_it) or c.background:
            return None
        for other in map(self.events.__getitem__, self._around(number, 0)):
            held = other.kind == "meeting" and other.status in ("held", None)
            if held and other.time and other.time.grain == "day" and set(c.people()) & set(other.people()):
                return replace(other.time, basis="assumed")
        for other in map(self.events.__getitem__, self._around(number, CLOSE if c.arrival else 1)):
            met = other.kind == "meeting" and other.status in ("held", None) and not (other.background or other.earlier)
            if met and other.time and other.time.basis == "stated" and other.time.grain == "day" and (
                    set(c.in_role("visitor")) & set(other.people())) and self._before_today(other.time):
                return replace(other.time, basis="assumed")  # who met somebody yesterday did not come today
        if any(e.kind == "visit" and e.mentions[:1] == c.mentions[:1] and e.in_role("visitor") == c.in_role("visitor")
               and not e.background for e in self.events[max(0, number - WINDOW) : number]):
            return None  # a further stop of one journey
        first = next((n for n, s in enumerate(self.doc.sentences) if s.zone == "body"), 0)
        if self.doc.published and c.came and self._told[number][0] <= first + _NEWS:
            return When(self.doc.published, "day", "published")
        return None

    def until_next(self, c: Candidate, number: int) -> When | None:
        """The days of a journey of which only the first is told, where those who make it are told to set out from
        there on a later one."""
        if c.kind != "visit" or c.time is None or c.time.grain != "day":
            return c.time
        if c.left is not None and self._stay(c.time, c.left):
            return replace(c.time, value=f"{c.time.value}/{c.left.value}", grain="range")
        if c.background:
            return c.time
        for n in self._around(number, NEAR):
            other = self.events[n]
            on = n > number and other.kind == "visit" and other.status == c.status and other.time and (
                other.time.grain in ("day", "range") and self.arguments.leaves(self.doc, other.trigger))
            lands = {p.country for p in (c.place, other.place) if p}
            goes = on and c.in_role("visitor") == other.in_role("visitor") and len(lands) > 1
            if goes and other.time and self._stay(c.time, other.time):
                return replace(c.time, value=f"{c.time.value}/{days(other.time.value)[0].isoformat()}", grain="range")
        return c.time

    @staticmethod
    def _stay(came: When, left: When) -> bool:
        """Whether those who came on one day can have set out on the other from where they came to."""
        return 0 < (days(left.value)[0] - days(came.value)[0]).days <= _JOURNEY

    def _thereupon(self, c: Candidate, number: int) -> When | None:
        """What "after that" one of them did is taken to be of the day that the sentence before tells."""
        told = self._told[number][0]
        if c.kind == "visit" or not self.arguments.in_turn(self.doc, self.doc.sentences[told]):
            return None
        for n in self._around(number, 1):
            other = self.events[n]
            dated = other.time is not None and other.time.grain == "day" and other.status in ("held", None)
            if dated and told - 1 in self._told[n] and self._common(c, other):
                return replace(other.time, basis="assumed") if other.time else None
        return None

    def _before_today(self, time: When) -> bool:
        """Whether a time is one of the last days before the day of publication."""
        return self.doc.published is not None and 0 < (
            days(self.doc.published)[0] - days(time.value)[0]).days <= RECENT

    def _same_day(self, c: Candidate, number: int) -> When | None:
        """The day that the story is at: that of an event just before with somebody in common.  The days of a gathering
        that one is said to attend are more than that."""
        if c.earlier or (c.kind == "multilateral" and len(c.participants) < _TALKERS):
            return None
        for n in self._around(number, NEAR):
            other = self.events[n]
            if other.time is None or other.time.grain != "day" or other.background or other.earlier:
                continue
            if other.nth > 1:
                continue  # its beginning, days before
            later = other.time.span is not None and other.time.span.start > c.mentions[0].stop
            if other.kind == "visit" and (later or not (other.arrival or not self._apart(n, number))):
                continue  # a stay has many days; when they came, as the story tells only later, may be days before
            lands = {p.country for p in (c.place, other.place) if p and p.country}
            if len(lands) > 1:
                continue
            if other.status in ("held", None) and self._common(c, other):
                return replace(other.time, basis="assumed")
        return None

    @staticmethod
    def _common(c: Candidate, other: Candidate) -> bool:
        """Whether two events have somebody in common, or their sides are of the same countries."""
        if set(c.people()) & set(other.people()):
            return True
        lands, told = ({p.country for p in e.participants} for e in (c, other))
        of_lands = any({p.entity for p in e.participants} <= lands for e in (c, other))
        return of_lands and None not in lands and len(lands) > 1 and lands == told

    def _published(self, c: Candidate, number: int) -> When | None:
        """The day's news: the first encounter that a story tells is taken to be of its own day, unless it was on
        a journey that is told as long over."""
        if not self.doc.published or c.earlier or (self._first < number and self._first_told < c.mentions[0].start):
            return None
        for other in map(self.events.__getitem__, self._around(number, CLOSE)):
            over = other.kind == "visit" and other.background and set(c.people()) & set(other.people())
            if over and c.place and other.place and c.place.country == other.place.country:
                return None
        return When(self.doc.published, "day", "published")

    # -- place ------------------------------------------------------------------------------------

    def place(self, c: Candidate, number: int) -> Place | None:
        """The place of an encounter: the city, where only its country is stated; one that follows, where none is."""
        place = c.place or self._of_event(c, number)
        if place is not None and self.arguments.is_building(place):
            city = self._of_event(c, number) or self._of_dateline(c, number)
            return city if city and self.arguments.is_city(city) else place
        if place is None:
            return self._of_dateline(c, number) if c.status != "refused" else None  # it was to be nowhere
        if place.country is not None and self.arguments.is_region(place):
            return next((p for p in c.places if p.country == place.country and self.arguments.is_city(p)
                         and not self.arguments.is_region(p)), place)
        if place.country is None or self.arguments.is_city(place):
            return place
        told = next((p for p in c.places if p.country == place.country and self.arguments.is_city(p)), None)
        told = told or next((p for p in c.places if self.arguments.is_town(p)), None)
        if told is not None and told.country is None:
            return told
        near = told or self._in_headline(place.country)
        at_home = c.status == "planned" and place.country in {p.country for p in c.participants}
        if near is None and not c.background and not at_home:
            near = self._of_dateline(c, number)
        return near if near and near.country == place.country and self.arguments.is_city(near) else place

    def _of_event(self, c: Candidate, number: int) -> Place | None:
        """The place of an event told close by, with somebody in common, that can be of the same time."""
        for n in self._around(number, CLOSE):
            other = self.events[n]
            if other.place is None or other.place.basis not in ("stated", "event"):
                continue
            if c.earlier != other.earlier:
                continue
            long_ago = other.time is not None and other.time.grain not in ("day", "range")
            if long_ago and n > number and c.time is None and self._here is not None:
                continue
            if other.kind == "visit" and (goal := self._on_journey(c, other, self._apart(n, number))):
                return goal
            since = other.kind == "visit" and self._just_after(c, other)
            there = c.status == "planned" and self._is_there(c, other, n < number)
            if not (set(c.people()) & set(other.people()) and (since or there or same_time(c.time, other.time))):
                continue
            off = c.status == "not_held" and other.kind == "multilateral"
            if (c.status or "held") != (other.status or "held") and not (off or there):
                continue
            where = self._staying(other) if other.kind == "visit" else other.place
            if where is not None and other.kind in ("visit", "meeting", "multilateral"):
                return replace(where, basis="event")
        return None

    def _staying(self, journey: Candidate) -> Place | None:
        """The city in which those who are on a journey are."""
        if journey.place and self.arguments.is_city(journey.place):
            return journey.place
        return self._town(journey) if journey.to_land else None

    def _on_journey(self, c: Candidate, journey: Candidate, apart: int) -> Place | None:
        """The city to which one side came on a journey, where the other is of the country that it led to, and both
        are told in one sentence or can be of the same days."""
        guests, people = journey.in_role("visitor"), c.participants
        land = journey.place.country if journey.place else None
        hosts = [p for p in people if p.country == land and p.entity not in guests]
        if not (hosts and guests & set(c.people())) or journey.background or not journey.arrival:
            return None
        if c.status not in ("held", "planned", None) or journey.status not in ("held", "planned", None):
            return None
        first = days(journey.time.value)[0] if journey.time else None
        after = 0 if c.time is None or first is None else (days(c.time.value)[0] - first).days
        if apart and not 0 <= after <= STAY:
            return None
        cities = {p.name: p for p in (journey.place, *journey.reached) if p and p.country == land and (
            p.basis == "stated" and self.arguments.is_city(p) and not self.arguments.is_region(p))}
        here = self._here
        other = here is not None and here.country == land and here.name not in cities
        return replace(next(iter(cities.values())), basis="event") if len(cities) == 1 and not other else None

    def _is_there(self, c: Candidate, other: Candidate, before: bool) -> bool:
        """Whether who will meet somebody soon is said to be in a city already, for a gathering or on a journey."""
        stays = other.kind == "multilateral" or (other.kind == "visit" and (other.arrival or not other.passing))
        told = before and other.status in ("held", None) and not (other.background or other.earlier)
        where = self._staying(other) if other.kind == "visit" else other.place
        return stays and told and where is not None and self.arguments.is_city(where) and self._recent(c)

    @staticmethod
    def _just_after(c: Candidate, journey: Candidate) -> bool:
        """Whether an encounter was on the day after those who take part had arrived."""
        if c.time is None or journey.time is None or journey.time.grain != "day" or not journey.arrival:
            return False
        return (days(c.time.value)[0] - days(journey.time.value)[0]).days == 1

    def _of_dateline(self, c: Candidate, number: int) -> Place | None:
        """The dateline, unless it cannot be where something happened long before, or is not where those who
        take part were on a journey."""
        here = self._here if self._recent(c) and not (c.background and c.time is None) else None
        if here is None or here.country is None:
            return here
        told = max(m.start for m in c.mentions)
        goals: list[str | None] = []
        there = False  # whether a journey to the place of the dateline is under way
        for e in map(self.events.__getitem__, self._around(number, NEAR)):
            under_way = (e.status or "held") in (c.status or "held", "held")
            if not (e.place and under_way and set(e.people()) & set(c.people())):
                continue
            abroad = e.place.basis == "stated" and e.place.country not in (None, here.country)
            if e.kind != "visit":
                if abroad and e.kind == "meeting" and self._not_after(c, e):
                    return None  # those who meet were elsewhere
                continue
            if e.place.country == here.country and e.time and c.time and days(c.time.value)[1] < days(e.time.value)[0]:
                return None  # before they came
            if same_time(e.time, c.time) and e.mentions[0].start <= told:
                goals.append(e.place.country)
            there = there or (e.place.country == here.country and (e.status or "held") == "held")
        lands = {p.country for p in c.participants}
        today = c.time is not None and c.time.value == self.doc.published and len(lands) > 1 and here.country in lands
        if c.status == "planned" and not (there or today) and not c.place:
            return None  # nothing says that it will be where the report was written
        return None if goals and all(g and g != here.country for g in goals) else here

    def journey(self, c: Candidate) -> Place | None:
        """The place of a journey: the city to which those who travel are told to have come; the country to which
        the journey is, where they came "here", or went on from another city of it."""
        place = c.place
        if place is None or place.country is None or not c.arrival:
            return place
        later = self.arguments.on_a_later_day(self.doc, c.mentions)
        if self.arguments.is_city(place):
            on = later or place.basis == "dateline"
            return (self._named(place.country, self._near(c), journey=True) if on else None) or place
        return place if later or c.to_land else self._town(c) or place

    def _town(self, c: Candidate) -> Place | None:
        """The one city of the country to which a journey leads that those who travel are told to have come to."""
        land = c.place.country if c.place else None
        cities = {p.name: p for p in c.reached if p.country == land and self.arguments.is_city(p)}
        return next(iter(cities.values())) if len(cities) == 1 else None

    def guest_of(self, c: Candidate, number: int) -> Place | None:
        """The country of those whom a guest, come on a journey that names no goal, meets in the same sentence."""
        guests = {p.country for p in c.participants}
        for other in map(self.events.__getitem__, self._around(number, 0)):
            if other.kind != "meeting" or not set(c.people()) & set(other.people()):
                continue
            lands = {p.country for p in other.participants} - guests
            if len(lands) == 1 and (land := next(iter(lands))) is not None and None not in guests:
                return next((p for span in c.mentions if (p := self._named(land, span))), None)
        return None

    def _named(self, country: str, within: Span, *, journey: bool = False) -> Place | None:
        """A country where a part of the text names it first, or first speaks of a journey to it."""
        for index in range(*(first_at(self.doc.mentions, at) for at in (within.start, within.stop))):
            entity = self._of_mention.get(index)
            if entity is not None and entity.id == country and (
                    not journey or self.arguments.of_journey(self.doc, index)):
                return self.arguments.place_of(self.doc, entity, self.doc.mentions[index].span)
        return None

    def _in_headline(self, country: str) -> Place | None:
        """The city of a country in which the headline says that something is."""
        zones = [z.span for z in self.doc.zones if z.kind == "title"]
        for index, mention in enumerate(self.doc.mentions):
            if not zones or mention.span.start >= zones[-1].stop:
                return None
            entity = self._of_mention.get(index)
            if (entity and entity.kind == "PLACE" and entity.country == country
                    and any(z.covers(mention.span) for z in zones) and self.arguments.inside(self.doc, mention.span)):
                return self.arguments.place_of(self.doc, entity, mention.span)
        return None

    @cached_property
    def _of_mention(self) -> dict[int, Entity]:
        return {index: entity for entity in self.doc.entities for index in entity.mentions}

    @cached_property
    def _here(self) -> Place | None:
        """The place of the dateline."""
        return self.arguments.dateline(self.doc)

    def _near(self, c: Candidate) -> Span:
        """From the first telling to a few sentences behind the last."""
        first, last = min(c.mentions), max(c.mentions)
        begin = first_at(self.doc.sentences, last.start)
        return Span(first.start, self.doc.sentences[min(begin + NEAR, len(self.doc.sentences) - 1)].span.stop)

    @staticmethod
    def _not_after(c: Candidate, e: Candidate) -> bool:
        """Whether an event was on the day of another, or on the day before."""
        if c.time is None or e.time is None:
            return False
        return 0 <= (days(e.time.value)[0] - days(c.time.value)[0]).days <= 1

    def _recent(self, c: Candidate) -> bool:
        """Whether the dateline can be the place: not of what happened long before or is far off."""
        if c.time is None or self.doc.published is None:
            return True
        first, last = days(c.time.value)
        told = days(self.doc.published)[0]
        return abs((told - first).days) <= RECENT or abs((told - last).days) <= RECENT
