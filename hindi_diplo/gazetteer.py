"""All names of the knowledge base, found in the folded tokens of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Final

from .knowledge import MARKS
from .text import is_abbreviation

__all__ = ["Gazetteer"]

_NONE: Final = frozenset[str]()


class Gazetteer:
    """Every name and every beginning of one; marks inside a name are passed over, so that एस. जयशंकर, एस जयशंकर and
    जी-20, जी20 are the same.

    They lie in one table, not in a tree of tables: there is less to build, and less for the collector to look at."""

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        self._kinds: dict[str, frozenset[str]] = {}  # words -> the kinds that they name: none for a mere beginning
        alike: dict[frozenset[str], frozenset[str]] = {_NONE: _NONE}
        for form, kind, _ in names:
            words = form.split(" ")  # folded already
            if not MARKS.isdisjoint(words):
                words = [norm for norm in words if norm not in MARKS]
            words[:1] = map(intern, words[:1])  # found without comparing
            begun = ""
            for word in words:
                if begun:
                    self._kinds.setdefault(begun, _NONE)
                begun = f"{begun} {word}" if begun else word
            if begun:
                kinds = self._kinds.get(begun, _NONE)
                if kind not in kinds:
                    kinds = kinds | {kind}
                    self._kinds[begun] = alike.setdefault(kinds, kinds)

    def find(self, norms: Sequence[str]) -> list[tuple[int, int, frozenset[str]]]:
        """Longest names in a sentence's folded tokens: (first, last, kinds); they may overlap only by
        being found from different starts, which the merging decides."""
        found = []
        known = self._kinds
        for first in [at for at, norm in enumerate(norms) if norm in known]:
            begun, at = norms[first], first + 1
            kinds, last = known[begun], at
            while at < len(norms):
                here = norms[at]
                longer = f"{begun} {here}"
                at += 1
                if longer in known:
                    begun = longer
                    if known[longer]:
                        kinds, last = known[longer], at
                elif here not in MARKS or (here == "." and not is_abbreviation(norms[at - 2])):
                    break
            if kinds:
                found.append((first, last, kinds))
        return found
