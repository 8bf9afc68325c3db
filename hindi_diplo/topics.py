"""What an encounter was about: the noun phrases that a sentence says were talked of (``rules/topics.toml``).

A rule finds the words that say so and the right edge of the phrase; ``cut`` rules say what it cannot
reach over on its left; the phrase is then split into its coordinated members, each trimmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .files import read_table
from .patterns import Grammar, Item, Lexicon, Match, Rule
from .text import phrase
from .types import Doc, Span, Topic
from .views import KINDS

__all__ = ["FoundTopic", "Topics"]

_PEOPLE = ("PERSON", "ROLE", "GROUP", "BOTH", "BOTHLANDS", "OFFICE", "OFFICES", "LANDS")
_INSIDE = ("INIT", "FACING", "WE", "BOTH", "BOTHLANDS", "BAREBOTH", "WHOSE", "AGENDA")
_COMPLEMENT = 7  # items between the object of a clause and its verb
_PAIR = 2  # items of a member of a list that shares its first and its last with the next
_NEAR = 5  # items from a time to what happened then
_TIED = 3  # more items than one of two names that are bound together has
_BEGIN = 3  # characters by which the forms of contexts are looked up: a space and two letters
_NAMES = ("COUNTRY", "ADJ", "ORG", "PLACE", "PERSON", "ROLE")


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """Topics of one phrase and the item number of the word that says they were talked about."""

    topics: tuple[Topic, ...]
    trigger: int


class Topics:
    """Finds topics in rows.  ``lexicon`` gives the word classes; the context labels come from
    ``lexicon/contexts.tsv``."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.grammar = Grammar("topics", lexicon, KINDS)
        self._classes = lexicon.classes
        self._has, self._within = lexicon.has, lexicon.within
        self._no_split = tuple(self.grammar.settings["no_split_after"])
        self._labels = _contexts()
        self._talks = self._classes["MEET"] | self._classes["TALK"] | self._classes["DISCUSS"]
        self._doing = self._classes["PURPOSE"] & {f"{verb} {case}" for verb in self._classes["VERBAL"]
                                                  for case in self._classes["FOR"]}  # "to do": a verb of its own

    def find(self, doc: Doc, row: Sequence[Item], *, told: bool = False) -> list[FoundTopic]:
        """The topics of a sentence; one FoundTopic for each talked-about phrase.

        ``told`` says that the sentence itself tells an encounter: rules with ``inside`` speak only there,
        or where the sentence says "in the meeting", "the two of them"."""
        cuts: list[tuple[int, int, Rule]] = []
        spans: dict[int, tuple[int, Match]] = {}
        inside = told or self._inside(row)
        waiting: list[Match] = []
        for match in self.grammar.matches(row):
            options = match.rule.options
            if options.get("cut"):
                cuts.append((match.start, match.slots.get("C", (0, match.stop))[1], match.rule))
            elif options.get("inside") and not inside:
                waiting.append(match)
            else:
                self._note(row, match, spans)
        for match in waiting if spans else ():  # a sentence that tells of talk tells the rest as part of it
            self._note(row, match, spans)
        return self._found(doc, row, spans, sorted(cuts, key=lambda c: c[:2]))

    def _note(self, row: Sequence[Item], match: Match, spans: dict[int, tuple[int, Match]]) -> None:
        """Keep a match if the phrase can be a topic and no stronger rule has it; spans: its end -> its beginning."""
        options = match.rule.options
        first, last = match.slots["X"]
        if self._has(row[last - 1], "COMMA", "WITH"):
            return  # what follows is a conjunction here ("…, but"), or a verb of another clause
        if self._has(row[last - 1], "NOTOPIC") and self._has(row[last], "ON") and not self._meeting(row, first, last):
            return
        at = match.slots["T"][1]
        on = last < len(row) and self._has(row[last], "ON")
        if self._has(row[last - 1], "VISIT") and (options.get("far") or (at <= first and on)):
            return
        if on and last + 2 < match.slots["T"][0] and self._has(row[last + 1], "PARTICIPLE"):
            return  # "the firing that goes on at A was talked of"
        if self._has(row[at - 1], "DISCUSS", "TALKWORD") and any(self._has(i, "NOT") for i in row[at : at + 2]):
            return  # "was not talked of"
        if options.get("noun") and self._has(row[last - 1], "VERBAL"):
            return  # "agreed to do": no matter that was talked about
        if options.get("head") and not self._has(row[last - 1], "ISSUE", "TOPICHEAD", "RELATION", "VERBAL"):
            return
        if options.get("verbal") and not self._has(row[last - 1], "VERBAL") and row[last].norm not in self._doing:
            return
        if options.get("bare") and self._has(row[last - 1], "IN", "TO", "ON"):
            return
        old = spans.get(last)
        if old is None or match.rule.priority > old[1].rule.priority or (
                match.rule.id == old[1].rule.id and first < old[0]):
            spans[last] = (first, match)

    def _found(self, doc: Doc, row: Sequence[Item], spans: dict[int, tuple[int, Match]],
               cuts: Sequence[tuple[int, int, Rule]]) -> list[FoundTopic]:
        """The topics of the phrases, each begun where the last cut before its end lets it begin."""
        out: list[FoundTopic] = []
        taken: list[Span] = []
        self._chain(row, spans)
        for last in [last for last in spans if self._in_longer(row, last, spans) or self._aside(row, last, spans)]:
            del spans[last]
        for last, (leftmost, match) in sorted(spans.items()):
            first, opened = self._reached(row, leftmost), bool(match.rule.options.get("opens"))
            for start, stop, cut in cuts:
                if start < last and stop <= first:
                    opened = opened or bool(cut.options.get("opens"))
                if not (start < last and first < stop < last):
                    continue
                if cut.options.get("venue") and (match.rule.options.get("anywhere") or self._region(doc, row[start])):
                    continue
                if cut.options.get("weak") and (opened or (start - 1 > first and self._has(row[start - 1], "JOIN"))):
                    continue  # inside what follows "in the talks", or inside a member of a list
                first, opened = stop, opened or bool(cut.options.get("opens"))
            talked = last - 1 > first and self._has(row[last - 1], "MEET", "TALK", "DISCUSS") and (
                self._has(row[last], "OF") and self._has(row[last + 1], "AGENDA"))  # "on the agenda of the talks"
            members = self._split(row, first, last - talked)
            end = self._trimmed(row, *members[-1])
            if match.rule.options.get("body") and row[end - 1].kind in _PEOPLE:
                continue  # "A, B and the head of C were among them"
            topics = [t for a, b in members if (t := self._topic(doc, row, a, b, match.rule))]
            if match.rule.options.get("verbal"):  # "to carry the talks forward" tells no matter
                topics = [t for t in topics if t.text.split()[-1] not in self._talks]
            topics = [t for t in topics if not any(t.span.overlaps(s) for s in taken)]
            taken.extend(t.span for t in topics)
            if topics:
                out.append(FoundTopic(tuple(topics), match.slots["T"][0]))
        return out

    def _chain(self, row: Sequence[Item], spans: dict[int, tuple[int, Match]]) -> None:
        """Let a phrase that begins with what happened ("… that happened") reach back over where it happened."""
        for last in sorted(spans):
            first, match = spans[last]
            if first in spans and self._has(row[first + 1], "PASTPART") and (
                    spans[first][1].slots["T"] == match.slots["T"]):
                spans[last] = spans.pop(first)[0], match

    def _reached(self, row: Sequence[Item], first: int) -> int:
        """Where a phrase begins that is cut off behind what somebody did: "A made by B", which looks like the verb of
        a sentence."""
        while first > 1 and self._has(row[first - 1], "PARTICIPLE") and self._has(row[first - 2], "BY"):
            first -= 2
            while first and not self._has(row[first - 1], "STOP", "ERG", "FINITE", "SAY", "MET", "FUTURE"):
                first -= 1
        return first

    def _region(self, doc: Doc, place: Item) -> bool:
        """Whether a place is a region or a sea: things happen there that are talked of elsewhere."""
        return place.kind == "PLACE" and doc.tokens[place.last - 1].norm in self._classes["REGION"]

    def _in_longer(self, row: Sequence[Item], last: int, spans: dict[int, tuple[int, Match]]) -> bool:
        """Whether a phrase only stands inside a longer one that the same word says was talked of: 'on A in "the
        stance on A of B was talked of"'.  A conjunction after it, or a place or means, begins another."""
        if last + 1 >= len(row) or not self._has(row[last], "ON", "ABOUT") or self._has(row[last + 1], "JOIN", "COMMA"):
            return False
        if self._has(row[last - 1], "NOTOPIC", "PHONE", "VIDEO"):
            return False
        trigger = spans[last][1].slots["T"]
        if self._has(row[last], "ABOUT"):  # "on many questions as to A": A is the matter
            spans = {n: s for n, s in spans.items() if not all(
                self._has(i, "QUANT", "TOPICHEAD", "ISSUE", "MEETADJ", "LEAD") for i in row[last + 1 : n])}
        return any(other > last + 1 and first < last and match.slots["T"] == trigger
                   and all(i.kind not in ("PERSON", "ROLE", "BOTH", "GROUP") for i in row[last:other])
                   for other, (first, match) in spans.items())

    def _aside(self, row: Sequence[Item], last: int, spans: dict[int, tuple[int, Match]]) -> bool:
        """Whether a phrase only says what talks are for, and the same word says of another what they were about;
        not where nobody is said to talk of more than a sum of matters: "to strengthen A several points were discussed"
        is about A too."""
        match = spans[last][1]
        at = match.slots["T"][1]
        passive = any(self._has(i, "HAPPENED", "WILLHAPPEN", "PASSIVE") for i in row[at : at + 2])
        return bool(match.rule.options.get("verbal")) and any(
            other > last and m.slots["T"] == match.slots["T"] and not (passive and all(
                self._has(i, "QUANT", "TOPICHEAD", "ISSUE", "BIG", "LEAD") for i in row[last + 1 : other]))
            for other, (_, m) in spans.items())

    def _inside(self, row: Sequence[Item]) -> bool:
        """Whether a sentence goes on about an encounter: 'in the talks', 'meanwhile', 'the two leaders'."""
        if self._within(row, *_INSIDE) or any(item.kind in ("BOTH", "BOTHLANDS") for item in row):
            return True
        return self._within(row, "NOMINAL") and any(
            self._has(item, "MEET", "TALK", "DISCUSS") and self._has(following, "NOMINAL")
            for item, following in pairwise(row))

    def _topic(self, doc: Doc, row: Sequence[Item], first: int, last: int, rule: Rule) -> Topic | None:
        while first < last and (row[first].kind in ("TIME", "BOTH") or self._has(
                row[first], "EDGE", "LEAD", "PASTPART")):
            if row[first].kind == "TIME" and first + 2 < last and (self._has(row[first + 1], "OF") or any(
                    self._has(a, "IN", "TO") and self._has(b, "PASTPART", "PARTICIPLE")
                    for a, b in pairwise(row[first + 1 : min(last, first + _NEAR)]))):
                break  # "the questions of 1971", "the accord reached in June"
            first += 1
        last = self._trimmed(row, first, last)
        if first >= last or all(self._has(i, "TOPICHEAD", "LEAD") for i in row[first:last]) or (
                self._has(row[last - 1], "VERBAL", "MEANS") and all(
                    self._has(i, "VERBAL", "MEANS", "WRAP", "EDGE", "DEED") for i in row[first:last])):
            return None
        if self._has(row[first], "ABOUT") or (first and self._has(row[first - 1], "THEM") and all(
                self._has(i, "WRAP", "EDGE", "DEED") for i in row[first:last])):
            return None  # "about their concerns about", "to strengthen them"
        if last - first == 1 and self._has(row[first], "HAPPENED", "FINITE", "VERBAL", "MEANS", "ISSUE", "PLANNED",
                                           "MEET", "TALK", "DISCUSS", "TALKWORD", "VISIT"):
            return None  # "talks" are no topic of talks
        if last - first == 2 and self._has(row[first], "MEETADJ") and self._has(row[last - 1], "MEET", "TALK"):
            return None  # nor are "bilateral talks"
        raised = bool(rule.options.get("people")) and row[last - 1].kind == "PERSON"  # "raised the matter of A"
        if (row[last - 1].kind in _PEOPLE and not raised) or self._has(
                row[last - 1], "LEADERS", "COUNTERPART", "PHONE", "VIDEO", "WITH") or (
                self._has(row[last - 1], "NOTOPIC") and not self._meeting(row, first, last)):
            return None
        if last > 1 and self._has(row[last - 2], "DEMO") and (self._has(row[last - 1], "TOPICHEAD", "ISSUE") or (
                self._has(row[last - 1], "RELATION") and self._has(row[last], "IN"))):
            return None  # "in this regard"
        if self._has(row[first], "BETWEEN") or (last - first == 1 and self._has(row[first], "NEED")):
            return None  # "their importance"
        if rule.options.get("matter") and (self._has(row[last - 1], "ROUND") or (last > 1 and self._has(
                row[last - 1], "MEET", "TALK", "DISCUSS") and self._has(row[last - 2], "PASTPART", "ON"))):
            return None  # "told of the talks that they had"
        if first and self._has(row[first - 1], "RELATED") and all(
                self._has(i, "QUANT", "TOPICHEAD", "ISSUE", "MEETADJ") or i.norm.endswith(self._no_split)
                for i in row[first:last]):
            return None
        if row[last - 1].kind == "PLACE" and doc.tokens[row[last - 1].last - 1].norm in self._classes["NOTOPIC"]:
            return None
        if last < len(row) and self._has(row[last], "RPAREN") and any(self._has(i, "LPAREN") for i in row[first:last]):
            last += 1
        span = Span(row[first].span.start, row[last - 1].span.stop)
        return Topic(span, span.of(doc.text), rule.id, self.label(row[first:last], doc))

    def _meeting(self, row: Sequence[Item], first: int, last: int) -> bool:
        """Whether a phrase is of an encounter to come or of others, said to be talked of: "the summit of O"."""
        if not self._has(row[last - 1], "MEET", "GATHERING", "SUMMIT", "VISIT") or last + 1 >= len(row):
            return False
        whose = any(i.kind in ("ORG", "TIME", "COUNTRY", "LANDS", "GROUP", "OFFICES") or self._has(i, "PASTPART")
                    for i in row[first : last - 1])
        listed = self._has(row[last], "ABOUT", "JOIN", "BESIDES", "INCLUDING", "LIKE") and (
            not self._has(row[last], "COMMA") or not any(i.kind in _PEOPLE for i in row[first:last]))
        return whose and (listed or self._has(row[last + 1], "DISCUSS"))

    def _trimmed(self, row: Sequence[Item], first: int, last: int) -> int:
        """The end of a phrase without postpositions, without an empty head ('the matter of') and without
        'ways to strengthen' and the like."""
        while True:
            end = last
            if end - 2 > first and self._has(row[end - 1], "NEWOF") and self._has(row[end - 2], "OF"):
                end -= 2  # the adjective of a means that was cut off: "to strengthen A by new ..."
            while first < end and (self._has(row[end - 1], "EDGE", "OWN") or row[end - 1].kind == "PRON_GEN"):
                end -= 1
            if end - 2 > first and self._has(row[end - 1], "TOPICHEAD") and self._has(row[end - 2], "OF"):
                end -= 2
            clause = next((n for n in range(end - 2, first, -1) if not self._has(row[n], "QUANT")), first)
            if clause - 1 > first and self._has(row[end - 1], "TOPICHEAD") and self._has(row[clause], "OF") and (
                    self._has(row[clause - 1], "VERBAL")):
                end = clause  # "the various fields in which to strengthen A"
            if end - 2 > first and self._has(row[end - 1], "NEED"):  # "the need of", "our common commitment to"
                at = next((n for n in range(end - 2, first, -1) if not self._has(row[n], "OWN", "MUTUAL")), first)
                end = at if self._has(row[at], "OF", "FOR", "TOWARDS") and not row[at - 1].kind else end
            end = self._unwrapped(row, first, end)
            if end == last:
                return end
            last = end

    def _unwrapped(self, row: Sequence[Item], first: int, last: int) -> int:
        """The end of a phrase without 'ways to strengthen' and the like around it."""
        at = last
        while at - 1 > first and self._has(row[at - 1], "VERBAL", "MEANS", "EDGE"):
            if self._has(row[at - 1], "MEANS") and any(self._has(i, "VERBAL") for i in row[at:last]):
                back = next((n for n in range(at - 2, first, -1) if not self._has(row[n], "NEWOF", "MANNER")), first)
                if self._has(row[back], "OF") and not self._has(row[back - 1], "VERBAL"):
                    break  # "to find ways of A": what is found belongs to A
            at -= 1
        doing = last < len(row) and row[last].norm in self._doing
        if not doing and (at == last or not any(self._has(i, "VERBAL") for i in row[at:last])):
            return last
        deed = at
        while at - 1 > first and self._has(row[at - 1], "WRAP"):
            at -= 1
        given = self._has(row[at - 1], "HELP")  # "to give A help" is about the help
        for back in range(at - 1, at if given else max(first, at - _COMPLEMENT), -1):
            if self._has(row[back], "TO") and not any(self._has(row[n], "OF", "ON") or (
                    self._has(row[n], "JOIN") and not self._becomes(row, first, n, last)) for n in range(back, at)):
                return back  # "to bring A to an end": what becomes of it is no part of it
        if at - first <= 2 and not doing and not self._has(row[deed - 1], "TO") and (
                any(self._has(i, "DEED") for i in row[at : deed + 1])):
            return next(n for n in range(deed, last + 1) if n == last or not self._has(row[n], "VERBAL"))
        return at

    def label(self, items: Sequence[Item], doc: Doc) -> str | None:
        """The PLOVER context of a phrase: that of its longest listed form, of the first row among equals."""
        line = " " + " ".join(t.norm for i in items for t in doc.tokens[i.first : i.last]) + " "
        begins = (at for at, char in enumerate(line) if char == " ")  # where a form can be found
        found = [(len(form), -rank, context) for at in begins
                 for rank, form, context in self._labels.get(line[at : at + _BEGIN], ()) if line.startswith(form, at)]
        return max(found)[2] or None if found else None

    def _split(self, row: Sequence[Item], first: int, last: int) -> list[tuple[int, int]]:
        """The members of a coordinated phrase; adjectives and clauses before one head stay together."""
        out, start = [], first
        for at in range(first, last):
            if not self._has(row[at], "JOIN"):
                continue
            before = row[at - 1] if at > start else None
            after = row[at + 1] if at + 1 < last else None
            if before is None or after is None or self._one_phrase(row, start, first, at, last):
                continue
            out.append((start, at))
            start = at + 1
        out.append((start, last))
        return self._one_field(row, out)

    def _one_field(self, row: Sequence[Item], members: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The members, those that only name the fields of what the next one tells made one with it: "trade" and
        "energy" in "cooperation in the fields of trade, energy and defence"."""
        out: list[tuple[int, int]] = []
        for first, last in members:
            begin = first
            at = next((n for n in range(first + 1, last - 1) if self._has(row[n], "IN", "ON")), None)
            head = self._trimmed(row, first, last)
            if self._has(row[head - 1], "MEANS"):  # "of cooperation" in "new means of cooperation"
                head = next((n for n in range(head - 2, max(first, head - 4), -1) if self._has(row[n], "OF")), head)
            shared = any(self._has(i, "JOIN") and not self._has(i, "COMMA") for i in row[first : at or first])
            if shared and out and not self._has(row[first - 1], "COMMA"):
                at = None  # "A and the fields B, C and D": the list has its own last member
            likened = any(self._has(i, "LIKE") for i in row[first : at or first])  # "in fields like A and B"
            if at is not None and (likened or self._has(row[head - 1], "RELATION")) and not any(
                    self._has(i, "TO", "FROM", "WITH", "BETWEEN", "OF") for i in row[first : at - 2]) and (
                    self._has(row[at - 1], "FIELD") or self._has(row[head - 1], "COOPERATION")):
                bare = next((n for n, m in enumerate(reversed(out)) if not self._bare(row[slice(*m)])), len(out))
                if bare == 1 or self._has(row[at], "ON") or self._has(row[at - 1], "FIELD"):
                    begin = out[-bare][0] if bare else begin  # "A, B and cooperation in C" are three
                    del out[len(out) - bare :]
            out.append((begin, last))
        return out

    def _bare(self, items: Sequence[Item]) -> bool:
        """Whether a member of a list is no more than the name of a field."""
        between = next((n + 1 for n, i in enumerate(items) if self._has(i, "BETWEEN")), 0)
        items = items[between:] or items
        return len(items) < 4 and not self._has(items[-1], "TOPICHEAD", "ISSUE", "VERBAL") and not (
            len(items) > 1 and self._has(items[-1], "RELATION")) and not any(
            i.kind or self._has(i, "OF", "IN", "ON", "TO", "FROM", "WITH", "BETWEEN", "QUANT") for i in items)

    def _one_phrase(self, row: Sequence[Item], start: int, first: int, at: int, last: int) -> bool:
        """Whether what a conjunction joins shares its head."""
        while start < at - 1 and self._has(row[start], "EDGE", "LEAD"):
            start += 1
            first = max(first, start)
        before, after = row[at - 1], row[at + 1]
        if before.kind in _NAMES and after.kind in _NAMES:
            # Two names are two topics where both stand alone, else they belong to one head.
            ends = at + 2 >= last or self._has(row[at + 2], "JOIN")
            return not (ends and (at - start == 1 or (at - start == 3 and self._has(row[at - 2], "OF"))))
        if before.norm.endswith(self._no_split) or before.kind == "BOTHLANDS":
            return True
        rest = row[at + 1 : last + 2]
        wrapped = next((n for n, i in enumerate(rest) if not self._has(i, "WRAP", "EDGE")), len(rest))
        if self._has(after, "WRAP") and wrapped < len(rest) and self._has(rest[wrapped], "VERBAL"):
            return True
        if self._becomes(row, start, at, last) or self._tied(row, start, at, last):
            return True
        if not self._has(row[at], "COMMA") and self._has(before, "TWIN") and self._has(after, "TWIN"):
            return True
        if (before.kind in _NAMES or before.kind == "LANDS") and self._between(row, at + 1, last) and (
                at - start == 1 or row[at + 1].kind):
            return True
        if not self._has(row[at], "COMMA") and any(  # "economic, trade and defence ties": the list shares its head
                self._has(row[n], "COMMA") and row[n - 1].norm.endswith(self._no_split) for n in range(start + 1, at)):
            return True
        if start == first and len(rest) > 3 and self._has(rest[1], "RELATED") and not self._has(row[at], "COMMA"):
            return True
        if self._has(row[at], "COMMA") or before.kind or start != first:
            return False
        head = self._trimmed(row, at + 1, next((n for n in range(at + 1, last) if self._has(row[n], "JOIN")), last))
        head = next((n for n in range(at + 2, head) if self._has(row[n], "OF")), head)  # "the growth of their ties"
        if at - start == _PAIR == head - at - 1 and self._has(row[head - 1], "RELATION") and (
                row[start].norm.endswith(self._no_split) and not row[at + 1].norm.endswith(self._no_split)):
            return True  # "bilateral trade and defence ties"
        start = next((n + 1 for n in range(at - 2, start - 1, -1) if self._has(row[n], "BETWEEN", "OWN")), start)
        # "देश की रक्षा और सुरक्षा जरूरतों": after a genitive only where the head is one that is always of something.
        if at - start > 1 and not (self._has(row[at - 2], "OF") and self._has(row[last - 1], "SHAREDHEAD")):
            return False
        rest = row[at + 1 : last]
        if any(self._has(i, "OF", "COMMA", "DURING") for i in rest):
            return False
        return len(rest) > 1  # "रक्षा और सुरक्षा सहयोग": two modifiers of one head

    def _tied(self, row: Sequence[Item], start: int, at: int, last: int) -> bool:
        """Whether a conjunction binds two names of one member: "A, B & C, D and E" has the members A, B & C, D, E."""
        after = next((n for n in range(at + 1, last) if self._has(row[n], "JOIN")), last)
        return self._has(row[at], "TIES") and at - start < _TIED and after - at <= _TIED and after < last and (
            row[after].norm != row[at].norm)

    def _becomes(self, row: Sequence[Item], start: int, at: int, last: int) -> bool:
        """Whether a conjunction joins what a matter is to become: "to make A strong, lasting and open"."""
        to = next((n for n in range(at - 1, start, -1) if self._has(row[n], "TO", "VERBAL")), start)
        if at - to > _COMPLEMENT or not self._has(row[to], "TO") or row[at - 1].kind:
            return False
        verb = next((n for n in range(at + 1, min(last + 1, at + 1 + _COMPLEMENT)) if n < len(row) and self._has(
            row[n], "VERBAL", "TO", "OF", "IN", "ON")), last)
        return verb < len(row) and self._has(row[verb], "VERBAL")

    def _between(self, row: Sequence[Item], first: int, last: int) -> bool:
        """Whether what a conjunction joins to a name stands before 'between': "A and B between whom"."""
        if row[first].kind in ("BOTH", "BOTHLANDS"):
            return False
        end = next((n for n in range(first, last) if self._has(row[n], "JOIN")), last)
        return any(self._has(i, "BETWEEN") for i in row[first:end])


def _contexts() -> dict[str, list[tuple[int, str, str]]]:
    """The forms of ``lexicon/contexts.tsv`` with their ranks and contexts, by how they begin; a form that ends in
    ``*`` begins words."""
    out: dict[str, list[tuple[int, str, str]]] = {}
    rank = 0
    for _, row in read_table("lexicon/contexts.tsv"):
        for form in row["forms"].split("|"):
            folded = phrase(form.rstrip("*"))
            whole = f" {folded}" if form.endswith("*") else f" {folded} "
            out.setdefault(whole[:_BEGIN], []).append((rank, whole, row["context"] or ""))
            rank += 1
    return out
