"""Gatherings: which one an event is, and one for each of those that a clause joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .arguments import Arguments
from .candidates import Candidate
from .lexicon import Item, Lexicon
from .parties import Parties
from .records import is_local
from .types import Doc, Occasion

__all__ = ["Gatherings"]

Slots = Mapping[str, tuple[int, int]]
_COUNTED = 3  # items, such as an ordinal, that may stand between "and" and the name of the next body
_NAMED = 8  # items from the name of a body to the word for its gathering
_SPOKEN_OF = 3  # sentences within which "this gathering" means one that was told without those who took part


class Gatherings:
    """The gatherings of one document."""

    def __init__(self, doc: Doc, parties: Parties, arguments: Arguments, lexicon: Lexicon) -> None:
        self.doc, self.arguments, self._has = doc, arguments, lexicon.has
        self.of_mention = parties.of_mention
        self._told: tuple[int, Occasion | None] | None = None  # the sentence that told of one, and which it is

    def note(self, row: Sequence[Item], number: int, *, talks: bool) -> None:
        """Read a sentence that may tell of a gathering without those who take part; who does may be told next.  Talks
        told of since make "this meeting" mean them."""
        if talks:
            self._told = None
            return
        for at, item in enumerate(row):
            body = self.of_mention.get(item.index) if item.kind == "ORG" else None
            if body is not None and body.country is None and not is_local(body.id):
                ahead = range(at + 1, min(at + _NAMED, len(row)))
                word = next((n for n in ahead if self._has(row[n], "MEET", "GATHERING", "SUMMIT")), None)
                if word is not None and not any(
                        self._has(i, "FROM", "ON", "DURING", "SIDELINES") for i in row[word + 1 : word + 2]):
                    self._told = number, self.arguments.gathering(self.doc, row, at, word + 1, self.of_mention)
                    return
            elif self._has(item, "SUMMIT") and any(self._has(i, "HAPPENED", "WILLHAPPEN", "BEGUN") for i in row[at:]):
                self._told = number, None
                return

    def spoken_of(self, number: int) -> bool:
        """Whether a gathering was told just before, without those who take part."""
        return self._told is not None and 0 < number - self._told[0] <= _SPOKEN_OF

    def told(self) -> Occasion | None:
        """The gathering told last."""
        return self._told[1] if self._told else None

    def of(self, row: Sequence[Item], slots: Slots | None, at: int) -> Occasion | None:
        """The gathering that a match names: its body up to the word for it, or one whose name is that of a body."""
        if slots and "O" in slots:
            return self.arguments.gathering(self.doc, row, slots["O"][0], at + 1, self.of_mention)
        if row[at].kind == "ORG":
            return self.arguments.gathering(self.doc, row, at, at + 1, self.of_mention)
        return None

    def each(self, c: Candidate, row: Sequence[Item], slots: Slots) -> list[Candidate]:
        """One for each of the bodies that are joined before the one named: "will attend the meetings of A and B";
        none more where they sit together."""
        first = slots.get("O", slots["T"])[0]
        if c.kind != "multilateral" or row[first].kind != "ORG" or any(
                self._has(i, "TOGETHER", "YEARLY") for i in row[first + 1 : slots["T"][0] + 1]):
            return [c]
        out, at = [c], first
        while (other := self._joined(row, at)) is not None:
            out.insert(0, c.split(occasion=self.arguments.gathering(
                self.doc, row, other, other + 1, self.of_mention)))
            at = other
        return out

    def _joined(self, row: Sequence[Item], at: int) -> int | None:
        """Where the body stands that is joined before the one at ``at``, if one is and has no word of its own."""
        n = at - 1
        while n > 0 and at - n <= _COUNTED and not row[n].kind and not self._has(row[n], "JOIN", "BESIDES"):
            n -= 1
        bodies = n > 0 and self._has(row[n], "JOIN", "BESIDES") and row[n - 1].kind == "ORG"
        return n - 1 if bodies and row[n - 1].index != row[at].index else None
