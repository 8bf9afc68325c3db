"""Events: rules over the rows of sentences, their sides made participants, their tellings merged.

For each trigger the best match of ``rules/events.toml`` makes a candidate; status rules, topics, place,
time and occasion are attached; candidates that tell of the same encounter become one event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .agenda import Agenda
from .arguments import Arguments, FoundTopic
from .candidates import SITTINGS, Candidate
from .codes import codes, setting
from .confidence import confidence
from .gatherings import Gatherings
from .journeys import Journeys
from .knowledge import KnowledgeBase
from .merging import inside
from .outlines import Outlines
from .parties import POINTING, Parties
from .patterns import Grammar, Item, Lexicon, Match
from .records import replace
from .references import Resolver
from .rows import plain
from .sieve import Sieve
from .slots import fill
from .story import Story
from .timing import Timing
from .types import Doc, Event, Participant, Place, Sentence, Span, Topic, When
from .views import KINDS, Fold, line

__all__ = ["Extractor", "Trace"]

#: Classes of words that tell of talk: a sentence without one has no topics.
_TALKING: Final = ("TALK", "MEET", "DISCUSS", "TALKWORD", "RAISED", "CENTRED", "SAIDOF", "ACCORD", "PUT", "AGENDA",
                   "TOPPED", "AROSE", "CONCERN", "SOUGHT", "PRAISE", "SHARED", "TOLDOF", "AWARE", "THOUGHTS",
                   "REVIEW", "STRESS", "UNDERLINED", "ISSUE", "AIM", "WORRIED")
_JUST_BEFORE: Final = 3  # items before a trigger that still say how it was
_BESIDE: Final = 3  # one behind the last item after a trigger that may say "besides"


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
        self.talking = lexicon.words(*_TALKING)
        #: The offices of those who only tell of others, as they are written.
        self.tellers = frozenset(kb.office_name(office) for office in resolver.tellers)
        self.ranks = frozenset(kb.office_name(office) for office in resolver.ranks)
        #: The offices of those who meet people for the state, however they are written.
        self.states = frozenset(form for office in resolver.states for form in kb.offices.get(office, ()))

    def extract(self, doc: Doc) -> tuple[Event, ...]:
        """Events of a document whose references are resolved."""
        try:
            return _Extraction(self, doc).run()
        finally:
            self.resolver.forget(doc)

    def trace(self, doc: Doc) -> tuple[Trace, ...]:
        """For each sentence the row and the rules that fired, and those that lost and to what."""
        try:
            return _Extraction(self, doc).trace()
        finally:
            self.resolver.forget(doc)

    def topics(self, doc: Doc) -> tuple[Topic, ...]:
        """All topics that the topic rules find, whether or not an event takes them."""
        rows = (row for _, row in _Extraction(self, doc)._rows())
        return tuple(t for row in rows for found in self.arguments.topics(doc, row) for t in found.topics)


class _Extraction:
    """One document being read."""

    def __init__(self, extractor: Extractor, doc: Doc) -> None:
        self.x, self.doc, self.kb = extractor, doc, extractor.kb
        self.classes = extractor.lexicon.classes
        self.parties = Parties(doc, extractor.kb, extractor.lexicon, extractor.tellers, extractor.resolver.home,
                               extractor.resolver.forces)
        self.of_mention = self.parties.of_mention
        self.view = extractor.resolver.view(doc)
        self.story = Story(doc, self.parties, extractor.arguments, extractor.lexicon)
        self.agenda = Agenda(self.story)
        self.journeys = Journeys(doc, extractor.kb, self.parties, extractor.arguments, extractor.lexicon)
        self.gatherings = Gatherings(doc, self.parties, extractor.arguments, extractor.lexicon)
        self.outlines = Outlines(doc, self.parties, extractor.arguments, extractor.lexicon)
        self.timing = Timing(doc, self.story, extractor.arguments, extractor.lexicon)
        self._slots: dict[int, Mapping[str, tuple[int, int]]] = {}
        self.venues: dict[str, tuple[Place, When | None]] = {}  # organisation -> where, when its gathering is
        self.coming: dict[str, When] = {}  # organisation -> when its gathering will be

    def run(self) -> tuple[Event, ...]:
        for sentence, row in self._rows():
            self._sentence(sentence.span, sentence.zone, row)
            if venue := self.x.arguments.venue(self.doc, row, self.of_mention):
                self.venues.setdefault(venue[0], venue[1:])
            if coming := self.x.arguments.gathering_day(self.doc, row, self.of_mention):
                self.coming.setdefault(*coming)
        self._at_gatherings()
        fill(self.doc, self.story.events, self.x.arguments)
        self.agenda.lone()
        self.story.revise()
        sieve = Sieve(self.doc, self.parties, self.x.arguments, self.x.lexicon,
                      ranks=self.x.ranks, states=self.x.states, routine=self.x.resolver.routine)
        return tuple(self._finish(c) for c in self.story.events if not sieve.drops(c))

    def _at_gatherings(self) -> None:
        """Give gatherings and meetings on their sidelines the place of the gathering, what is planned its days too."""
        for c in self.story.events:
            if c.kind == "multilateral" and c.place and c.occasion and c.occasion.id and not c.earlier:
                place = next((p for p in c.places if self.x.arguments.is_city(p)), c.place)
                old = self.venues.get(c.occasion.id)
                if old is None or (not self.x.arguments.is_city(old[0]) and place.country == old[0].country):
                    self.venues[c.occasion.id] = replace(place, basis="event"), c.time or (old[1] if old else None)
        for c in self.story.events:
            if c.kind == "multilateral" and c.status == "planned" and c.occasion and c.occasion.id:
                coming = self.coming.get(c.occasion.id)
                during = c.time is None or (coming and c.time.grain != "day" and inside(coming.value, c.time))
                c.time = coming if coming and during else c.time
            if c.kind not in ("meeting", "multilateral") or not c.occasion or c.occasion.id not in self.venues:
                continue
            place, time = self.venues[c.occasion.id]
            if c.place is None or (not c.background and self.x.arguments.says_more(place, c.place)):
                c.place = place
            if c.time is None and time and c.status == "planned" and time.grain in ("day", "range"):
                c.time = time if c.kind == "multilateral" else replace(time, basis="assumed")

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
            yield sentence, plain(self.view.row(sentence, mine), self.x.lexicon)

    def trace(self) -> tuple[Trace, ...]:
        out: list[Trace] = []
        for sentence, row in self._rows():
            self.story.at = sentence.span.start
            chosen, blocked, status, everything = self._matches(row)
            self.gatherings.note(row, self.story.number, talks=any(
                m.rule.options.get("kind") != "visit" for m in chosen.values()))
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
        if self.x._triggers.isdisjoint([i.norm for i in row]):
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
            told = {str(status[at].rule.options["status"]), status[at].rule.id.split("/")[1]} if at in status else set()
            if told.intersection(blocked[at].rule.options.get("unless", ())):
                del blocked[at]
            else:
                del chosen[at]
        return chosen, blocked, status, everything

    def _enough(self, match: Match, row: Sequence[Item]) -> bool:
        """Whether the slots name as many as the rule asks for."""
        sides = {s: self.parties.members(match, row, s) for s in ("A", "B") if s in match.slots}
        if any(not members for members in sides.values()):
            return False
        if match.rule.options.get("told") and not self.gatherings.spoken_of(self.story.number):
            return False
        if self._told_by_teller(match, row, sides.get("A", [])):
            return False
        if match.rule.options.get("compatriots") and {p.country for p in sides["A"]} != {
                p.country for p in self.parties.members(match, row, "W")}:
            return False
        if "B" not in sides and "A" in sides:
            if match.rule.options.get("foreign") and len({p.country for p in sides["A"]}) < 2:
                return False
            return len({p.entity for p in sides["A"]}) >= int(match.rule.options.get("min", 1))
        if "A" in sides:
            one, other = sides["A"], sides["B"]
            if match.rule.options.get("foreign") and {p.country for p in one} & {p.country for p in other}:
                return False  # "the envoy of A": no meeting of A with its envoy
            if match.rule.options.get("own") and not {p.country for p in one} & {p.entity for p in other}:
                return False  # a sitting of other countries
            if {p.entity for p in other} <= {p.country for p in one}:
                return False  # a leader and the people of his own country
            return bool({p.entity for p in one} ^ {p.entity for p in other})
        return True

    def _sides(self, match: Match, row: Sequence[Item]) -> list[Participant]:
        """The sides of an encounter that is only wished for or may be: of those that a rule names."""
        if match.rule.block or "status" in match.rule.options or match.rule.options.get("kind", "meeting") != "meeting":
            return []
        people = [p for side in ("A", "B") for p in self.parties.members(match, row, side)]
        return people if not match.rule.options.get("joins") and self._enough(match, row) else []

    def _says_of(self, row: Sequence[Item], at: int, match: Match) -> bool:
        """Whether the subject at ``at`` only says what a match tells of somebody else, who is named between: "A said
        that B's talks with C would become talks with D"."""
        said = next((n for n in range(at + 1, match.start) if self.x.lexicon.has(row[n], "THAT")), None)
        return said is not None and self.x.lexicon.within(row[at + 1 : said], "SAY") and any(
            i.kind == "PERSON" for i in row[said : match.start])

    def _told_by_teller(self, match: Match, row: Sequence[Item], people: Sequence[Participant]) -> bool:
        """Whether those on the first side only tell of the encounter: "the spokesman wrote that ..."."""
        if not people or any(p.office not in self.x.tellers for p in people):
            return False
        return self.x.lexicon.within(row[match.slots["A"][1] : match.slots["T"][0]], "SAY")

    def _sentence(self, span: Span, zone: str, row: list[Item]) -> None:
        self.story.at = span.start
        self.x.lexicon.look(row)
        chosen, blocked, status, everything = self._matches(row)
        topics: list[FoundTopic] = []
        if not self.x.talking.isdisjoint([i.norm for i in row]):
            topics = self.x.arguments.topics(self.doc, row, told=bool(chosen) or self.agenda.goes_on(row))
        self._slots = {at: match.slots for at, match in chosen.items()}
        made: dict[int, list[Candidate]] = {}
        local_subject: list[Participant] = list(self.story.subject)
        subjects = self.parties.subjects(row)
        inner = self.parties.subjects(row, clauses=True) if chosen else []
        named = 0
        for at in sorted(chosen):
            match = chosen[at]
            self.parties.remember(row[named:at])
            named = at
            spoke, before = next((s for s in reversed(inner) if s[0] < match.start), (-1, None))
            if before and "A" not in match.slots and self._says_of(row, spoke, match):
                continue
            if before is None and self.x.arguments.nominal(row, at):
                before = next((people for n, people in inner if n > at), None)
            if match.rule.options.get("joins"):
                self.story.join(match, row, span)
                continue
            if self.story.greeted(match, row, span):
                continue
            if match.rule.options.get("subject") == "pair":
                before = self._pair_of(made) or self.story.pair()
            elif match.rule.options.get("subject") != "here":
                before = before or self.story.hub(match, row) or self.story.lead(match, row, local_subject)
            before = [p for p in before or [] if p.office not in self.x.tellers]
            candidates = self._candidates(match, row, before, status.get(at), span, zone)
            for candidate in candidates:
                told = bool(match.rule.options.get("told"))
                self._arguments(candidate, row, at, topics, told=told)
                candidate.another = candidate.another and (candidate.time or candidate.place) is not None
                self.story.announce(candidate, row, 0 if told else at)
                if candidate.apart is None:
                    self.outlines.said_there(candidate, row, self.story.number)
                    self.outlines.fill(candidate, self.story.number)
                candidate.spoke = "kind" not in match.rule.options and self.story.spoke(candidate, row[at])
            candidates = [d for c in candidates for d in self.timing.on_each_day(c, row)]
            candidates = [g for c in candidates for v in self.journeys.by_traveller(c, row, match.slots, at)
                          for g in self.journeys.by_goal(v, row, match.slots)]
            if match.rule.options.get("goal"):
                candidates = [g for c in candidates for g in self.journeys.untold(c, self.story.events)]
            candidates = [g for c in candidates for g in self.gatherings.each(c, row, match.slots)]
            candidates = [c for c in candidates if not self.story.receives(c, match, row)]
            candidates = [c for c in candidates if not self.story.same_gathering(c, row, at)]
            if match.rule.options.get("awaits"):
                guessed = [e for c in candidates if (e := self.story.awaits(c, before))]
                if guessed:
                    made[at] = guessed
                continue
            if candidates:
                made[at] = [self.story.add(c) for c in candidates]
        self._besides(row, made)
        self.parties.remember(row[named:])
        self.story.talked([c.participants for cs in made.values() for c in cs if c.kind in SITTINGS] or [
            people for m in everything if m.slots["T"][0] in blocked and (people := self._sides(m, row))])
        self.story.invited(row, made)
        self.story.retold(row, span, status, made, blocked)
        if not made:
            self.story.called_off(row, span)
            self.story.told_further(row, span, blocked, topics)
            self.outlines.note(row, self.story.number, topics)
            self.outlines.new_day(row, self.story.latest, self.story.number)
        self.outlines.stay(row, self.story.latest)
        self.outlines.spell(row, [*reversed(self.story.latest)], self.story.number)
        self.outlines.during(row, self.story.latest, self.story.number)
        self.timing.on_a_later_day(row)
        self.story.share(made)
        self.gatherings.note(row, self.story.number, talks=any(c.kind != "visit" for cs in made.values() for c in cs))
        main = {at: cs for at, cs in made.items() if not chosen[at].rule.options.get("aside")}
        self.agenda.attach(topics, main, row, span, blocked)
        if subjects:
            self.story.first = self.story.first or subjects[0][1]
            self.story.subject = subjects[0][1] if len(subjects) == 1 else subjects[-1][1]

    def _besides(self, row: Sequence[Item], made: Mapping[int, list[Candidate]]) -> None:
        """"Besides talks with A he will meet B": of the one what the sentence says of the other."""
        told = {at: cs[0].status for at, cs in made.items()}
        for at, cs in made.items():
            after = next((told[n] for n in sorted(told) if n > at), None)
            if self.x.lexicon.within(row[at + 1 : at + _BESIDE], "BESIDES"):
                for c in cs:
                    c.status = c.status or after

    @staticmethod
    def _pair_of(made: Mapping[int, list[Candidate]]) -> list[Participant]:
        """The sides of the only encounter that the sentence has told so far."""
        told = [c for cs in made.values() for c in cs if c.kind in SITTINGS]
        return [*told[0].participants] if len(told) == 1 else []

    # -- candidates -------------------------------------------------------------------------------

    def _candidates(self, match: Match, row: Sequence[Item], before: Sequence[Participant],
                    status: Match | None, span: Span, zone: str) -> list[Candidate]:
        """The candidates of a match: one, or one for each partner met apart."""
        options = match.rule.options
        first, second = self.parties.members(match, row, "A"), self.parties.members(match, row, "B")
        if not first and "subject" in options:
            roles = options.get("roles", {})
            if "X" in match.slots:
                before = self._of_their_land(before, self.parties.members(match, row, "X"))
            first = [replace(self.parties.named(p), via=match.rule.id, side=1, role=roles.get("A", "party"))
                     for p in before]
        elif "A" in match.slots and row[match.slots["A"][0]].kind in POINTING:
            first = [self.parties.named(p) for p in self.story.whom_all_meet(first, match, row)]
        if second and row[match.slots["B"][0]].kind in POINTING:
            second = [self.parties.named(p) for p in second]
        first, second = _people_first(first), _people_first(second)
        first += [replace(p, side=None) for p in self.parties.members(match, row, "M")]
        first += [replace(p, role="visitor") for p in self.parties.members(match, row, "C")]
        ids = {p.entity for p in first}
        own = {p.country for p in first}
        second = [p for p in second if p.entity not in ids]
        second = [p for p in second if p.entity not in own] or second  # "the summit of A and B": of his land and B
        if match.slots.get("B") and not second:
            return []
        kind = str(options.get("kind") or self._kind(row, match))
        at = match.slots["T"][0]
        trigger = row[at]
        told = str(status.rule.options["status"]) if status else None
        if kind == "meeting" and self.story.remote(trigger, [*first, *second]):
            kind = "call"
        nominal = self.x.arguments.nominal(row, at)
        noun = kind != "visit" and self.x.lexicon.has(trigger, "MEET", "TALK")
        ends = noun and (at + 1 == len(row) or (at + 2 == len(row) and not row[-1].kind))
        # Behind a name the word for "did" is the genitive.
        near = [i for n, i in enumerate(row) if n >= at - 2 and not (
            n < at and row[n - 1].kind and i.norm in self.classes["OF"])]
        verbless = (zone == "title" or ends) and not self.x.lexicon.within(near, "VERBS")
        # "Is their third meeting": which may have been told as one to come.
        is_one = noun and self.x.lexicon.within(row[at + 1 : at + 2], "IS")
        # "Is making a journey": one that is under way, or one that is near.
        soon = kind == "visit" and self.x.lexicon.within(row[at + 1 : at + 2], "ONGOING")
        if told is None and not nominal and not verbless and not soon and not is_one:
            told = "held"
        countries = {p.country for p in first if p.country}
        remote = kind == "call"
        if not second and kind in ("meeting", "call") and "M" not in match.slots and len(first) >= 3 and (
                len(countries) >= 3):
            kind = "multilateral"
        needed = int(options.get("min", 2)) if not second else 1
        if len(first) < needed:
            return []
        programme = told == "planned" and len(first) == 1
        groups = self.parties.apart(second, row, match, programme=programme) if second else [[]]
        calls_on = trigger.norm in self.classes["CALLON"]
        apart = calls_on or self.x.lexicon.within(row[match.start : match.stop], "BILATERAL", "SEPARATE")
        if len(groups) > 1 and not apart and self.story.sat_together([*first, *second]):
            groups = [second]
        arrival = bool(options.get("arrival")) or (kind == "visit" and self._arrives(row, at))
        came = arrival and self.x.arguments.ends_clause(self.doc, trigger.span)
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
                arrival=arrival, came=came, on_it=kind == "visit" and self._on_it(row, at),
                vague=kind == "meeting" and any(
                    trigger.norm in self.classes[name] for name in ("TALK", "TALKWORD", "DISCUSS")),
                background=self.x.arguments.background(row, at), earlier=self.x.arguments.earlier(row, at),
                unsaid=status is None, remote=remote,
                this=at > 0 and any(self.x.lexicon.has(i, "THIS") for i in row[max(0, at - 2) : at]),
                another=bool(options.get("another")) or self.x.lexicon.within(row[max(0, at - 3) : at], "PREVIOUS") or (
                    kind == "visit" and self._of_old(row, at)),
            ))
        return out

    def _arrives(self, row: Sequence[Item], at: int) -> bool:
        """Whether a clause ends with somebody having come on a journey: "came to G on a visit"."""
        has = self.x.lexicon.has
        return any(has(one, "ON") for one in row[at + 1 : at + 2]) and any(
            has(one, "ARRIVED") and (has(other, "STOP", "IS") or other is one)
            for one, other in zip(row[at + 2 : at + 5], [*row[at + 3 : at + 6], row[-1]], strict=False))

    def _on_it(self, row: Sequence[Item], at: int) -> bool:
        """Whether those who travel are said to be, or to have gone, on the journey, "A is on a visit to G": not where
        it lasts some days, or somebody "who came on it" does something, for then they may have come before; but where
        they arrive."""
        has = self.x.lexicon.has
        near = range(at + 2, min(at + 5, len(row)))
        verb = next((n for n in near if has(row[n], "CAME", "IS") and all(
            i.kind or has(i, "HERE") for i in row[at + 2 : n])), None)
        if verb is None or not has(row[at + 1], "ON"):
            return False
        perfect = any(has(i, "IS") for i in row[verb : verb + 2])
        return has(row[verb], "ARRIVED") or (perfect and not self.timing.reckoning.lasts(row[:at]))

    def _of_their_land(self, before: Sequence[Participant], others: Sequence[Participant]) -> list[Participant]:
        """Those of whom "the first journey of any leader of X" speaks: of the subject, or else of those who met last,
        who are of that land."""
        lands = {p.country for p in others} - {None}
        if not lands or any(p.country in lands for p in before):
            return [*before]
        for event in reversed(self.story.latest):
            if people := [p for p in event.participants if p.country in lands and p.entity != p.country]:
                return people
        return [*before]

    def _of_old(self, row: Sequence[Item], at: int) -> bool:
        """Whether a journey is said to be one before: "the last time", "before that, in May"."""
        has = self.x.lexicon.has
        begin = next((n + 1 for n in range(at - 1, -1, -1) if has(row[n], "STOP")), 0)
        old = next((n for n in range(begin, at) if has(row[n], "LASTTIME", "EARLIER")), None)
        return old is not None and (has(row[old], "LASTTIME") or any(
            i.kind == "TIME" and self.doc.times[i.index].grain in ("month", "year") for i in row[old:at]))

    def _kind(self, row: Sequence[Item], match: Match) -> str:
        at = match.slots["T"][0]
        behind = [] if self.x.arguments.nominal(row, at) else row[at + 1 : match.stop + 3]
        near = [*row[max(0, min(match.start, at - _JUST_BEFORE)) : at + 1], *behind]
        return "call" if self.x.lexicon.within(near, "PHONE", "VIDEO") else "meeting"

    # -- arguments and merging ---------------------------------------------------------------------

    def _arguments(self, c: Candidate, row: Sequence[Item], at: int, topics: Sequence[FoundTopic], *,
                   told: bool = False) -> None:
        arguments, slots = self.x.arguments, self._slots.get(at)
        self.timing.give(c, row, at, slots, topics)
        c.occasion = arguments.occasion(self.doc, row, self.of_mention) if c.kind in ("meeting", "call") else None
        if c.kind == "multilateral":
            c.occasion = self.gatherings.told() if told else self.gatherings.of(row, slots, at)
        if c.kind not in ("visit", "call"):
            c.place = arguments.place(self.doc, row, at, self.of_mention, topics) or self._at_home(c, row)
            c.places = [c.place] if c.place else []

    def _at_home(self, c: Candidate, row: Sequence[Item]) -> Place | None:
        """The capital of him who receives a foreigner at his own residence."""
        has, lands = self.x.lexicon.has, {p.country for p in c.participants}
        for at, item in enumerate(row[:-2]) if self.x.lexicon.within(row, "RESIDENCE") else ():
            house = next((n for n in range(at + 1, min(at + 4, len(row) - 1)) if has(row[n], "RESIDENCE")), None)
            if has(item, "OWN") and house is not None and has(row[house + 1], "ON", "IN") and len(lands) > 1:
                land = c.participants[0].country
                capital = self.kb.entry(self.kb.capital_of(land) or "") if land else None
                span = Span(item.span.start, row[house].span.stop)
                return self.x.arguments.known(capital, span.of(self.doc.text), span, "assumed") if capital else None
        return None

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
            topics=self.agenda.of(c), occasion=c.occasion,
            mentions=tuple(sorted(c.mentions)), rule=c.rule, confidence=1.0,
            cameo=cameo, plover=plover,
        )
        return replace(event, confidence=confidence(event))


def _people_first(side: list[Participant]) -> list[Participant]:
    """A side without the countries of which it names people."""
    lands = {p.country for p in side if p.entity != p.country}
    return [p for p in side if p.entity != p.country or p.country not in lands]


def _strength(match: Match) -> tuple[int, int, int]:
    return match.rule.priority, len(match.slots), match.start - match.stop


def _longest(folds: Sequence[Fold]) -> list[Fold]:
    """The folds without those that lie inside another."""
    out: list[Fold] = []
    for one in sorted(folds, key=lambda f: (f.span.start, -f.span.stop)):
        if not out or not out[-1].span.overlaps(one.span):
            out.append(one)
    return out


def _words(doc: Doc, row: Sequence[Item], match: Match) -> str:
    return doc.text[row[match.start].span.start : row[match.stop - 1].span.stop]
