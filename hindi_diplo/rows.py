"""What of a row the rules of events need not see: marks and brackets that would stand between its words."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from .lexicon import Item, Lexicon

__all__ = ["plain"]

_POINT: Final = "."
_STOP: Final = ";"  # a mark that ends a clause in every rule
_TITLED: Final = 8  # items of a quoted name of a gathering, at most


def plain(row: list[Item], lexicon: Lexicon) -> list[Item]:
    """A row as the rules of events read it; its items keep their spans, and the one given is left as it is."""
    return _without_days(_without_commas(_ended(_unquoted(row, lexicon)), lexicon))


def _ended(row: list[Item]) -> list[Item]:
    """A row whose last point, where the text ends its sentences with one, stands as the stop that rules know."""
    at = len(row) - 1 - (len(row) > 1 and not row[-1].norm.isalnum() and row[-2].norm == _POINT)
    return [*row[:at], row[at]._replace(norm=_STOP), *row[at + 1 :]] if row and row[at].norm == _POINT else row


def _unquoted(row: list[Item], lexicon: Lexicon) -> list[Item]:
    """A row without the quotes right around the name of a land, a place or a body, or around a gathering's."""
    quotes = lexicon.classes["QUOTE"]
    marks = {n for n, i in enumerate(row) if not i.kind and i.norm in quotes}
    if not marks:
        return row
    bare = {n for at, i in enumerate(row) if i.kind in ("COUNTRY", "PLACE", "ORG") and {at - 1, at + 1} <= marks
            for n in (at - 1, at + 1)}
    for first, last in pairwise(sorted(marks)):
        if last - first <= _TITLED and lexicon.has(row[last - 1], "GATHERING", "SUMMIT"):
            bare |= {first, last}
    return _without(row, bare)


def _without_days(row: list[Item]) -> list[Item]:
    """A row without the days in brackets right behind each of several lands or places, which ``journeys.py`` reads:
    "A (2-3 May) and B (4-5 May)"."""
    goals = [n for n, i in enumerate(row[:-3]) if i.kind in ("COUNTRY", "PLACE") and row[n + 2].kind == "TIME"
             and (row[n + 1].norm, row[n + 3].norm) == ("(", ")")]
    return _without(row, {n + k for n in goals for k in (1, 2, 3)}) if len(goals) > 1 else row


def _without_commas(row: list[Item], lexicon: Lexicon) -> list[Item]:
    """A row without the commas right before the word for "including": "A, B, including C"."""
    has = lexicon.has
    return _without(row, {n for n in range(1, len(row) - 1) if has(row[n], "COMMA") and has(row[n + 1], "INCLUDING")
                          and row[n - 1].kind in ("PERSON", "ROLE")})


def _without(row: list[Item], dropped: set[int]) -> list[Item]:
    """A row without the items at some places."""
    return [i for n, i in enumerate(row) if n not in dropped] if dropped else row
