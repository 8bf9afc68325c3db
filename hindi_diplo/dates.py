"""Dates as pages print them and as texts state them: "September 9, 2020", "बुधवार, 09 सितंबर 2020", ISO 8601.

A small table of English month names stands in for a date library: dateparser takes a second to load and
reads half of the Hindi lines wrongly, dateutil knows no Hindi.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import regex

from .files import read_table
from .records import replace
from .text import fold
from .types import Doc, Span, TimeExpression, When

__all__ = ["calendar", "days_named", "parse_date_line", "put_ahead", "stated", "week_of"]

_MONTHS_AHEAD: Final = 6  # within which a month without its year is taken to be the next, of what is planned
_ENGLISH: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@lru_cache(maxsize=1)
def calendar() -> dict[str, dict[str, int]]:
    """The calendar words: class -> folded form -> value (``lexicon/calendar.tsv``)."""
    classes: dict[str, dict[str, int]] = {}
    for _, row in read_table("lexicon/calendar.tsv"):
        classes.setdefault(row["class"], {})[fold(row["form"])] = int(row["value"])
    return classes


def week_of(day: date) -> str:
    """The ISO week of a day: 2020-W37."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


_ISO = regex.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_WORD: Final = r"[\p{L}\p{M}]+"
_DAY_FIRST = regex.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s,.\-]+({_WORD})\.?[\s,.'’\-]+((?:19|20)\d\d)(?!\d)")
_MONTH_FIRST = regex.compile(rf"({_WORD})\.?[\s\-]+(\d{{1,2}})(?:st|nd|rd|th)?[\s,\-]+((?:19|20)\d\d)(?!\d)")
_NUMBERS = regex.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-]((?:19|20)\d\d)(?!\d)")


def _month(word: str) -> int | None:
    known = calendar()["month"].get(word)
    return known or next((n for n, m in enumerate(_ENGLISH, 1) if word.startswith(m)), None)


def _iso(year: str, month: int | None, day: str) -> str | None:
    try:
        return date(int(year), month or 0, int(day)).isoformat()
    except ValueError:
        return None


def parse_date_line(text: str) -> str | None:
    """The first full date in a line, as an ISO date; None where there is none with day, month and year.

    Reads ISO 8601, day-month-year and month-day-year with Hindi or English month names, and day/month/year.
    """
    folded = fold(text)
    found: list[tuple[int, str]] = []
    for m in _ISO.finditer(folded):
        if made := _iso(m[1], int(m[2]), m[3]):
            found.append((m.start(), made))
    for m in _DAY_FIRST.finditer(folded):
        if made := _iso(m[3], _month(m[2]), m[1]):
            found.append((m.start(), made))
    for m in _MONTH_FIRST.finditer(folded):
        if made := _iso(m[3], _month(m[1]), m[2]):
            found.append((m.start(), made))
    for m in _NUMBERS.finditer(folded):
        if made := _iso(m[3], int(m[2]), m[1]):
            found.append((m.start(), made))
    return min(found)[1] if found else None


def stated(doc: Doc, time: TimeExpression) -> When:
    """The time of an event of which words of the text say when it was; raises ValueError where they have no value."""
    if time.value is None:
        raise ValueError(f"expected a time expression with a value, got {time}")
    return When(time.value, time.grain, "stated", time.span.of(doc.text), time.span)


def put_ahead(time: TimeExpression, published: str) -> TimeExpression:
    """A weekday or a month without its year that was taken for the last one before the day of publication, as the
    next one behind it, where that is near: of what was planned while the words around it tell of the past."""
    today = date.fromisoformat(published)
    if time.rule == "times/weekday" and time.value and time.grain == "day":
        day = date.fromisoformat(time.value) + timedelta(days=7)
        return replace(time, value=day.isoformat()) if day >= today else time
    if time.rule == "times/month" and time.value and time.grain == "month" and time.anchored == "published":
        year, month = int(time.value[:4]) + 1, int(time.value[5:])
        away = (year - today.year) * 12 + month - today.month
        return replace(time, value=f"{year}-{month:02}") if 0 <= away <= _MONTHS_AHEAD else time
    return time


def days_named(doc: Doc, span: Span) -> list[TimeExpression]:
    """The days that a part of the text names, in its order."""
    return [t for t in doc.times if span.covers(t.span) and t.grain == "day" and t.value]
