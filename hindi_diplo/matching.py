"""Rules compiled: patterns as expressions over encoded rows, which of them can match a row, and what they find."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import regex

from .errors import DataError

__all__ = ["Lead", "Match", "Pattern", "Rule", "Stage"]

_made = tuple.__new__  # a Match by way of its own function takes twice as long
_SEEN: Final = 200  # rows from which is learnt what is rare
_SLOT: Final = re.compile(r"\(\?P<(\w+)>")


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
    time to load all.  A ``lead`` stands before the expression, and is found without it.

    Short rows are searched by the standard library's engine, which takes two thirds of the time; regex's, which
    can be stopped, reads what needs a guard."""

    rule: Rule
    text: str
    lead: Lead | None
    own: bool  # of a user: nobody has tried what it costs
    guarded: Any = None
    plain: Any = None
    slots: tuple[tuple[str, int], ...] = ()  # the names of the groups with their numbers

    def expression(self) -> Any:
        """The expression for the engine that can be stopped; raises DataError where it is none."""
        if self.guarded is None:
            self.guarded = self._compiled(regex.compile)
        return self.guarded

    def _compiled(self, compile_: Callable[[str], Any]) -> Any:
        # Alternatives may each have a slot of one name, which the standard library does not know: groups have numbers.
        self.slots = tuple((name, n) for n, name in enumerate(_SLOT.findall(self.text), 1))
        try:
            return compile_(_SLOT.sub("(", self.text))
        except (re.error, regex.error) as error:
            raise DataError(f"rule {self.rule.id!r}: {self.text!r:.200} does not compile: {error}",
                            file=self.rule.file) from None

    def match(self, row: str, overlapped: bool, timeout: float | None, out: list[Match]) -> None:
        """Append what the pattern finds in an encoded row; raises TimeoutError after so many seconds."""
        if timeout is None:
            if self.plain is None:
                self.plain = self._compiled(re.compile)
            search = self.plain.search
            one = search(row)
            if one is None:  # as in most rows
                return
            found = []
            while one is not None:
                found.append(one.regs)
                start, stop = one.regs[0]
                one = search(row, start + 1 if overlapped or start == stop else stop)
        else:
            found = [one.regs for one in self.expression().finditer(row, overlapped=overlapped, timeout=timeout)]
        floor = 0
        for spans in found:
            start, stop = spans[0]
            slots = {name: spans[n] for name, n in self.slots if spans[n][0] >= 0}
            if self.lead is not None:  # back to the match before, to a stop
                end, floor = start, max(floor, start - self.lead.most)
                while start > floor and row[start - 1] not in self.lead.stops:
                    start -= 1
                floor = end
                if start == end:
                    continue
                slots = {self.lead.name: (start, end), **slots}
            if start != stop:
                out.append(_made(Match, (self.rule, start, stop, slots)))


class Stage:
    """Patterns, with what a row must hold for each of them to match."""

    def __init__(self) -> None:
        self.patterns: list[tuple[int, Pattern]] = []
        self._numbers: dict[frozenset[str], int] = {}  # a set of characters -> its bit
        self._bits: dict[str, int] = {}  # a character -> the bits of the sets that hold it
        self._seen: Counter[int] = Counter()  # of the first rows: how many have a character of each set
        self._rows = 0
        # A character -> its bits, and the patterns whose rarest set holds it with their places in the file; None until
        # that is learnt.
        self._table: dict[str, tuple[int, list[tuple[int, int, Pattern]]]] | None = None

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
        if self._table is None:
            for char in self._bits.keys() & set(row):
                here |= self._bits[char]
            self._see(here)
            return [one for bits, one in self.patterns if not bits & ~here]
        led: list[tuple[int, int, Pattern]] = []
        for known in map(self._table.get, set(row)):
            if known is not None:
                here |= known[0]
                led += known[1]
        lacking = ~here
        found = {at: one for at, bits, one in led if not bits & lacking}
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
        self._table = {char: (bits, led.get(char, [])) for char, bits in self._bits.items()}

    def needs(self) -> list[list[frozenset[str]]]:
        """For each pattern the sets of characters of each of which a row must hold one."""
        return [[chars for chars, bit in self._numbers.items() if bit & bits] for bits, _ in self.patterns]
