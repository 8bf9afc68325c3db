"""When two tellings are one event: participants, kind, status and dates that can be the same.

Used within a document (events.py) and across documents (corpus.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from .types import When

__all__ = ["days", "inside", "same_people", "same_time", "sharper", "within"]


@lru_cache(maxsize=1 << 12)
def days(value: str) -> tuple[date, date]:
    """The first and last day that an ISO value of any grain covers.

    Raises ValueError where the value is no ISO day, week, month, year or range."""
    if "/" in value:
        first, last = value.split("/")
        return days(first)[0], days(last)[1]
    if "-W" in value:
        year, week = value.split("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
        return monday, monday + timedelta(days=6)
    parts = [int(p) for p in value.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        following = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date(parts[0], parts[1], 1), following - timedelta(days=1)
    one = date(*parts)
    return one, one


def same_time(one: When | None, other: When | None) -> bool:
    """Whether two times can be the same: one is unknown, or their days overlap."""
    if one is None or other is None:
        return True
    a, b = days(one.value), days(other.value)
    return a[0] <= b[1] and b[0] <= a[1]


def inside(value: str, when: When) -> bool:
    """Whether days lie in the days in which something is said to be."""
    (first, last), (begin, end) = days(value), days(when.value)
    return begin <= first and last <= end


def within(value: str, when: When) -> bool:
    """Whether days lie in the week, month or year in which something is said to be."""
    return when.grain in ("week", "month", "year") and inside(value, when)


def sharper(one: When | None, other: When | None) -> When | None:
    """The time that says more: the one that is stated, then the one with fewer days, then the first."""
    if one is None or other is None:
        return one or other
    if one.basis != other.basis:
        return one if one.basis == "stated" else other
    length = [(b - a).days for a, b in (days(one.value), days(other.value))]
    return other if length[1] < length[0] else one


def same_people(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of participants are the same, or one tells of some of the other's (two at least)."""
    a, b = set(one), set(other)
    small = min(len(a), len(b))
    return bool(a and b) and len(a & b) == small and (len(a) == len(b) or small >= 2)
