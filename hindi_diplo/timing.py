"""When an encounter was, by the sentence that tells it, or by one that counts the days of a journey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .arguments import Arguments, FoundTopic
from .candidates import Candidate
from .dates import stated
from .merging import days
from .patterns import Item, Lexicon
from .reckoning import Reckoning, shifted
from .records import replace, tokens_in
from .story import Story
from .types import Doc, When

__all__ = ["Timing"]

Slots = Mapping[str, tuple[int, int]]
_ANNOUNCED: Final = 5  # items behind a journey among which the word for announcing it stands
_JUST_BEFORE: Final = 3  # items before a journey named in passing that still say when it was


class Timing:
    """Gives the candidates of one document their times."""

    def __init__(self, doc: Doc, story: Story, arguments: Arguments, lexicon: Lexicon) -> None:
        self.doc, self.story, self.arguments, self.lexicon = doc, story, arguments, lexicon
        self.classes, self.reckoning = lexicon.classes, Reckoning(lexicon)

    def give(self, c: Candidate, row: Sequence[Item], at: int, slots: Slots | None,
             topics: Sequence[FoundTopic]) -> None:
        """Give a candidate whose trigger stands at ``at`` the time that its sentence tells; ``slots`` are those of
        the match that made it, ``topics`` those of the sentence, whose times are theirs."""
        arguments = self.arguments
        first, last = self._reach(c, row, at, slots)
        reached = row if last - first == len(row) else row[first:last]
        c.time = self._own_time(c, row, at) or arguments.time(
            self.doc, reached, at - first, topics, kind=c.kind, status=c.status)
        if c.kind == "visit" and c.time is None and c.status == "held":
            welcomed = arguments.welcomed(self.doc, row, at)
            c.time = stated(self.doc, welcomed) if welcomed else None
        c.grain = c.time.grain if c.time else self._grain(row, at)
        self._count(c, row, at)
        if c.kind == "visit" and c.status == "planned" and c.time and self.doc.published:
            c.under_way = days(c.time.value)[0] <= days(self.doc.published)[0]

    def _count(self, c: Candidate, row: Sequence[Item], at: int) -> None:
        """What a sentence counts the time of an event from: its day of a journey, the days to another encounter."""
        if c.kind == "visit" and (nth := self.reckoning.nth_day(self.doc, row, at)):
            c.nth, time = nth
            c.time = shifted(stated(self.doc, time), 1 - c.nth, "stated") if time else None
        elif apart := self.reckoning.apart(self.doc, row, at):
            c.time, c.apart, c.grain = None, (apart[0], apart[1].span), apart[1].grain

    def on_a_later_day(self, row: Sequence[Item]) -> None:
        """Give the journey told before, of which no day is told, its days where a sentence says that it is the second
        day of it, a later one or the last, and when that is."""
        at = self.lexicon.first(row, "VISIT")
        c = next((e for e in reversed(self.story.latest) if e.kind == "visit"), None)
        if at is None or c is None or c.time or c.status not in ("held", None) or not self.story.follows(c):
            return
        told = (t for m in c.mentions for t in tokens_in(self.doc.tokens, m))
        nth = self.reckoning.nth_day(self.doc, row, at, [t.norm for t in told])
        if nth is None or nth[1] is None:
            return
        time = stated(self.doc, nth[1])
        c.time = shifted(time, 1 - nth[0], "stated")
        if self.reckoning.is_last(row, at):
            c.time = replace(c.time, value=f"{c.time.value}/{time.value}", grain="range")

    def _grain(self, row: Sequence[Item], at: int) -> str | None:
        """The grain of the time nearest to a trigger in its clause, before it or else behind it, known or not."""
        for clause in (reversed(row[:at]), row[at + 1 :]):
            for item in clause:
                if item.kind == "TIME":
                    return self.doc.times[item.index].grain
                if self.lexicon.has(item, "STOP"):
                    break
        return None

    def _own_time(self, c: Candidate, row: Sequence[Item], at: int) -> When | None:
        """The time right before a partner, where another stands before the other: "X on Monday and on Thursday Y"."""
        def before(n: int) -> int | None:
            m = n - 2 if n > 1 and self.lexicon.has(row[n - 1], "TO") else n - 1
            told = m >= 0 and row[m].kind == "TIME" and not self.arguments.of_dateline(self.doc, row, m)
            return row[m].index if told and n < at else None
        people = [n for n in range(at) if row[n].kind in ("PERSON", "ROLE")]
        named = {row[n].span: t for n in people if (t := before(n)) is not None}
        own = {named[p.span] for p in c.participants if p.span in named}
        if c.kind == "visit" or len(set(named.values())) < 2 or len(own) != 1:
            return None
        time = self.doc.times[own.pop()]
        return stated(self.doc, time) if time.value else None

    def on_each_day(self, c: Candidate, row: Sequence[Item]) -> list[Candidate]:
        """An encounter on each of several days that are joined: "in February 2010 and July 2011"."""
        at = next((n for n, i in enumerate(row) if i.kind == "TIME" and c.time and i.span == c.time.span), None)
        if at is None or c.time is None or (
                c.kind == "visit" and c.time.grain not in ("year", "month")):
            return [c]
        out = [c]
        for step in (-2, -3, 2, 3):  # "in X and Y", "in X and after that in Y"
            n = at + step
            while 0 <= n < len(row) and row[n].kind == "TIME" and (
                    row[min(n, n - step) + 1].norm in self.classes["JOIN"]) and (
                    abs(step) == 2 or self.lexicon.has(row[max(n, n - step) - 1], "INTURN")):
                time = self.doc.times[row[n].index]
                if time.value is None or time.grain != c.time.grain:
                    break
                out.append(c.split(time=stated(self.doc, time)))
                n += step
        return sorted(out, key=lambda c: c.time.span.start if c.time and c.time.span else 0)

    def _reach(self, c: Candidate, row: Sequence[Item], at: int, slots: Slots | None) -> tuple[int, int]:
        """The items among which a time of the candidate may stand: for a journey, what is told of it and what
        stands before, where it is only named in passing just before; behind it another event has its time."""
        if c.kind != "visit":
            return 0, len(row)
        told = (slots or {"T": (at, at + 1)}).values()
        first, last = min(a for a, _ in told), self.arguments.journey_end(row, max(b for _, b in told))
        announced = next((n for n in range(last, min(len(row), last + _ANNOUNCED)) if self.lexicon.has(
            row[n], "ANNOUNCED")), last - 1)
        return max(0, first - _JUST_BEFORE) if c.passing else 0, announced + 1
