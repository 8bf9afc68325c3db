"""Where the people of a sentence travel to: the lands that "there" and "his counterpart" leave unsaid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from .patterns import Item, Lexicon

__all__ = ["goals"]

_STAY: Final = 6  # items from a land to the word that says that somebody travels there
_LANDS: Final = ("COUNTRY", "PLACE")
_TRAVEL: Final = ("VISIT", "CAME", "WILLCOME", "ARRIVED")


def goals(row: Sequence[Item], stop: int, lexicon: Lexicon, land_of: Callable[[Item], str | None]) -> tuple[str, ...]:
    """The lands to which the words of ``row`` before item ``stop`` say last that somebody travels, in their order;
    ``land_of`` gives the id of the country of an item that names a land or a place."""
    for at in range(stop - 1, -1, -1):
        if row[at].kind in _LANDS and _leads_there(row, at, lexicon):
            found, n = [at], at
            while n >= 2 and row[n - 2].kind in _LANDS and lexicon.has(row[n - 1], "JOIN"):
                n -= 2
                found.insert(0, n)
            return tuple(dict.fromkeys(land for n in found if (land := land_of(row[n]))))
    return ()


def _leads_there(row: Sequence[Item], at: int, lexicon: Lexicon) -> bool:
    """Whether a word for a journey stands close behind the land at item ``at``: "on a two-day visit to X"."""
    for item in row[at + 1 : at + 1 + _STAY]:
        if lexicon.has(item, *_TRAVEL):
            return True
        if item.kind not in ("", "TIME") or lexicon.has(item, "FROM", "STOP", "ERG"):
            return False
    return False
