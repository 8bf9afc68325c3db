"""What a document has told so far, and what its later sentences add to that.

Sentences without an encounter of their own say where or when one was, who came along, who led a delegation, who
welcomed or invited, and what became of a plan; what was talked about is for ``agenda``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from .arguments import Arguments, FoundTopic
from .candidates import SITTINGS, Candidate
from .dates import days_named, stated
from .merging import days, within
from .parties import GROUPS, Parties
from .patterns import Item, Lexicon, Match
from .records import replace
from .types import Doc, Participant, Span

__all__ = ["Story"]

_DELEGATION: Final = "events/delegation-met"
_OPENING: Final = 6  # items with which a sentence begins: "but later, because of that, it was called off"
_AT_ONCE: Final = 4  # items behind "it" within which it is called off
_FELL: Final = {"CANCEL": "cancelled", "POSTPONE": "postponed"}  # classes of words for what becomes of a plan
_SPOKEN_OF: Final = 5  # sentences within which "this meeting" means one that was told or announced
_EXPECTED: Final = "events/wish"  # a word for an encounter that is hoped for
_ANNOUNCED: Final = 2  # sentences within which an encounter of which only the day was said is told
_WAITS: Final = 3  # sentences for which an encounter waits for those whom somebody met
#: Phrases that stand for those who hold the office of a country, whether or not somebody knows them.
_STANDING: Final = ("references/counterparts", "references/roles")
_AGAIN: Final = 8  # sentences within which "their last meeting" means those who talked to each other last
_MEMORY: Final = 100  # events of a document that a later sentence can go on about: cost stays linear in its length


class Story:
    """The events of one document as far as it has been read; ``at`` is where the sentence being read begins."""

    def __init__(self, doc: Doc, parties: Parties, arguments: Arguments, lexicon: Lexicon) -> None:
        self.doc, self.parties, self.arguments = doc, parties, arguments
        self.lexicon, self.classes = lexicon, lexicon.classes
        self.of_mention = parties.of_mention
        self.events: list[Candidate] = []
        self.latest: deque[Candidate] = deque(maxlen=_MEMORY)
        self.subject: list[Participant] = []
        self.first: list[Participant] = []
        self.at = 0
        self.group: list[Candidate] = []  # the talks that the last sentence with any told of
        self.before: list[Candidate] = []  # and the one before that
        # Encounters with people who are summed up, and the sentence's number: who they were may be told next.
        self._awaiting: tuple[Candidate, int, bool, Candidate | None] | None = None
        # A gathering or talks announced before their participants, and who is named with them.
        self._told_before: tuple[Candidate, frozenset[str]] | None = None
        # Who talked to each other last, and in which sentence.
        self._pair: tuple[int, list[Participant]] = (-_AGAIN, [])

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Where a sentence begins -> its number."""
        return {s.span.start: n for n, s in enumerate(self.doc.sentences)}

    @property
    def number(self) -> int:
        """The number of the sentence being read."""
        return self._numbers[self.at]

    def since(self, told: int) -> int:
        """How many sentences ago one that begins at ``told`` was read."""
        return self.number - self._numbers[told]

    def add(self, c: Candidate) -> Candidate:
        """Merge a candidate into an event that it can be a telling of, or make it an event."""
        self._one_by_one(c)
        for event in reversed(self.latest):
            if event.same_encounter(c):
                event.merge(c)
                return event
        if c.kind == "visit":
            self._welcomed(c)
        self.events.append(c)
        self.latest.append(c)
        return c

    def _one_by_one(self, c: Candidate) -> None:
        """A headline that sums up whom somebody met, where the story tells that he met one of them alone: he met
        each of them."""
        sides = c.people()
        if c.kind != "meeting" or c.zone == "title" or len(sides) != 2:
            return
        for event in [e for e in self.latest if e.zone == "title" and e.kind == "multilateral" and e.occasion is None]:
            hub, *others = event.participants
            if hub.entity in sides and {p.entity for p in others} & {*sides, *(p.country for p in c.participants)}:
                apart = [event.split(kind="meeting", participants=[replace(hub, side=1), replace(p, side=2)])
                         for p in others]
                at, last = self.events.index(event), [*self.latest]
                self.events[at : at + 1] = apart
                at = last.index(event)
                self.latest = deque([*last[:at], *apart, *last[at + 1 :]], maxlen=_MEMORY)

    def same_gathering(self, c: Candidate, row: Sequence[Item], at: int) -> bool:
        """Whether the sentence only names those who took part in "this meeting", a gathering told just before."""
        if c.kind != "multilateral" or not (
                at == 0 or any(self.lexicon.has(i, "THIS") for i in row[max(0, at - 2) : at])):
            return False
        for event in reversed(self.latest):
            if event.kind == "multilateral" and self.follows(event) and c.status in (None, event.status):
                for p in c.participants:
                    land = next((n for n, q in enumerate(event.participants) if q.entity == p.country), None)
                    if land is not None and p.entity != p.country:
                        event.instead(land, [p], c.sentence)
                event.take_in((replace(p, side=None) for p in c.participants), c.mentions)
                return True
        return False

    def _welcomed(self, visit: Candidate) -> None:
        """A guest was welcomed before his journey is told of: the welcome becomes part of it."""
        for event in [e for e in self.latest if e.welcome]:
            if visit.hosted_by(event):
                self.events.remove(event)
                self.latest.remove(event)

    def told_last(self, event: Candidate) -> int:
        """Where the event was told last before the sentence being read: its beginning."""
        return next((m.start for m in reversed(event.mentions) if m.stop <= self.at), -1)

    def follows(self, event: Candidate, within: int = 3) -> bool:
        """Whether the sentence being read is at most so many behind one that tells the event."""
        told = self.told_last(event)
        return told >= 0 and self.number - self._numbers[told] <= within

    def hub(self, match: Match, row: Sequence[Item]) -> list[Participant]:
        """Who of all the story's meetings so far was in most, if in more than one: the one whom all meet."""
        partners = {p.entity for p in self.parties.members(match, row, "B")}
        count: dict[str, list[Participant]] = {}
        for event in self.latest:
            if event.kind in ("meeting", "call") and len(event.participants) == 2:
                for p in event.participants:
                    count.setdefault(p.entity, []).append(p)
        best = max(count.items(), key=lambda item: len(item[1]), default=None)
        if best is None or len(best[1]) < 2 or best[0] in partners:
            return []
        return [best[1][-1]]

    def whom_all_meet(self, people: list[Participant], match: Match, row: Sequence[Item]) -> list[Participant]:
        """Whom a pronoun for the subject means: not one who was only met by him whom all meet, if a noun that
        is no subject named him last."""
        hub = self.hub(match, row)
        if len(people) != 1 or not hub or row[match.slots["A"][0]].kind not in ("PRON_GEN", "PRON_NOM", "PRON_NE"):
            return people
        one, spoken = people[0].entity, {p.entity for p in self.subject}
        met = any({one, hub[0].entity} == set(e.people()) for e in self.latest)
        return [replace(hub[0], via=people[0].via, side=people[0].side, role=people[0].role)] if (
            met and one not in spoken) else people

    def talked(self, groups: Sequence[Sequence[Participant]]) -> None:
        """Remember the sides of an encounter that a sentence speaks of, if it speaks of one."""
        told = {tuple(sorted(p.entity for p in people)): [*people] for people in groups if len(people) > 1}
        if len(told) == 1:
            self._pair = self.number, next(iter(told.values()))
        elif told:
            self._pair = -_AGAIN, []

    def pair(self) -> list[Participant]:
        """The sides of the encounter spoken of last: "their last meeting", "the next round of talks"."""
        number, people = self._pair
        return people if self.number - number <= _AGAIN else []

    def lead(self, match: Match, row: Sequence[Item], last: list[Participant]) -> list[Participant]:
        """Whom a dropped subject means: the subject spoken of last, or, where that one only appeared as the
        partner of the person whom the story began with, that person."""
        partners = {p.entity for p in self.parties.members(match, row, "B")}
        first = {p.entity for p in self.first}
        spoken = {p.entity for p in last}
        if not first or first & partners or first & spoken:
            return last
        met = any(first & set(e.people()) and spoken & set(e.people()) for e in self.latest)
        return self.first if met or not last else last

    def remote(self, trigger: Item, people: Sequence[Participant]) -> bool:
        """Whether a word for talk goes on about a telephone call told just before."""
        here = {p.entity for p in people}
        last = next((e for e in reversed(self.latest) if len(here & set(e.people())) > 1),
                    self.latest[-1] if self.latest else None)
        talk = self.lexicon.has(trigger, "TALK", "TALKWORD", "DISCUSS")
        return bool(last and last.kind == "call" and talk and set(last.people()) & here)

    def sat_together(self, people: Sequence[Participant]) -> bool:
        """Whether a gathering of all of them, or of their countries, was told before."""
        return any({p.entity for p in people} <= {x for q in e.participants for x in (q.entity, q.country)} or
                   {p.country for p in people} <= {q.country for q in e.participants}
                   for e in self.latest if e.kind == "multilateral" and len(e.participants) > 2)

    def spoke(self, c: Candidate, trigger: Item) -> bool:
        """Whether people of two countries spoke, and nothing told so far says that they were at one place."""
        people = [p for p in c.participants if p.entity != p.country or p.via in _STANDING]
        apart = len(people) == len(c.participants) and None not in (lands := {p.country for p in people}) and (
            len(lands) == 2)
        if c.kind != "meeting" or trigger.norm not in self.classes["TALKWORD"] or not apart or c.place:
            return False
        return not any(set(e.people()) & set(c.people()) for e in self.latest if e.kind in ("visit", "multilateral"))

    def awaits(self, c: Candidate, before: Sequence[Participant]) -> Candidate | None:
        """Keep an encounter of which only one side is named: a delegation has its members together.  Until they are
        named it is taken for that of the subject spoken of before: the event that this makes."""
        known, event = set(c.people()), None
        guess = [replace(self.parties.named(p), via=c.rule, side=2) for p in before if p.entity not in known]
        if c.rule == _DELEGATION and guess:
            event = self.add(c.split(participants=[*c.participants, *guess]))
        self._awaiting = c, self.number, c.rule == _DELEGATION, event
        return event

    def _come(self, people: Sequence[Participant], span: Span, *, together: bool) -> bool:
        """Whether those who are named are the other side of an encounter told just before, or its delegation."""
        if self._awaiting is None or self.number - self._awaiting[1] > _WAITS or together > self._awaiting[2]:
            return False
        c, _, together, guessed = self._awaiting
        made = c.with_partners(people, span, together=together)
        if made and guessed is not None and guessed.mentions == c.mentions:
            guessed.participants = made[0].participants
            guessed.take_in((), [span])
            return True
        return bool([self.add(one) for one in made])

    def join(self, match: Match, row: Sequence[Item], span: Span) -> None:
        """Who came along, or was there too, belongs to the last encounter of those whom he came with."""
        people = [*self.parties.members(match, row, "A"), *self.parties.members(match, row, "B")]
        of = self.parties.members(match, row, "W")
        if match.rule.options.get("many"):
            known = {p.entity for p in people} | {p.entity for p in of}
            people += [p for p in self._all_named(match, row) if p.entity not in known]
        summed = bool(match.rule.options.get("summed"))
        team = self.lexicon.within(row, "DELEGATION", "TEAM")
        if (not of and (summed or team) and self._come(people, span, together=team and not summed)) or summed:
            return
        if match.rule.options.get("instead"):
            lands = {p.country for p in of}
            land = lands.pop() if len(lands) == 1 else None
            if self._stand_in({p.entity for p in of if p.entity != p.country}, people, span):
                return
            self._lead_for([p if self.parties.is_land(p.country) else replace(p, country=land) for p in people], span)
            return
        leaders = {p.entity for p in of} - {p.entity for p in people}
        # "With him": of the guest, who is the subject, although the host was named last.
        spoken_of = "W" in match.slots and row[match.slots["W"][0]].kind == "PRON_SE"
        told = match.rule.options.get("roles", {}).get("A")
        there = self.lexicon.has(row[match.slots["T"][0]], "PRESENT")
        journey = not told and not there and not self.lexicon.within(row, "MEET", "TALK")
        part = there or self.lexicon.has(row[match.slots["T"][0]], "PART")
        # Who came along belongs to the journey, where the text tells of one: also "in the delegation led by W".
        team = team or (bool(of) and self.lexicon.has(row[match.slots["W"][1]], "IN"))
        came = self.lexicon.has(row[match.slots["T"][0]], "CAME", "WILLCOME", "STAYS") or (part and bool(of) and team)
        sat = part and not leaders and self.lexicon.within(row[: match.slots["T"][0]], "MEET", "TALK")
        gathered = part and not leaders and self.lexicon.within(row[: match.slots["T"][0]], "GATHERING", "SUMMIT")
        latest = [e for e in reversed(self.latest) if not sat or e.kind != "visit"]
        if gathered:
            latest, journey = [e for e in latest if e.kind == "multilateral"], False
        if there and not leaders:
            latest.sort(key=self.told_last, reverse=True)
        latest.sort(key=lambda e: came and e.kind != "visit")
        for event in latest:
            if told == "host":
                self._host(event, people, leaders, span)
                continue
            if told and event.kind == "visit":
                continue
            if leaders and not leaders & set(event.people()):
                continue
            if not leaders and journey and event.kind != "visit":
                continue
            if event.kind == "visit" and leaders and not (spoken_of and not there) and all(
                    p.role == "host" for p in event.participants if p.entity in leaders):
                continue  # who came with the host does not travel
            if event.kind != "visit":
                people = self.parties.no_kin(people)  # wives who were there too do not talk
            side = next((p.side for p in event.participants if p.entity in leaders), None)
            role = str(told) if told else "visitor" if event.kind == "visit" else "party"
            named = days_named(self.doc, span)
            if event.time is None and len(named) == 1 and event.status in ("held", None) and (
                    self.lexicon.within(row, "VISIT", "MEET", "TALK")):
                event.time = stated(self.doc, named[0])
            for leg in self._legs(event):
                for at, one in enumerate(leg.participants):
                    own = [p for p in people if p.country == one.entity]
                    if leg.kind != "visit" and own and one.country == one.entity:
                        leg.instead(at, own, span)  # the people of the country that took part
                        break
                leg.take_in((replace(p, role=role, side=side) for p in people), [span])
            lands = {p.country for p in event.participants if p.country}
            took_part = sat and self.lexicon.has(row[match.slots["T"][0]], "PART")
            if took_part and event.kind == "meeting" and len(lands) > 2:
                event.kind = "multilateral"  # leaders of three countries at one table
                event.participants = [replace(p, side=None) for p in event.participants]
            return

    def _all_named(self, match: Match, row: Sequence[Item]) -> list[Participant]:
        """All people from slot A up to the trigger, without those in slot W."""
        whom = range(*match.slots.get("W", (0, 0)))
        named = (n for n in range(match.slots["A"][0], match.slots["T"][0])
                 if row[n].kind in ("PERSON", "ROLE") and n not in whom and not self.lexicon.has(row[n + 1], "OF"))
        return [p for n in named for p in self.parties.people_of(row[n], None)]

    def _host(self, event: Candidate, people: Sequence[Participant], guests: set[str], span: Span) -> None:
        """Make those who invite to their country the hosts of a journey there, of the guests where they are named."""
        if event.kind == "visit" and event.place and not event.earlier and (
                not guests or guests & event.in_role("visitor")):
            hosts = [p for p in people if p.country == event.place.country and p.entity not in event.in_role("visitor")]
            if hosts:
                event.take_in((replace(p, role="host", side=None) for p in hosts), [span])

    def _legs(self, event: Candidate) -> list[Candidate]:
        """The journeys that one sentence tells of together with this one: its other stops."""
        if event.kind != "visit":
            return [event]
        return [e for e in self.latest if e.kind == "visit" and e.in_role("visitor") & event.in_role("visitor")
                and set(e.mentions) & set(event.mentions)]

    def _stand_in(self, bodies: set[str], people: Sequence[Participant], span: Span) -> bool:
        """Let who leads the delegation of a country, a party or another body stand in its place in the last event
        that it takes part in; whether there is one."""
        for event in reversed(self.latest):
            at = next((n for n, q in enumerate(event.participants) if q.entity in bodies), None)
            if at is not None:
                event.instead(at, people, span)
                return True
        return False

    def _lead_for(self, people: Sequence[Participant], span: Span) -> None:
        """Who leads a country's delegation stands in the country's place in the last event that it is part of."""
        for land in dict.fromkeys(p.country for p in people if p.country):
            bodies = {p.entity for e in self.latest for p in e.participants
                      if p.country == land and self.parties.is_force(p)}
            self._stand_in({land, *bodies}, [p for p in people if p.country == land], span)

    def invited(self, row: Sequence[Item], made: Mapping[int, list[Candidate]]) -> None:
        """Who invites is the host of the sentence's journeys, or of those told just before."""
        if not self.lexicon.within(row, "ATINVITE"):
            return
        hosts = [p for at, item in enumerate(row[1:], 1) if not item.kind and item.norm in self.classes["ATINVITE"]
                 and row[at - 1].kind in ("PERSON", "ROLE") for p in self.parties.listed(row, at - 1)]
        if not hosts:
            return
        named = {p.entity for i in row if i.kind in ("PERSON", "ROLE") for p in self.parties.people_of(i, None)}
        journeys = [c for cs in made.values() for c in cs if c.kind == "visit"] or [
            e for e in self.latest if e.kind == "visit" and (self.follows(e) or e.in_role("visitor") & named)]
        for event in journeys:
            lands = {event.place.country} if event.place else set()
            event.take_in(replace(p, role="host") for p in hosts if p.country in {*lands, None} and (
                p.entity not in event.in_role("visitor")))

    def greeted(self, match: Match, row: Sequence[Item], span: Span) -> bool:
        """Whether "A welcomed him" is said of the guest whose journey to A's country was told just before, where the
        pronoun would mean one of A's own people: the host of that journey."""
        if not match.rule.options.get("welcome") or row[match.slots["B"][0]].kind != "PRON_GEN":
            return False
        hosts = self.parties.members(match, row, "A")
        lands = {p.country for p in hosts}
        if {p.country for p in self.parties.members(match, row, "B")} - lands - {None}:
            return False
        for event in reversed(self.latest):
            if event.kind == "visit" and self.follows(event) and event.place and event.place.country in lands and (
                    not event.in_role("visitor") & {p.entity for p in hosts}):
                event.take_in((replace(p, role="host", side=None) for p in hosts), [span])
                return True
        return False

    def receives(self, c: Candidate, match: Match, row: Sequence[Item]) -> bool:
        """Whether a welcome only names the host of a journey told before (which then has that host): a word of
        welcome, or one at the airport; who receives a guest elsewhere meets him."""
        if not match.rule.options.get("welcome"):
            return False
        # Of another day than the one on which the sentence says that the guest came, it is a reception of its own.
        inside = row[match.start : match.slots["T"][0]]
        before, own = ({self.doc.times[i.index].value for i in part if i.kind == "TIME"} - {None}
                       for part in (row[: match.start], inside))
        if before and own - before:
            return False
        airport = self.lexicon.within(row, "AIRPORT", "CAMING") or any(
            t.norm in self.classes["AIRPORT"] for t in self.doc.tokens[row[0].first : row[-1].last])
        word = row[match.slots["T"][0]].norm
        c.welcome = airport or word in self.classes["WELCOME"]
        for event in reversed(self.latest):
            arrived = event.arrival and word in self.classes["GREETED"] and self.follows(event)
            if event.hosted_by(c):
                return c.welcome or arrived
        return False

    def retold(self, row: Sequence[Item], span: Span, status: Mapping[int, Match],
                made: Mapping[int, list[Candidate]], blocked: Mapping[int, Match]) -> None:
        """What is said to have become of an encounter told before: "but this journey could not take place"."""
        for at, match in sorted(status.items()):
            told = str(match.rule.options["status"])
            before = row[at - 1] if at else None
            points = before is not None and (before.kind in ("PRON_GEN", "PRON_NOM") or (
                not before.kind and before.norm in self.classes["THIS"]))
            word = self.lexicon.has(row[at], "TALKWORD")  # "of this thing": no talk
            if at in made or at in blocked or not points or word or told in ("held", "planned"):
                continue
            journey = row[at].norm in self.classes["VISIT"]
            event = next((e for e in reversed(self.latest) if (e.kind == "visit") == journey), None)
            if event is not None and event.status in (None, "planned"):
                event.status = told
                event.take_in((), [span])

    def called_off(self, row: Sequence[Item], span: Span) -> None:
        """A sentence that says of "it" that it was called off or put off tells of what the sentence before planned."""
        has = self.lexicon.has
        at = next((n for n, i in enumerate(row[:_OPENING]) if has(i, "IT")), None)
        clause = row[at + 1 :] if at is not None else ()
        end = next((n for n, i in enumerate(clause) if has(i, "STOP")), len(clause))
        told = next((_FELL[name] for i in clause[: min(end, _AT_ONCE)] for name in _FELL if has(i, name)), None)
        event = self.latest[-1] if self.latest else None
        if told and event is not None and event.status == "planned" and self.follows(event, 1) and (
                not self.lexicon.within(clause[:end], "NOT", "POSSIBLE", "IF")):
            event.status = told
            event.time = None if told == "postponed" else event.time  # a new day is told, if at all, elsewhere
            event.take_in((), [span])

    def _points(self, row: Sequence[Item], at: int) -> bool:
        """Whether a word for an encounter means the one that is spoken of: it opens the sentence or what somebody
        says, or "this" or "this time" stands before it."""
        return at <= 1 or self.lexicon.has(row[at - 1], "ACCORDING", "THAT", "INIT") or any(
            i.kind in ("PRON_NOM", "PRON_GEN") for i in row[max(0, at - 3) : at]) or (
            self.lexicon.within(row[max(0, at - 5) : at], "THIS"))

    def told_further(self, row: Sequence[Item], span: Span, blocked: Mapping[int, Match],
                      topics: Sequence[FoundTopic]) -> None:
        """A sentence that says where or when an encounter is and names nobody tells of the one told before, or,
        where it points at none, announces the gathering whose participants are told next."""
        at, finite = self.lexicon.first(row, "MEET", "TALK", "GATHERING"), True
        expected = at is not None and at in blocked and blocked[at].rule.id == _EXPECTED  # "talks are hoped to begin"
        if at is not None:
            finite = expected or self.lexicon.within(row[at + 1 : at + 2], "DID", "DOING") or self.lexicon.within(
                row, "HAPPENED", "WILLHAPPEN", "LASTING")
        sends = at is not None and not finite and self.lexicon.within(row, "FUTURE")  # "will send people to the talks"
        if at is None or not (finite or sends):  # "European leaders have met in P"
            at, finite = self.lexicon.first(row, "MET", "WILLMEET"), True
        if at is None or (at in blocked and not expected) or not (finite or sends):
            return
        named = {p.entity for i in row if i.kind in GROUPS for p in self.parties.people_of(i, None)}
        word = row[at].span.of(self.doc.text)
        spoken = self.lexicon.has(row[at], "TALK", "TALKWORD", "DISCUSS")
        talks = [e for e in reversed(self.latest) if e.kind in ("meeting", "multilateral") or (
            e.kind == "call" and spoken)]
        talks.sort(key=lambda e: e.trigger.of(self.doc.text) != word)
        event = next((e for e in talks if set(e.people()) <= named), None)
        event = event or self._undated(row, talks, named)
        pointing = event is not None or self._points(row, at)
        event = event or next(iter(talks), None)
        if (pointing or expected) and (event is None or not self.follows(event, _SPOKEN_OF)):
            return
        if expected and (not pointing or event is None or event.status != "planned"):
            return
        ends = (n for n in range(at + 1, len(row)) if not row[n].kind and row[n].norm in self.classes["STOP"])
        clause = row[: at + 2 if self.arguments.nominal(row, at) else next(ends, len(row) - 1) + 1]
        place = self.arguments.place(self.doc, clause, at, self.of_mention, topics)
        time = self.arguments.time(self.doc, clause, at, topics, status=event.status if pointing and event else None)
        if time is not None and time.grain not in ("day", "range"):
            time = None
        if place is None and time is None:
            return
        ahead = self.lexicon.within(row, "WILLHAPPEN", "WILLDO", "WILLMEET")
        told = Candidate("multilateral", "planned" if ahead else "held", "", row[at].span, [], span, "", place, time,
                         mentions=[span])
        dated = event.time if event is not None else None
        sharper = time is not None and dated is not None and within(time.value, dated)
        again = event is not None and time is not None and dated is not None and self.follows(event) and (
            sharper or dated.value == time.value)  # "the talks in P on Sunday"
        if sends and not sharper:
            return
        if not (pointing or again):
            self._told_before = told, frozenset(named)
        elif event is not None:
            if event.kind != "call":
                event.places.extend([place] if place else [])
                event.place = event.place or place
            event.time = time if again or sharper else event.time or time
            event.take_in((), [span])

    def _undated(self, row: Sequence[Item], talks: Sequence[Candidate], named: set[str]) -> Candidate | None:
        """The encounter told just before without a day of which a sentence that names one of its people tells again,
        not as something before it."""
        day = next((self.doc.times[i.index] for i in row if i.kind == "TIME"), None)
        before = self.arguments.background(row, 0) or self.arguments.earlier(row, len(row))
        if day is None or day.grain not in ("day", "range") or before:
            return None
        return next((e for e in talks if e.time is None and e.status == "held" and not (e.background or e.earlier)
                     and self.follows(e, _SPOKEN_OF if named & set(e.people()) else int(not named))), None)

    def announce(self, c: Candidate, row: Sequence[Item], at: int) -> None:
        """Give a gathering that is pointed at the place and time of its announcement, and the first encounter that
        is told behind one of which only the day was said that day."""
        if self._told_before is None:
            return
        told, named = self._told_before
        if c.kind == "multilateral" and self._points(row, at) and self.follows(told, _SPOKEN_OF):
            c.places.extend([told.place] if told.place else [])
            c.place, c.time = c.place or told.place, c.time or told.time
            c.take_in((), told.mentions)
        elif c.kind in SITTINGS and c.time is None and told.time and c.status == told.status == "planned":
            sides = {x for p in c.participants for x in (p.entity, p.country)}
            since = any(e.kind in SITTINGS and e.mentions[-1].start > told.sentence.start for e in self.latest)
            if self.follows(told, _ANNOUNCED) and not since and (not named or named & sides) and not (
                    c.background or c.earlier):
                c.time = told.time

    def share(self, made: Mapping[int, list[Candidate]]) -> None:
        """A gathering that somebody came for takes place where the same sentence says he came to."""
        goals = [c for cs in made.values() for c in cs if c.kind == "visit" and c.place]
        for c in (c for cs in made.values() for c in cs if c.kind == "multilateral"):
            for visit in goals:
                if visit.place and set(visit.people()) & set(c.people()) and (
                        self.arguments.says_more(visit.place, c.place)):
                    c.place = visit.place
        talks = [c for cs in made.values() for c in cs if c.kind in ("meeting", "call")]
        if talks:
            self.before, self.group = self.group, talks

    def revise(self) -> None:
        """What the whole text says: what no word calls held, and what is dated after the day of publication, is
        planned; those who spoke, and of whom no place is told but the reporter's at home, telephoned; a guest whose
        journey the story goes on about was welcomed on it; a joint commission is of two sides."""
        today = days(self.doc.published)[1] if self.doc.published else None
        for event in self.events:
            place, home = event.place, {p.country for p in event.participants}
            if event.spoke and (event.kind, event.status) == ("meeting", "held") and (
                    place is None or (place.basis != "stated" and place.country in home)):
                event.kind, event.place = "call", None
            if today and event.status is None and event.time and days(event.time.value)[0] > today:
                event.status = "planned"
            if self._of_two_sides(event):
                event.kind, event.occasion = "meeting", None
                event.participants = [replace(p, side=n) for n, p in enumerate(event.participants, 1)]
            if event.welcome and event.kind == "meeting" and self._on_journey(event):
                event.kind = "visit"
                event.participants = sorted((replace(p, side=None) for p in event.participants),
                                            key=lambda p: p.role == "host")

    def _of_two_sides(self, event: Candidate) -> bool:
        """Whether a gathering is one of a joint commission, of which only one man of each of the two sides is named."""
        if event.kind != "multilateral" or event.occasion is None or event.occasion.span is None or (
                len(event.participants) != 2 or len({p.country for p in event.participants} - {None}) != 2):
            return False
        before = [t for t in self.doc.tokens if t.span.stop <= event.occasion.span.start][-2:]  # "joint economic ..."
        return any(t.norm in self.classes["JOINT"] for t in before) and not any(
            m.span.overlaps(t.span) for m in self.doc.mentions for t in before)

    def _on_journey(self, welcome: Candidate) -> bool:
        """Whether the sentences behind a welcome in the host's country speak of the guest's journey, which no event
        is yet."""
        guests, lands = welcome.in_role("visitor"), {p.country for p in welcome.participants if p.role == "host"}
        at = self._numbers[welcome.sentence.start]
        ahead = self.doc.sentences[at : at + _SPOKEN_OF]
        other = any(e.kind == "visit" and e.in_role("visitor") & guests for e in self.events)
        told = {m for e in self.events if e.kind == "visit" for m in e.mentions}
        return not other and bool(guests) and welcome.place is not None and {welcome.place.country} == lands and any(
            t.norm in self.classes["VISIT"] for s in ahead if s.span not in told
            for t in self.doc.tokens[s.first : s.last])
