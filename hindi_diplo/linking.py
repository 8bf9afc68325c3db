"""Mentions -> entities: by alias, by spelling variant, by the fuller name in the same text, else local.

What the text says beside a name (office, country) chooses between several; what stays open is kept as
``candidates``.  Nobody's id is guessed: a name that nothing supports becomes ``local:n``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from .files import read_table
from .knowledge import Entry, KnowledgeBase
from .names import alike, key, latin
from .records import replace
from .text import fold, phrase
from .types import Doc, Entity, Mention

__all__ = ["Said", "brackets", "link", "said_before", "trigger_words"]

_NEAR: Final = 50  # so many of a family name in one text are compared with a misspelt one
_MISSPELT: Final = 0.95  # how alike two strangers' names in one text are that are one name
_OF_LENGTH: Final = 22  # characters between a country and its city: "of Italy the southern city X"
_VERY_ALIKE: Final = 0.95  # how alike a place of which no country is told must be to a known city
_TOWN_LENGTH: Final = 5  # characters of a name that is compared with all cities
#: Countries whose leaders' names many bear: there a spelling that is only alike needs more.
_COMMON: Final = frozenset({"IN", "PK", "BD", "NP", "LK"})


@lru_cache(maxsize=16)
def trigger_words(*classes: str) -> frozenset[str]:
    """The folded words of some classes of ``lexicon/triggers.tsv``."""
    rows = (row for _, row in read_table("lexicon/triggers.tsv") if row["class"] in classes)
    return frozenset(phrase(form) for row in rows for form in row["forms"].split("|"))


@dataclass(frozen=True, slots=True)
class Said:
    """What stands right before a name: the office as written, the country or organisation it is of, whether the
    text calls it over, and whether all that may be said of two people."""

    office: str | None = None
    country: str | None = None
    org: str | None = None
    former: bool = False
    apart: bool = False  # another office stands between the country and the office: it may be another's country


@dataclass(slots=True)
class _Referent:
    """An entity in the making."""

    kind: str
    ident: str | None
    name: str
    why: str
    score: float
    mentions: list[int] = field(default_factory=list)
    office: str | None = None
    country: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    words: set[str] = field(default_factory=set)  # the folded words of all its mentions
    full: int = 0  # how many of the mentions are of the full name; these come first

    def last_before(self, index: int) -> int:
        """The last mention before ``index``, -1 where there is none; both parts of ``mentions`` are in order."""
        at = bisect_left(self.mentions, index, 0, self.full) - 1
        short = self.mentions[-1] if len(self.mentions) > self.full else -1
        return max(short, self.mentions[at] if at >= 0 else -1)


def link(doc: Doc, kb: KnowledgeBase) -> tuple[Entity, ...]:
    """Entities of a document with mentions, each pointing at its mentions, in order of first mention."""
    referents = _things(doc, kb) + _people(doc, kb)
    referents.sort(key=lambda r: r.mentions[0])
    out, locals_ = [], 0
    for r in referents:
        known = kb.entry(r.ident) if r.ident else None
        if known is None:
            locals_ += 1
        office = r.office
        if known is not None and known.kind == "PERSON" and office is None:
            terms = kb.terms_of(known.id, doc.published)
            office = kb.office_name(terms[0].office) if terms and doc.published else None
        out.append(Entity(
            id=known.id if known else f"local:{locals_}", kind=known.kind if known else r.kind, name=r.name,
            name_latin=known.name_latin if known else latin(r.name),
            country=(known.country if known else None) or r.country, office=office,
            mentions=tuple(sorted(r.mentions)), why=r.why, candidates=r.candidates,
        ))
    return tuple(out)


# ---------------------------------------------------------------- countries, places, organisations


def _things(doc: Doc, kb: KnowledgeBase) -> list[_Referent]:
    by_id: dict[tuple[str, str], _Referent] = {}
    short = brackets(doc)
    forms: dict[tuple[str, str], tuple[str, str]] = {}  # an unknown short form -> the name that it is short for
    for index, mention in enumerate(doc.mentions):
        if mention.kind in ("PERSON", "OFFICE"):
            continue
        text = mention.span.of(doc.text)
        entry, why, others = _thing(mention, text, kb)
        home = _owner(doc, index, kb) if entry and entry.type == "ministry" else None
        if entry and home and home != entry.country:
            entry, why, others = None, f"a ministry of {home}", ()
        if entry is None and mention.kind == "PLACE":
            entry, why = _town(doc, index, text, kb)
        name = entry.name_hi if entry and entry.kind in ("COUNTRY", "PLACE") else text
        ident = (entry.id if entry else mention.norm + (home or ""), entry.kind if entry else mention.kind)
        if entry is None and (index in short or ident in forms):
            if index in short:
                full = doc.mentions[short[index]]
                found, _, _ = _thing(full, full.span.of(doc.text), kb)
                forms[ident] = (found.id, found.kind) if found else (full.norm, full.kind)
            ident = forms[ident]
            why = "the short form of the name that it stood behind in brackets"
        referent = by_id.get(ident)
        if referent is None:
            referent = by_id[ident] = _Referent(mention.kind, entry.id if entry else None, name, why, 1.0,
                                                candidates=others)
            if entry and entry.kind in ("PLACE", "ORG"):
                referent.country = entry.country
            elif home:
                referent.country = home
        if mention.kind == "ORG" and len(text) > len(referent.name):
            referent.name = text
        referent.mentions.append(index)
    return list(by_id.values())


def _thing(
    mention: Mention, text: str, kb: KnowledgeBase
) -> tuple[Entry | None, str, tuple[tuple[str, float], ...]]:
    kinds: tuple[str, ...] = ("COUNTRY", "ADJ", "PLACE") if mention.kind in ("COUNTRY", "PLACE") else (mention.kind,)
    if mention.source.endswith("/adj"):
        kinds = ("ADJ", "COUNTRY")
    found = [(k, i) for k, i in (kb.lookup(mention.norm) or kb.lookup(text)) if k in kinds]
    found.sort(key=lambda f: kinds.index(f[0]))
    if found:
        others = tuple((ident, 0.5) for _, ident in found[1:] if ident != found[0][1])
        return kb.entry(found[0][1]), f"alias {text}", others
    near = kb.find(text, mention.kind)
    if near and near[0][1] >= (0.94 if mention.kind == "ORG" else 0.86):
        return kb.entry(near[0][0]), f"spelling variant of a known name ({near[0][1]:.2f})", tuple(near[1:3])
    return None, "in no list", ()


def _town(doc: Doc, index: int, text: str, kb: KnowledgeBase) -> tuple[Entry | None, str]:
    """The city that a place in no list is by its spelling: of the country that stands before it with a genitive ("the
    city X of Y"), or else one that is very much alike, of a country of the text if there are several."""
    land = _owner(doc, index, kb, of=True)
    near = kb.town(text, land) if land else []
    if not near and len(text) >= _TOWN_LENGTH:
        near = [(ident, score) for ident, score in kb.town(text) if score >= _VERY_ALIKE]
        if len(near) > 1:
            lands = {i for m in doc.mentions if m.kind == "COUNTRY" for k, i in kb.lookup(m.norm) if k == "COUNTRY"}
            near = [(ident, score) for ident, score in near if (e := kb.entry(ident)) and e.country in lands]
    if not near or (len(near) > 1 and not land):
        return None, "in no list"
    return kb.entry(near[0][0]), f"spelling variant of a city ({near[0][1]:.2f})"


def _owner(doc: Doc, index: int, kb: KnowledgeBase, *, of: bool = False) -> str | None:
    """The country that stands right before a mention, as its name or as an adjective, or with a genitive and what
    the mention is (``of``)."""
    if not index or doc.mentions[index - 1].kind != "COUNTRY":
        return None
    before = doc.mentions[index - 1]
    gap = doc.text[before.span.stop : doc.mentions[index].span.start]
    if of and not trigger_words("OF").intersection(phrase(gap).split()[:1]):
        return None
    if len(gap.strip()) > (_OF_LENGTH if of else 3) or any(mark in gap for mark in ",।|?!\n"):
        return None
    return next((i for k, i in kb.lookup(before.norm) if k in ("COUNTRY", "ADJ")), None)


def brackets(doc: Doc) -> dict[int, int]:
    """Mentions that stand in brackets right behind another of the same kind: short form -> full form."""
    out = {}
    for index in range(1, len(doc.mentions)):
        full, brief = doc.mentions[index - 1], doc.mentions[index]
        if brief.kind == full.kind == "ORG" and doc.text[full.span.stop : brief.span.start].strip() == "(" and \
                doc.text[brief.span.stop : brief.span.stop + 1] == ")":
            out[index] = index - 1
    return out


# ---------------------------------------------------------------- people


def _people(doc: Doc, kb: KnowledgeBase) -> list[_Referent]:
    people = [(i, m) for i, m in enumerate(doc.mentions) if m.kind == "PERSON"]
    full = [(i, m) for i, m in people if len(m.norm.split()) > 1]
    referents = _Found()
    for index, mention in full:
        said, (ident, score, why, others) = _known_as(mention, said_before(doc, index, kb), kb, doc.published)
        text = mention.span.of(doc.text)
        home = referents.of(ident, text) or (referents.spelt(mention.norm) if ident is None and not others else None)
        if home is None:
            home = _Referent("PERSON", ident, text, why, score, candidates=others)
            referents.append(home)
        _add(home, index, text, said)
        referents.note(home, mention.norm)
        home.full += 1
    for index, mention in people:
        if len(mention.norm.split()) > 1:
            continue
        said = said_before(doc, index, kb)
        text = mention.span.of(doc.text)
        home = _fuller(mention, index, referents, said, kb)
        if home is None:
            said, (ident, score, why, others) = _known_as(mention, said, kb, doc.published)
            home = referents.of(ident, text, alike=False) or (
                referents.so_called(mention.norm, said) if ident is None else None)
            if home is None:
                home = _Referent("PERSON", ident, text, why, score, candidates=others)
                referents.append(home)
        _add(home, index, text, said)
        referents.note(home, mention.norm)
    return _parts_joined(referents.all, kb)


def _parts_joined(people: Sequence[_Referent], kb: KnowledgeBase) -> list[_Referent]:
    """The people found, where several words of a name stand for the one person of the text whose fuller name has
    them all: "A C" for "A B C", "al C" for "A al C"; titles and words in Latin letters beside a name count for
    nothing."""
    if not any(r.ident is None and len(r.name.replace("-", " ").split()) > 1 for r in people):
        return [*people]
    names = [(r, *_own_words(r.name, kb)) for r in people]
    having: dict[str, list[tuple[_Referent, list[str]]]] = {}
    for r, words, _ in names:
        for word in set(words):
            having.setdefault(word, []).append((r, words))
    out, gone = [], set[int]()
    for r, words, beside in names:
        home = None
        if r.ident is None and words and (len(words) > 1 or beside or "-" in r.name):
            whole = [other for other, theirs in having[words[-1]][:_NEAR]
                     if other is not r and id(other) not in gone and _part_of(words, theirs, beside)
                     and len({r.country, other.country} - {None}) < 2]
            home = whole[0] if len(whole) == 1 else None
        if home is None:
            out.append(r)
            continue
        gone.add(id(r))
        home.mentions, home.full = sorted([*home.mentions, *r.mentions]), 0
        home.office, home.country = home.office or r.office, home.country or r.country
    return out


def _own_words(name: str, kb: KnowledgeBase) -> tuple[list[str], bool]:
    """The words of a name as keys, its parts at hyphens apart; whether others, titles or Latin, stand beside them."""
    titles = trigger_words("TITLE")
    parts = [w.strip("'\"‘’“”,:") for w in name.replace("-", " ").split()]
    words = [w for w in parts if w and not w.isascii() and fold(w) not in titles and kb.office(fold(w)) is None]
    return [key(w) for w in words], len(words) < len(parts)


def _part_of(words: Sequence[str], theirs: Sequence[str], beside: bool) -> bool:
    """Whether a name has all the words of another and more, or the same where the other has some beside them."""
    if len(words) == 1:
        return len(theirs) > 1 and words[0] == theirs[-1]
    return set(words) <= set(theirs) and (len(theirs) > len(words) or (beside and len(theirs) == len(words)))


class _Found:
    """The people found so far, by id, by the key of their name and by each word of it: so that a document's
    cost is linear in its names.  What an index gives is still to be compared: names grow."""

    def __init__(self) -> None:
        self.all: list[_Referent] = []
        self._place: dict[int, int] = {}
        self._by_id: dict[str, _Referent] = {}
        self._by_word: dict[str, dict[int, _Referent]] = {}
        self._by_key: dict[str, dict[int, _Referent]] = {}

    def append(self, r: _Referent) -> None:
        self._place[id(r)] = len(self.all)
        self.all.append(r)
        if r.ident is not None:
            self._by_id.setdefault(r.ident, r)

    def note(self, r: _Referent, norm: str) -> None:
        """Remember a referent under the name that it has now and the words of a mention."""
        place = self._place[id(r)]
        self._by_key.setdefault(key(r.name), {})[place] = r
        words = {word.strip(".") for word in norm.split()}
        r.words |= words
        for word in {key(r.name.split()[-1]), *words}:
            self._by_word.setdefault(word, {})[place] = r

    def of(self, ident: str | None, name: str, *, alike: bool = True) -> _Referent | None:
        """The first referent with that id; without an id the first one with that name (or one spelt alike)."""
        if ident is not None:
            return self._by_id.get(ident)
        near = self._by_key.get(key(name), {})
        return next((r for _, r in sorted(near.items()) if r.ident is None and (
            _same_name(r.name, name) if alike else r.name == name)), None)

    def spelt(self, norm: str) -> _Referent | None:
        """The person of this text whose name was written nearly so before: a known one with the same last word, or
        a stranger with the same first word."""
        first, last = norm.split(maxsplit=1)[0], norm.rsplit(maxsplit=1)[-1]
        near = [r for r in self.with_word(key(last), last)[:_NEAR] if r.ident is not None and last in r.words]
        strangers = [r for r in self.with_word(key(first), first)[:_NEAR] if r.ident is None and first in r.words]
        scored = [(alike(fold(r.name), norm), r) for r in near] + [
            (score, r) for r in strangers if (score := alike(fold(r.name), norm)) >= _MISSPELT]
        best = max(scored, key=lambda row: row[0], default=None)
        return best[1] if best is not None and best[0] >= 0.9 else None

    def so_called(self, norm: str, said: Said) -> _Referent | None:
        """The known person of this text whom that one word named before, with more said of him."""
        return next((r for r in self.with_word(key(norm), norm) if r.ident is not None and norm in r.words and (
            not said.country or not r.country or said.country == r.country)), None)

    def with_word(self, short: str, norm: str) -> list[_Referent]:
        """Those who may have a word with that key as their last, or that very word, in order."""
        near = {**self._by_word.get(short, {}), **self._by_word.get(norm, {})}
        return [r for _, r in sorted(near.items())]


def _add(home: _Referent, index: int, text: str, said: Said) -> None:
    home.mentions.append(index)
    fuller = len(text) > len(home.name) and len(text.split()) >= len(home.name.split())
    if home.name.isascii() or (fuller and not text.isascii()):  # a gloss in Latin is no fuller Hindi name
        home.name = text
    home.office = home.office or said.office
    home.country = home.country or said.country


def said_before(doc: Doc, index: int, kb: KnowledgeBase) -> Said:
    """The office and the country or organisation that stand right before the mention with this index."""
    office: str | None = None
    former = apart = False
    at = doc.mentions[index].span.start
    links, over, of = _said_words()
    owned = trigger_words("OF")
    for back in range(index - 1, max(-1, index - 4), -1):
        before = doc.mentions[back]
        if before.kind not in ("OFFICE", "COUNTRY", "ORG"):
            break
        words = _between(doc.text[before.span.stop : at])
        if words is None or not links.issuperset(words):
            break
        if before.kind == "OFFICE" and office is None:
            if not owned.isdisjoint(words):  # "the president's [meeting] with X": his who goes before, not X's
                break
            office = before.span.of(doc.text)
        elif before.kind == "OFFICE":
            apart = not words
        elif before.kind == "COUNTRY" and (office or before.source.endswith("/adj") or any(w in of for w in words)):
            found = [i for k, i in kb.lookup(before.norm) if k in ("COUNTRY", "ADJ")]
            return Said(office, found[0] if found else None, None, former or any(w in over for w in words),
                        apart)
        elif before.kind == "ORG" and office:
            found = [i for k, i in kb.lookup(before.norm) if k == "ORG"]
            return Said(office, None, found[0] if found else None, former or any(w in over for w in words),
                        apart)
        else:
            break
        former = former or any(w in over for w in words)
        at = before.span.start
    if office:
        former = former or bool(over.intersection(fold(w) for w in doc.text[max(0, at - 200) : at].split()[-1:]))
    return Said(office, None, None, former)


@lru_cache(maxsize=1)
def _said_words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words that may stand between a name and what is said of it, those that call it over, those of whose it is."""
    return (trigger_words("OF", "TITLE", "OWN", "NEWOF", "COUNTERPART", "FORMER", "THEN"),
            trigger_words("FORMER", "THEN"), trigger_words("OF", "COUNTERPART"))


@lru_cache(maxsize=1 << 12)
def _between(gap: str) -> tuple[str, ...] | None:
    """The words between two mentions; None where a line ends there."""
    if "\n" in gap:
        return None
    return tuple(fold(w) for w in gap.replace(".", " ").replace(",", " ").split() if w not in "-–(")


def _known_as(
    mention: Mention, said: Said, kb: KnowledgeBase, day: str | None
) -> tuple[Said, tuple[str | None, float, str, tuple[tuple[str, float], ...]]]:
    """What the text says of a person, and who of the knowledge base that is: of two offices side by side the first,
    with its country, may be somebody else's ("the X prime minister the president of the house N")."""
    found = _known(mention, said, kb, day)
    if found[0] is None and said.apart:
        alone = replace(said, country=None, org=None)
        again = _known(mention, alone, kb, day)
        if again[0] is not None:
            return alone, again
    return said, found


def _known(
    mention: Mention, said: Said, kb: KnowledgeBase, day: str | None
) -> tuple[str | None, float, str, tuple[tuple[str, float], ...]]:
    """The person of the knowledge base whom a name means: id, score, why, other candidates.

    A name in the tables needs nothing else unless what the text says speaks against it; one that is only
    spelt alike needs to be closer the less the country, the office and the day speak for it."""
    found = kb.find(mention.norm)
    exact = bool(found) and found[0][1] == 1.0
    office = kb.office(said.office) if said.office else None
    scored = []
    for ident, score in found:
        evidence, supported, against = _evidence(ident, office, said, kb, day)
        if exact or score >= _least(ident, supported, against, kb, day):
            scored.append((ident, round(score + evidence, 3)))
    scored.sort(key=lambda s: -s[1])
    if not exact and len(scored) < 2:
        spelt = _holder_spelt_so(mention.norm, office, said, kb, day)
        if spelt[0] is not None or not scored:
            return spelt
    margin = 0.0 if exact else 0.02
    tie = len(scored) > 1 and scored[0][1] - scored[1][1] <= margin
    scored = [(ident, min(1.0, score)) for ident, score in scored]
    best = scored[0]
    if tie:
        return None, best[1], "several known people have this name", tuple(scored[:3])
    if best[1] < 0.8:
        return None, best[1], "known names do not fit what the text says", tuple(scored[:3])
    why = "alias" if exact else f"spelling variant ({best[1]:.2f})"
    return best[0], best[1], why, tuple(scored[1:3])


def _evidence(
    ident: str, office: str | None, said: Said, kb: KnowledgeBase, day: str | None
) -> tuple[float, bool, bool]:
    """What the text says for or against a person: a sum for the score, whether it supports, whether it is
    against."""
    entry, terms = kb.entry(ident), kb.terms_of(ident)
    evidence, supported, against = 0.0, False, False
    owners = {t.country for t in terms} | {entry.country if entry else None}
    if said.country or said.org:
        if said.country in owners or said.org in owners:
            evidence, supported = 0.1, True
        elif said.country:
            evidence, against = -0.3, True
    if office and terms:
        same = (office, *kb.abroad.get(office, ()))
        held = [t for t in terms if t.office in same or office in kb.alike.get(t.office, ())]
        evidence += 0.1 if held else -0.05
        supported = supported or bool(held)
        if held and day:
            evidence += 0.05 if any(t in kb.terms_of(ident, day) for t in held) else 0.0
    if day and kb.terms_of(ident, day):
        evidence += 0.02  # of two people with one name, the one who is in office
    return evidence, supported, against


def _least(ident: str, supported: bool, against: bool, kb: KnowledgeBase, day: str | None) -> float:
    """How alike a spelling must be to stand for a person."""
    entry = kb.entry(ident)
    if against or entry is None:
        return 2.0
    if supported:
        return 0.8
    years, terms = int(day[:4]) if day else None, kb.terms_of(ident)
    lately = years is None or any(
        int(t.start[:4] or 0) <= years + 1 and (not t.stop or int(t.stop[:4]) >= years - 6) for t in terms)
    if not terms:
        return 0.98 if entry.country in _COMMON else 0.95
    if not lately:
        return 2.0
    return 0.95 if entry.country in _COMMON else 0.9


def _holder_spelt_so(
    name: str, office: str | None, said: Said, kb: KnowledgeBase, day: str | None
) -> tuple[str | None, float, str, tuple[tuple[str, float], ...]]:
    """Who of those that ever held the office that the text gives (or, where it gives only the country, who of
    those in office there on the day) is spelt like the name, in either script."""
    place = said.country or said.org
    if not place and office and day and " " not in name:
        return _anywhere(name, office, kb, day)
    if not place or not (office or day):
        return None, 0.0, "in no list", ()
    if office:
        now = {h.person for h in kb.holder(place, office, day)}
        people = now | kb.holders(place, office)
    else:
        people = now = kb.in_office(place, day)
    scored = []
    for ident in people:
        score = kb.likeness(name, ident)
        if score >= (0.9 if ident not in now else 0.8 if office else 0.86):
            scored.append((ident, round(score, 3)))
    scored.sort(key=lambda s: (s[0] not in now, -s[1], s[0]))
    if not scored:
        return None, 0.0, "in no list", ()
    return scored[0][0], scored[0][1], f"spelt like the holder of the office ({scored[0][1]:.2f})", tuple(scored[1:3])


def _anywhere(
    name: str, office: str, kb: KnowledgeBase, day: str
) -> tuple[str | None, float, str, tuple[tuple[str, float], ...]]:
    """Who of all who hold that office in some country on the day has this very family name, if it is one person."""
    fitting = [ident for ident in sorted(kb.holding(office, day)) if kb.likeness(name, ident) >= 0.96]
    if len(fitting) != 1:
        return None, 0.0, "in no list", tuple((ident, 0.5) for ident in fitting[:3])
    return fitting[0], 0.96, "the only holder of the office with that name", ()


def _same_name(one: str, other: str) -> bool:
    return one == other or key(one) == key(other)


def _fuller(
    mention: Mention, index: int, referents: _Found, said: Said, kb: KnowledgeBase,
) -> _Referent | None:
    """The referent whose full name ends or begins with this short one: said before, else later."""
    short = key(mention.norm)
    fitting = []
    for r in referents.with_word(short, mention.norm):
        words = r.name.split()
        if len(words) > 1 and (mention.norm in r.words or (
                short == key(words[-1]) and alike(mention.norm, fold(words[-1])) > 0)):
            if said.country and r.country and r.country != said.country:
                continue
            fitting.append(r)
    exact = {i for k, i in kb.lookup(mention.norm) if k == "PERSON"}
    chosen = [r for r in fitting if r.ident in exact] or [r for r in fitting if mention.norm in r.words] or fitting
    before = [r for r in chosen if r.last_before(index) >= 0]
    if before:
        return max(before, key=lambda r: r.last_before(index))
    return chosen[0] if chosen else None
