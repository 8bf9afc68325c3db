"""Which encounters the topics of a document belong to.

A sentence that tells of talks gives them its topics; the topics of the sentences around it go to the encounter that
they go on about, those told before any encounter wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .arguments import FoundTopic
from .candidates import SITTINGS, Candidate
from .parties import GROUPS
from .patterns import Item, Match
from .records import by_place
from .story import Story
from .text import phrase
from .types import Span, Topic

__all__ = ["Agenda"]

#: Classes of words that do not tell one topic from another.
_EMPTY: Final = ("QUANT", "TOPICHEAD", "ISSUE", "MEETADJ", "LEAD", "JOIN", "EDGE", "RELATION", "MUTUAL")
_SHORT: Final = 2  # letters of a word that is none of its own
_STEM: Final = 4  # letters that the cases of a word share
_VERB: Final = 4  # items behind a word for talk within which its verb stands
_JOURNEY: Final = 8  # sentences within which a journey is that of the encounters told
_WAITS: Final = 3  # sentences for which topics wait for their encounter


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Topics told before the encounter that they belong to, the sentence that tells them and the people named in it;
    ``opens``: it tells of talk outright before the text has told any encounter, as a headline does."""

    found: FoundTopic
    told: Span
    people: frozenset[str]
    opens: bool


class Agenda:
    """What the encounters of a story were about."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.parties, self.arguments, self.lexicon = story.parties, story.arguments, story.lexicon
        self._early: list[_Waiting] = []
        self._orphans: list[_Waiting] = []  # those that waited in vain

    def attach(self, topics: Sequence[FoundTopic], made: Mapping[int, list[Candidate]], row: Sequence[Item],
                span: Span, blocked: Mapping[int, Match]) -> None:
        """Give each topic to the event of its trigger, else of the nearest trigger, else to the last event."""
        self._claim([c for cs in made.values() for c in cs if c.kind in SITTINGS])
        for found in topics:
            talks = {at: cs for at, cs in made.items() if cs[0].kind in SITTINGS
                     and not any(t.span.covers(row[at].span) for t in found.topics)}
            if found.trigger in blocked and not talks and not self._of_known(row, found):
                continue
            told_as, over = self._told_as(row, found), list[Candidate]()
            if not talks and (journeys := self._journeys(row, found, made, told_as)):
                for journey in journeys:
                    journey.topics.extend(found.topics)
                    journey.take_in((), [span])
            if found.trigger not in talks and told_as == "planned":  # "after the talks they will discuss A"
                over = [c for at, cs in talks.items() for c in cs
                        if self.lexicon.within(row[at + 1 : at + 3], "AFTER", "BEHIND")]
                talks = {at: cs for at, cs in talks.items() if not any(c in over for c in cs)}
            owners = talks.get(found.trigger) or (talks[min(talks, key=lambda at: (
                self.lexicon.within(row[at + 1 : at + 5], "AFTER", "BEHIND"),
                all(c.loose for c in talks[at]) and self.lexicon.within(row[at + 1 : at + 2], "OF"),
                abs(at - found.trigger)))] if talks else None)
            if owners is None:
                owner = self._owner(row, [t.span for f in topics for t in f.topics], told_as, over)
                owners = [owner] if owner else []
                if owner is None:
                    self._wait(found, row, span)
                if owner is not None:
                    owners = self._all_of(owner, row)
                for o in owners:
                    if span not in o.mentions:
                        o.mentions.append(span)
            elif any(i.kind == "PRON_SE" for i in row):  # "he talked with them of A"
                told = [*(cs for at, cs in made.items() if at < found.trigger), self.story.before]
                owners = next((cs for cs in told if owners[0] in cs), owners)
            for owner in owners:
                owner.topics.extend(found.topics)

    def _journeys(self, row: Sequence[Item], found: FoundTopic, made: Mapping[int, list[Candidate]],
                  told_as: str | None) -> list[Candidate]:
        """The journeys that talks without partners are told of: those of the sentence ("on his visit to G he will talk
        of A"), or the one just told, if it says what that is for."""
        free = [i for i in row if not any(t.span.covers(i.span) for t in found.topics)]
        if not self.lexicon.has(row[found.trigger], "MEET", "TALK", "DISCUSS", "TALKWORD") or (
                self.lexicon.within(free, "WITH", "LEADERS")):
            return []
        here = [c for cs in made.values() for c in cs if c.kind == "visit" and c.zone != "title"
                and (told_as is None or (told_as == "planned") == (c.status == "planned"))]
        if here or not any(self.lexicon.has(a, "VISIT") and self.lexicon.has(b, "OF") and self.lexicon.has(c, "AIM")
                           for a, b, c in zip(row, row[1:], row[2:], strict=False)):
            return here
        told = next((e for e in reversed(self.story.latest) if e.kind == "visit" and self.story.follows(e)), None)
        return [told] if told else []

    def _all_of(self, owner: Candidate, row: Sequence[Item]) -> list[Candidate]:
        """The encounters that a sentence without one of its own means if it means ``owner``: all that one sentence
        told together, or all of a journey, if it names nobody who was only in one."""
        named = {p.entity for i in row if i.kind == "PERSON" for p in self.parties.people_of(i, None)}
        named &= set(owner.people())
        if any(i.kind == "BOTH" and not self._of_lands(i) for i in row):
            return [owner]
        group = self.story.group
        if self.lexicon.within(row, "VISIT") and named <= set(owner.people()):  # "on this journey they will talk of A"
            hub = [p.entity for p in owner.participants[:1]]
            group = [e for e in self.story.latest if e.kind in SITTINGS and e.status == owner.status and hub == [
                p.entity for p in e.participants[:1]] and self.story.follows(e, _JOURNEY)]
        if owner in group:
            return [e for e in group if named <= set(e.people())]
        return [owner]

    def _of_lands(self, both: Item) -> bool:
        """Whether "the leaders of both countries" or "both sides" can be those of several encounters."""
        words = both.span.of(self.story.doc.text)
        return any(phrase(words).startswith(form) for name in ("BOTHLANDS", "BOTHSIDES")
                   for form in self.lexicon.classes[name])

    def _of_known(self, row: Sequence[Item], found: FoundTopic) -> bool:
        """Whether talks that the sentence only hopes for, proposes or asks for are those of an encounter told before:
        it goes on about that, or says what those who meet there may talk of."""
        if self.told_of(row, but=found.trigger) or any(self.lexicon.has(i, "POSSIBLE") for i in row[found.trigger :]):
            return True
        here = {p.entity for i in row if i.kind in GROUPS and not any(t.span.covers(i.span) for t in found.topics)
                for p in self.parties.people_of(i, None)}
        return any(len(here & set(e.people())) > 1 for e in self.story.latest if e.kind in SITTINGS)

    def _wait(self, found: FoundTopic, row: Sequence[Item], span: Span) -> None:
        """Keep topics that no encounter told so far was about for the next that those named here take part in."""
        people = {p.entity for i in row if i.kind in ("PERSON", "ROLE") and not any(
            t.span.covers(i.span) for t in found.topics) for p in self.parties.people_of(i, None)}
        people |= self.parties.subject_ids(row)
        if not people and self._early and self.told_of(row):
            people = set(self._early[-1].people)  # "in these talks": still those of the sentence before
        after = row[found.trigger + 1 : found.trigger + 3]
        outright = not self.lexicon.within(after[:1], "NOMINAL") and self.lexicon.within(
            after, "DID", "WILLDO", "HAPPENED", "WILLHAPPEN", "BEGUN")
        headline = any(z.kind == "title" and z.span.covers(span) for z in self.story.doc.zones)
        opens = (outright or headline) and not self.story.latest
        bare = outright and row[0].span.start >= found.topics[0].span.start  # "on A talked": who did is not said again
        bare = bare or self.lexicon.within(row, "AIM")  # "the aim of his journey is to talk of A"
        if people or opens or bare or (not self.story.latest and self.told_of(row)):
            self._early.append(_Waiting(found, span, frozenset(people), opens))

    def _claim(self, talks: Sequence[Candidate]) -> None:
        """Give topics that wait to the encounter that they were told before."""
        if not talks:
            return
        for w in self._early:
            # What one said to several of whom the text only tells next belongs to his encounter with each.
            shared = max((len(w.people & set(c.people())) for c in talks), default=0)
            owners = [c for c in talks if len(w.people & set(c.people())) == shared] if shared else (
                [] if w.people else talks[:1])
            late = self.story.since(w.told.start) > _WAITS
            if late or not (w.people or w.opens or talks[0].loose):
                owners = []
            for event in owners:
                event.topics.extend(w.found.topics)
                event.take_in((), [w.told])
            if not owners:
                self._orphans.append(w)
        self._early = []

    def lone(self) -> None:
        """Topics that no encounter took belong to the only one that the whole text tells, if it tells only one."""
        talks = [e for e in self.story.events if e.kind in SITTINGS]
        if len(talks) == 1:
            for w in self._orphans + self._early:
                if not w.people or w.people & set(talks[0].people()):
                    talks[0].topics.extend(w.found.topics)
                    talks[0].take_in((), [w.told])

    def _told_as(self, row: Sequence[Item], found: FoundTopic) -> str | None:
        """Whether the words behind the one for talk say that it was ("held") or will be ("planned")."""
        for item in row[found.trigger + 1 : found.trigger + _VERB]:
            if self.lexicon.has(item, "WILLDO", "WILLHAPPEN", "POSSIBLE", "FUTURE"):
                return "planned"
            if self.lexicon.has(item, "DID", "HAPPENED", "STOP"):
                return "held" if not self.lexicon.has(item, "STOP") else None
        return None

    def _owner(self, row: Sequence[Item], inside: Sequence[Span] = (), told_as: str | None = None,
               over: Sequence[Candidate] = ()) -> Candidate | None:
        """The event that a sentence without one of its own goes on about, first of those of the tense ``told_as``,
        none of those that are ``over``; ``inside`` are its topics."""
        latest = [e for e in self.story.latest if not any(e is o for o in over)]
        gathered = [e for e in latest if e.kind == "multilateral"]
        there = any(self.lexicon.has(a, "GATHERING", "SUMMIT") and self.lexicon.has(b, "IN", "DURING")
                    and not any(s.covers(a.span) for s in inside) for a, b in pairwise(row))  # "at the summit they"
        talks = gathered if there and gathered else [
            e for e in latest if e.kind in ("meeting", "call")] or gathered
        if not talks:
            return None
        talks.sort(key=lambda e: (
            not e.welcome,  # a welcome is no talk
            told_as is not None and self.story.follows(e) and (e.status == "planned") == (told_as == "planned"),
            self.story.told_last(e)))
        last = talks[-1]
        both = [i for i in row if i.kind in ("BOTH", "BOTHLANDS") and not any(s.covers(i.span) for s in inside)]
        if both:
            pair = {p.entity for p in self.parties.people_of(both[0], None)}
            return next((e for e in reversed(talks) if pair and pair <= set(e.people())), last)
        told = [n for n, i in enumerate(row) if not any(s.covers(i.span) for s in inside) and not self._says(row, n)]
        subjects = {p.entity for n, people in self.parties.subjects(row) if n in told for p in people}
        people = {p.entity for n in told if row[n].kind in ("PERSON", "ROLE")
                  for p in self.parties.people_of(row[n], None)}
        for here in (subjects, people):  # who says it need not be who talked
            event = max(reversed(talks), key=lambda e: (len(here & set(e.people())), len(people & set(e.people()))))
            if here & set(event.people()):
                return event
        if (subjects or people) and not (self.told_of(row) and self.story.follows(last)):
            return None
        return last if self.told_of(row) or self.story.follows(last) else None

    def _says(self, row: Sequence[Item], at: int) -> bool:
        """Whether somebody only says what the sentence tells: "A said that"."""
        return len(row) > at + 2 and self.lexicon.has(row[at + 1], "ERG") and self.lexicon.has(row[at + 2], "SAY")

    def goes_on(self, row: Sequence[Item]) -> bool:
        """Whether a sentence soon after one that tells of talk has two of those who talked, or one for subject;
        the very next need only name one."""
        here = None
        for event in reversed(self.story.latest):
            told = self.story.told_last(event)
            if event.kind not in SITTINGS or told < 0:
                continue
            if here is None:
                here = {p.entity for i in row if i.kind in ("PERSON", "ROLE") for p in self.parties.people_of(i, None)}
                here |= {p.entity for i, j in pairwise(row) if i.kind == "COUNTRY" and self.lexicon.has(j, "ERG")
                         for p in self.parties.people_of(i, None)}  # "India said": the state that talks
            if len(here & set(event.people())) > 1 and self.story.since(told) <= 5:
                return True
            unsaid = not here and not any(self.lexicon.has(i, "ERG") or i.kind in (*GROUPS, "PRON_NOM") for i in row)
            if self.story.since(told) == 1 and unsaid and self.lexicon.within(row[-3:], "DID", "WILLDO"):
                return True  # who did is not said again
            if self.story.since(told) <= 2:
                if (self.story.since(told) == 1 and bool(here & set(event.people()))) or (
                        not self.parties.subject_ids(row).isdisjoint(event.people())):
                    return True
                if not event.loose:
                    return False  # talks of others that were only named do not end what is told of these
        return False

    def told_of(self, row: Sequence[Item], but: int = -1) -> bool:
        """Whether a sentence goes on about an encounter: 'meanwhile', 'on the agenda', 'in the talks', 'the talks
        centred on'; ``but`` is the place of a word that shall not count."""
        return self.lexicon.within(row, "INIT", "AGENDA", "CENTRED") or any(
            self.lexicon.has(i, "MEET", "TALK") and (self.arguments.nominal(row, at) or at == 0)
            for at, i in enumerate(row) if at != but)

    def of(self, event: Candidate) -> tuple[Topic, ...]:
        """The topics of an event in the order of the text, each once; the headline's only where the story names none
        with a word of theirs."""
        titles = [z.span for z in self.story.doc.zones if z.kind == "title"]
        told = [t for t in event.topics if not any(z.covers(t.span) for z in titles)]
        words = {w for t in told for w in self._words(t)}
        news = [t for t in event.topics if t not in told and (own := self._words(t)) and not own & words]
        kept = [*told, *news] if told else event.topics
        first = {t.text: t for t in sorted(kept, key=lambda t: t.span, reverse=True)}
        return tuple(sorted(first.values(), key=by_place))

    def _words(self, topic: Topic) -> set[str]:
        """The words of a topic that say what it is about: not "many matters of".  Cut to their first letters, for a
        headline has other cases."""
        empty = {w[:_STEM] for name in _EMPTY for w in self.lexicon.classes[name]}
        return {w[:_STEM] for w in phrase(topic.text).split() if len(w) > _SHORT} - empty
