"""Events: rules over the rows of sentences, their sides made participants, their tellings merged.

For each trigger the best match of ``rules/events.toml`` makes a candidate; status rules, topics, place,
time and occasion are attached; candidates that tell of the same encounter become one event.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from .arguments import Arguments, FoundTopic
from .candidates import Candidate
from .codes import codes, setting
from .confidence import confidence
from .knowledge import KnowledgeBase
from .merging import days
from .parties import GROUPS, POINTING, Parties
from .patterns import Grammar, Item, Lexicon, Match
from .references import Resolver
from .slots import fill
from .types import Doc, Event, Participant, Place, Sentence, Span, Topic, When
from .views import KINDS, Fold, line

__all__ = ["Extractor", "Trace"]

_SPOKEN_OF: Final = 5  # sentences within which "this meeting" means one that was told or announced
_JUST_BEFORE = 3  # items before a journey named in passing among which its time may stand

MEMORY: Final = 100  # events of a document that a later sentence can go on about: cost stays linear in its length


@dataclass(frozen=True, slots=True)
class Trace:
    """What the rules saw in one sentence: for ``explain``."""

    span: Span
    line: str
    fired: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str, str], ...]


class Extractor:
    """The events step: ``extract(doc)`` gives the events in the order in which the text tells them."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon, resolver: Resolver) -> None:
        self.kb, self.lexicon, self.resolver = kb, lexicon, resolver
        self.grammar = Grammar("events", lexicon, KINDS)
        self.arguments = Arguments(kb, lexicon)
        self._triggers = self.grammar.words_of("T")
        c = lexicon.classes
        self.encounters = c["MEET"] | c["TALK"] | c["GATHERING"]
        self.taking_place = c["HAPPENED"] | c["WILLHAPPEN"] | c["LASTING"]

    def extract(self, doc: Doc) -> tuple[Event, ...]:
        """Events of a document whose references are resolved."""
        return _Extraction(self, doc).run()

    def trace(self, doc: Doc) -> tuple[Trace, ...]:
        """For each sentence the row and the rules that fired, and those that lost and to what."""
        return _Extraction(self, doc).trace()

    def topics(self, doc: Doc) -> tuple[Topic, ...]:
        """All topics that the topic rules find, whether or not an event takes them."""
        rows = (row for _, row in _Extraction(self, doc)._rows())
        return tuple(t for row in rows for found in self.arguments.topics(doc, row) for t in found.topics)


class _Extraction:
    """One document being read."""

    def __init__(self, extractor: Extractor, doc: Doc) -> None:
        self.x, self.doc, self.kb = extractor, doc, extractor.kb
        self.classes = extractor.lexicon.classes
        self.parties = Parties(doc, extractor.kb, extractor.lexicon)
        self.of_mention = self.parties.of_mention
        self.view = extractor.resolver.view(doc)
        self.events: list[Candidate] = []
        self.latest: deque[Candidate] = deque(maxlen=MEMORY)
        self.subject: list[Participant] = []
        self.first: list[Participant] = []
        self._slots: dict[int, Mapping[str, tuple[int, int]]] = {}
        self.group: list[Candidate] = []
        self._early: list[tuple[FoundTopic, Span]] = []  # topics told before any encounter, with their sentences
        self.announced: Candidate | None = None
        self.venues: dict[str, Place] = {}  # organisation -> where its gathering is
        self._at = 0

    def run(self) -> tuple[Event, ...]:
        for sentence, row in self._rows():
            self._sentence(sentence.span, sentence.zone, row)
            if venue := self.x.arguments.venue(self.doc, row, self.of_mention):
                self.venues.setdefault(*venue)
        for c in self.events:
            if c.place is None and c.kind in ("meeting", "multilateral") and c.occasion and c.occasion.id:
                c.place = self.venues.get(c.occasion.id)
        fill(self.doc, self.events, self.x.arguments)
        self._revised()
        return tuple(self._finish(c) for c in self.events)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Where a sentence begins -> its number."""
        return {s.span.start: n for n, s in enumerate(self.doc.sentences)}

    def _rows(self) -> Iterable[tuple[Sentence, list[Item]]]:
        folds = _longest(self.x.resolver.folds(self.doc))
        at = 0
        for sentence in self.doc.sentences:
            while at < len(folds) and folds[at].span.stop <= sentence.span.start:
                at += 1
            mine, ahead = [], at
            while ahead < len(folds) and folds[ahead].span.start < sentence.span.stop:
                mine.append(folds[ahead])
                ahead += 1
            yield sentence, self.view.row(sentence, mine)

    def trace(self) -> tuple[Trace, ...]:
        out: list[Trace] = []
        for sentence, row in self._rows():
            chosen, blocked, status, everything = self._matches(row)
            winners = [*chosen.values(), *status.values(), *blocked.values()]
            fired = [(m.rule.id, _words(self.doc, row, m)) for m in winners]
            lost: list[tuple[str, str, str]] = []
            for m in everything:
                at = m.slots["T"][0]
                if any(m is w for w in winners):
                    continue
                winner = blocked.get(at) or (status.get(at) if "status" in m.rule.options else chosen.get(at))
                lost.append((m.rule.id, _words(self.doc, row, m),
                             winner.rule.id if winner else "no participants"))
            out.append(Trace(sentence.span, line(row), tuple(fired), tuple(dict.fromkeys(lost))))
        return tuple(out)

    # -- one sentence -----------------------------------------------------------------------------

    def _matches(
        self, row: Sequence[Item]
    ) -> tuple[dict[int, Match], dict[int, Match], dict[int, Match], list[Match]]:
        chosen: dict[int, Match] = {}
        blocked: dict[int, Match] = {}
        status: dict[int, Match] = {}
        everything: list[Match] = []
        if all(i.kind or i.norm not in self.x._triggers for i in row):
            return chosen, blocked, status, everything
        for match in self.x.grammar.matches(row):
            everything.append(match)
            at = match.slots["T"][0]
            if match.rule.block:
                blocked.setdefault(at, match)
            elif "status" in match.rule.options:
                if at not in status or match.rule.priority > status[at].rule.priority:
                    status[at] = match
            elif self._enough(match, row):
                old = chosen.get(at)
                if old is None or _strength(match) > _strength(old):
                    chosen[at] = match
        for at in [at for at in chosen if at in blocked]:
            told = str(status[at].rule.options["status"]) if at in status else ""
            if told in blocked[at].rule.options.get("unless", ()):
                del blocked[at]
            else:
                del chosen[at]
        return chosen, blocked, status, everything

    def _enough(self, match: Match, row: Sequence[Item]) -> bool:
        """Whether the slots name as many as the rule asks for."""
        sides = {s: self.parties.members(match, row, s) for s in ("A", "B") if s in match.slots}
        if any(not members for members in sides.values()):
            return False
        if "B" not in sides and "A" in sides:
            return len({p.entity for p in sides["A"]}) >= int(match.rule.options.get("min", 1))
        if "A" in sides:
            return bool({p.entity for p in sides["A"]} ^ {p.entity for p in sides["B"]})
        return True

    def _sentence(self, span: Span, zone: str, row: list[Item]) -> None:
        self._at = span.start
        chosen, blocked, status, _ = self._matches(row)
        topics: list[FoundTopic] = []
        if self._talks(row):
            topics = self.x.arguments.topics(self.doc, row, told=bool(chosen) or self._goes_on(row))
        self._slots = {at: match.slots for at, match in chosen.items()}
        made: dict[int, list[Candidate]] = {}
        local_subject: list[Participant] = list(self.subject)
        subjects = self.parties.subjects(row)
        inner = self.parties.subjects(row, clauses=True) if chosen else []
        named = 0
        for at in sorted(chosen):
            match = chosen[at]
            self.parties.remember(row[named:at])
            named = at
            before = next((people for n, people in reversed(inner) if n < match.start), None)
            if before is None and self._nominal(row, at):
                before = next((people for n, people in inner if n > at), None)
            if match.rule.options.get("joins"):
                self._join(match, row, span)
                continue
            if match.rule.options.get("subject") != "here":
                before = before or self._hub(match, row) or self._lead(match, row, local_subject)
            before = before or []
            candidates = self._candidates(match, row, before, status.get(at), span, zone)
            for candidate in candidates:
                self._arguments(candidate, row, at, topics)
                self._announced(candidate, row, at)
                candidate.spoke = self._spoke(candidate, row[at])
            candidates = [d for c in candidates for d in self._on_each_day(c, row)]
            candidates = [g for c in candidates for v in self._travellers(c, row, at) for g in self._goals(v, row, at)]
            candidates = [c for c in candidates if not self._receives(c, match, row)]
            if candidates:
                made[at] = [self._add(c) for c in candidates]
        self.parties.remember(row[named:])
        self._invited(row, made)
        self._retold(row, span, status, made, blocked)
        if not made:
            self._told_further(row, span, blocked, topics)
        self._share(made)
        self._attach(topics, made, row, span, blocked)
        if subjects:
            self.first = self.first or subjects[0][1]
            self.subject = subjects[0][1] if len(subjects) == 1 else subjects[-1][1]

    def _revised(self) -> None:
        """What the whole text says: what no word calls held, and what is dated after the day of publication, is
        planned; those who spoke, and of whom no place is told but the reporter's at home, telephoned."""
        today = days(self.doc.published)[1] if self.doc.published else None
        for event in self.events:
            place, home = event.place, {p.country for p in event.participants}
            if event.spoke and (event.kind, event.status) == ("meeting", "held") and (
                    place is None or (place.basis != "stated" and place.country in home)):
                event.kind, event.place = "call", None
            told = event.status not in (None, "held") or not event.assumed
            if today and not told and event.time and days(event.time.value)[0] > today:
                event.status = "planned"

    def _hub(self, match: Match, row: Sequence[Item]) -> list[Participant]:
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

    def _join(self, match: Match, row: Sequence[Item], span: Span) -> None:
        """Who came along, or was there too, belongs to the last encounter of those whom he came with."""
        people = [*self.parties.members(match, row, "A"), *self.parties.members(match, row, "B")]
        if match.rule.options.get("instead"):
            self._lead_for(people, span)
            return
        leaders = {p.entity for p in self.parties.members(match, row, "W")} - {p.entity for p in people}
        journey = not any(not i.kind and i.norm in self.classes["MEET"] | self.classes["TALK"] for i in row)
        came = row[match.slots["T"][0]].norm in self.classes["CAME"]
        # Who came along belongs to the journey, where the text tells of one.
        latest = [*reversed(self.latest)]
        latest.sort(key=lambda e: came and e.kind != "visit")
        for event in latest:
            if leaders and not leaders & set(event.people()):
                continue
            if not leaders and journey and event.kind != "visit":
                continue
            side = next((p.side for p in event.participants if p.entity in leaders), None)
            role = "visitor" if event.kind == "visit" else "party"
            event.take_in((replace(p, role=role, side=side) for p in people), [span])
            return

    def _lead_for(self, people: Sequence[Participant], span: Span) -> None:
        """Who leads a country's delegation stands in the country's place in the last event that it is part of."""
        for land in dict.fromkeys(p.country for p in people if p.country):
            own = [p for p in people if p.country == land]
            for event in reversed(self.latest):
                at = next((n for n, q in enumerate(event.participants) if q.entity == land), None)
                if at is not None:
                    event.instead(at, own, span)
                    break

    def _invited(self, row: Sequence[Item], made: Mapping[int, list[Candidate]]) -> None:
        """Who invites is the host of the sentence's journeys, or of those told just before."""
        hosts = [p for at, item in enumerate(row[1:], 1) if not item.kind and item.norm in self.classes["ATINVITE"]
                 and row[at - 1].kind in ("PERSON", "ROLE") for p in self.parties.listed(row, at - 1)]
        if not hosts:
            return
        journeys = [c for cs in made.values() for c in cs if c.kind == "visit"] or [
            e for e in self.latest if e.kind == "visit" and self._follows(e)]
        for event in journeys:
            lands = {event.place.country} if event.place else set()
            event.take_in(replace(p, role="host") for p in hosts if p.country in lands)

    def _retold(self, row: Sequence[Item], span: Span, status: Mapping[int, Match],
                made: Mapping[int, list[Candidate]], blocked: Mapping[int, Match]) -> None:
        """What is said to have become of an encounter told before: "but this journey could not take place"."""
        for at, match in sorted(status.items()):
            told = str(match.rule.options["status"])
            before = row[at - 1] if at else None
            points = before is not None and (before.kind in ("PRON_GEN", "PRON_NOM") or (
                not before.kind and before.norm in self.classes["THIS"]))
            if at in made or at in blocked or not points or told in ("held", "planned"):
                continue
            journey = row[at].norm in self.classes["VISIT"]
            event = next((e for e in reversed(self.latest) if (e.kind == "visit") == journey), None)
            if event is not None and event.status in (None, "planned"):
                event.status = told
                event.take_in((), [span])

    def _receives(self, c: Candidate, match: Match, row: Sequence[Item]) -> bool:
        """Whether a welcome only names the host of a journey told before (which then has that host): a word of
        welcome, or one at the airport; who receives a guest elsewhere meets him."""
        if not match.rule.options.get("welcome"):
            return False
        airport = any(not i.kind and i.norm in self.classes["AIRPORT"] for i in row)
        c.welcome = airport or row[match.slots["T"][0]].norm in self.classes["WELCOME"]
        for event in reversed(self.latest):
            if event.hosted_by(c):
                return c.welcome
        return False

    def _welcomed(self, visit: Candidate) -> None:
        """A guest was welcomed before his journey is told of: the welcome becomes part of it."""
        for event in [e for e in self.latest if e.welcome]:
            if visit.hosted_by(event):
                self.events.remove(event)
                self.latest.remove(event)

    def _lead(self, match: Match, row: Sequence[Item], last: list[Participant]) -> list[Participant]:
        """Whom a dropped subject means: the subject spoken of last, or, where that one only appeared as the
        partner of the person whom the story began with, that person."""
        partners = {p.entity for p in self.parties.members(match, row, "B")}
        first = {p.entity for p in self.first}
        spoken = {p.entity for p in last}
        if not first or first & partners or first & spoken:
            return last
        met = any(first & set(e.people()) and spoken & set(e.people()) for e in self.latest)
        return self.first if met or not last else last

    def _share(self, made: Mapping[int, list[Candidate]]) -> None:
        """A gathering that somebody came for takes place where the same sentence says he came to."""
        goals = [c for cs in made.values() for c in cs if c.kind == "visit" and c.place]
        for c in (c for cs in made.values() for c in cs if c.kind == "multilateral" and c.place is None):
            for visit in goals:
                if set(visit.people()) & set(c.people()):
                    c.place = visit.place
        talks = [c for cs in made.values() for c in cs if c.kind in ("meeting", "call")]
        if talks:
            self.group = talks

    def _talks(self, row: Sequence[Item]) -> bool:
        return any(not i.kind and i.norm in self._talk_words for i in row)

    @cached_property
    def _talk_words(self) -> frozenset[str]:
        c = self.classes
        names = ("TALK", "MEET", "DISCUSS", "TALKWORD", "RAISED", "CENTRED", "SAIDOF", "ACCORD", "PUT", "AGENDA",
                 "TOPPED", "AROSE", "CONCERN", "SOUGHT", "PRAISE", "SHARED", "TOLDOF", "AWARE", "THOUGHTS")
        return frozenset().union(*(c[name] for name in names))

    # -- candidates -------------------------------------------------------------------------------

    def _candidates(self, match: Match, row: Sequence[Item], before: Sequence[Participant],
                    status: Match | None, span: Span, zone: str) -> list[Candidate]:
        """The candidates of a match: one, or one for each partner met apart."""
        options = match.rule.options
        first, second = self.parties.members(match, row, "A"), self.parties.members(match, row, "B")
        if not first and "subject" in options:
            roles = options.get("roles", {})
            first = [replace(self.parties.named(p), via=match.rule.id, side=1, role=roles.get("A", "party"))
                     for p in before]
        elif "A" in match.slots and row[match.slots["A"][0]].kind in POINTING:
            first = [self.parties.named(p) for p in first]
        if second and row[match.slots["B"][0]].kind in POINTING:
            second = [self.parties.named(p) for p in second]
        first += [replace(p, side=None) for p in self.parties.members(match, row, "M")]
        first += [replace(p, role="visitor") for p in self.parties.members(match, row, "C")]
        ids = {p.entity for p in first}
        second = [p for p in second if p.entity not in ids]
        if match.slots.get("B") and not second:
            return []
        kind = str(options.get("kind") or self._kind(row, match))
        at = match.slots["T"][0]
        trigger = row[at]
        told = str(status.rule.options["status"]) if status else None
        if kind == "meeting" and self._remote(trigger, [*first, *second]):
            kind = "call"
        nominal = self._nominal(row, at)
        verbless = zone == "title" and not any(
            not i.kind and i.norm in self.classes["VERBS"] for i in row[max(0, at - 2) :])
        if told is None and not nominal and not verbless:
            told = "held"
        countries = {p.country for p in first if p.country}
        if not second and kind == "meeting" and "M" not in match.slots and len(first) >= 3 and len(countries) >= 3:
            kind = "multilateral"
        needed = int(options.get("min", 2)) if not second else 1
        if len(first) < needed:
            return []
        groups = self.parties.apart(second, row, match) if second else [[]]
        calls_on = trigger.norm in self.classes["CALLON"]
        if len(groups) > 1 and not calls_on and self._sat_together([*first, *second]):
            groups = [second]
        out: list[Candidate] = []
        for group in groups:
            people = [*first, *group]
            parties = [p for p in people if p.role != "mediator"]
            if not second and len(parties) == 2 and kind in ("meeting", "call"):
                sides = {p.entity: n for n, p in enumerate(parties, 1)}
                people = [replace(p, side=sides.get(p.entity)) for p in people]
            if kind == "meeting" and len({p.country for p in group if p.country}) > 1 and "M" not in match.slots:
                kind = "multilateral"
            if kind in ("multilateral", "visit"):
                people = [replace(p, side=None) for p in people]
            out.append(Candidate(
                kind, told, match.rule.id, trigger.span, people, span, zone, mentions=[span],
                loose=nominal or (kind in ("visit", "multilateral") and told is None),
                tentative=status is not None and bool(status.rule.options.get("tentative")),
                passing=kind == "visit" and bool(options.get("passing")),
                arrival=bool(options.get("arrival")),
                vague=kind == "meeting" and any(
                    trigger.norm in self.classes[name] for name in ("TALK", "TALKWORD", "DISCUSS")),
                background=self.x.arguments.background(row, at), earlier=self.x.arguments.earlier(row, at),
                unsaid=status is None, assumed=told is None,
            ))
        return out

    def _sat_together(self, people: Sequence[Participant]) -> bool:
        """Whether a gathering of all of them, or of their countries, was told before."""
        return any({p.entity for p in people} <= {x for q in e.participants for x in (q.entity, q.country)} or
                   {p.country for p in people} <= {q.country for q in e.participants}
                   for e in self.latest if e.kind == "multilateral" and len(e.participants) > 2)

    def _kind(self, row: Sequence[Item], match: Match) -> str:
        at = match.slots["T"][0]
        near = [*row[match.start : at + 1], *([] if self._nominal(row, at) else row[at + 1 : match.stop + 3])]
        remote = self.classes["PHONE"] | self.classes["VIDEO"]
        return "call" if any(not i.kind and i.norm in remote for i in near) else "meeting"

    def _remote(self, trigger: Item, people: Sequence[Participant]) -> bool:
        """Whether a word for talk goes on about a telephone call told just before."""
        here = {p.entity for p in people}
        last = next((e for e in reversed(self.latest) if len(here & set(e.people())) > 1),
                    self.latest[-1] if self.latest else None)
        talk = self.classes["TALK"] | self.classes["TALKWORD"] | self.classes["DISCUSS"]
        return bool(last and last.kind == "call" and trigger.norm in talk and set(last.people()) & here)

    def _spoke(self, c: Candidate, trigger: Item) -> bool:
        """Whether people of two countries spoke, and nothing told so far says that they were at one place."""
        people = [p for p in c.participants if p.entity != p.country]
        apart = len(people) == len(c.participants) and None not in (lands := {p.country for p in people}) and (
            len(lands) == 2)
        if c.kind != "meeting" or trigger.norm not in self.classes["TALKWORD"] or not apart or c.place:
            return False
        return not any(set(e.people()) & set(c.people()) for e in self.latest if e.kind in ("visit", "multilateral"))

    def _nominal(self, row: Sequence[Item], at: int) -> bool:
        """Whether the trigger is told of, not told: 'during the talks', 'after the meeting'."""
        following = row[at + 1] if at + 1 < len(row) else None
        if following is None or following.kind:
            return False
        if following.norm in self.classes["NOMINAL"]:
            return True
        # Between nouns the genitive, at the end of a clause the verb: the same word.
        after = row[at + 2] if at + 2 < len(row) else None
        closing = self.classes["JOIN"] | self.classes["STOP"] | self.classes["FINITE"]
        ends = after is None or (not after.kind and after.norm in closing)
        return following.norm in self.classes["OF"] and not ends and row[at].norm in self.classes["VISIT"]

    # -- arguments and merging ---------------------------------------------------------------------

    def _arguments(self, c: Candidate, row: Sequence[Item], at: int, topics: Sequence[FoundTopic]) -> None:
        arguments = self.x.arguments
        first, last = self._reach(c, row, at)
        c.time = arguments.time(self.doc, row[first:last], at - first, topics, kind=c.kind, status=c.status)
        c.occasion = arguments.occasion(self.doc, row, self.of_mention) if c.kind in ("meeting", "call") else None
        slots = self._slots.get(at)
        if c.kind == "multilateral" and slots and "O" in slots:
            c.occasion = arguments.gathering(self.doc, row, slots["O"][0], at + 1, self.of_mention)
        if c.kind not in ("visit", "call"):
            c.place = arguments.place(self.doc, row, at, self.of_mention, topics)
            c.places = [c.place] if c.place else []

    def _points(self, row: Sequence[Item], at: int) -> bool:
        """Whether a word for an encounter means the one that is spoken of: it opens the sentence, or "this"
        stands before it."""
        return at <= 1 or any(i.kind in ("PRON_NOM", "PRON_GEN") or (not i.kind and i.norm in self.classes["THIS"])
                              for i in row[max(0, at - 3) : at])

    def _told_further(self, row: Sequence[Item], span: Span, blocked: Mapping[int, Match],
                      topics: Sequence[FoundTopic]) -> None:
        """A sentence that says where or when an encounter is and names nobody tells of the one told before, or,
        where it points at none, announces the gathering whose participants are told next."""
        norms = {i.norm for i in row}
        if norms.isdisjoint(self.x.encounters) or norms.isdisjoint(self.x.taking_place):
            return
        at = next(n for n, i in enumerate(row) if not i.kind and i.norm in self.x.encounters)
        if at in blocked:
            return
        named = {p.entity for i in row if i.kind in GROUPS for p in self.parties.people_of(i, None)}
        word = row[at].span.of(self.doc.text)
        talks = [e for e in reversed(self.latest) if e.kind in ("meeting", "multilateral")]
        talks.sort(key=lambda e: e.trigger.of(self.doc.text) != word)
        event = next((e for e in talks if set(e.people()) <= named), None)
        pointing = event is not None or self._points(row, at)
        event = event or next(iter(talks), None)
        if pointing and (event is None or not self._follows(event, _SPOKEN_OF)):
            return
        ends = (n for n in range(at + 1, len(row)) if not row[n].kind and row[n].norm in self.classes["STOP"])
        clause = row[: at + 2 if self._nominal(row, at) else next(ends, len(row) - 1) + 1]
        place = self.x.arguments.place(self.doc, clause, at, self.of_mention, topics)
        time = self.x.arguments.time(self.doc, clause, at, topics, status=event.status if pointing and event else None)
        if time is not None and time.grain not in ("day", "range"):
            time = None
        if place is None and time is None:
            return
        told = Candidate("multilateral", None, "", row[at].span, [], span, "", place, time, mentions=[span])
        if not pointing:
            self.announced = told
        elif event is not None:
            event.places.extend([place] if place else [])
            event.place, event.time = event.place or place, event.time or time
            event.take_in((), [span])

    def _announced(self, c: Candidate, row: Sequence[Item], at: int) -> None:
        """Give a gathering that is pointed at the place and time of its announcement."""
        told = self.announced
        if told is None or c.kind != "multilateral" or not self._points(row, at) or not self._follows(told, _SPOKEN_OF):
            return
        c.places.extend([told.place] if told.place else [])
        c.place, c.time = c.place or told.place, c.time or told.time
        c.take_in((), told.mentions)

    def _on_each_day(self, c: Candidate, row: Sequence[Item]) -> list[Candidate]:
        """An encounter on each of several days that are joined: "in February 2010 and July 2011"."""
        at = next((n for n, i in enumerate(row) if i.kind == "TIME" and c.time and i.span == c.time.span), None)
        if at is None or c.time is None or c.kind == "visit":
            return [c]
        out = [c]
        for step in (-2, 2):
            n = at + step
            while 0 <= n < len(row) and row[n].kind == "TIME" and self._joined(row[min(n, n - step) + 1]):
                time = self.doc.times[row[n].index]
                if time.value is None or time.grain != c.time.grain:
                    break
                when = When(time.value, time.grain, "stated", time.span.of(self.doc.text), time.span)
                out.append(replace(c, time=when, places=list(c.places), mentions=list(c.mentions),
                                   topics=list(c.topics)))
                n += step
        return sorted(out, key=lambda c: c.time.span.start if c.time and c.time.span else 0)

    def _joined(self, item: Item) -> bool:
        return not item.kind and item.norm in self.classes["JOIN"]

    def _reach(self, c: Candidate, row: Sequence[Item], at: int) -> tuple[int, int]:
        """The items among which a time of the candidate may stand: for a journey, what is told of it and what
        stands before, where it is only named in passing just before; behind it another event has its time."""
        if c.kind != "visit":
            return 0, len(row)
        slots = self._slots.get(at, {"T": (at, at + 1)}).values()
        first, last = min(a for a, _ in slots), self.x.arguments.journey_end(row, max(b for _, b in slots))
        return max(0, first - _JUST_BEFORE) if c.passing else 0, last

    def _goals(self, c: Candidate, row: Sequence[Item], at: int) -> list[Candidate]:
        """A journey for each of the countries that it leads to; none home, or to a building."""
        if c.kind != "visit":
            return [c]
        slot = self._slots.get(at, {}).get("G")
        if slot is None:
            return [c]
        out = []
        for item in self._listed(row, *slot):
            place, known = self._goal(item), None
            if item.kind and (entity := self.of_mention.get(item.index)):
                known = self.kb.entry(entity.id)
            home = place is not None and place.country is not None and all(
                p.country == place.country for p in c.participants if p.role != "host")
            if not home and not (known is not None and known.city):
                out.append(replace(c, place=place, places=[place] if place else [], mentions=list(c.mentions),
                                   participants=list(c.participants), topics=list(c.topics)))
        return out

    def _travellers(self, c: Candidate, row: Sequence[Item], at: int) -> list[Candidate]:
        """A journey for the travellers of each country: they do not come together, unless a list before the verb
        names them."""
        lands = list(dict.fromkeys(p.country for p in c.participants if p.role == "visitor" and p.country))
        first, last = self._slots.get(at, {}).get("A", (at, at))
        named = first < at and all(i.kind in ("PERSON", "ROLE") for i in row[first:last] if i.kind)
        if c.kind != "visit" or len(lands) < 2 or named:
            return [c]
        return [replace(c, participants=[p for p in c.participants if p.role != "visitor" or p.country in (land, None)],
                        mentions=list(c.mentions), topics=list(c.topics), places=list(c.places)) for land in lands]

    def _listed(self, row: Sequence[Item], first: int, last: int) -> list[Item]:
        """The goals in a slot and those of the same kind joined before it."""
        items = [i for i in row[first:last] if i.kind or i.norm in self.classes["HERE"]]
        kinds = ("COUNTRY", "PLACE")
        while (first >= 2 and not row[first - 1].kind and row[first - 1].norm in self.classes["JOIN"]
               and row[first - 2].kind in kinds and items[0].kind in kinds):
            first -= 2
            items.insert(0, row[first])
        return items

    def _goal(self, item: Item) -> Place | None:
        if item.kind:
            return self.x.arguments.place_of(self.doc, self.of_mention.get(item.index), item.span)
        return self.x.arguments.dateline(self.doc, item.span)

    def _attach(self, topics: Sequence[FoundTopic], made: Mapping[int, list[Candidate]], row: Sequence[Item],
                span: Span, blocked: Mapping[int, Match]) -> None:
        """Give each topic to the event of its trigger, else of the nearest trigger, else to the last event."""
        first = next((c for cs in made.values() for c in cs if c.kind in ("meeting", "call", "multilateral")), None)
        if first is not None:
            for found, told in self._early:
                if first.loose and self._numbers[span.start] - self._numbers[told.start] <= 2:
                    first.topics.extend(found.topics)
                    first.take_in((), [told])
            self._early = []
        for found in topics:
            talks = {at: cs for at, cs in made.items() if cs[0].kind in ("meeting", "call", "multilateral")
                     and not any(t.span.covers(row[at].span) for t in found.topics)}
            if found.trigger in blocked and not talks and not self._told_of(row, but=found.trigger):
                continue
            owners = talks.get(found.trigger) or (talks[min(talks, key=lambda at: abs(at - found.trigger))]
                                                  if talks else None)
            if owners is None:
                owner = self._owner(row, [t.span for f in topics for t in f.topics])
                owners = [owner] if owner else []
                if owner is None and not self.latest and self._told_of(row):
                    self._early.append((found, span))
                if owner in self.group and not any(i.kind == "BOTH" for i in row):
                    owners = self.group
                for o in owners:
                    if span not in o.mentions:
                        o.mentions.append(span)
            for owner in owners:
                known = {t.text for t in owner.topics}
                owner.topics.extend(t for t in found.topics if t.text not in known)

    def _owner(self, row: Sequence[Item], inside: Sequence[Span] = ()) -> Candidate | None:
        """The event that a sentence without one of its own goes on about; ``inside`` are its topics."""
        talks = [e for e in self.latest if e.kind in ("meeting", "call")] or [
            e for e in self.latest if e.kind == "multilateral"]
        if not talks:
            return None
        talks.sort(key=lambda e: (not e.welcome, self._told_last(e)))  # a welcome is no talk
        last = talks[-1]
        both = [i for i in row if i.kind in ("BOTH", "BOTHLANDS") and not any(s.covers(i.span) for s in inside)]
        if both:
            pair = {p.entity for p in self.parties.people_of(both[0], None)}
            return next((e for e in reversed(talks) if pair and pair <= set(e.people())), last)
        subjects = {p.entity for n, people in self.parties.subjects(row) for p in people
                    if not any(s.covers(row[n].span) for s in inside)}
        here = subjects or {p.entity for i in row if i.kind == "PERSON" and not any(s.covers(i.span) for s in inside)
                            for p in self.parties.people_of(i, None)}
        for event in reversed(talks):
            if here & set(event.people()):
                return event
        if here:
            return None
        return last if self._told_of(row) or self._follows(last) else None

    def _goes_on(self, row: Sequence[Item]) -> bool:
        """Whether a sentence soon after one that tells of talk has two of those who talked, or one for subject."""
        number, here = self._numbers[self._at], None
        for event in reversed(self.latest):
            told = self._told_last(event)
            if event.kind not in ("meeting", "call", "multilateral") or told < 0:
                continue
            if here is None:
                here = {p.entity for i in row if i.kind in ("PERSON", "ROLE") for p in self.parties.people_of(i, None)}
            if len(here & set(event.people())) > 1 and number - self._numbers[told] <= 5:
                return True
            if number - self._numbers[told] <= 2:
                return any(p.entity in event.people() for _, people in self.parties.subjects(row) for p in people)
        return False

    def _told_of(self, row: Sequence[Item], but: int = -1) -> bool:
        """Whether a sentence goes on about an encounter: 'meanwhile', 'on the agenda', 'in the talks';
        ``but`` is the place of a word that shall not count."""
        return any(not i.kind and i.norm in self.classes["INIT"] | self.classes["AGENDA"] for i in row) or any(
            not i.kind and i.norm in self.classes["MEET"] | self.classes["TALK"] and self._nominal(row, at)
            for at, i in enumerate(row) if at != but)

    def _told_last(self, event: Candidate) -> int:
        """Where the event was told last before the sentence being read: its beginning."""
        return next((m.start for m in reversed(event.mentions) if m.stop <= self._at), -1)

    def _follows(self, event: Candidate, within: int = 3) -> bool:
        """Whether the sentence being read is at most so many behind one that tells the event."""
        told = self._told_last(event)
        return told >= 0 and self._numbers[self._at] - self._numbers[told] <= within

    def _add(self, c: Candidate) -> Candidate:
        """Merge a candidate into an event that it can be a telling of, or make it an event."""
        for event in reversed(self.latest):
            if event.same_encounter(c):
                event.merge(c)
                return event
        if c.kind == "visit":
            self._welcomed(c)
        self.events.append(c)
        self.latest.append(c)
        return c

    def _finish(self, c: Candidate) -> Event:
        doc, place = self.doc, c.place
        status = c.status or "held"
        cameo, plover = codes(c.kind, status, setting(
            [(p.role, p.country) for p in c.participants], place.country if place else None))
        people = ",".join(sorted(c.people()))
        key = "|".join((doc.id, c.kind, status, people, c.time.value if c.time else "", str(c.trigger.start)))
        event = Event(
            id=hashlib.sha256(key.encode()).hexdigest()[:12], kind=c.kind, status=status, trigger=c.trigger,
            trigger_text=c.trigger.of(doc.text), participants=tuple(c.participants), place=place, time=c.time,
            topics=self._topics(c), occasion=c.occasion,
            mentions=tuple(sorted(c.mentions)), rule=c.rule, confidence=1.0,
            cameo=cameo, plover=plover,
        )
        return replace(event, confidence=confidence(event))

    def _topics(self, c: Candidate) -> tuple[Topic, ...]:
        """The topics in the order of the text; the headline's only where the story names none."""
        titles = [z.span for z in self.doc.zones if z.kind == "title"]
        told = [t for t in c.topics if not any(z.covers(t.span) for z in titles)]
        return tuple(sorted(told or c.topics, key=lambda t: t.span))


def _strength(match: Match) -> tuple[int, int, int]:
    return match.rule.priority, len(match.slots), match.start - match.stop


def _longest(folds: Sequence[Fold]) -> list[Fold]:
    """The folds without those that lie inside another."""
    out: list[Fold] = []
    for fold in sorted(folds, key=lambda f: (f.span.start, -f.span.stop)):
        if not out or not out[-1].span.overlaps(fold.span):
            out.append(fold)
    return out


def _words(doc: Doc, row: Sequence[Item], match: Match) -> str:
    return doc.text[row[match.start].span.start : row[match.stop - 1].span.stop]
