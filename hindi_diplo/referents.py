"""What noun phrases stand for: the resolvers that the rules of ``rules/references.toml`` name, one method each.

Each gets the match of its rule and the row, and gives the references of that phrase; what was said before they find in
the memory of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Final

from .descriptions import Descriptions
from .knowledge import KnowledgeBase
from .memory import Memory
from .patterns import Grammar, Item, Lexicon, Match
from .records import first_at, replace
from .travels import goals
from .types import Doc, Reference, Span
from .views import KINDS

__all__ = ["RESOLVERS", "Referents", "Words"]

_THREE: Final = 3
_TITLE: Final = 3  # words of a title between "his counterpart" and the name
_OF_A_LIST: Final = 12  # items from an office to the end of the list
_OF_A_BODY: Final = 5  # items from an office back to the one that joins it to the list: "and the speaker of the senate"


class Words:
    """What the resolvers read by: the rules, settings and words of ``rules/references.toml``."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        self.kb = kb
        self.lexicon = lexicon
        self.grammar = Grammar("references", lexicon, KINDS)
        self.plural = str(self.grammar.settings["plural"])
        self.forces = frozenset(self.grammar.settings["forces"])
        self.routine = frozenset(self.grammar.settings["routine"])
        self.ranks = frozenset(self.grammar.settings["ranks"])
        self.states = frozenset(self.grammar.settings["states"])
        self.home = str(self.grammar.settings["home"])
        self.for_country = frozenset(self.grammar.settings["for_country"])
        self.tellers = frozenset(self.grammar.settings["tellers"])
        self.heads = frozenset(self.grammar.settings["heads"])
        self.leaders = frozenset(self.grammar.settings["leaders"])
        self.tops = tuple(self.grammar.settings["tops"])
        self.officials = frozenset(self.grammar.settings["officials"])
        self.descriptions = Descriptions(lexicon, self.grammar.settings["description"])
        self.encounters = lexicon.words("MEET", "TALK", "DISCUSS", "MET", "WILLMEET", "MEETS", "MEETING", "TALKWORD",
                                        "VISIT")
        self.says, self.that = lexicon.words("SAY"), lexicon.words("THAT")
        self.items = {rule.id: str(rule.options["item"]) for rule in self.grammar.rules}

    @cached_property
    def twins(self) -> Mapping[str, tuple[str, ...]]:
        """The last words that the names of exactly two countries share, and none has alone: ("north X", "south X")."""
        shared: dict[str, set[str]] = {}
        for form, kind, ident in self.kb.names():
            first, _, last = form.rpartition(" ")
            if kind in ("COUNTRY", "ADJ") and (first or kind == "ADJ"):
                shared.setdefault(last, set()).add(ident)
        alone = {form for form, kind, _ in self.kb.names() if kind == "COUNTRY" and " " not in form}
        return {word: tuple(sorted(ids)) for word, ids in shared.items() if len(ids) == 2 and word not in alone}


class Referents(Memory):
    """The resolvers over one document that is being read."""

    def __init__(self, words: Words, doc: Doc) -> None:
        super().__init__(doc, words.kb, words.for_country, words.home)
        self.r = words
        self.listed: tuple[int, str | None] = (-1, None)  # where the last unnamed role ended, and its country

    def _case(self, row: Sequence[Item], at: int, kind: str) -> str:
        """The case that marks the phrase ending before item ``at``: ERG, WITH, BETWEEN, other or ""."""
        has = self.r.grammar.has
        if kind in ("PRON_NE",):
            return "ERG"
        if kind in ("PRON_SE",):
            return "WITH"
        norm = row[at].norm if at < len(row) else ""
        if not norm or (at < len(row) and row[at].kind):
            return ""
        for case in ("ERG", "WITH", "FROM", "BETWEEN", "JOIN", "TO", "OF", "IN", "ON", "BY", "ABOUT", "ACCORDING",
                     "ATINVITE"):
            if has(case, norm):
                return {"FROM": "WITH"}.get(case, case)
        return ""

    def _span(self, match: Match, row: Sequence[Item]) -> Span:
        first, last = match.slots["N"] if match.rule.options.get("slot_only") else (match.start, match.stop)
        return Span(row[first].span.start, row[last - 1].span.stop)

    def _named(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        item = self._slot(match, row, "N", "PERSON")[0]
        person = self._person(item)
        countries = self._countries(match, row)
        if countries and "O" in match.slots:
            self.listed = (match.stop, countries[0])
        return [Reference(self._span(match, row), match.rule.id, (person,) if person else (), "named",
                          self._office(match, row), countries[0] if countries else None)]

    def _owner(self, match: Match, row: Sequence[Item]) -> str | None:
        """The person whose counterpart is meant."""
        said = self._slot(match, row, "X", "PERSON")
        state = self.state
        here = state.clause[-1] if state.clause else None
        owner = self._person(said[0]) if said else (state.ahead or here or state.subject)
        return owner or (state.recent[-1] if state.recent else None)

    def _owner_office(self, match: Match, row: Sequence[Item]) -> str | None:
        """The office of the person whose counterpart is meant."""
        return self._office_held(self._owner(match, row))

    def _office_held(self, owner: str | None) -> str | None:
        """The office of somebody by which his counterparts are told."""
        role = self._role_of(owner) if owner else None
        if role is None or not role.offices:
            return None
        counterparts = self.kb.counterpart_offices
        return next((o for o in counterparts if o in role.offices), sorted(role.offices)[0])

    def _counterpart(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        return self._counterparts(match, row)

    def _counterparts(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        names = self._slot(match, row, "N", "PERSON")
        countries = self._countries(match, row)
        span, office = self._span(match, row), self._owner_office(match, row)
        if names and len(countries) in (1, len(names)):
            pairs = countries if len(names) == len(countries) else countries * len(names)
            return self._zip(names, pairs, office if len(countries) > 1 else None, span, match.rule.id)
        if len(countries) == 1 and self.kb.members(countries[0], self.doc.published):
            return []  # "his counterparts of BRICS": a gathering
        found = [self._find(country, office, span, match.rule.id) for country in countries]
        return self._for_countries(found) if len(found) > 1 else found

    def _counterparts_there(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """Counterparts of whom no country is told: those of the lands where their owner travels to, of the other of
        two countries named side by side, or the only one in the text who holds his office elsewhere."""
        owner = self.state.doer or self._owner(match, row)
        role, office = self._role_of(owner) if owner else None, self._office_held(owner)
        own = (self._land(owner) if owner else None) or (role.country if role else None)
        if own is None or office is None:
            return []
        several = self.r.lexicon.within(row[match.start : match.stop], "COUNTERPARTS")
        lands = [land for land in self._goals(row, match.start) if land != own]
        if not lands and not several:
            alike = [p for p in self.roles.by_office.get(office, ()) if self._land(p) not in (None, own)]
            lands = [self._land(alike[0]) or ""] if len(alike) == 1 else [
                land for land in self._side_by_side(row) if land != own][:1]
        if (len(lands) > 1) != several or not 0 < len(lands) <= _THREE:
            return []
        found = [self._find(land, office, self._span(match, row), match.rule.id) for land in lands]
        return self._for_countries(found) if several else found

    def _side_by_side(self, row: Sequence[Item]) -> tuple[str, ...]:
        """The two countries that a sentence names side by side: "the X-Y commission"."""
        for one, joint, other in zip(row, row[1:], row[2:], strict=False):
            if one.kind == other.kind == "COUNTRY" and self.r.lexicon.has(joint, "JOIN", "HYPHEN"):
                return tuple(land for item in (one, other) if (land := self._of_land(item)))
        return ()

    def _goals(self, row: Sequence[Item], stop: int) -> tuple[str, ...]:
        """The lands to which the sentence says before item ``stop``, or else an earlier one, that somebody travels."""
        return goals(row, stop, self.r.lexicon, self._of_land) or self.state.goals

    def _of_land(self, item: Item) -> str | None:
        """The country that an item names, or in which the place is that it names."""
        entity = self.of_mention.get(item.index)
        return (entity.id if entity.kind == "COUNTRY" else entity.country) if entity is not None else None

    def _for_countries(self, found: Sequence[Reference]) -> list[Reference]:
        """Of several unnamed officials, those whom nobody knows stand for their countries."""
        unnamed = set(self.unnamed.values())
        return [replace(r, entities=(r.country,), why="for their country", name=None)
                if r.country and (not r.entities or unnamed.intersection(r.entities)) else r for r in found]

    def _roles(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        names = self._slot(match, row, "N", "PERSON")
        countries = self._countries(match, row)
        span, office = self._span(match, row), self._office(match, row)
        if names:
            pairs: Sequence[str | None] = countries if len(countries) == len(names) else [None] * len(names)
            return self._zip(names, pairs, office, span, match.rule.id)
        if len(countries) == 1 and (self.kb.members(countries[0], self.doc.published) or office is None):
            return []  # "the foreign ministers of the SCO": a gathering, no two people
        if len(countries) > 1 and office in self.r.officials:
            return [Reference(span, match.rule.id, (self._in_text(office, country) or country,), "for their country",
                              office, country) for country in countries]
        return self._for_countries([self._find(country, office, span, match.rule.id) for country in countries])

    def _zip(self, names: Sequence[Item], countries: Sequence[str | None], office: str | None,
             span: Span, rule: str) -> list[Reference]:
        out = []
        for item, country in zip(names, countries, strict=True):
            person = self._person(item)
            out.append(Reference(span, rule, (person,) if person else (), "named", office, country))
        return out

    def _role(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        countries = self._countries(match, row)
        span, office = self._span(match, row), self._office(match, row)
        first = row[match.start]
        then = not first.kind and self.r.grammar.has("THEN", first.norm)
        if then and self.then and office and countries:
            return [self._find(countries[0], office, span, match.rule.id)]
        if then or (not first.kind and self.r.grammar.has("FORMER", first.norm)):
            return [Reference(span, match.rule.id, (), "a former holder, not named", office,
                              countries[0] if countries else None)]
        if not countries:
            return []
        self.listed = (match.stop, countries[0])
        land = self._slot(match, row, "C", "ORG")
        if office in self.r.heads and land:
            return [self._head(countries[0], land[0], match, row)]
        return [self._find(countries[0], office, span, match.rule.id)]

    def _head(self, body: str, item: Item, match: Match, row: Sequence[Item]) -> Reference:
        """Who is at the head of a body: the chief of an army of his country, the one of the text whose office is of
        the body, or who held its highest office on the day."""
        span, office, known = self._span(match, row), self._office(match, row), self.kb.entry(body)
        word = self.doc.mentions[self._slot(match, row, "O", "OFFICE")[0].index].norm
        chief = self.kb.office(f"{self.doc.mentions[item.index].norm.rpartition(' ')[2]} {word}")
        if chief is not None and known is not None and known.country:
            return self._find(known.country, chief, span, match.rule.id)
        of_body = [p for p, role in self.roles.items() if role.country == body and not role.offices & self.r.tellers]
        for person in of_body if len(of_body) == 1 else [p for top in self.r.tops if (p := self._holder(body, top)[0])]:
            return Reference(span, match.rule.id, (person,), "at the head of the body", office, body)
        return self._find(body, office, span, match.rule.id)

    def _bare_role(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        span, office = self._span(match, row), self._office(match, row)
        if any(not i.kind and self.r.grammar.has("FORMER|THEN", i.norm) for i in row[match.start : match.stop]):
            return []  # not who holds it now
        stop, country = self.listed
        joined = stop == match.start - 1 and not row[stop].kind and self.r.grammar.has("JOIN", row[stop].norm)
        if country and joined and not (match.stop < len(row) and self.r.lexicon.has(row[match.stop], "BETWEEN")):
            self.listed = (match.stop, country)  # "the president, the prime minister and the speaker of X"
            return [self._find(country, office, span, match.rule.id)]
        but = self._acting(row, match.stop) | self._counterparts_behind(row, match.stop) | self._met(row, match.stop)
        person, abroad = self._in_text(office, None, but), self._host_land(row, match, office)
        if abroad and (person is None or (self.r.lexicon.has(row[match.stop], "FROM") and person != self._doer() and (
                self._land(person) == self._land(self._doer() or "")))):
            self.listed = (match.stop, abroad)
            return [self._find(abroad, office, span, match.rule.id)]
        if person is not None:
            return [Reference(span, match.rule.id, (person,), "named in this text with this office", office)]
        if listed := self._beside_partner(row, match, office):
            return listed
        if office is None or not self.doc.published or office not in self.kb.counterpart_offices:
            return []
        before = row[match.start - 1] if match.start else None
        if before is not None and self.r.lexicon.has(before, "OF"):
            return []  # "the foreign minister of" a land or body that nobody knows
        if land := self._visited(row, match):
            self.listed = (match.stop, land)
            return [self._find(land, office, span, match.rule.id)]
        person, why = self._holder(self.r.home, office)
        if person is None:
            return []
        return [Reference(span, match.rule.id, (person,), why, office, self.r.home)]

    def _beside_partner(self, row: Sequence[Item], match: Match, office: str | None) -> list[Reference]:
        """An office that stands in a list behind somebody who is met: it is of his land, held by whomever."""
        has = self.r.lexicon.has
        at = next((n for n in range(match.start - 1, max(0, match.start - _OF_A_BODY), -1)
                   if has(row[n], "JOIN", "COMMA")), None)
        if at is None or row[at - 1].kind not in ("PERSON", "OFFICE") or not self._list_is_met(row, match.stop):
            return []
        if any(i.kind or has(i, "ERG", "TO", "FROM", "WITH") for i in row[at + 1 : match.start]):
            return []
        partner = self._person(row[at - 1]) if row[at - 1].kind == "PERSON" else None
        land = self._land(partner) if partner else self.listed[1] if self.listed[0] == at else None
        if partner in (None, self._doer()) or land in (None, self._land(self._doer() or "")):
            return []
        self.listed = (match.stop, land)
        return [self._find(land, office, self._span(match, row), match.rule.id)]

    def _list_is_met(self, row: Sequence[Item], at: int) -> bool:
        """Whether the list that goes on at item ``at`` ends in the postposition of those who are met."""
        has = self.r.lexicon.has
        for item in row[at : at + _OF_A_LIST]:
            if has(item, "FROM", "WITH"):
                return True
            if has(item, "ERG", "TO", "IN", "ON", "BETWEEN", "STOP", "MEET", "TALK", "DID", "SAY"):
                return False
        return False

    def _acting(self, row: Sequence[Item], at: int) -> frozenset[str | None]:
        """Who cannot be meant by a phrase that ends before item ``at``: "he will meet the minister", not himself."""
        state = self.state
        if self._case(row, at, "") != "WITH":
            return frozenset()
        return frozenset((state.ahead, state.bare, state.subject)) & {*state.clause, state.ahead}

    def _doer(self) -> str | None:
        """The subject of the sentence, as far as it has been read, or else the one spoken of last."""
        return self.state.ahead or self.state.doer or self.state.subject

    def _met(self, row: Sequence[Item], at: int) -> frozenset[str | None]:
        """The foreign guest whom a pronoun behind a subject that ends before item ``at`` means: not he himself."""
        guest = self.state.subject
        if guest is None or self._case(row, at, "") != "ERG" or self._land(guest) in (None, self.r.home):
            return frozenset()
        behind = takewhile(lambda i: not self.r.lexicon.has(i, "STOP", "SAY"), row[at + 1 :])
        return frozenset((guest,)) if self.r.lexicon.within([*behind], "PRON_SE", "THEM") else frozenset()

    def _host_land(self, row: Sequence[Item], match: Match, office: str | None) -> str | None:
        """The land to which the subject of the sentence, of another land, was told to travel, if the phrase tells
        whom he meets there."""
        doer, lands = self._doer(), self.state.goals
        own = self._land(doer) if doer else None
        if office not in self.kb.counterpart_offices or own is None or len(lands) != 1 or lands[0] in (
                own, self.r.home):
            return None
        return lands[0] if self._is_met(row, match) else None

    def _is_met(self, row: Sequence[Item], match: Match) -> bool:
        """Whether a phrase, or the list of offices that it opens, tells whom somebody meets."""
        after = next((i for i in row[match.stop :] if i.kind != "OFFICE" and not self.r.lexicon.has(i, "JOIN")), None)
        return after is not None and self.r.lexicon.has(after, "FROM", "WITH")

    def _counterparts_behind(self, row: Sequence[Item], at: int) -> frozenset[str | None]:
        """Who is named behind item ``at`` as a counterpart: of the one who is told by his office, not himself."""
        has, found = self.r.lexicon.has, set[str | None]()
        for n, item in enumerate(row[at:], at):
            if item.kind == "PERSON" and any(has(i, "COUNTERPART") for i in row[max(at, n - _TITLE) : n]):
                entity = self.of_mention.get(item.index)
                found.add(entity.id if entity is not None else None)
        return frozenset(found)

    def _visited(self, row: Sequence[Item], match: Match) -> str | None:
        """The foreign land to which the sentence says that somebody travels, if the phrase tells whom he meets."""
        has = self.r.lexicon.has
        if not self._is_met(row, match):
            return None
        for at in range(match.start - 1, -1, -1):
            if row[at].kind == "COUNTRY" and any(
                    has(i, "VISIT", "CAME", "WILLCOME", "ARRIVED") for i in row[at + 1 : min(at + 4, match.start)]):
                land = self._of_land(row[at])
                return land if land != self.r.home else None
        return None

    def _there(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """Who holds the office in the land named last before the phrase."""
        here = first_at(self.doc.mentions, row[match.start].span.start)
        land = next((self.of_mention[n] for n in range(here - 1, -1, -1)
                     if self.doc.mentions[n].kind == "COUNTRY" and n in self.of_mention), None)
        if land is None:
            return []
        return [self._find(land.id, self._office(match, row), self._span(match, row), match.rule.id)]

    def _there_lands(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """The lands that somebody travels to, or the one named last, for their leaders: "the leaders there"."""
        lands = self._goals(row, match.start)
        near = [land for i in row[: match.start] if i.kind == "COUNTRY" and (land := self._of_land(i))]
        if near and near[-1] not in lands:
            lands = (near[-1],)
        span = self._span(match, row)
        return [Reference(span, match.rule.id, (land,), "for the land spoken of") for land in lands]

    def _lands(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        span = self._span(match, row)
        return [Reference(span, match.rule.id, (country,), "for their country")
                for country in self._countries(match, row)]

    def _toured(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """The lands to which the subject travels, told by their number; else those spoken of last."""
        own = self._land(self._doer() or "")
        lands = [land for land in self._goals(row, match.start) if land != own]
        if len(lands) > 1:
            span = self._span(match, row)
            return [Reference(span, match.rule.id, (land,), "travelled to", None, land) for land in lands]
        both = self.r.lexicon.within(row[match.start : match.start + 2], "BOTHLANDS")
        return self._both(match, row) if both else self._three(match, row)

    def _leader(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """The one person of a country whom the text tells of as its head."""
        countries = self._countries(match, row)
        if not countries:
            return []
        heads = [p for p, role in self.roles.items() if role.country == countries[0] and role.offices & self.r.leaders]
        if len(heads) == 1:
            return [Reference(self._span(match, row), match.rule.id, (heads[0],), "the one of this text who leads it",
                              None, countries[0])]
        return self._lands(match, row)

    def _capitals(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """Countries told by their capitals, where all of a list are capitals."""
        found = [self.of_mention.get(item.index) for item in self._slot(match, row, "C", "PLACE")]
        known = [self.kb.entry(e.id) if e is not None else None for e in found]
        lands = [k.country for k in known if k is not None and k.country and self.kb.capital_of(k.country) == k.id]
        if len(lands) < len(found) or len(set(lands)) < len(lands):
            return []
        span = self._span(match, row)
        return [Reference(span, match.rule.id, (land,), "by its capital") for land in lands]

    def _forces(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """Armies and armed groups that are named side by side, where all of a list are."""
        found = [self.of_mention.get(item.index) for item in self._slot(match, row, "C", "ORG")]
        known = [self.kb.entry(e.id) if e is not None else None for e in found]
        if any(k is None or k.type not in self.r.forces for k in known):
            return []
        span = self._span(match, row)
        return [Reference(span, match.rule.id, (e.id,), "a force, for itself") for e in found if e is not None]

    def _both(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        state = self.state
        here = [p for p in state.recent if p in state.clause][-2:] if len(state.clause) >= 2 else []
        pair = tuple(here) or state.pair or tuple(state.recent[-2:])
        if self.r.lexicon.within(row[match.start : match.stop], "BOTHLANDS") and not self._foreign(pair):
            pair = next((p for p in (state.pair, tuple(state.recent[-2:])) if self._foreign(p)), self._two_lands())
        if len(pair) < 2:
            pair = state.lands
        if len(pair) < 2:
            return []
        return [Reference(self._span(match, row), match.rule.id, pair, "the pair spoken of last")]

    def _foreign(self, pair: Sequence[str]) -> bool:
        """Whether two people are known to be of two countries."""
        lands = {self._land(p) for p in pair}
        return len(lands) == 2 and None not in lands

    def _land(self, person: str) -> str | None:
        """The country of a person, for somebody of a body of one country that one."""
        role = self.roles.get(person)
        of = self.kb.entry(role.country) if role is not None and role.country else None
        return of.country if of is not None and of.kind == "ORG" else role.country if role is not None else None

    def _nobody(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """Nobody: the phrase says what somebody is."""
        return [Reference(self._span(match, row), match.rule.id, (), "what somebody is", self._office(match, row))]

    def _three(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        if not self.state.three:
            return []
        return [Reference(self._span(match, row), match.rule.id, self.state.three, "the three spoken of last")]

    def _two_lands(self) -> tuple[str, ...]:
        """The two countries spoken of last, or those of the pair spoken of last."""
        lands = self.state.lands
        if len(lands) < 2 and len(self.state.pair) == 2:
            lands = tuple(c for p in self.state.pair if (c := self._land(p)))
        return lands if len(lands) == 2 else ()

    def _both_lands(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        named = self._slot(match, row, "C", "ADJ")
        word = self.doc.mentions[named[0].index].norm if named else row[match.start].norm
        twins = self.r.twins.get(word.rpartition(" ")[2], ())
        if twins:
            span, last = self._span(match, row), row[match.stop - 1]
            if last.last - last.first > 1 and self.r.grammar.has("OF", self.doc.tokens[last.last - 1].norm):
                span = Span(span.start, self.doc.tokens[last.last - 2].span.stop)  # the case is no part of the phrase
            return [Reference(span, match.rule.id, twins, "the two countries of that name")]
        lands = self._two_lands() if not named or row[match.start].kind == "" else ()
        if not lands:
            return []
        return [Reference(self._span(match, row), match.rule.id, lands, "the two countries spoken of last")]

    def _two_offices(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """The holders of two offices, of which the first is told by its field alone; of each of the countries."""
        field_, office = row[match.slots["F"][0]], self._slot(match, row, "O", "OFFICE|OFFICES")[0]
        name = self.doc.mentions[office.index].norm
        offices = (self.kb.office(f"{field_.norm} {name.rpartition(' ')[2]}"), self._office_of(office))
        if None in offices or " " not in name:
            return []
        lands: Sequence[str] = self._countries(match, row) if "C" in match.slots else self._two_lands()
        span = self._span(match, row)
        found = [self._find(land, one, span, match.rule.id) for land in lands for one in offices]
        return self._for_countries(found)

    def _both_roles(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        span, office = self._span(match, row), self._office(match, row)
        out = []
        for country in self._two_lands():
            person = self._in_text(office, country)
            why = "named in this text with this office"
            if person is None and office is not None and office not in self.r.officials:
                person, why = self._holder(country, office)
            out.append(Reference(span, match.rule.id, (person or country,), why or "for their country", office,
                                 country))
        return out

    def _subject(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        """The subject spoken of last; "his" in the clause of a marked subject is another's (its own would be
        the reflexive)."""
        if self.r.items[match.rule.id] == "PRON_GEN" and self._marked_before(row, match.start):
            return self._other(match, row)
        if self.state.inner and self.r.items[match.rule.id] == "PRON_NOM":
            return self._one(self.state.inner, match, row, "the subject of the clause before")
        subject = self._by_gender(
            self.state.subject or (self.state.recent[-1] if self.state.recent else None), match, row)
        if self.r.items[match.rule.id] in ("PRON_NOM", "PRON_NE"):  # "he will meet X": not X, spoken of before
            named = {self._person(item) if item.kind == "PERSON" else self._in_text(self._office_of(item), None)
                     for item, case in zip(row[match.stop :], row[match.stop + 1 :], strict=False)
                     if item.kind in ("PERSON", "OFFICE") and self.r.lexicon.has(case, "FROM", "WITH")}
            if subject in named:
                subject = next((p for p in reversed(self.state.subjects) if p not in named), subject)
            if self.state.team and self.r.lexicon.within(row[match.start : match.stop], "THEY") and (
                    self.state.recent[-1:] == [self.state.team[-1]] or subject in self.state.team):
                return [Reference(self._span(match, row), match.rule.id, self.state.team, "those who came together")]
        return self._one(subject, match, row, "the subject spoken of last")

    def _by_gender(self, subject: str | None, match: Match, row: Sequence[Item]) -> str | None:
        """The subject of a pronoun without a case, which the verb behind it says to be a man or a woman: where the
        last one is known to be the other, the last one who is."""
        has = self.r.lexicon.has
        if subject is None or self.r.items[match.rule.id] != "PRON_NOM":
            return subject
        for item in row[match.stop :]:
            if has(item, "STOP"):
                break
            if has(item, "SHEVERB", "HEVERB"):
                told = "female" if has(item, "SHEVERB") else "male"
                if self._gender(subject) in (told, None):
                    break
                return next((p for p in (*reversed(self.state.subjects), *reversed(self.state.recent))
                             if self._gender(p) == told), subject)
        return subject

    def _gender(self, person: str) -> str | None:
        known = self.kb.entry(person)
        return known.gender if known is not None else None

    def _marked_before(self, row: Sequence[Item], at: int) -> bool:
        """Whether the clause of item ``at`` has a subject marked as such before it."""
        for item in reversed(row[:at]):
            if not item.kind and self.r.grammar.has("ERG", item.norm):
                return True
            if not item.kind and self.r.grammar.has("STOP|COMMA|SAY", item.norm):
                return False
        return False

    def _own_subject(self, row: Sequence[Item], at: int) -> str | None:
        """The person who is named before item ``at`` in its clause as the subject: with the ergative, or bare."""
        for n in range(at - 1, -1, -1):
            item, behind = row[n], row[n + 1]
            if not item.kind and self.r.grammar.has("STOP|COMMA|SAY", item.norm):
                return None
            bare = n + 1 == at or behind.kind
            if item.kind in ("PERSON", "ROLE") and (bare or self.r.grammar.has("ERG", behind.norm)):
                return self._person(item)
        return None

    def _other(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        state = self.state
        own = state.ahead or (state.clause[0] if state.clause else state.subject)
        if self.r.items[match.rule.id] == "PRON_SE":
            own = self._own_subject(row, match.start) or own  # "A is here, but B will meet him": him is not B
        own_side = [own, *(state.joined if self.r.items[match.rule.id] == "PRON_GEN" else ())]
        if self.r.items[match.rule.id] == "PRON_GEN" and state.marked:
            own_side.append(state.marked)  # "the minister and the ambassador received him": neither of the two
        others = [p for p in reversed(state.recent) if p not in own_side]
        if state.bare is not None and state.bare != own and self.r.items[match.rule.id] == "PRON_GEN":
            others = [state.bare]  # "when A came with his wife, B received him"
        alone = state.subject if not state.clause else None  # "with him came ...": the subject himself
        return self._one(others[0] if others else alone, match, row, "spoken of last, not the subject")

    def _speaker(self, match: Match, row: Sequence[Item]) -> list[Reference]:
        return self._one(self.state.speaker or self.state.subject, match, row, "the speaker")

    def _one(self, person: str | None, match: Match, row: Sequence[Item], why: str) -> list[Reference]:
        if person is None:
            return []
        return [Reference(self._span(match, row), match.rule.id, (person,), why)]


#: What a rule's field ``resolve`` names.
RESOLVERS: Final[Mapping[str, Callable[[Referents, Match, Sequence[Item]], list[Reference]]]] = {
    "named": Referents._named, "named_counterpart": Referents._named, "counterpart": Referents._counterpart,
    "counterparts": Referents._counterparts, "roles": Referents._roles, "role": Referents._role,
    "bare_role": Referents._bare_role, "there": Referents._there, "counterparts_there": Referents._counterparts_there,
    "there_lands": Referents._there_lands, "lands": Referents._lands,
    "toured": Referents._toured, "leader": Referents._leader,
    "forces": Referents._forces, "capitals": Referents._capitals, "both": Referents._both,
    "three": Referents._three, "nobody": Referents._nobody, "both_lands": Referents._both_lands,
    "both_roles": Referents._both_roles, "two_offices": Referents._two_offices,
    "subject": Referents._subject, "other": Referents._other,
    "speaker": Referents._speaker,
}
