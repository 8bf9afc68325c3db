"""How far a noun phrase about a person reaches to the left: what he is, before his office and his name.

A row is walked back from the person over nouns, adjectives and the genitives that join them ("the secretary of the
supreme security council of X"), up to a word that ends a noun phrase: another case, a verb, a conjunction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from .patterns import Item, Lexicon

__all__ = ["Descriptions", "Reach"]

_LANDS: Final = ("COUNTRY", "ADJ")
_FEMININE: Final = "\u0940"  # the ending of feminine possessives
_DIRECT: Final = "\u093e"  # that of masculine ones in the nominative, which no case can follow
_HYPHENS: Final = frozenset("-–—")
_BRACKET: Final = 6  # items that a bracket within a phrase may hold


OfficeOf = Callable[[Item], str | None]


class Reach(NamedTuple):
    """Where a phrase begins, and the item in it that says whose officer somebody is (-1: none)."""

    first: int
    land: int


class Descriptions:
    """The noun phrases before people.  ``settings`` names word classes and offices (``rules/references.toml``)."""

    def __init__(self, lexicon: Lexicon, settings: Mapping[str, Any]) -> None:
        def words(name: str) -> frozenset[str]:
            return lexicon.words(*settings[name])

        classes = lexicon.classes
        self._of, self._whose, self._portfolio = classes["GENITIVE"], words("whose"), classes["PORTFOLIO"]
        self._post, self._possessive = words("posts"), words("possessive")
        self._inside = words("inside")
        self._ends = words("ends") - self._inside
        self._endings = tuple(e for one in settings["ends"] for e in lexicon.endings.get(one, ()))
        self._located, self._teams = classes["LOCATED"], classes["DELEGATION"] | classes["TEAM"]
        self._join = classes["JOIN"] - classes["COMMA"]
        self._link, self._postedto, self._in, self._kin = (
            classes[name] for name in ("LINK", "POSTEDTO", "IN", "KIN"))
        self._opens = self._join | classes["COMMA"] | classes["LEADING"]  # words that a new phrase stands behind
        self._ofperson = frozenset(settings["of_person"])
        self._accredited = frozenset(settings["accredited"])
        self._federal = classes["FEDERAL"]
        self._most = int(settings["most"])

    def reach(self, row: Sequence[Item], first: int, starts: Mapping[int, int], office_of: OfficeOf, *,
              bare: bool) -> Reach:
        """The beginning of the phrase whose known part begins with item ``first``.

        ``starts`` tells for items of other phrases where these begin, ``office_of`` the office that an item names.
        The known part is ``bare`` where it has neither office nor title: there the word before it must say what
        somebody is."""
        at, land = first, -1
        good = first  # the phrase can begin here
        if bare and not self._says_what(row, first):
            return Reach(first, -1)
        while at > 0 and first - at < self._most:
            item = row[at - 1]
            if item.kind:
                if not self._name_fits(row, at - 1, first, office_of):
                    break
                if land < 0 and item.kind in _LANDS:
                    land = at - 1
                at = good = starts.get(at - 1, at - 1) if item.kind == "PERSON" else at - 1
            elif item.norm in self._of:
                at -= 1  # good only with a noun before it
            elif item.norm == ")":
                opening = next((n for n in range(at - 2, max(0, at - 2 - _BRACKET) - 1, -1) if row[n].norm == "("), 0)
                if not opening:
                    break
                at = opening
            elif item.norm in self._possessive:
                if not item.norm.endswith((_FEMININE, _DIRECT)) or (not row[at].kind and row[at].norm in self._kin):
                    good = at - 1  # the feminine is that of the encounter: "his meeting with minister X"
                break
            elif self._one_office(row, at - 1) or self._posted(row, at - 1, first, office_of):
                at -= 1
            elif not self._noun(item.norm) or (item.norm in self._located and at > 1 and not row[at - 2].kind) or (
                    item.norm in self._teams and row[at].norm not in self._of):
                break
            else:
                at = good = at - 1
        return Reach(good, land if land >= good else -1)

    def _says_what(self, row: Sequence[Item], first: int) -> bool:
        """Whether the word before a name says what somebody is."""
        word = row[first - 1] if first else None
        return word is not None and not word.kind and (word.norm in self._post or (
            word.norm in self._portfolio and first > 1 and row[first - 2].kind == "OFFICE"))

    def _name_fits(self, row: Sequence[Item], at: int, first: int, office_of: OfficeOf) -> bool:
        """Whether a name belongs to the phrase that begins behind it."""
        item, after = row[at], row[at + 1]
        genitive = not after.kind and after.norm in self._of
        following = row[at + 2] if genitive and at + 2 < len(row) else None
        if item.kind == "ADJ":
            return not genitive
        if item.kind in ("PERSON", "OFFICE"):
            if item.kind == "OFFICE" and not after.kind and after.norm in self._link:
                return at + 2 < first  # "the minister and Y" are two
            if item.kind == "OFFICE" and not after.kind and at + 1 < first and not genitive and (
                    after.norm not in self._federal) and _wordlike(after.norm):
                return True  # "chief of staff X": the office goes on in words that the tables do not have
            return following is not None and (
                office_of(following) in self._ofperson if following.kind else following.norm in self._whose)
        if item.kind in ("COUNTRY", "ORG", "PLACE"):
            if not after.kind and after.norm in self._postedto:
                return True  # it was asked already
            if following is not None:
                return following.kind not in ("COUNTRY", "ADJ") and (at + 2 >= first or following.kind != "PERSON")
            return not after.kind and at + 1 < first and (after.norm == "(" or _wordlike(after.norm))
        return False

    def _noun(self, norm: str) -> bool:
        """Whether a word may be a noun or an adjective of the phrase."""
        return norm in self._inside or (
            norm not in self._ends and " " not in norm and not norm.endswith(self._endings) and _wordlike(norm))

    def _one_office(self, row: Sequence[Item], at: int) -> bool:
        """Whether the word at ``at`` joins parts of one word, fields of one office, or offices of one man."""
        before, word, after = row[at - 1] if at else None, row[at].norm, row[at + 1]
        if before is None or (before.kind and after.kind):
            return False
        if before.kind:
            return before.kind == "OFFICE" and word in self._link
        return ((word in _HYPHENS and not after.kind) or (word in self._join and before.norm in self._portfolio)
                or (word in self._link and before.norm in self._post))

    def _posted(self, row: Sequence[Item], at: int, first: int, office_of: OfficeOf) -> bool:
        """Whether the word at ``at`` tells where or what for somebody is posted: "the envoy of Germany for Syria", and
        as one of a list "the ambassador of Germany in Kabul"."""
        if row[at].norm not in self._postedto or not at:
            return False
        if not row[at - 1].kind:
            return row[at].norm not in self._in and row[at - 1].norm in self._portfolio
        if row[at - 1].kind not in ("COUNTRY", "ORG", "PLACE"):
            return False
        listed = at > 1 and not row[at - 2].kind and row[at - 2].norm in self._opens
        lands = any(item.kind in ("COUNTRY", "ADJ") for item in row[at + 1 : at + 3])
        return (row[at].norm not in self._in or (listed and lands)) and any(
            office_of(item) in self._accredited for item in row[at + 1 : first + 5])


def _wordlike(norm: str) -> bool:
    return any(c.isalnum() for c in norm)
