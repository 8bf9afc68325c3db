"""What a document says of its people, and who is meant by an office: the memory with which its phrases are read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from .knowledge import KnowledgeBase
from .merging import days
from .patterns import Item, Match
from .records import is_local
from .types import Doc, Entity, Reference, Span

__all__ = ["MEMORY", "Memory", "Role"]

MEMORY: Final = 200  # people of a document that a later phrase can mean: cost stays linear in its length
_CROWNS: Final = ("king", "queen", "sultan", "emir", "crown-prince")  # named without their countries
_LONG_AGO: Final = 60  # days before publication from which a date tells of other times


@dataclass(slots=True)
class State:
    """What the text has spoken of so far."""

    subject: str | None = None
    subjects: list[str] = field(default_factory=list)  # of all sentences, the last one last
    speaker: str | None = None
    pair: tuple[str, ...] = ()
    lands: tuple[str, ...] = ()
    three: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()  # the lands to which a sentence last said that somebody travels
    delegation: tuple[str, ...] = ()  # whom the delegation spoken of last stands for
    recent: list[str] = field(default_factory=list)
    clause: list[str] = field(default_factory=list)
    ahead: str | None = None
    joined: list[str] = field(default_factory=list)  # those named in this sentence with "and" behind them
    team: tuple[str, ...] = ()  # those who were together the last named subject: "A and B arrived"
    marked: str | None = None  # the last one marked as the subject in this sentence
    doer: str | None = None  # who opens this sentence as its subject, pronouns too
    bare: str | None = None  # the first subject without a case of this sentence
    inner: str | None = None  # the subject of a clause of this sentence that is told: "he said that X will come"

    def mention(self, person: str) -> None:
        if person in self.recent:
            self.recent.remove(person)
        elif len(self.recent) == MEMORY:
            del self.recent[0]
        self.recent.append(person)
        if person not in self.clause:
            self.clause.append(person)


@dataclass(frozen=True, slots=True)
class Role:
    """What is known of a person: office ids, country and where this is first said."""

    offices: frozenset[str]
    country: str | None


class Roles(dict[str, Role]):
    """Person -> role; ``by_office`` has the people of each office in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.by_office: dict[str | None, dict[str, None]] = {}

    def __setitem__(self, person: str, role: Role) -> None:
        super().__setitem__(person, role)  # a role only ever gains offices
        for office in role.offices:
            self.by_office.setdefault(office, {})[person] = None


@lru_cache(maxsize=64)
def _split(kinds: str) -> frozenset[str]:
    return frozenset(kinds.split("|"))


class Memory:
    """The people of one document, with what it says of their offices and countries."""

    def __init__(self, doc: Doc, kb: KnowledgeBase, for_country: frozenset[str], home: str) -> None:
        """``for_country`` are the offices whose unnamed holders stand for their countries, ``home`` is the country
        whose officials are told without it."""
        self.doc, self.kb, self._for_country, self._home = doc, kb, for_country, home
        self.of_mention: dict[int, Entity] = {m: e for e in doc.entities for m in e.mentions}
        self.entities = {e.id: e for e in doc.entities}
        self.roles = Roles()
        self.unnamed: dict[tuple[str | None, str], str] = {}
        self.next_local = 1 + sum(is_local(e.id) for e in doc.entities)
        self.state = State()
        self.then: str | None = None

    def _office_of(self, item: Item) -> str | None:
        return self.kb.office(self.doc.mentions[item.index].norm) if item.kind in ("OFFICE", "OFFICES") else None

    def _slot(self, match: Match, row: Sequence[Item], name: str, kinds: str) -> list[Item]:
        if name not in match.slots:
            return []
        first, last = match.slots[name]
        wanted = _split(kinds)
        return [item for item in row[first:last] if item.kind in wanted]

    def _office(self, match: Match, row: Sequence[Item], name: str = "O") -> str | None:
        found = self._slot(match, row, name, "OFFICE|OFFICES")
        return self._office_of(found[0]) if found else None

    def _countries(self, match: Match, row: Sequence[Item]) -> list[str]:
        found = []
        for item in self._slot(match, row, "C", "COUNTRY|ADJ|ORG|PLACE|PERSON"):
            entity = self.of_mention.get(item.index)
            if entity is not None:
                place = entity.country if entity.kind in ("PLACE", "PERSON") else entity.id
                if place and place not in found:
                    found.append(place)
        return found

    def _person(self, item: Item) -> str | None:
        entity = self.of_mention.get(item.index)
        return entity.id if entity is not None else None

    # -- what the document says of its people ------------------------------------------------------

    def _learn(self, match: Match, row: Sequence[Item]) -> None:
        names = self._slot(match, row, "N", "PERSON")
        if not names or match.rule.options["item"] != "PERSON":
            return
        person = self._person(names[0])
        offices = {o for o in (self._office(match, row), self._office(match, row, "P")) if o}
        countries = self._countries(match, row)
        if person is None or not (offices or countries):
            return
        old = self.roles.get(person, Role(frozenset(), None))
        self.roles[person] = Role(old.offices | offices, old.country or (countries[0] if countries else None))

    def _learn_entity(self, entity: Entity) -> None:
        old = self.roles.get(entity.id, Role(frozenset(), None))
        offices = set(old.offices)
        terms = self.kb.terms_of(entity.id, self.doc.published)
        offices.update(t.office for t in terms)
        country = old.country or entity.country or (terms[0].country if terms else None)
        self.roles[entity.id] = Role(frozenset(offices), country)

    def _role_of(self, person: str) -> Role | None:
        """What is known of a person, who may be told here by his office alone."""
        if person in self.roles:
            return self.roles[person]
        terms = self.kb.terms_of(person, self._day())
        return Role(frozenset(t.office for t in terms), terms[0].country) if terms else None

    def _day(self) -> str | None:
        """The day for which office holders are asked: of a date that the sentence tells, where that lies well
        before publication, else of publication."""
        return self.then or self.doc.published

    def _told_day(self, row: Sequence[Item]) -> str | None:
        published = self.doc.published
        for item in row:
            value = self.doc.times[item.index].value if item.kind == "TIME" else None
            if value is not None:
                last = days(value)[1]
                if published is None or (days(published)[0] - last).days > _LONG_AGO:
                    return last.isoformat()
        return None

    def _in_text(self, office: str | None, country: str | None, but: Collection[str | None] = ()) -> str | None:
        """The person of this text with that office: of the country said last, without one the person said
        most often, of two the one of the home country; else one said later; none of those in ``but``."""
        fitting = [p for p in self.roles.by_office.get(office, ())
                   if country in (None, self.roles[p].country) and p not in but]
        if self.then is not None and office is not None:  # known people, only if they held it on that day
            fitting = [p for p in fitting if self.kb.entry(p) is None
                       or office in {t.office for t in self.kb.terms_of(p, self.then)}]
        if not fitting:
            landless = [p for p in self.roles.by_office.get(office, ()) if self.roles[p].country is None]
            return landless[0] if country and office in _CROWNS and len(landless) == 1 else None
        known = set(fitting)
        said = [p for p in self.state.recent if p in known]
        if said and country is None:
            return max(enumerate(said), key=lambda at: (
                len(self.entities[at[1]].mentions) if at[1] in self.entities else 0,
                self.roles[at[1]].country == self._home, at[0]))[1]
        if said:
            return said[-1]
        return fitting[0] if len(fitting) == 1 else None

    def _holder(self, country: str, office: str) -> tuple[str | None, str]:
        """Who held an office on the day that the sentence speaks of, and how surely; nobody where two may have."""
        day = self._day()
        held = self.kb.holder(country, office, day) if day else ()
        if held and held[0].sure >= 0.5:
            return held[0].person, f"held the office of {office} of {country} on {day} (sure {held[0].sure:.2f})"
        return None, ""

    def _find(self, country: str | None, office: str | None, span: Span, rule: str) -> Reference:
        """Whoever holds ``office`` of ``country``: named in the text, known, or else by the phrase."""
        if office is None:
            return Reference(span, rule, (), "no known office", None, country)
        person = self._in_text(office, country)
        why = "named in this text with this office"
        if person is None and country is not None:
            person, why = self._holder(country, office)
        if person is None and country is not None:
            alike = (self._in_text(one, country) for one in self.kb.alike.get(office, ()))
            person = next((p for p in alike if p), None)
            why = "named in this text with an office of the same kind"
        if person is not None:
            return Reference(span, rule, (person,), why, office, country)
        if country is None:
            return Reference(span, rule, (), "an office without a country", office, None)
        if office in self._for_country:
            return Reference(span, rule, (country,), "for their country", office, country)
        local = self.unnamed.get((country, office))
        if local is None:
            local = self.unnamed[country, office] = f"local:{self.next_local}"
            self.next_local += 1
            self.roles[local] = Role(frozenset((office,)), country)
        return Reference(span, rule, (local,), "an office whose holder is not known", office, country,
                         span.of(self.doc.text))
