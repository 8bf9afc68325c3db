"""What ``hindi-diplo kb`` prints: one entry, a search, the size of the tables, what may be out of date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .errors import HindiDiploError
from .knowledge import Entry, Holding, KnowledgeBase

__all__ = ["find", "show", "stale", "stats"]

KINDS = ("PERSON", "COUNTRY", "PLACE", "ORG")


def show(kb: KnowledgeBase, ident: str, day: str | None = None) -> list[str]:
    """All that is known of an id (``rus-sergey-lavrov``, ``RU``, ``sco``), on ``day`` where one is given.

    Raises HindiDiploError for an id that the knowledge base does not hold."""
    entry = kb.entry(ident)
    if entry is None:
        raise HindiDiploError(f"no entry {ident!r} in the knowledge base; try: hindi-diplo kb find {ident!r}")
    lines = [f"{entry.id}  {entry.kind}  {entry.name_hi}  {entry.name_latin}", f"  forms: {', '.join(entry.forms)}"]
    for label, value in (("country", entry.country), ("gender", entry.gender), ("type", entry.type),
                         ("city", entry.city), ("Wikidata", entry.wikidata)):
        if value:
            lines.append(f"  {label}: {value}")
    if entry.lat is not None:
        lines.append(f"  at: {entry.lat}, {entry.lon}")
    if entry.kind == "COUNTRY" and kb.capital_of(ident):
        lines.append(f"  capital: {kb.capital_of(ident)}")
    members = kb.members(ident, day)
    if members:
        lines.append(f"  members: {' '.join(members)}")
    terms: list[Holding] = list(kb.terms_of(ident, day)) if entry.kind == "PERSON" else [
        t for t in kb.terms if t.country == ident and (not day or t in kb.terms_of(t.person, day))]
    lines += [f"  {_term(kb, term)}" for term in sorted(terms, key=lambda t: (t.office, t.start))]
    return [*lines, f"  source: {entry.source}"]


def _term(kb: KnowledgeBase, term: Holding) -> str:
    span = f"{term.start or '?'} – {term.stop or 'now'}"
    return f"{span}  {term.office} of {term.country}: {term.person}  [{term.source}]"


def find(kb: KnowledgeBase, name: str) -> list[str]:
    """The entries that a name can mean, best first, in either script."""
    found = [(score, ident) for kind in KINDS for ident, score in kb.find(name, kind)]
    adjectives = [(1.0, ident) for kind, ident in kb.lookup(name) if kind in ("ADJ", "CAPITAL")]
    rows = sorted({*found, *adjectives}, key=lambda row: (-row[0], row[1]))
    lines = [f"{score:.2f}  {_short(kb.entries[ident])}" for score, ident in rows]
    office = kb.office(name)
    if office:
        exact = sum(score == 1.0 for score, _ in rows)
        lines.insert(exact, f"1.00  {office}  OFFICE  {kb.office_name(office)}")
    return lines or [f"nothing is called {name!r}"]


def _short(entry: Entry) -> str:
    return f"{entry.id}  {entry.kind}  {entry.name_hi}  {entry.name_latin}"


def stats(kb: KnowledgeBase) -> list[str]:
    """How many of what, and how far the terms of office reach."""
    kinds = Counter(entry.kind for entry in kb.entries.values())
    lines = [f"{kinds[kind]:>6} {kind}" for kind in KINDS]
    lines += [f"{len(kb.offices):>6} offices", f"{len(kb.terms):>6} terms of office",
              f"{len({t.country for t in kb.terms}):>6} countries and organisations with a term",
              f"{len(kb.forms):>6} forms of names"]
    unsure = sum("checked against no second source" in t.source for t in kb.terms)
    lines.append(f"{unsure:>6} terms from the hand list only")
    latest = max((t.start for t in kb.terms), default="none")
    return [*lines, f"latest beginning of a term: {latest}", *(f"conflict: {text}" for text in kb.conflicts)]


def stale(kb: KnowledgeBase, day: str, years: int = 5) -> list[str]:
    """Terms still open on ``day`` that began more than ``years`` before it, and offices open twice."""
    return [*_old(kb, day, years), *_double(kb, day)] or [f"nothing looks out of date on {day}"]


def _old(kb: KnowledgeBase, day: str, years: int) -> Iterator[str]:
    limit = f"{int(day[:4]) - years:04d}{day[4:]}"
    for term in sorted(kb.terms, key=lambda t: (t.country, t.office, t.start)):
        if not term.stop and term.start < limit:
            yield f"open since {term.start or '?'}: {term.office} of {term.country}, {term.person}"


def _double(kb: KnowledgeBase, day: str) -> Iterator[str]:
    for country, office in sorted({(t.country, t.office) for t in kb.terms}):
        people = {h.person for h in kb.holder(country, office, day) if h.office == office and not h.stop}
        if len(people) > 1:
            yield f"open twice: {office} of {country}, {', '.join(sorted(people))}"
