"""Who is who and what pairs with what: identity of participants, and the best one-to-one pairing.

Two participants (or entities, or places) are the same

* where both carry an id of the knowledge base: if the ids are equal, and never otherwise;
* else where one of them is an office without a name ("the foreign minister of Russia"): if office and
  country are equal or unsaid (two names of one office in the knowledge base are equal);
* else by folded name: equal, or the one name is the beginning or the end of the other, word by word
  (a family name alone, as agencies write it), unless both tell a country and the countries differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..knowledge import KnowledgeBase
from ..records import is_local
from ..text import phrase

__all__ = ["Judge", "assign", "coverage", "overlap"]

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judge:
    """Says whether two things are the same.  With a knowledge base only its ids count as ids, so that an
    id that a labeller invented for somebody it does not know is compared by name; without one, every id
    but ``local:n`` counts."""

    kb: KnowledgeBase | None = None

    def known(self, ident: str | None) -> bool:
        """Whether an id says who somebody is."""
        if not ident or is_local(ident):
            return False
        return self.kb is None or self.kb.entry(ident) is not None

    def same(self, a: Record, b: Record) -> bool:
        """Whether two participants, or two entities, are the same."""
        if self.known(a.get("id")) and self.known(b.get("id")):
            return bool(a["id"] == b["id"])
        if a.get("id") and a.get("id") == b.get("id") and not is_local(a["id"]):
            return True
        lands = {a.get("country"), b.get("country")} - {None, ""}
        if _office_only(a) or _office_only(b):
            return len(lands) < 2 and self._same_office(a.get("office"), b.get("office"))
        if len(lands) == 2:
            return False
        return _same_name(a.get("name") or "", b.get("name") or "")

    def _same_office(self, a: str | None, b: str | None) -> bool:
        if not a or not b:
            return False
        if phrase(a) == phrase(b):
            return True
        return (
            self.kb is not None and (office := self.kb.office(a)) is not None and office == self.kb.office(b)
        )

    def same_place(self, a: Record, b: Record) -> bool:
        """Whether two places are the same: by folded name, or as names of one place that the base knows."""
        one, other = phrase(a.get("name") or ""), phrase(b.get("name") or "")
        if one == other:
            return True
        lands = {a.get("country"), b.get("country")} - {None, ""}
        return len(lands) < 2 and bool(self._places(one) & self._places(other))

    def _places(self, name: str) -> set[str]:
        if self.kb is None:
            return set()
        found = set()
        for kind, ident in self.kb.lookup(name):
            entry = self.kb.entry(ident)
            if kind in ("PLACE", "COUNTRY") and entry is not None:
                found.add(entry.city or ident)
        return found


def _office_only(p: Record) -> bool:
    """Whether somebody goes by his office alone: no id of a person, the name says the office."""
    office = _words(p.get("office") or "")
    return bool(office) and office <= _words(p.get("name") or "")


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> frozenset[str]:
    return frozenset(phrase(text).split())


def _same_name(a: str, b: str) -> bool:
    one, other = phrase(a), phrase(b)
    if one == other:
        return True
    if not one or not other:
        return False
    short, long = sorted((one.split(), other.split()), key=len)
    # An initial or a one-letter word names nobody.
    if len(short) == len(long) or max(map(len, short)) < 2:
        return False
    return short in (long[: len(short)], long[-len(short) :])


def overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    """How many characters two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def coverage(a: tuple[int, int], b: tuple[int, int]) -> float:
    """The shared characters of two spans over the longer span's length."""
    return overlap(a, b) / max(a[1] - a[0], b[1] - b[0], 1)


def assign(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The one-to-one pairing of rows and columns with the greatest sum of weights; pairs of weight 0 or
    less are left out.  Kuhn–Munkres with potentials, O(n²m)."""
    rows, columns = len(weights), len(weights[0]) if weights else 0
    if not rows or not columns:
        return []
    if rows > columns:
        turned = [[weights[r][c] for r in range(rows)] for c in range(columns)]
        return sorted((r, c) for c, r in assign(turned))
    infinite = float("inf")
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, done = [infinite] * (columns + 1), [False] * (columns + 1)
        while True:
            done[column] = True
            current, delta, after = owner[column], infinite, 0
            for c in range(1, columns + 1):
                if done[c]:
                    continue
                cost = -max(weights[current - 1][c - 1], 0.0) - of_row[current] - of_column[c]
                if cost < least[c]:
                    least[c], way[c] = cost, column
                if least[c] < delta:
                    delta, after = least[c], c
            for c in range(columns + 1):
                if done[c]:
                    of_row[owner[c]] += delta
                    of_column[c] -= delta
                else:
                    least[c] -= delta
            column = after
            if owner[column] == 0:
                break
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    return sorted(
        (owner[c] - 1, c - 1) for c in range(1, columns + 1) if owner[c] and weights[owner[c] - 1][c - 1] > 0
    )
