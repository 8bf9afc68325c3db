"""Days that a text counts instead of naming them: the second day of a journey, two days after another encounter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from .dates import calendar, week_of
from .merging import days
from .patterns import Item, Lexicon
from .records import replace
from .types import Doc, TimeExpression, When

__all__ = ["Reckoning", "in_week", "shifted"]

_NEAR = 3  # items between "the second day" and the day that it was
_CLAUSE = 10  # items before a verb of coming among which the journey is named
_COUNTED = ("times/ago", "times/ago-of")
_LENGTHS = {"day": 1, "week": 7}  # days
_DIGITS = 2  # of a number of days at most: "2020 days" is none


def shifted(when: When, by: int, basis: str) -> When:
    """A day so many days later (or, where negative, earlier) than another."""
    day = days(when.value)[0] + timedelta(days=by)
    return replace(when, value=day.isoformat(), grain="day", basis=basis)


def in_week(when: When) -> When:
    """The week of a day."""
    return replace(when, value=week_of(days(when.value)[0]), grain="week")


def _number(word: str) -> int | None:
    """A number of days, in words or in digits; None for any other word."""
    return int(word) if word.isdecimal() and len(word) <= _DIGITS else calendar()["number"].get(word)


class Reckoning:
    """Reads in rows how a time is counted."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._has, self._classes = lexicon.has, lexicon.classes

    def nth_day(self, doc: Doc, row: Sequence[Item], at: int, told: Sequence[str] = ()) -> (
            tuple[int, TimeExpression | None] | None):
        """Which day of the journey told at ``at``, by its word or by a verb of coming, a sentence tells of, and the
        time expression that says when that was, if one does; None where it tells of none, or of the last of nobody
        knows how many; ``told`` are the words of the sentences that tell the journey."""
        if not self._has(row[at], "VISIT"):
            came = at
            at = next((n for n in range(at - 1, max(-1, at - _CLAUSE), -1) if self._has(row[n], "VISIT")), at)
            if any(i.kind in ("COUNTRY", "PLACE") and self._has(b, "FROM") for i, b in pairwise(row[at:came])):
                return None  # "on the second day of the tour from A to B": that day is the one of B
        for n in range(at + 1, min(at + 5, len(row))):
            if not row[n].kind and (words := row[n].norm.split()[-2:]) and " ".join(words) in self._classes["LATERDAY"]:
                break  # also as part of a longer phrase
            if row[n].kind or not self._has(row[n], "OF", "IN"):
                return None
        else:
            return None
        number = calendar()["ordinal"].get(words[0]) or self._length([i.norm for i in row[:n]]) or self._length(told)
        if number is None:
            return None
        near = (*range(n + 1, n + 1 + _NEAR), *range(at - 1, at - 1 - _NEAR, -1))
        time = next((doc.times[row[m].index] for m in near if 0 <= m < len(row) and row[m].kind == "TIME"), None)
        return number, time if time and time.value and time.grain == "day" else None

    def is_last(self, row: Sequence[Item], at: int) -> bool:
        """Whether a sentence tells of the last day of the journey told at ``at``."""
        last = (i.norm.split()[-2:] for i in row[at + 1 : at + 5] if not i.kind)
        return any(" ".join(w) in self._classes["LATERDAY"] and w[0] not in calendar()["ordinal"] for w in last)

    def lasts(self, row: Sequence[Item]) -> bool:
        """Whether a journey is said to last some days."""
        return (self._length([w for i in row for w in i.norm.split()]) or 1) > 1

    @staticmethod
    def _length(words: Sequence[str]) -> int | None:
        """How many days a journey is said to last: "the last day of his visit of three days"."""
        units = {**calendar()["day"], **calendar()["days_long"]}
        return next((_number(one) for one, other in pairwise(words) if one and other in units), None)

    def apart(self, doc: Doc, row: Sequence[Item], at: int) -> tuple[int, TimeExpression] | None:
        """By how many days what a sentence tells besides was later than the encounter whose word stands at ``at``
        ("two days after he met A, he met B"; negative where earlier), and the words that say so."""
        for n in range(at + 1, min(at + 5, len(row))):
            if row[n].kind == "TIME":
                time = doc.times[row[n].index]
                break
            near = any(w in calendar()["about"] for w in row[n].norm.split()[-1:])
            if row[n].kind or not (near or self._has(row[n], "OF", "FROM", "DOING", "EVEN")):
                return None
        else:
            return None
        length = _LENGTHS.get(time.grain)
        if time.value is not None or time.rule not in _COUNTED or length is None:
            return None
        words = [t.norm for t in doc.tokens[row[n].first : row[n].last]]
        classes = calendar()
        count = next((m for w in words if (m := _number(w)) is not None), None)
        way = next((classes[name][w] for w in words for name in ("ago", "after") if w in classes[name]), None)
        # "Two days before the meeting with A" the other was the earlier.
        return None if count is None or way is None else (count * way * length, time)
