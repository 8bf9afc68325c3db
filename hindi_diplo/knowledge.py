"""The knowledge base: countries, places, organisations, people, offices, and who held which when.

Tables in ``data/kb/`` (see ``data/README.md``); a user's folder of the same tables may be laid over
them: a row with a known id replaces ours, a term of office is added, and what it replaces is told in
``conflicts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

import regex

from .errors import DataError
from .files import SCHEMAS, data_path, read_table
from .names import Spellings, alike, key, latin, plain, skeleton
from .text import is_abbreviation, phrase

__all__ = ["Entry", "Holding", "KnowledgeBase"]

_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")
_REMEMBERED: Final = 1 << 14  # answers of each sort that are kept
_MONTH: Final = regex.compile(r"\b20\d\d-\d\d")
_ALIKE: Final = 0.84  # the least likeness of two spellings of a city
_SOUNDS: Final = 5  # consonants that two family names share if they are one for their sounds alone
#: Marks that are passed over inside names.
MARKS: Final = frozenset("-–—.·'’")
#: Offices that have counterparts abroad, most telling first.
COUNTERPARTS: Final = (
    "foreign-minister", "defence-minister", "national-security-adviser", "prime-minister", "president",
    "foreign-secretary", "commerce-minister", "finance-minister", "home-minister", "energy-minister",
    "vice-president", "chancellor", "army-chief", "navy-chief", "defence-secretary", "deputy-foreign-minister",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something known: ``kind`` is COUNTRY, PLACE, ORG or PERSON; ``country`` an ISO code;
    ``city`` the id of the place where a venue stands; ``source`` says where the facts are from."""

    id: str
    kind: str
    name_hi: str
    name_latin: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    city: str | None = None
    gender: str | None = None
    type: str | None = None
    wikidata: str | None = None
    source: str = ""
    forms: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """A term of office: ``start`` and ``stop`` are ISO dates, "" where not known or still open;
    ``sure`` (0..1) says how surely the person held the office on the day asked for."""

    person: str
    office: str
    country: str
    start: str
    stop: str
    sure: float = 1.0
    source: str = ""


@dataclass(slots=True)
class KnowledgeBase:
    """All tables in memory; build one with :meth:`load`."""

    entries: dict[str, Entry] = field(default_factory=dict)
    offices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    abroad: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forms: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    terms: list[Holding] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    _by_person: dict[str, list[Holding]] = field(default_factory=dict)
    _latest_first: dict[str, tuple[Holding, ...]] = field(default_factory=dict)  # the same, of those asked for
    _terms_on: dict[tuple[str, str], tuple[Holding, ...]] = field(default_factory=dict)  # and those on a day
    _owners_of: dict[str, list[str]] = field(default_factory=dict)  # an office -> the countries that have it
    _likeness: dict[tuple[str, str], float] = field(default_factory=dict)  # of names to persons, of those asked for
    _offices_of: dict[str, str | None] = field(default_factory=dict)  # a form -> the office, of those asked for
    _owners: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)  # a form -> what it can stand for
    _near: dict[tuple[str, str], list[tuple[str, float]]] = field(default_factory=dict)  # what find() found by spelling
    _by_office: dict[tuple[str, str], list[Holding]] = field(default_factory=dict)
    _members: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    _spellings: dict[str, Spellings] = field(default_factory=dict)
    _words: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    _towns: dict[str | None, dict[tuple[str, str], str]] = field(default_factory=dict)
    _bare: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    _capitals: dict[str, str] = field(default_factory=dict)
    _surname_first: set[str] = field(default_factory=set)  # countries

    counterpart_offices = COUNTERPARTS

    @classmethod
    def load(cls, *, overlay: Path | None = None, folder: Path | None = None) -> KnowledgeBase:
        """The packaged tables (or those in ``folder``), with those in ``overlay`` laid over them.

        Raises DataError with file, line and field for a row that breaks its schema or points nowhere.
        """
        kb = cls()
        kb._read(folder, False)
        if overlay is not None:
            if not overlay.is_dir():
                raise DataError("no such folder of knowledge-base tables", file=overlay)
            kb._read(overlay, True)
        kb._check(overlay or folder or data_path())
        return kb

    # -- reading ----------------------------------------------------------------------------------

    def _read(self, folder: Path | None, over: bool) -> None:
        base = folder or data_path()
        for name in [n for n in SCHEMAS if n.startswith("kb/")]:
            where = base / name if (base / name).exists() else base / name.removeprefix("kb/")
            if folder is not None and not where.exists():
                continue
            at = base if where == base / name else None
            rows = read_table(name, folder=folder) if at or folder is None else read_table(name, path=where)
            add = getattr(self, "_add_" + name.removeprefix("kb/").removesuffix(".tsv"))
            for line, row in rows:
                add(row, over, f"{where}:{line}")

    def _form(self, form: str, kind: str, ident: str) -> None:
        key, owner = phrase(form), (kind, ident)
        known = self.forms.get(key)
        if known is None:
            self.forms[key] = (owner,)
        elif owner not in known:
            self.forms[key] = (*known, owner)

    def _entry(self, entry: Entry, over: bool, where: str) -> None:
        if entry.id in self.entries and over:
            self.conflicts.append(f"{where}: {entry.id} replaces the packaged row")
            for form in [f for f, owners in self.forms.items() if any(i == entry.id for _, i in owners)]:
                self.forms[form] = tuple(o for o in self.forms[form] if o[1] != entry.id)
        elif entry.id in self.entries:
            raise DataError(f"the id {entry.id!r} stands twice", file=where.rpartition(":")[0],
                            line=int(where.rpartition(":")[2]), field="id")
        self.entries[entry.id] = entry

    def _add_countries(self, row: dict[str, str], over: bool, where: str) -> None:
        names = (row["name_hi"], *_many(row["aliases"]))
        self._entry(Entry(row["iso2"], "COUNTRY", row["name_hi"], row["name_latin"], row["iso2"],
                          source=row["source"], forms=names), over, where)
        for form in names:
            self._form(form, "COUNTRY", row["iso2"])
        self._form(row["name_latin"], "COUNTRY", row["iso2"])
        for form in _many(row["adjectives"]):
            self._form(form, "ADJ", row["iso2"])
        if row["capital"]:
            self._capitals[row["iso2"]] = row["capital"]
        if row["name_order"] == "surname-first":
            self._surname_first.add(row["iso2"])

    def _add_offices(self, row: dict[str, str], over: bool, where: str) -> None:
        self.offices[row["id"]] = _many(row["forms"])
        self.alike[row["id"]] = _many(row["like"])
        self.abroad[row["id"]] = _many(row.get("abroad", ""))
        for form in _many(row["forms"]):
            self._form(form, "OFFICE", row["id"])

    def _add_organisations(self, row: dict[str, str], over: bool, where: str) -> None:
        names = (row["name_hi"], *_many(row["aliases"]))
        self._entry(Entry(row["id"], "ORG", row["name_hi"], row["name_latin"], row["country"] or None,
                          type=row["type"], source=row["source"], forms=names), over, where)
        for form in names:
            self._form(form, "ORG", row["id"])

    def _add_members(self, row: dict[str, str], over: bool, where: str) -> None:
        self._members.setdefault(row["org"], []).append((row["country"], row["from"], row["to"]))

    def _add_places(self, row: dict[str, str], over: bool, where: str) -> None:
        names = (row["name_hi"], *_many(row["aliases"]))
        self._entry(Entry(
            row["id"], "PLACE", row["name_hi"], row["name_latin"], row["country"] or None,
            float(row["lat"]) if row["lat"] else None, float(row["lon"]) if row["lon"] else None,
            row["city"] or None, type=row["kind"], source=row["source"], forms=names,
            ambiguous=row["kind"] == "ambiguous"), over, where)
        for form in names:
            self._form(form, "PLACE", row["id"])
        if row["id"] in self._capitals.values():
            self._form(row["name_latin"], "PLACE", row["id"])

    def _add_people(self, row: dict[str, str], over: bool, where: str) -> None:
        names = (row["name_hi"], *_many(row["aliases"]))
        self._entry(Entry(row["id"], "PERSON", row["name_hi"], row["name_latin"], row["country"] or None,
                          gender=row["gender"] or None, wikidata=row["wikidata"] or None,
                          source=row["source"], forms=names), over, where)
        for form in names:
            self._form(form, "PERSON", row["id"])
            if row["country"] in self._surname_first and form.count(" ") == 1:
                self._form(" ".join(reversed(form.split())), "PERSON", row["id"])
        if " " in row["name_latin"]:
            self._form(row["name_latin"], "PERSON", row["id"])

    def _add_terms(self, row: dict[str, str], over: bool, where: str) -> None:
        holding = Holding(row["person"], row["office"], row["country"], row["from"], row["to"],
                          source=row["source"])
        self.terms.append(holding)
        self._by_person.setdefault(holding.person, []).append(holding)
        rows = self._by_office.setdefault((holding.country, holding.office), [])
        if over and not holding.stop:
            # A new holder without an end ends the open terms before him: no line of ours need change.
            for n, old in enumerate(rows):
                if not old.stop and old.start < holding.start:
                    rows[n] = Holding(old.person, old.office, old.country, old.start, holding.start,
                                      source=old.source)
                    self.conflicts.append(f"{where}: ends the term of {old.person}")
        rows.append(holding)

    def _add_traps(self, row: dict[str, str], over: bool, where: str) -> None:
        for form in _many(row["forms"]):
            self._form(form, "BLOCK", "")

    def _check(self, where: Path) -> None:
        for term in self.terms:
            if term.person not in self.entries:
                raise DataError(f"no person {term.person!r} in people.tsv", file=where / "kb/terms.tsv",
                                field="person")
            if term.office not in self.offices:
                raise DataError(f"no office {term.office!r} in offices.tsv", file=where / "kb/terms.tsv",
                                field="office")
            if term.country not in self.entries:
                raise DataError(f"no country or organisation {term.country!r}", file=where / "kb/terms.tsv",
                                field="country")
        for country, capital in self._capitals.items():
            if capital not in self.entries:
                raise DataError(f"no place {capital!r}, the capital of {country}",
                                file=where / "kb/countries.tsv", field="capital")

    # -- asking -----------------------------------------------------------------------------------

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Every form with its kind and id: (folded form, PERSON COUNTRY ADJ ORG PLACE OFFICE BLOCK, id)."""
        for form, owners in self.forms.items():
            for kind, ident in owners:
                yield form, kind, ident

    def lookup(self, form: str) -> tuple[tuple[str, str], ...]:
        """The (kind, id) pairs that a form (folded or not) can stand for; hyphens and points inside a name
        are passed over."""
        found = self.forms.get(form) or self._owners.get(form)
        if found is None:
            found = self.forms.get(phrase(form))
            if not found:
                if not self._bare:
                    for known, owners in self.forms.items():
                        self._bare.setdefault(_bare(known), owners)
                found = self._bare.get(_bare(phrase(form)), ())
            _remember(self._owners, form, found)
        return found

    def entry(self, ident: str) -> Entry | None:
        """The entry with that id, or None."""
        return self.entries.get(ident)

    def find(self, name: str, kind: str = "PERSON") -> list[tuple[str, float]]:
        """Entries of a kind that a name can mean, best first, each with a score from 0 to 1.

        By alias (1.0), else by spelling: names whose consonants are the same, or nearly so, and that are
        alike otherwise, in Devanagari and across scripts.  A name of one word is found by alias only, but
        for countries and capitals."""
        exact = [ident for k, ident in self.lookup(name) if k == kind]
        if exact:
            return [(ident, 1.0) for ident in exact]
        folded = phrase(name)
        if " " not in folded:
            return self._find_word(folded, kind)
        known = self._near.get((folded, kind))
        if known is None:
            if kind not in self._spellings:
                self._spellings[kind] = Spellings(self._names_of(kind))
            known = sorted(self._spellings[kind].near(folded).items(), key=lambda item: -item[1])
            _remember(self._near, (folded, kind), known)
        return known

    def town(self, name: str, land: str | None = None) -> list[tuple[str, float]]:
        """The cities (of a country), or else countries too, that are spelt like a name that no list has, best first,
        each with a score from 0 to 1 (Jaro-Winkler); those that are only a little alike are left out."""
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        known = self._near.get((name, f"PLACE {land}"))
        if known is None:
            towns = self._towns.get(land)
            if towns is None:
                towns = self._towns[land] = {
                    (phrase(form), e.id): phrase(form) for e in self.entries.values()
                    if (e.kind == "PLACE" and e.city is None and land in (None, e.country)) or (
                        e.kind == "COUNTRY" and land is None) for form in e.forms}
            scored: dict[str, float] = {}
            for _, score, (_, ident) in process.extract(phrase(name), towns, limit=8, score_cutoff=_ALIKE,
                                                        scorer=JaroWinkler.normalized_similarity):
                scored[ident] = max(score, scored.get(ident, 0.0))
            known = sorted(scored.items(), key=lambda item: -item[1])
            _remember(self._near, (name, f"PLACE {land}"), known)
        return known

    def _names_of(self, kind: str) -> Iterator[tuple[str, str]]:
        for form, owners in self.forms.items():
            if " " in form:
                for k, ident in owners:
                    if k == kind:
                        yield form, ident
        if kind == "PERSON":
            yield from ((e.name_latin, e.id) for e in self.entries.values()
                        if e.kind == kind and " " in e.name_latin)

    def _find_word(self, word: str, kind: str) -> list[tuple[str, float]]:
        """A country or capital whose name of one word has the same consonants and is very like ``word``."""
        if kind not in ("COUNTRY", "PLACE") or len(word) < 4:
            return []
        if not self._words:
            capitals = set(self._capitals.values())
            for form, owners in self.forms.items():
                for k, ident in owners:
                    if " " not in form and (k == "COUNTRY" or ident in capitals):
                        self._words.setdefault(key(form), []).append((form, k, ident))
        least = 0.86 if kind == "COUNTRY" else 0.93
        scored = {ident: score for form, k, ident in self._words.get(key(word), ())
                  if k == kind and (score := min(0.99, alike(form, word))) >= least}
        return sorted(scored.items(), key=lambda item: -item[1])

    def office(self, form: str) -> str | None:
        """The office that a form names, or None."""
        found = self._offices_of.get(form, "")
        if found == "":
            found = next((ident for kind, ident in self.lookup(form) if kind == "OFFICE"), None)
            _remember(self._offices_of, form, found)
        return found

    def office_name(self, office: str) -> str:
        """The usual Hindi name of an office id."""
        forms = self.offices.get(office)
        return forms[0] if forms else office

    def holder(self, country: str, office: str, day: str | None, *, abroad: bool = True) -> tuple[Holding, ...]:
        """Who held ``office`` of ``country`` (ISO code or organisation id) on the ISO date ``day``.

        Best first.  Where nobody is known for the office, those that are the same job under another name
        count (chancellor for prime minister), and in countries without that office the one it goes by
        abroad (Britain's foreign secretary is its foreign minister), unless ``abroad`` is False.
        ``sure`` is lower where a term's end
        is not known, the more years it would have run, and where two are said to have held it at once.
        """
        if not day:
            return ()
        found = self._on(country, office, day)
        for one in self.alike.get(office, ()) if not found else ():
            found += self._on(country, one, day)
        if abroad and not found and not self._by_office.get((country, office)):
            for one in self.abroad.get(office, ()):  # a secretary who is the minister there
                found += self._on(country, one, day)
        found.sort(key=lambda h: (h.start, h.sure), reverse=True)
        if len(found) > 1 and found[0].person != found[1].person and (not found[1].stop or found[1].stop > day):
            found = [Holding(h.person, h.office, h.country, h.start, h.stop, h.sure * 0.7, h.source) for h in found]
        return tuple(found)

    def _on(self, country: str, office: str, day: str) -> list[Holding]:
        """The terms of exactly this office that cover the day, each with how sure that is."""
        found = []
        for term in self._by_office.get((country, office), ()):
            if term.start[:len(day)] > day or (term.stop and _end(term.stop) < day):
                continue
            sure, seen = 1.0, _seen(term.source)
            if not term.stop and day[:7] > seen:
                years = int(day[:4]) - int(max(term.start or day, seen)[:4])
                sure = 0.9 if years < 5 else 0.7 if years < 9 else 0.5
            if not term.start:
                sure *= 0.6
            if term.stop and "end: successor" in term.source:
                sure = 0.8  # the end is only the next known beginning: somebody may be missing between
            found.append(Holding(term.person, term.office, term.country, term.start, term.stop, sure, term.source))
        return found

    def holders(self, country: str, office: str) -> set[str]:
        """The ids of all who ever held an office (or one that is the same job) of a country."""
        return {t.person for one in (office, *self.alike.get(office, ()), *self.abroad.get(office, ()))
                for t in self._by_office.get((country, one), ())}

    def in_office(self, country: str, day: str | None) -> set[str]:
        """The ids of all who hold some office of a country or organisation on ``day``."""
        return {t.person for t in self.terms if t.country == country and day
                and t.start[:len(day)] <= day and (not t.stop or day <= _end(t.stop))}

    def holding(self, office: str, day: str) -> set[str]:
        """The ids of all who hold that office, of whatever country or organisation, on the ISO date ``day``."""
        if not self._owners_of:
            for owner, one in self._by_office:
                self._owners_of.setdefault(one, []).append(owner)
        return {h.person for owner in self._owners_of.get(office, ()) for h in self._on(owner, office, day)}

    def likeness(self, name: str, person: str) -> float:
        """How alike a name is to one of a person's, from 0 to 1, in either script; a single word is
        compared with each word of theirs."""
        known = self._likeness.get((name, person))
        if known is None:
            known = self._compared(name, self.entries[person])
            _remember(self._likeness, (name, person), known)
        return known

    @staticmethod
    def _compared(name: str, entry: Entry) -> float:
        here = phrase(name)
        best = 0.0
        for known, written in (*((phrase(f), here) for f in entry.forms),
                               (plain(entry.name_latin), plain(latin(here)))):
            if " " not in written:
                best = max([best, *(alike(word, written) for word in known.split())])
            else:
                best = max(best, alike(known, written))
        *initials, family = here.split()
        if best == 0.0 and initials and all(is_abbreviation(letter) for letter in initials):
            return max(_of_family(family, word) for form in entry.forms for word in phrase(form).split())
        return best

    def terms_of(self, person: str, day: str | None = None) -> tuple[Holding, ...]:
        """The offices that a person held on ``day``, or all ever where no day is given; latest first."""
        terms = self._latest_first.get(person)
        if terms is None:
            terms = tuple(sorted(self._by_person.get(person, ()), key=lambda t: t.start, reverse=True))
            if terms:
                self._latest_first[person] = terms
        if not day or not terms:
            return terms
        then = self._terms_on.get((person, day))
        if then is None:
            then = tuple(t for t in terms if t.start[:len(day)] <= day and (not t.stop or day <= _end(t.stop)))
            _remember(self._terms_on, (person, day), then)
        return then

    def counterpart(self, owner: str, country: str, day: str | None) -> tuple[Holding, ...]:
        """Who holds in ``country`` the office that ``owner`` (a person or an office id) holds on ``day``."""
        offices: Sequence[str] = [owner] if owner in self.offices else [
            t.office for t in self.terms_of(owner, day)]
        for office in [o for o in COUNTERPARTS if o in offices] or offices:
            found = self.holder(country, office, day, abroad=False)
            if found:
                return found
        return ()

    def capital_of(self, country: str) -> str | None:
        """The id of a country's capital."""
        return self._capitals.get(country)

    def members(self, organisation: str, day: str | None = None) -> tuple[str, ...]:
        """The countries that are members of an organisation (on ``day``)."""
        return tuple(c for c, start, stop in self._members.get(organisation, ())
                     if not day or (start[:len(day)] <= day and (not stop or day <= _end(stop))))


def _remember(asked: dict[_Asked, _Found], what: _Asked, found: _Found) -> None:
    """Keep an answer; all are forgotten where there are many."""
    if len(asked) >= _REMEMBERED:
        asked.clear()
    asked[what] = found


@lru_cache(maxsize=1 << 12)
def _seen(source: str) -> str:
    """The month in which a source still had somebody in office, "" where it does not say."""
    dates = [m[0] for m in _MONTH.finditer(source.partition("; end")[0].replace("hand list 2026-11", ""))]
    return max(dates, default="2022-07" if source.startswith("every-politician-scrapers") else "")


def _bare(folded: str) -> str:
    """A folded form without the marks that may stand inside a name."""
    return " ".join(word for word in folded.split() if word not in MARKS)


def _many(value: str) -> tuple[str, ...]:
    return tuple(value.split("|")) if value else ()


def _end(day: str) -> str:
    """A partial date counts to its end."""
    return day + "-12-31"[: 10 - len(day)] if len(day) == 4 else day + "-31" if len(day) == 7 else day


def _of_family(family: str, word: str) -> float:
    """How alike a family name behind initials is to a word of a fuller name, also if they share no more than sounds."""
    score = alike(family, word)
    if score and len(skeleton(family)) >= _SOUNDS and skeleton(family) == skeleton(word):
        score += 0.4 * (1.0 - score)
    return score
