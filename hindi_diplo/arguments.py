"""What belongs to an encounter besides its sides: occasion and time here, places by ``places.py``, topics by
``topics.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise, takewhile

from .dates import calendar, days_named, put_ahead, stated
from .knowledge import KnowledgeBase
from .merging import days
from .patterns import Item, Lexicon
from .places import Places
from .records import first_at, replace, tokens_in
from .text import phrase
from .topics import FoundTopic, Topics
from .types import Doc, Entity, Occasion, Sentence, Span, TimeExpression, Token, When

__all__ = ["Arguments", "FoundTopic"]

_WEEK = 7  # days
_WEEKDAY = "times/weekday"
_SINCE_NOW = ("times/hours", "times/moment")  # "after a few hours": counted from the day of publication
_QUOTES = frozenset("\"“‘«")
_SAID = 8  # tokens behind a day within which the word for saying stands
_MATTER = 10  # items behind a day among which what will be on it is named as what they talk about
_ASIDE = 6  # items from the comma of a relative clause to a time in it, or from a time to the talks that it is of
_NEAR_SINCE = 8  # items between a time and the word for "after" that it stands before


class Arguments(Places):
    """Finds the arguments of triggers in rows."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        super().__init__(kb, lexicon)
        self._topics = Topics(lexicon)
        self.grammar = self._topics.grammar
        self.topics = self._topics.find
        self._before = self._classes["EARLIER"] | self._classes["BEFOREDOING"]
        self._lately = self._classes["LATELY"] | self._classes["RECENTLY"]
        self._after = self._classes["AFTER"]
        self._arrived, self._said = lexicon.words("CAME", "ARRIVED"), lexicon.words("SAY", "SAYING")
        self._ends = lexicon.words("STOP", "JOIN", "IS", "THERE", "NEWCLAUSE")
        self._finite = self._classes["DID"] - self._classes["OF"] | self._classes["HAPPENED"]

    def nominal(self, row: Sequence[Item], at: int) -> bool:
        """Whether the trigger is told of, not told: 'during the talks', 'after the meeting'."""
        following = row[at + 1] if at + 1 < len(row) else None
        if following is None or following.kind:
            return False
        if following.norm in self._classes["NOMINAL"]:
            return True
        if following.norm not in self._classes["OF"] or row[at].norm not in self._classes["VISIT"]:
            return False
        # Between nouns the genitive, at the end of a clause the verb: the same word.
        after = row[at + 2] if at + 2 < len(row) else None
        return after is not None and bool(after.kind or after.norm not in self._words("JOIN", "STOP", "FINITE"))

    # -- occasion, place, time --------------------------------------------------------------------

    def occasion(self, doc: Doc, row: Sequence[Item], entity: Mapping[int, Entity]) -> Occasion | None:
        """The named gathering on whose sidelines something happens."""
        side, words = self._classes["SIDELINES"], self._words
        gathering, loose, ends = words("GATHERING", "MEET"), words("DURING", "INCLUDING"), words("STOP", "ERG")
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
            if any(not i.kind and i.norm in ends for i in row[org:at]):
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

    def time(self, doc: Doc, row: Sequence[Item], trigger: int, topics: Sequence[FoundTopic], *,
             kind: str = "meeting", status: str | None = None) -> When | None:
        """The time expression that belongs to the trigger: the nearest before it, else after it.

        What is planned is not before the day of publication; a postponed encounter has only the time until
        which it was put off."""
        told = row[trigger].span  # a topic that holds the word for it is what is said of it
        inside = [t.span for found in topics for t in found.topics if not t.span.covers(told)]
        best: tuple[int, TimeExpression] | None = None
        for at, item in enumerate(row):
            if item.kind != "TIME" or any(span.covers(item.span) for span in inside):
                continue
            time = doc.times[item.index]
            if time.value and doc.published and not self._fits(time.value, status, doc.published):
                time = put_ahead(time, doc.published)
            if self.of_dateline(doc, row, at):
                continue
            if self._either(row, at):
                continue  # "on Friday or Saturday": nobody knows yet
            if time.value is None or not self._fits(time.value, status, doc.published):
                continue
            if time.rule not in _SINCE_NOW and self._bounds(doc, row, at, time.grain, status):
                continue
            if status == "postponed" and not any(self._has(i, "UNTIL") for i in row[at + 1 : at + 2]):
                continue
            between = row[min(at, trigger) + 1 : max(at, trigger)]
            if kind == "visit" and at > trigger and any(i.kind in ("PERSON", "ROLE") for i in between):
                continue  # "who came on a visit to …, X met on Monday"
            if status == "planned" and any(self._has(i, "STOP") and not self._has(i, "AMONGTHEM") for i in between):
                continue
            if kind != "visit" and at < trigger and self._within(row, "REACHED") and self._of_arrival(row, at):
                continue
            under_way = kind == "multilateral" and time.grain == "range" and not (
                self._is_ahead(time.value, doc.published))
            if self._of_other(between) or (status == "held" and not under_way and self._of_coming(row, at, trigger)):
                continue
            if time.grain in ("month", "year") and (self._since(between if at < trigger else (), time.grain) or (
                    kind != "visit" and self._has(row[at + 1], "FROM"))):
                continue
            if self._of_matter(row[at + 1 : trigger if at < trigger else at + _MATTER]):
                continue
            if self._of_aside(row, at, trigger) or (at > trigger and self._of_earlier_talks(row, at)):
                continue
            if at < trigger and (self._of_happening(row, at, trigger) or self._long_after(time.value, between, doc)):
                continue
            if at > trigger and any(i.norm in _QUOTES for i in between):
                continue  # what somebody said at it
            until = any(self._has(i, "UNTIL") for i in row[at + 1 : at + 2])
            if kind == "meeting" and at > trigger and time.grain == "range" and until:
                continue  # a stay, told next
            was_said = "not_held" if kind == "visit" and status in ("held", None) else status
            if self._of_telling(row, at, trigger, was_said):
                continue
            off = at > trigger or (at and self._has(row[at - 1], "ERG"))
            ahead = self._was_to_be(row, at, trigger) or self._is_ahead(time.value, doc.published)
            if status == "cancelled" and off and not ahead:
                continue  # the day on which it was called off
            if kind in ("meeting", "call") and time.grain == "range" and self._of_stay(row, at):
                continue
            which = self._within(between[-1:], "WHICH")  # "will attend the summit, which will be on"
            if at > trigger and not which and self._has(row[trigger + 1], "AFTERNOM") and (
                    self._is_ahead(time.value, doc.published)):
                continue  # what will be after an encounter
            if at > trigger and self._told_of(row, trigger, at, kind):
                continue
            if kind == "visit" and self._of_other_journey(between[1:] if at < trigger else between):
                continue  # but "before noon" is a time itself
            if status == "planned" and self._announced(row, at, trigger):
                continue
            if status == "planned" and at < trigger and self._happened(between):
                continue
            if at > trigger and not which and any(self._has(a, "WILLDO", "WILLMEET") and self._has(b, "JOIN")
                                                  for a, b in pairwise(between)):
                continue  # of what will be done besides
            crossed = sum(not i.kind and i.norm in self._finite for i in between)
            crossed += at < trigger and any(self._has(i, "STOP") and not self._has(i, "THAT") for i in between)
            blunt = 6 if time.grain not in ("day", "range") else 0  # "on Wednesday, for the second time this month"
            distance = abs(trigger - at) + 15 * crossed + (15 if at > trigger else 0) + blunt
            if best is None or distance < best[0]:
                best = distance, time
        if best is None:
            return None
        when = stated(doc, best[1])
        if status == "held" and best[1].rule == _WEEKDAY and doc.published:
            day = days(when.value)[0]
            if 0 < (day - days(doc.published)[0]).days < _WEEK:  # another verb of the sentence is of the future
                return replace(when, value=(day - timedelta(days=_WEEK)).isoformat())
        return when

    def of_dateline(self, doc: Doc, row: Sequence[Item], at: int) -> bool:
        """Whether a day is that of the report, which opens its first sentence: "P, 12 December, A said", and the
        sentence goes on to name another."""
        return at == 2 and row[0].kind in ("PLACE", "COUNTRY") and self._has(row[1], "COMMA") and (
            doc.times[row[at].index].value == doc.published) and any(i.kind == "TIME" for i in row[at + 1 :])

    def _happened(self, between: Sequence[Item]) -> bool:
        """Whether a time before what is planned is of what has happened, or of a coming that is not said to be to
        where it will be: but "will come on Monday to P, where he will meet A"."""
        where = next((n for n, i in enumerate(between) if self._has(i, "THERE")), 0)
        return any(self._has(i, "DONE", "SAY", "CAME", "ARRIVED") and not (n < where and self._has(i, "WILLCOME"))
                   for n, i in enumerate(between))

    def _of_other_journey(self, between: Sequence[Item]) -> bool:
        """Whether between a time and a journey stands what the time is of: "before", or a verb and "and"."""
        ends = ("WILLHAPPEN", "WILLDO", "WILLCOME")
        first = (n for n, i in enumerate(between) if self._has(i, "BEFOREDOING") and not (  # but "in its first leg"
            self._within(between[n + 1 : n + 2], "ROUND") or self._within(between[n + 2 : n + 3], "IN")))
        return next(first, None) is not None or any(
            self._has(a, *ends) and self._has(b, "JOIN") for a, b in pairwise(between))

    def _announced(self, row: Sequence[Item], at: int, trigger: int) -> bool:
        """Whether a time is that on which somebody announced something: "A announced on Friday that he will go"."""
        said = at and self._has(row[at - 1], "ERG") and at < trigger
        return bool(said) and any(self._has(i, "ANNOUNCED") for i in row[trigger + 1 : trigger + 6])

    def _either(self, row: Sequence[Item], at: int) -> bool:
        """Whether a time is one of two between which "or" stands."""
        return any(self._has(row[n], "OR") and row[n - 1].kind == row[n + 1].kind == "TIME"
                   for n in (at - 1, at + 1) if 0 < n < len(row) - 1)

    def welcomed(self, doc: Doc, row: Sequence[Item], trigger: int) -> TimeExpression | None:
        """The day on which a guest was welcomed: "A, who came on a visit, was welcomed on Monday"."""
        for at, item in enumerate(row[trigger + 1 :], trigger + 1):
            time = doc.times[item.index] if item.kind == "TIME" else None
            ahead = takewhile(lambda i: i.kind != "TIME" and not self._has(i, "STOP", "JOIN"), row[at + 1 :])
            if time is not None and time.value and time.grain == "day" and self._has(row[at - 1], "OF") and any(
                    self._has(i, "WELCOME", "GREETED") for i in ahead):
                return time
        return None

    def _bounds(self, doc: Doc, row: Sequence[Item], at: int, grain: str, status: str | None) -> bool:
        """Whether what stands behind a time says that it is not that of an encounter: "after March", "until 2016",
        "according to the report of 16 March"."""
        behind = row[at + 1 : at + 2]
        noon = doc.tokens[row[at].last - 1].norm in calendar()["part"]  # "after noon" is a time itself
        if not noon and any(not i.kind and self._after.intersection(i.norm.split()) for i in behind):
            return True
        if self._within(behind, "OF") and self._within(row[at + 2 : at + 3], "INSTEAD"):
            return True  # "on the 21st in place of the 14th"
        if status == "held" and grain in ("month", "year") and self._within(behind, "UNTIL"):
            return True
        if grain == "day" and status != "postponed" and self._within(behind, "UNTIL") and self._of_stay(row, at):
            return True  # "on his journey, which is until the 3rd"
        if grain == "year" and self._within(behind, "FROM"):
            return True
        return self._within(behind, "OF") and self._within(row[at + 2 : at + 4], "ACCORDING")

    def _since(self, between: Sequence[Item], grain: str) -> bool:
        """Whether a time before the trigger is of something after which the encounter is told: "after X's taking
        office in 2013", "since May"; ``between`` stands between the two."""
        words = ([] if i.kind else i.norm.split() for i in between)
        after = next((n for n, row in enumerate(words) if self._after.intersection(row)), None)
        since = after is not None and any(self._has(i, "FROM", "NTH") for i in between[after + 1 : after + 2])
        return after is not None and after < _NEAR_SINCE and (grain == "year" or since) and not any(
            i.kind == "TIME" or self._has(i, "STOP") for i in between[:after])

    def _of_happening(self, row: Sequence[Item], at: int, trigger: int) -> bool:
        """Whether a time before the subject is of something else that happened then: "amid the tension since Monday's
        clash A spoke to B"."""
        first = at + 2 if self._has(row[at + 1], "TO") else at + 1
        ahead = row[first + 1 : trigger]
        subject = next((n for n, i in enumerate(ahead) if i.kind in ("PERSON", "ROLE")), None)
        return self._has(row[first], "HAPPENED") and subject is not None and not any(
            self._has(i, "MEET", "TALK", "GATHERING", "DURING") for i in ahead[:subject])

    def _of_matter(self, between: Sequence[Item]) -> bool:
        """Whether a time before the trigger is that of what they talk about: "the poll to be held on Monday in the
        land, about which A spoke to B"."""
        to_be = next((n for n, i in enumerate(between) if self._has(i, "WILLHAPPEN")), None)
        about = next((n for n, i in enumerate(between) if self._has(i, "ABOUT", "ON") and to_be is not None), None)
        if to_be is None or about is None or not to_be + 1 < about:
            return False
        return not any(i.kind in ("PERSON", "ROLE") or self._has(i, "MEET", "TALK", "GATHERING", "VISIT")
                       for i in between[:about])

    def _long_after(self, value: str, between: Sequence[Item], doc: Doc) -> bool:
        """Whether a day before the trigger, weeks before the day of publication, is that of something "after" which
        the encounter was."""
        old = doc.published is not None and (days(doc.published)[0] - days(value)[1]).days > _WEEK
        said = (n for n, i in enumerate(between) if not i.kind and self._after.intersection(i.norm.split()))
        after = next(said, None)
        return old and after is not None and any(i.kind in ("PERSON", "ROLE") for i in between[after:]) and not any(
            self._has(i, "MEET", "TALK") for i in between[:after])

    def _of_aside(self, row: Sequence[Item], at: int, trigger: int) -> bool:
        """Whether a time stands in a relative clause between the subject and the trigger of a sentence that tells
        another: "today in P, where he had come yesterday, A met B"."""
        opens = next((n for n in range(at - 1, max(-1, at - _ASIDE), -1)
                      if self._has(row[n], "COMMA") and self._has(row[n + 1], "THERE", "WHICH")), None)
        closes = next((n for n in range(at + 1, trigger) if self._has(row[n], "COMMA")), None)
        return opens is not None and closes is not None and self._has(row[closes - 1], "WAS", "IS", "CAME") and any(
            i.kind == "TIME" for i in (*row[:opens], *row[closes:trigger]))

    def _of_earlier_talks(self, row: Sequence[Item], at: int) -> bool:
        """Whether a time behind a trigger is that of other talks, behind which the next is told: "this meeting was on
        the 3rd, after A's talks on the 2nd"."""
        near = range(at + 1, min(len(row) - 1, at + _ASIDE))
        talks = next((n for n in near if self._has(row[n], "MEET", "TALK")), None)
        return talks is not None and not any(self._has(i, "STOP", "COMMA") for i in row[at:talks]) and (
            not self._after.isdisjoint(row[talks + 1].norm.split())) and any(
            i.kind == "TIME" for i in row[talks + 2 : talks + 4])

    def _of_other(self, between: Sequence[Item]) -> bool:
        """Whether between a time and a trigger the talks are told that the time is of: "at Monday's meeting on the
        recent talks"."""
        return self._within(between, "RECENTLY") and self._within(between, "MEET", "TALK")

    def _of_coming(self, row: Sequence[Item], at: int, trigger: int) -> bool:
        """Whether a time is that of something still to be: "the summit that is to be at the end of this month"."""
        ahead = row[at + 2 : trigger] if self._within(row[at + 1 : at + 2], "TO") else row[at + 1 : trigger]
        if self._within(ahead[:1], "WILLHAPPEN") and self._within(ahead[1:7], "VISIT", "GATHERING", "MEET", "TALK"):
            return True  # "spoke of A's journey that is to be on Friday"
        if not at or self._has(row[at - 1], "ERG") or any(self._has(i, "SIDELINES", "DURING") for i in row[at:trigger]):
            return False
        ahead = row[at + 1 : at + 9]
        ahead = [*takewhile(lambda i: i.kind != "TIME" and not self._has(i, "STOP", "ERG", "DID"), ahead)]
        coming = next((n for n, i in enumerate(ahead) if self._has(i, "WILLHAPPEN")), None)
        return coming is not None and any(i.kind == "ORG" for i in ahead[coming : coming + 4])

    def _of_telling(self, row: Sequence[Item], at: int, trigger: int, status: str | None) -> bool:
        """Whether a time is that of telling what had been or not been: "said on Thursday that A had not met B"; or of
        what has a time of its own: "said on Thursday that last week …"."""
        said = next((n for n in range(at + 1, trigger) if self._has(row[n], "SAY")), None)
        if said is None:
            return False
        quoted = any(i.norm in _QUOTES for i in row[said + 1 : min(said + 3, trigger)])
        if not (quoted or self._has(row[said + 1], "THAT")):
            return False
        past = status == "not_held" or (status == "held" and self._past_perfect(row, trigger))
        return past or any(i.kind == "TIME" for i in row[said + 2 : trigger])

    def _was_to_be(self, row: Sequence[Item], at: int, trigger: int) -> bool:
        """Whether something was to be at a time: "the meeting that was to be on Monday", "Monday's meeting"."""
        if at > trigger:
            return any(self._has(i, "WILLHAPPEN", "PLANNED") for i in row[at + 1 : at + 5])
        ahead = ("WILLHAPPEN", "PLANNED", "OF", "WILLDO", "WILLCOME", "FROM")
        return any(self._has(i, *ahead) for i in row[at + 1 : max(at + 3, trigger)])

    def _of_stay(self, row: Sequence[Item], at: int) -> bool:
        """Whether days are those of a journey: "on his journey from the 9th to the 11th", "the visit (9-11 May)"."""
        if at > 1 and row[at - 1].norm == "(" and self._has(row[at - 2], "VISIT"):
            return True
        ends = ("PERSON", "ROLE", "TIME")
        ahead = takewhile(lambda i: i.kind not in ends and not self._has(i, "STOP", "ERG"), row[at + 1 : at + 7])
        return any(self._has(i, "VISIT") for i in ahead)

    def _told_of(self, row: Sequence[Item], trigger: int, at: int, kind: str) -> bool:
        """Whether a time behind a trigger is that of something else: of what is said about an encounter, or of
        what somebody did before or after he took part in a gathering."""
        if self._has(row[trigger + 1], "ABOUT", "BEFOREDOING"):
            return True
        between = row[trigger + 1 : at]
        if kind == "multilateral":
            return any(self._has(i, "PURPOSE", "FOR", "AFTER") for i in between)
        came = any(self._has(i, "CAME", "ARRIVED") for i in takewhile(lambda i: not self._has(i, "STOP"), row[at:]))
        return kind in ("meeting", "call") and came and any(self._has(i, "PURPOSE", "FOR") for i in between)

    @staticmethod
    def _fits(value: str, status: str | None, published: str | None) -> bool:
        """Whether an encounter of this status can be at this time."""
        return published is None or status != "planned" or days(value)[1] >= days(published)[0]

    @staticmethod
    def _is_ahead(value: str, published: str | None) -> bool:
        return published is not None and days(value)[0] > days(published)[0]

    def _of_arrival(self, row: Sequence[Item], at: int) -> bool:
        """Whether a time belongs to a participle before a name: 'X, who arrived on Friday'."""
        for n, item in enumerate(row[at + 1 : at + 6], at + 1):
            if item.kind in ("PERSON", "ROLE") or self._has(item, "COMMA", "STOP", "ERG"):
                return False
            if self._has(item, "REACHED") and not self._has(item, "CAMING", "CAMEKAR"):
                return n + 1 < len(row) and row[n + 1].kind in ("PERSON", "ROLE")
        return False

    def ends_clause(self, doc: Doc, trigger: Span) -> bool:
        """Whether a verb is a finite one: the clause ends behind it; so it does where a journey's arrival is told."""
        if phrase(trigger.of(doc.text)) in self._classes["VISIT"]:
            return True
        after = first_at(doc.tokens, trigger.stop)
        if not self._classes["PARTICIPLE"].isdisjoint(phrase(trigger.of(doc.text)).split()[1:]):
            return False  # "has been there since": when they came is not told
        sentence = doc.sentences[first_at(doc.sentences, trigger.start + 1) - 1]
        behind = (t.norm for t in doc.tokens[after : sentence.last])
        following = next((norm for norm in behind if norm not in self._classes["AUXILIARY"]), ".")
        return following == "." or following in self._ends

    def of_one_day(self, doc: Doc, told: Span) -> bool:
        """Whether a sentence tells of a journey of one day."""
        row = tokens_in(doc.tokens, told)
        classes = calendar()
        return any(b.norm in classes["one_day"] or (
            b.norm in classes["days_long"] and (a.norm == "1" or classes["number"].get(a.norm) == 1))
            for a, b in pairwise(row))

    def leaves(self, doc: Doc, trigger: Span) -> bool:
        """Whether a verb of coming is one of setting out."""
        return not self._classes["LEFT"].isdisjoint(phrase(trigger.of(doc.text)).split())

    def on_a_later_day(self, doc: Doc, told: Sequence[Span]) -> bool:
        """Whether a sentence says that it is the second day of a journey, or a later one."""
        days_on = self._classes["LATERDAY"]
        return any(f" {day} " in f" {phrase(span.of(doc.text))} " for span in told for day in days_on)

    def in_turn(self, doc: Doc, sentence: Sentence) -> bool:
        """Whether a sentence begins with a word for what comes first or next, or with its subject and "after that"."""
        begin = doc.tokens[sentence.first : min(sentence.first + 6, sentence.last)]
        return not self._openings(begin).isdisjoint(self._classes["INTURN"])

    @staticmethod
    def _openings(begin: Sequence[Token]) -> set[str]:
        """The first word of a sentence, and each two words that stand side by side in its beginning."""
        return {*(t.norm for t in begin[:1]), *(f"{one.norm} {other.norm}" for one, other in pairwise(begin))}

    def goes_on(self, doc: Doc, sentence: Sentence) -> bool:
        """Whether the day that a sentence names can be that of the next: it tells of nothing earlier, and of no
        arrival, behind which what they did may be of a later day."""
        row = doc.tokens[sentence.first : sentence.last]
        return self._openings(row[:4]).isdisjoint(self._classes["EARLIER"]) and not any(
            t.norm in self._arrived for t in row)

    def until(self, doc: Doc, time: TimeExpression) -> bool:
        """Whether a time is that until which something lasts."""
        at = first_at(doc.tokens, time.span.stop)
        return any(t.norm in self._classes["UNTIL"] for t in doc.tokens[at : at + 1])

    def said_on(self, doc: Doc, sentence: Sentence) -> TimeExpression | None:
        """The day on which a sentence says that somebody told something: right before the word for it."""
        for time in days_named(doc, sentence.span):
            at = first_at(doc.tokens, time.span.stop)
            if any(t.norm in self._said for t in doc.tokens[at : min(at + _SAID, sentence.last)]):
                return time
        return None

    def journey_end(self, row: Sequence[Item], at: int) -> int:
        """Where what is told of a journey ends: behind the verb of going, where only a time stands before it."""
        for n, item in enumerate(row[at : at + 6], at):
            if self._has(item, "CAME", "WILLCOME", "STARTED", "HAPPENED", "WILLHAPPEN", "PLANNED"):
                return n
            came = any(self._has(i, "CAME", "WILLCOME") for i in row[n + 1 : n + 2])
            place = item.kind in ("PLACE", "COUNTRY") and came
            if item.kind != "TIME" and not place and not self._has(item, "ON", "TO", "EVEN", "FOR", "FROM"):
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
            back = next((n for n, (name, verb) in enumerate(pairwise(before)) if name.kind in ("PERSON", "ROLE")
                         and self._has(verb, "CAME")), len(before))
            before = before[: back + 1]  # "A, who came back lately, set out"
            if any(self._has(i, "LATELY") for i in before) or any(self._has(i, "RECENTLY") for i in before[:2]):
                return True
        return self._past_perfect(row, trigger)

    def _past_perfect(self, row: Sequence[Item], trigger: int) -> bool:
        ends, was = self._words("COMMA", "STOP"), self._classes["WAS"]
        for norm in [i.norm for i in row[trigger:] if not i.kind]:
            if norm in ends:
                return False
            if norm in was or norm.rpartition(" ")[2] in was:
                return True
        return False
