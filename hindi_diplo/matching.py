"""Rules compiled: patterns as expressions over encoded rows, which of them can match a row, and what they find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import regex

from .errors import DataError

__all__ = ["Lead", "Match", "Pattern", "Rule", "Stage"]

_SEEN: Final = 200  # rows from which is learnt what is rare


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its file gives it; ``options`` holds the fields that only its user knows."""

    id: str
    patterns: tuple[str, ...]
    priority: int
    gap: int
    block: bool
    examples: tuple[Any, ...]
    rejects: tuple[Any, ...]
    note: str
    file: Path
    options: Mapping[str, Any] = field(default_factory=dict)


class Match(NamedTuple):
    """A rule that matched: item numbers of the whole match and of each slot (half-open)."""

    rule: Rule
    start: int
    stop: int
    slots: Mapping[str, tuple[int, int]]


class Lead(NamedTuple):
    """A ``*`` slot that begins a pattern: its name, how many items it takes at most, and those that it does not."""

    name: str
    most: int
    stops: frozenset[str]


@dataclass(slots=True)
class Pattern:
    """A pattern of a rule as an expression, which is compiled when a row first needs it: that takes a fifth of the
    time to load all.  A ``lead`` stands before the expression, and is found without it."""

    rule: Rule
    text: str
    lead: Lead | None
    own: bool  # of a user: nobody has tried what it costs
    compiled: Any = None
    groups: tuple[tuple[str, int], ...] = ()

    def expression(self) -> Any:
        if self.compiled is None:
            try:
                self.compiled = regex.compile(self.text)
            except regex.error as error:
                raise DataError(f"rule {self.rule.id!r}: {self.text!r:.200} does not compile: {error}",
                                file=self.rule.file) from None
            self.groups = tuple(self.compiled.groupindex.items())
        return self.compiled

    def found(self, row: str, overlapped: bool, timeout: float | None) -> list[Any]:
        """The matches of the expression in an encoded row."""
        compiled = self.compiled or self.expression()
        if timeout is not None:
            return list(compiled.finditer(row, overlapped=overlapped, timeout=timeout))
        first = compiled.search(row)  # most have none, and asking for one costs half of asking for all
        if first is None:
            return []
        return [first, *compiled.finditer(row, first.start() + 1 if overlapped else first.end(), overlapped=overlapped)]

    def match(self, found: Any) -> Match:
        """What a match of the expression says."""
        start, stop = found.span()
        spans = found.regs
        return Match(self.rule, start, stop, {name: spans[n] for name, n in self.groups if spans[n][0] >= 0})

    def led(self, row: str, found: Sequence[Any]) -> Iterator[Match]:
        """What matches of the expression say with the lead before each: back to the match before, to a stop."""
        name, most, stops = self.lead or Lead("", 0, frozenset())
        floor = 0
        for one in found:
            match = self.match(one)
            end = first = match.start
            floor = max(floor, end - most)
            while first > floor and row[first - 1] not in stops:
                first -= 1
            if first < end:
                yield match._replace(start=first, slots={name: (first, end), **match.slots})
            floor = end


class Stage:
    """Patterns, with what a row must hold for each of them to match."""

    def __init__(self) -> None:
        self.patterns: list[tuple[int, Pattern]] = []
        self._numbers: dict[frozenset[str], int] = {}  # a set of characters -> its bit
        self._bits: dict[str, int] = {}  # a character -> the bits of the sets that hold it
        self._seen: Counter[int] = Counter()  # of the first rows: how many have a character of each set
        self._rows = 0
        # A character -> the patterns whose rarest set holds it, with their places in the file; None until learnt.
        self._led: dict[str, list[tuple[int, int, Pattern]]] | None = None

    def add(self, pattern: Pattern, needed: Iterable[frozenset[str]]) -> None:
        """Add a pattern; a row that it matches holds a character of each set in ``needed``."""
        bits = 0
        for chars in needed:
            if chars not in self._numbers:
                bit = self._numbers[chars] = 1 << len(self._numbers)
                for char in chars:
                    self._bits[char] = self._bits.get(char, 0) | bit
            bits |= self._numbers[chars]
        self.patterns.append((bits, pattern))

    def possible(self, row: Iterable[str]) -> list[Pattern]:
        """The patterns that can match a row of these characters, in the order of the file.

        The first rows show which of the sets that a pattern needs is the rarest: from then on only the patterns are
        looked at whose rarest set the row has."""
        here = 0
        chars = self._bits.keys() & set(row)
        for char in chars:
            here |= self._bits[char]
        lacking = ~here
        if self._led is None:
            self._see(here)
            return [one for bits, one in self.patterns if not bits & lacking]
        found = {at: one for char in chars for at, bits, one in self._led.get(char, ()) if not bits & lacking}
        return [found[at] for at in sorted(found)]

    def _see(self, here: int) -> None:
        self._seen.update(bit for bit in self._numbers.values() if bit & here)
        self._rows += 1
        if self._rows < _SEEN or any(not bits for bits, _ in self.patterns):  # one that needs nothing is always tried
            return
        led: dict[str, list[tuple[int, int, Pattern]]] = {}
        for at, (bits, pattern) in enumerate(self.patterns):
            rarest = min((self._seen[bit], bit, chars) for chars, bit in self._numbers.items() if bit & bits)[2]
            for char in rarest:
                led.setdefault(char, []).append((at, bits, pattern))
        self._led = led

    def needs(self) -> list[list[frozenset[str]]]:
        """For each pattern the sets of characters of each of which a row must hold one."""
        return [[chars for chars, bit in self._numbers.items() if bit & bits] for bits, _ in self.patterns]
