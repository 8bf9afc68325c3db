"""What is no encounter after all: found by a rule, but private, routine, or nothing that happened anywhere."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from .arguments import Arguments
from .candidates import Candidate
from .lexicon import Lexicon
from .parties import Parties
from .records import is_local, tokens_in
from .text import fold
from .types import Doc, Occasion

__all__ = ["Sieve"]

#: Classes of words that say behind talks that they were held, or begin to be.
_TOOK_PLACE: Final = ("HAPPENED", "BEGUN", "ENDED", "AFTER")


class Sieve:
    """Says of the candidates of one document which are no events; ``ranks`` are the offices of which those who hold
    them sit together anyway, ``states`` those of people who meet others for a state, ``routine`` the types of bodies
    that sit together anyway."""

    def __init__(self, doc: Doc, parties: Parties, arguments: Arguments, lexicon: Lexicon, *,
                 ranks: frozenset[str], states: frozenset[str], routine: frozenset[str]) -> None:
        self.doc, self.parties, self.arguments = doc, parties, arguments
        self.kb, self.classes = parties.kb, lexicon.classes
        self.ranks, self.states, self.routine = ranks, states, routine

    def drops(self, c: Candidate) -> bool:
        """Whether a candidate is no event."""
        return self._private(c) or self._nowhere(c) or self._bare(c)

    def _nowhere(self, c: Candidate) -> bool:
        """Whether a journey is only said to lead to a part of the world, a guest is only welcomed at home, or those
        whom nobody knows gather in a body that nobody knows, or people of one country in a body of that country."""
        if c.kind == "visit":
            return c.place is not None and c.place.country is None and self.arguments.is_region(c.place)
        held_by = self.kb.entry(c.occasion.id) if c.kind == "multilateral" and c.occasion and c.occasion.id else None
        if held_by is not None and held_by.country and {p.country for p in c.participants} == {held_by.country}:
            return True
        if c.kind == "multilateral" and not (c.occasion and c.occasion.id and not is_local(c.occasion.id)):
            return all(is_local(p.entity) and p.country is None for p in c.participants) or (
                c.occasion is not None and self._own_body(c.occasion)
                and len({p.country for p in c.participants} - {None}) < 2)
        lands = {p.country for p in c.participants}
        return (c.welcome and len(lands - {None}) < 2) or (
            bool(c.in_role("host")) and len(lands) == 1 and None not in lands and c.kind == "meeting")

    def _bare(self, c: Candidate) -> bool:
        """Whether talks of countries are only named, once: nothing says that they were held, which, when or where."""
        if c.kind != "meeting" or not c.unsaid or len(c.mentions) > 1:
            return False
        if any(a is not None and a.basis not in ("published", "dateline") for a in (c.time, c.place)):
            return False
        words = tokens_in(self.doc.tokens, c.sentence)
        named = [w.norm for w in words if c.trigger.covers(w.span)]
        verbs = {w.norm for w in words if w.span.start >= c.trigger.stop} & self._took_place
        return not verbs and self.classes["TALKS"].issuperset(named) and (
            self.classes["ROUND"].isdisjoint([w.norm for w in words])) and all(
            self.parties.is_land(p.entity) for p in c.participants)

    @cached_property
    def _took_place(self) -> frozenset[str]:
        """The words behind talks that say that they were held."""
        return frozenset().union(*(self.classes[name] for name in _TOOK_PLACE))

    def _own_body(self, gathering: Occasion) -> bool:
        """Whether those of a gathering sit together anyway, at home: a cabinet, a party's committee, an agency."""
        return any(fold(word) in self.classes["OWNBODY"] for word in gathering.text.split())

    def _private(self, c: Candidate) -> bool:
        """Whether nothing says that those of an event met or travelled for a state."""
        goal = (c.place.country or self.parties.home) if c.kind == "visit" and c.place else None
        return (self.parties.private(c.participants, goal, self.ranks, self.routine)
                or self.parties.of_home(c.participants, c.kind, self.states))
