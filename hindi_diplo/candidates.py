"""An event in the making: one telling of an encounter, and how two tellings become one event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .merging import days, same_people, same_time, sharper
from .records import is_local, replace
from .types import Occasion, Participant, Place, Span, Topic, When

__all__ = ["SITTINGS", "Candidate"]

SITTINGS: Final = ("meeting", "call", "multilateral")  # kinds of event at which people talk

_OFF: Final = ("cancelled", "postponed", "not_held")  # what becomes of a plan that comes to nothing
_SENT: Final = "references/delegation"  # many people, who may come on another day than their leader
_LISTS: Final = ("participants", "topics", "mentions", "places", "reached")
_JOURNEY: Final = 5  # days between two tellings of one journey


@dataclass(slots=True)
class Candidate:
    """An event in the making; ``status`` is None where it is told by nouns alone and no word says it."""

    kind: str
    status: str | None
    rule: str
    trigger: Span
    participants: list[Participant]
    sentence: Span
    zone: str
    place: Place | None = None
    time: When | None = None
    grain: str | None = None  # of the time that is told with it, whether or not its day can be known
    occasion: Occasion | None = None
    topics: list[Topic] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    loose: bool = False
    vague: bool = False  # a word for talk, which may have been by telephone
    remote: bool = False  # by telephone or video, however many spoke: it was at no place
    spoke: bool = False  # people of two countries spoke, and nothing says that they were at one place
    passing: bool = False  # a journey named by a noun phrase, not told by a verb
    tentative: bool = False  # planned by what somebody came for: held, if the text says so later
    background: bool = False
    arrival: bool = False  # a journey told by its arrival
    came: bool = False  # by a finite verb: "A has come to G"
    on_it: bool = False  # a journey on which those who travel are said to be: "who is on a visit", "came on a visit"
    to_land: bool = False  # a journey told as one to its country: "on a journey to G"
    earlier: bool = False  # told as something before what the story is at
    places: list[Place] = field(default_factory=list)  # those that the tellings state
    reached: list[Place] = field(default_factory=list)  # where those who travel are told to have come
    unsaid: bool = False  # no word says its status
    under_way: bool = False  # a journey told as planned that is to begin today at the latest
    nth: int = 0  # the day of a journey that a sentence tells of, and not when that was
    left: When | None = None  # when those who travel are told to have set out for home
    apart: tuple[int, Span] | None = None  # days by which what the same sentence tells was later, and the words
    another: bool = False  # told as another encounter than the one that was told before
    this: bool = False  # pointed at as the encounter that was told before
    welcome: bool = False  # who comes is received: where a journey is told of too, only its host

    def with_partners(self, people: Sequence[Participant], mention: Span, *, together: bool) -> list[Candidate]:
        """What this telling of somebody's encounters with people whom it only sums up becomes, once they are named:
        one event, or one with the people of each country."""
        known, groups = set(self.people()), dict[str, list[Participant]]()
        for p in people:
            if p.entity not in known:
                groups.setdefault("" if together else p.country or p.entity, []).append(replace(p, side=2))
        return [self.split(participants=[*self.participants, *group], mentions=[*self.mentions, mention])
                for group in groups.values()]

    def split(self, **changes: Any) -> Candidate:
        """One of several events that the same words tell: changed so, with lists of its own."""
        own = {name: list(getattr(self, name)) for name in _LISTS}
        return replace(self, **{**own, **changes})

    def people(self) -> list[str]:
        return [p.entity for p in self.participants]

    def in_role(self, role: str) -> set[str]:
        """The ids of those who take part in a role."""
        return {p.entity for p in self.participants if p.role == role}

    def take_in(self, people: Iterable[Participant], mentions: Iterable[Span] = ()) -> None:
        """Add those who take part and are not there yet, and the sentences that tell of it."""
        known = set(self.people())
        self.participants.extend(p for p in people if p.entity not in known)
        self.mentions.extend(m for m in mentions if m not in self.mentions)

    def instead(self, at: int, people: Iterable[Participant], mention: Span) -> None:
        """Put people in the place of the participant number ``at``."""
        old, known = self.participants[at], set(self.people())
        self.participants[at : at + 1] = [
            replace(p, role=old.role, side=old.side) for p in people if p.entity not in known]
        self.take_in((), [mention])

    def hosted_by(self, welcome: Candidate) -> bool:
        """Take in who welcomed the guest whose journey this is; whether it is his."""
        if self.kind != "visit" or not welcome.in_role("visitor") & set(self.people()):
            return False
        if (self.arrival or welcome.sentence in self.mentions) and welcome.status == self.status:
            self.time = self.time or welcome.time  # who comes is welcomed
        self.take_in((replace(p, side=None) for p in welcome.participants if p.role == "host"), welcome.mentions)
        return True

    def same_encounter(self, c: Candidate) -> bool:
        """Whether ``c`` can be another telling of this event."""
        if self.another != c.another and self.zone != "title" and (self.time is None or c.time is None or (
                self.time.value != c.time.value)):
            return False
        off = self.status in _OFF and c.status in _OFF  # two dates: the old and the new
        passing = c.passing and c.time is None
        near = self.kind == c.kind == "visit" and _near(self.time, c.time)
        pointed = c.this and set(self.people()) == set(c.people()) and _near(self.time, c.time)
        if not (same_time(self.time, c.time) or self.zone == "title" or off or near or pointed):
            return False
        talk = ("meeting", "call")
        either = self.kind in talk and c.kind in talk and (c.loose or self.vague or c.vague or self.zone == "title")
        grown = (self.kind, c.kind) == ("multilateral", "meeting") and self.occasion is None and (
            c.this and set(c.people()) < set(self.people()))  # "this is their third", of a meeting that others joined
        if self.kind != c.kind and not (either or grown):
            return False
        if self.kind == "call" != c.kind and set(self.people()).isdisjoint(c.people()) and any(
                p.basis == "stated" for p in c.places):
            return False  # two spoke by telephone of what their countries had talked of somewhere
        gatherings = {o.id for o in (self.occasion, c.occasion) if o and o.id}
        if self.kind == c.kind == "multilateral" and len(gatherings) > 1:
            return False
        fell_through = c.status in _OFF and (self.status == "planned" or (self.zone == "title" and self.unsaid))
        was_to_be = self.status in _OFF and c.status == "planned"
        came_about = (self.tentative and c.status == "held") or (c.tentative and self.status == "held")
        if self.status != c.status and None not in (self.status, c.status) and not (
                passing or came_about or fell_through or was_to_be or off or self._goes_on(c) or self._has_begun(c)):
            return False
        if c.kind == "visit" and self.place and c.place and self.place.country != c.place.country:
            return False
        if c.kind == "visit" and self._of_another_time(c):
            return False
        if self._before_this(c):
            return False
        if c.kind == "visit" and (self.in_role("visitor") & c.in_role("visitor") or self._of_land(c)):
            return True
        if self.in_role("mediator") & {p.entity for p in c.participants if p.role != "mediator"}:
            return False  # the mediator meets one of the sides
        if grown:
            return True
        if same_people(self.people(), c.people()):
            return c.kind != "multilateral" or self.zone == c.zone or same_time(self.time, c.time)
        return c.kind != "visit" and (self._same_sides(c) or self._unnamed(c) is not None)

    def _unnamed(self, c: Candidate) -> tuple[Participant, Participant] | None:
        """The only participants, of this event and of ``c``, that are not the same, where one is told by an office
        that the other may hold, or where the headline has a name that nobody knows."""
        own, theirs = set(self.people()), set(c.people())
        mine = [p for p in self.participants if p.entity not in theirs]
        other = [p for p in c.participants if p.entity not in own]
        if len(mine) != 1 or len(other) != 1 or not own & theirs:
            return None
        one, two = mine[0], other[0]
        if one.country and two.country and one.country != two.country:
            return None
        headline = (self.zone == "title") != (c.zone == "title")
        unknown = is_local(one.entity if self.zone == "title" else two.entity)
        if (headline and unknown) or (_by_office(one) != _by_office(two) and _offices_agree(one, two)):
            return one, two
        return None

    def _of_land(self, c: Candidate) -> bool:
        """Whether ``c`` tells of this journey by the country of those who make it: "the leader of X"."""
        lands = {p.country for p in self.participants if p.role == "visitor"}
        one = not any(p.via == _SENT for p in c.participants)
        return one and self.place is not None and c.place is not None and len(lands) == 1 and (
            c.in_role("visitor") == lands)

    def _of_another_time(self, c: Candidate) -> bool:
        """Whether ``c`` tells what had been in a month or a year, and this journey is the day's news or to come."""
        told = self.arrival and not (self.background or self.loose)
        return self.time is None and (told or self.status == "planned") and c.background and (
            c.time is not None and c.time.grain in ("month", "year"))

    def _before_this(self, c: Candidate) -> bool:
        """Whether ``c`` tells of talks that these had had before: in another country, or, where no day is told of
        this event, in a month or a year, or before it in so many words."""
        talk = ("meeting", "call")
        dated = c.loose and c.grain in ("month", "year")  # "the talks of A and B in May"
        if self.kind not in talk or c.kind not in talk or not (c.background or c.earlier or dated) or (
                self.background or self.earlier or self.zone == "title"):
            return False
        apart = any(one.basis == other.basis == "stated" and one.country and other.country and
                    one.country != other.country for one in self.places for other in c.places)
        apart = apart or (c.earlier and bool(self.places and c.places) and not any(
            one.name == other.name or one.country in (other.name, other.country) or one.name == other.country
            for one in self.places for other in c.places))
        long_ago = self.time is None and (
            c.grain in ("month", "year") or (c.earlier and c.grain is not None)) and c.grain != self.grain
        return apart or long_ago

    def _goes_on(self, c: Candidate) -> bool:
        """Whether ``c`` tells what is still to come of this journey, which has begun: another stop in the country,
        the rest of the stay, or a day near those told."""
        if self.kind != "visit" or self.status != "held" or c.status != "planned" or not self.place or not c.place:
            return False
        if (self.time and c.time) or c.under_way:
            return True  # near, or they would be no one journey
        past = self.background or self.earlier or (self.time is not None and self.time.grain in ("month", "year"))
        return c.time is None and self.place.country is not None and not past

    def _has_begun(self, c: Candidate) -> bool:
        """Whether ``c`` tells, as the day's news, that those have arrived who were to come."""
        return self.kind == "visit" and self.status == "planned" and c.status == "held" and c.arrival and not (
            c.background or c.earlier or c.loose or c.another) and _near(self.time, c.time) and bool(
                self.place and c.place and self.place.country)

    def _same_sides(self, c: Candidate) -> bool:
        """Whether each participant of the one is, or stands for the country of, one of the other's, and the
        other way round; of the two at least one has no people of its own."""
        for one, other in ((self, c), (c, self)):
            lands = {p.entity for p in other.participants} | {p.country for p in other.participants}
            if any(p.entity not in lands and (p.country is None or p.country not in lands) and not any(
                    _stands_for(p, q) or _stands_for(q, p) for q in other.participants) for p in one.participants):
                return False
        persons = [{p.entity for p in one.participants if p.entity != p.country and not any(
            _stands_for(p, q) for q in other.participants)} for one, other in ((self, c), (c, self))]
        if persons[0] - persons[1] and persons[1] - persons[0]:
            return False
        return len({p.country for p in self.participants}) > 1

    def merge(self, c: Candidate) -> None:
        """Take in what another telling says."""
        pair = None if c.kind == "visit" else self._unnamed(c)  # while it is known which of the two the headline told
        same = same_time(self.time, c.time)
        spans = [t for t in (self.time, c.time) if t and t.grain == "range" and self.kind in ("visit", "multilateral")]
        if self.zone == "title" and c.zone != "title":
            spans.reverse()  # a headline sums up
        if same:
            self.time = spans[0] if spans else sharper(self.time, c.time)
        elif self.kind != "visit" or self.zone == "title" or _stay(self.time, c.time) or _came_before(self, c) or (
                self.status is None and c.status == "planned"):
            self.time = c.time
        self.places.extend(c.places)
        self.reached.extend(c.reached)
        if self.place is None or (self.place.basis != "stated" and c.place and c.place.basis == "stated"):
            self.place = c.place or self.place
        elif (c.to_land and not c.passing and self.arrival and not self.to_land and c.place
                and self.place.country == c.place.country):
            self.place = c.place  # "came to the city X; he is on a journey to G"
        self.to_land = self.to_land or c.to_land
        self.occasion = self.occasion or c.occasion
        in_short = self.zone == "title" and self.status == "not_held"  # a headline need not say what became of it
        fell_through = c.status in _OFF and (self.status == "planned" or self.unsaid or in_short)
        came_about = (self.tentative and c.status == "held") or self._has_begun(c)
        self.status = c.status if came_about or fell_through else self.status or c.status
        self.unsaid = self.unsaid and c.unsaid
        self.mentions.extend(m for m in c.mentions if m not in self.mentions)
        self.another = self.another and c.another
        self.background, self.earlier = self.background and c.background, self.earlier and c.earlier
        self.left = self.left or c.left
        self.arrival, self.came = self.arrival or c.arrival, self.came or c.came
        self.on_it = self.on_it or c.on_it
        if self.vague and c.kind == "call":
            self.kind, self.place = "call", None
        self.spoke = (self.spoke or c.spoke) and (self.spoke or self.vague) and (c.spoke or c.vague)
        self.vague = self.vague and c.vague
        from_title = self.zone == "title" and c.zone != "title"
        if from_title:
            self.trigger, self.rule, self.zone = c.trigger, c.rule, c.zone
            self.kind = c.kind
            if c.kind == "visit" and c.place:
                self.place, self.places = c.place, list(c.places)
        lands = {p.country for p in self.participants}
        theirs = {p.country for p in c.participants if p.country}
        if set(self.people()) < set(c.people()) and theirs <= lands:
            self.participants = list(c.participants)
            return
        merged: list[Participant] = []
        for p in self.participants:
            better = next((q for q in c.participants if q.entity == p.entity), None)
            if pair and p is pair[0]:  # the one of the two who has a name, and is known
                merged.append(max(pair, key=lambda q: (not _by_office(q), not is_local(q.entity), q.via is None)))
                continue
            if better is None:  # the people of the country or body that the text then names
                named = [q for q in c.participants if p.entity == p.country == q.country or _stands_for(p, q)]
                merged.extend(replace(q, side=p.side) for q in named if q.entity not in {m.entity for m in merged})
                if named:
                    continue
            merged.append(better if better and (from_title or _fuller(better, p)) else p)
        self.participants = merged
        if c.kind == "visit":  # who else is said to have come along
            self.take_in(p for p in c.participants if p.role == "visitor" and p.entity not in lands)


def _by_office(p: Participant) -> bool:
    """Whether a participant is told by an office alone whose holder nobody knows."""
    return is_local(p.entity) and not p.name_latin


def _stands_for(body: Participant, one: Participant) -> bool:
    """Whether a body stands for somebody whose phrase says that he is of it: "X" for "the foreign minister of X"."""
    return body.office is None and not is_local(body.entity) and one.entity not in (body.entity, one.country) and (
        f" {body.name} " in f" {one.text} ")


def _offices_agree(one: Participant, other: Participant) -> bool:
    """Whether two can be of one office, of which one telling may say less."""
    a, b = set((one.office or "").split()), set((other.office or "").split())
    return bool(a and b) and (a <= b or b <= a)


def _near(one: When | None, other: When | None) -> bool:
    """Whether two days can be of one journey: it is told by the day of departure, of arrival, of a stay."""
    if one is None or other is None:
        return True
    (first, last), (begin, end) = days(one.value), days(other.value)
    return (begin - last).days <= _JOURNEY and (first - end).days <= _JOURNEY


def _came_before(one: Candidate, other: Candidate) -> bool:
    """Whether the other telling of a journey says that they came on a day before the one that the first tells of."""
    return other.arrival and not one.arrival and one.time is not None and other.time is not None and (
        one.time.grain == other.time.grain == "day" and other.time.value < one.time.value)


def _stay(one: When | None, other: When | None) -> bool:
    """Whether one time is the day of departure, and the other the days of the stay."""
    return one is not None and other is not None and (one.grain, other.grain) == ("day", "range")


def _fuller(one: Participant, other: Participant) -> bool:
    """Whether ``one`` says more of the same participant: his name, his office."""
    return (one.via is None, one.office is not None, len(one.text)) > (
        other.via is None, other.office is not None, len(other.text))
