"""Who takes part: items of a sentence's row made participants, and the subjects that a sentence names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from .knowledge import KnowledgeBase
from .patterns import Item, Lexicon, Match
from .records import first_at, is_local, replace
from .text import fold
from .types import Doc, Entity, Participant, Span

__all__ = ["GROUPS", "POINTING", "Parties"]

#: Kinds of items that stand for participants, and those of them that only point at somebody named elsewhere.
GROUPS: Final = ("PERSON", "ROLE", "GROUP", "LANDS", "BOTH", "BOTHLANDS", "COUNTRY", "ORG",
                 "PRON_NE", "PRON_SE", "PRON_GEN", "PRON_NOM", "ADJ")
POINTING: Final = ("BOTH", "BOTHLANDS", "PRON_NE", "PRON_SE", "PRON_GEN", "PRON_NOM")
#: Kinds that may stand in one list.
_ALIKE: Final = (("PERSON", "ROLE", "GROUP", "PRON_NE", "PRON_NOM"), ("COUNTRY", "ORG", "LANDS"))
_SUMMED: Final = "references/with-others"  # somebody named and others who are only summed up
_TOURED: Final = "references/toured-lands"
_BEFORE: Final = 5  # words before a name in which the body may stand whose officer is named
_REACH: Final = 7  # items from a member of a list back to the word that joins it to the one before
_CASES: Final = ("ERG", "OF", "TO", "FROM", "WITH", "IN", "ON", "BETWEEN", "ATINVITE", "BY", "ABOUT", "ACCORDING")
_SUBJECTS: Final = ("PERSON", "ROLE", "PRON_NE", "PRON_NOM", "BOTH")  # kinds of items that can be subjects
_WITHS: Final = ("FROM", "WITH")
_ON_A_VISIT: Final = ("VISIT", "ON", "CAME")
_LIST_ENDS: Final = ("JOIN", "INCLUDING", "STOP", "ERG", "TO", "FROM", "WITH", "IN", "ON", "BETWEEN", "MEET", "TALK",
                     "DISCUSS", "MET", "VISIT", "CAME", "SAY", "DID", "HAPPENED")


class Parties:
    """The participants of one document: made from its entities and references."""

    def __init__(self, doc: Doc, kb: KnowledgeBase, lexicon: Lexicon,
                 tellers: frozenset[str | None] = frozenset(), home: str = "",
                 forces: frozenset[str] = frozenset()) -> None:
        self.tellers, self.home = tellers, home  # the offices of those who only tell of others; the papers' country
        self.forces = forces  # the types of bodies that meet as countries do
        self.doc, self.kb, self.lexicon, self.classes = doc, kb, lexicon, lexicon.classes
        self._ends = lexicon.words(*_LIST_ENDS)
        self.of_mention: dict[int, Entity] = {m: e for e in doc.entities for m in e.mentions}
        self.entities = {e.id: e for e in doc.entities}
        self.naming: dict[str, Participant] = {}
        self._people: dict[tuple[int, int, int | None], list[Participant]] = {}
        # What was asked of the row that is being read: many rules match the same names.
        self._row: Sequence[Item] = ()
        self._members: dict[tuple[int, int, int, int, str], list[Participant]] = {}
        self._subjects: dict[bool, list[tuple[int, list[Participant]]]] = {}

    def _reading(self, row: Sequence[Item]) -> None:
        """Forget what was asked of another row."""
        if row is not self._row:
            self._row = row
            self._members.clear()
            self._subjects.clear()

    def members(self, match: Match, row: Sequence[Item], slot: str) -> list[Participant]:
        """The participants in a slot of a match, with the members of their list that stand before it."""
        if slot not in match.slots:
            return []
        first, last = match.slots[slot]
        other = match.slots.get("A" if slot == "B" else "B")
        # A list does not reach back over the other side, nor over the trigger ("X and, who came on a visit, Y").
        floor = max((end for _, end in filter(None, (other, match.slots.get("T"))) if end <= first), default=0)
        floor = first if match.rule.options.get("alone") else floor
        asked = first, last, floor, 1 if slot == "A" else 2, match.rule.options.get("roles", {}).get(slot, "party")
        self._reading(row)
        if asked not in self._members:
            self._members[asked] = self._read_members(row, *asked)
        return [*self._members[asked]]

    def _read_members(self, row: Sequence[Item], first: int, last: int, floor: int, side: int,
                      role: str) -> list[Participant]:
        items = [i for i in row[first:last] if i.kind in GROUPS]
        # A gap may leave only the last member of a list; the others stand before it.
        while (before := self._listed_before(row, first, floor)) is not None:
            first = before
            items.insert(0, row[first])
        out: dict[str, Participant] = {}
        for item in items:
            for person in self.people_of(item, side):
                if person.entity not in out:
                    out[person.entity] = person if person.role == role else replace(person, role=role)
        return [*out.values()]

    def listed(self, row: Sequence[Item], last: int) -> list[Participant]:
        """The members of the list that ends with the item at ``last``."""
        items, first = [row[last]], last
        while (before := self._listed_before(row, first, 0)) is not None:
            first = before
            items.insert(0, row[first])
        return [p for item in items for p in self.people_of(item, None)]

    def _listed_before(self, row: Sequence[Item], first: int, floor: int) -> int | None:
        """The item number of the list's member before the one at ``first``: right before a word that joins, or
        with the words between that tell what the later one is ("X and the leader of the opposition Y")."""
        alike = next((kinds for kinds in _ALIKE if row[first].kind in kinds), ())
        if row[first].kind == "LANDS" and first + 1 < len(row) and self.lexicon.has(row[first + 1], *_WITHS, "ERG"):
            alike = (*alike, *_ALIKE[0])  # "met X and the leaders of Y"
        at = first - 1
        while at > floor and (aside := self._aside(row, at)):
            at -= aside
        while first - at < _REACH and at > floor and not self._ends_list(row, at):
            at -= 1
        while at - 1 > floor and first - at < _REACH and self.lexicon.has(row[at], "LINK") and (
                not row[at - 1].kind and row[at - 1].norm not in self._ends):
            at -= 1  # two nouns that say what the later one is: "the minister of A and B, Y"
            while first - at < _REACH and at > floor and not self._ends_list(row, at):
                at -= 1
        if at - 1 >= floor and self.lexicon.has(row[at], "JOIN", "INCLUDING") and row[at - 1].kind in alike:
            return at - 1
        if at - 2 >= floor and self.lexicon.has(row[at], "AND") and row[at - 2].kind in alike and all(
                self.lexicon.has(case, *_WITHS) for case in (row[at - 1], *row[first + 1 : first + 2])):
            return at - 2  # "with X and with Y"
        return None

    def _aside(self, row: Sequence[Item], at: int) -> int:
        """How many items that end with the one at ``at`` tell only when or where: "X on Monday and on Thursday
        Y", "X in Paris and in Berlin Y"."""
        if row[at].kind == "TIME":
            return 1
        return 2 * (at > 0 and row[at - 1].kind in ("TIME", "PLACE") and self.lexicon.has(row[at], "TO", "IN"))

    def _ends_list(self, row: Sequence[Item], at: int) -> bool:
        item = row[at]
        if item.kind:
            return item.kind not in ("PLACE", "COUNTRY", "ADJ", "ORG", "OFFICE", "ROLE", "PRON_GEN")
        if item.norm not in self._ends or item.norm in self.classes["OF"]:
            return False
        if item.norm in self.classes["IN"] and at and row[at - 1].kind in ("ORG", "COUNTRY"):
            return False  # "the permanent representative at the UN"
        if item.norm in self.classes["FROM"] and at and row[at - 1].kind == "ORG":
            return False  # "from party O the member X"
        if not self.lexicon.has(item, *_ON_A_VISIT):
            return True
        return not any(all(self.lexicon.has(i, name) for i, name in zip(row[n:], _ON_A_VISIT, strict=False))
                       for n in range(max(0, at - 2), min(at, len(row) - len(_ON_A_VISIT)) + 1))  # "Y, on a visit"

    def people_of(self, item: Item, side: int | None) -> list[Participant]:
        """The participants that an item stands for: of one item always the same list, which nobody changes."""
        if item.kind not in GROUPS:
            return []
        asked = item.index, item.first, side
        known = self._people.get(asked)
        if known is None:
            known = self._people[asked] = self._read_people(item, side)
        return known

    def _read_people(self, item: Item, side: int | None) -> list[Participant]:
        if item.index >= 0:
            entity = self.of_mention.get(item.index)
            known = self.kb.entry(entity.id) if entity else None
            if known is not None and known.type == "media":
                return []  # it tells of others
            return [self._participant(entity.id, item.span, side, None, None, None, None)] if entity else []
        start = -1 - item.index
        out: list[Participant] = []
        for at in range(start, len(self.doc.references)):
            reference = self.doc.references[at]
            if reference.span != item.span:
                break
            named = reference.rule in ("references/role-name", "references/title-name")
            out.extend(
                self._participant(ident, item.span, side, None if named else reference.rule, reference.office,
                                  reference.country, reference.name)
                for ident in reference.entities
            )
        return out

    def _participant(self, ident: str, span: Span, side: int | None, via: str | None, office: str | None,
                     country: str | None, name: str | None) -> Participant:
        entity, known = self.entities.get(ident), self.kb.entry(ident)
        text = span.of(self.doc.text)
        shown = entity.name if entity else known.name_hi if known else name or text
        latin = entity.name_latin if entity else known.name_latin if known else ""
        kind = entity.kind if entity else known.kind if known else "PERSON"
        body = self.kb.entry(country) if country else None
        if country and (is_local(country) or (body is not None and body.type == "ministry")):
            country = body.country if body is not None else None  # of a ministry, or of a body that nobody knows
        if kind == "COUNTRY":
            country = ident
        else:
            country = country or (entity.country if entity else None) or (known.country if known else None)
        told = (entity.office if entity else None) or (self.kb.office_name(office) if office else None)
        if told is None and kind == "PERSON":
            terms = self.kb.terms_of(ident, self.doc.published)
            told = self.kb.office_name(terms[0].office) if terms else None
        return Participant(ident, shown, latin, text, span, "party", told, country, side, via)

    def apart(self, people: Sequence[Participant], row: Sequence[Item], match: Match,
              *, programme: bool = False) -> list[list[Participant]]:
        """Partners of different countries are met one by one; those of one country together, unless the text
        says otherwise, calls on them with a word for calling on people or telephones, or tells whom one man is
        to see (``programme``)."""
        def said(name: str) -> bool:
            return self.lexicon.within(row, name)

        at = match.slots["T"][0]
        behind = row[at + 1 :][:3]
        attended = self.lexicon.within(behind[:1], "IN") and self.lexicon.within(behind[1:], "PART")
        meal = "B" in match.slots and self.lexicon.within(row[match.slots["B"][1] : at], "MEAL")
        welcome = bool(match.rule.options.get("welcome"))  # guests are received together
        together = said("TOGETHER") and not self.lexicon.within(row[max(0, at - 2) : at], "BILATERAL")
        gathering = match.rule.options.get("kind") == "multilateral"
        if meal or welcome or together or gathering or (attended and len(people) > 1 and not said("BILATERAL")):
            return [list(people)]
        groups: dict[str, list[Participant]] = {}
        toured = any(p.via == _TOURED for p in people)  # "the leaders of the three countries" of a tour: one by one
        joint = None if toured else self._one_phrase(row, match)
        key = ""
        for person in people:
            kin = person.country is None and not self.no_kin([person])
            key = key if key and kin else joint or person.country or person.entity
            groups.setdefault(key, []).append(person)
        calls_on = row[at].norm in self.classes["CALLON"]
        after = match.slots["B"][1] if "B" in match.slots else len(row)
        called = after < len(row) and not row[after].kind and row[after].norm in self.classes["FROM"]
        out: list[list[Participant]] = []
        for group in groups.values():
            # Who holds the offices of a country is called on one by one, and nobody telephones with two.
            listed = not joint and ((calls_on and called) or said("PHONE"))
            several = len(group) > 2 and (said("INCLUDING") or any(p.via == _SUMMED for p in people))
            seen = programme and not joint and len(self.no_kin(group)) == len(group)
            out.extend([[p] for p in group] if said("SEPARATE") or listed or several or seen else [group])
        return out

    def _one_phrase(self, row: Sequence[Item], match: Match) -> str | None:
        """A name for the group whom one phrase gives as partners: the leaders of several countries, or, with the
        postposition for company, their ministers."""
        if "B" not in match.slots:
            return None
        first, last = match.slots["B"]
        after = row[last] if last < len(row) else None
        bilateral = self.lexicon.within(row[last : match.stop], "BILATERAL")
        company = after is not None and not after.kind and after.norm in self.classes["WITH"]
        calls_on = row[match.slots["T"][0]].norm in self.classes["CALLON"]
        each = calls_on and after is not None and not after.kind and after.norm in self.classes["EACH"]
        tour = calls_on and not company and self.lexicon.within(row[:first], "VISIT")  # they are met land by land
        one = last - first == 1 and ((row[first].kind == "LANDS" and not each and not tour) or (
            row[first].kind == "GROUP" and company and not calls_on))
        return "one phrase" if one and not bilateral else None

    def subjects(self, row: Sequence[Item], *, clauses: bool = False) -> list[tuple[int, list[Participant]]]:
        """People marked as subjects, by item number: ergative, or else the first one without a case;
        with ``clauses`` the first one of each clause."""
        self._reading(row)
        if clauses not in self._subjects:
            self._subjects[clauses] = self._read_subjects(row, clauses)
        return self._subjects[clauses]

    def subject_ids(self, row: Sequence[Item]) -> set[str]:
        """The ids of all that are marked as subjects."""
        return {p.entity for _, who in self.subjects(row) for p in who}

    def _read_subjects(self, row: Sequence[Item], clauses: bool) -> list[tuple[int, list[Participant]]]:
        erg, cases = self.classes["ERG"], self.lexicon.words(*_CASES)
        out: list[tuple[int, list[Participant]]] = []
        found = False
        for at, item in enumerate(row):
            if item.kind not in _SUBJECTS:
                if clauses and found and not item.kind and item.norm in self.classes["STOP"]:
                    found = False
                continue
            following = row[at + 1].norm if at + 1 < len(row) and not row[at + 1].kind else ""
            marked = item.kind == "PRON_NE" or following in erg
            if marked or (not found and following not in cases and following not in self.classes["JOIN"]):
                people = [p for p in self.people_of(item, 1) if p.office not in self.tellers]
                if people:
                    out.append((at, people))
                    found = True
        return out

    def remember(self, items: Sequence[Item]) -> None:
        """Remember the last phrase that named each participant: pronouns and dropped subjects take it."""
        for item in items:
            if item.kind in ("PERSON", "ROLE", "GROUP", "COUNTRY", "ORG"):
                for p in self.people_of(item, None):
                    self.naming[p.entity] = p

    def named(self, p: Participant) -> Participant:
        last = self.naming.get(p.entity)
        return replace(p, text=last.text, span=last.span) if last else p

    def private(self, people: Sequence[Participant], goal: str | None, ranks: frozenset[str | None],
                routine: frozenset[str]) -> bool:
        """Whether nothing says that those who met did so for a state.

        Those who hold office do not with their own country's soldiers.  Boards of sport and their officials do
        not, nor teams, nor, in a text on sport or film, anybody whom nobody knows or of whom no office is known.
        Organisations of the types ``routine`` meet at home, in a text of no other land people travel at home (to
        the country ``goal``) and soldiers of the offices ``ranks`` see one another, or one who holds office at home
        sees somebody whom nobody knows; or nobody knows any of them, no office or country is told of them, and the
        text is not about states and those who hold office in them."""
        if self._sport and (all(is_local(p.entity) for p in people) or any(
                fold(word) in self.classes[name] for name in ("SPORT", "SQUAD")
                for p in people for word in self._before(p) + p.text.split())):
            return True
        games = self._sport or not self.classes["GAMES"].isdisjoint(self._words)
        if games and all(self._holds_nothing(p) for p in people):
            return True
        if goal is None and self._own_people(people):
            return True
        home = self.home
        entries = [self.kb.entry(p.entity) for p in people]
        if all(k is not None and k.type in routine and k.country in (None, home) for k in entries):
            return True
        at_home, abroad = all(self.land(p.country) in (None, home) for p in people), self._abroad
        if at_home and not abroad and (goal == home or (goal is None and all(p.office in ranks for p in people))):
            return True
        if at_home and not abroad and len(people) > 2 and all(is_local(p.entity) for p in people):
            return True
        nobody = [p for p in people if not p.country and not p.office and is_local(p.entity)]
        known = [p for p in people if p not in nobody]
        if nobody and [p.country for p in known] == [home] and (
                not abroad or all(self._calling(p) for p in nobody)):
            return True
        return not known and not self._of_states

    def of_home(self, people: Sequence[Participant], kind: str, states: frozenset[str]) -> bool:
        """Whether people of one country meet as relatives, for business, or gather (``multilateral``) as parties.

        Relatives do whatever the text names; the others only where nobody among them holds one of the offices
        ``states`` and the text names no other country. A man of business is of a company, or nobody knows him and
        the text is about companies. Politicians who meet one another do meet, at home too."""
        lands = {self.land(p.country) for p in people} - {None}
        if len(lands) > 1 or any(p.office in states for p in people):
            return False
        strangers = self.no_kin(people)
        if kind in ("meeting", "call") and len(strangers) < 2 <= len(people):
            return True
        land = next(iter(lands), self.home)
        if any(self.land(e.country or e.id) != land for e in self.doc.entities
               if e.kind == "COUNTRY" or (e.kind in ("ORG", "PLACE") and not is_local(e.id))):
            return False
        if kind == "multilateral":
            return not self._words.isdisjoint(self.classes["CAMPAIGN"]) or any(self._is_of(p, "party") for p in people)
        business = self.classes["BUSINESS"]
        told = not self._words.isdisjoint(business)
        return any(self._is_of(p, "company") or any(fold(w) in business for w in self._before(p) + p.text.split())
                   or (p.country is None and p.office is None and is_local(p.entity) and told)
                   for p in people)

    def land(self, ident: str | None) -> str | None:
        """The country that somebody is of who is of a country or of a body; the body, where it is of no country."""
        known = self.kb.entry(ident) if ident else None
        return (known.country or ident) if known is not None and known.kind != "COUNTRY" else ident

    def _is_of(self, p: Participant, kind: str) -> bool:
        """Whether somebody is an organisation of this type, or of one."""
        known = [self.kb.entry(i) for i in (p.entity, p.country) if i]
        return any(k is not None and k.type == kind for k in known)

    def is_land(self, ident: str | None) -> bool:
        """Whether somebody's land is a country, and no ministry or other body that he is of."""
        known = self.kb.entry(ident) if ident else None
        return known is not None and known.kind == "COUNTRY"

    def _before(self, p: Participant) -> list[str]:
        """The words right before somebody, which may say of what body he is."""
        at = first_at(self.doc.tokens, p.span.start)
        return [t.norm for t in self.doc.tokens[max(0, at - _BEFORE) : at]]

    def is_force(self, p: Participant) -> bool:
        """Whether a participant is an army or another body of soldiers."""
        known = self.kb.entry(p.entity)
        return known is not None and known.type in self.forces

    def _own_people(self, people: Sequence[Participant]) -> bool:
        """Whether those who hold office in a country are with that country's soldiers."""
        soldiers = [p for p in people if self.is_force(p) and not self._fights_home(p)]
        others = [p for p in people if p not in soldiers]
        return bool(soldiers and others) and all(p.office for p in others) and (
            {p.country for p in soldiers} == {p.country for p in others})

    def _fights_home(self, p: Participant) -> bool:
        """Whether a body of soldiers is no army: who fights his country's army talks with it as another side."""
        known = self.kb.entry(p.entity)
        return known is not None and known.type == "armed-group"

    def no_kin(self, people: Iterable[Participant]) -> list[Participant]:
        """Those who are not named as somebody's wife or other kin."""
        return [p for p in people if self.classes["KIN"].isdisjoint(fold(word) for word in p.text.split())]

    def _calling(self, p: Participant) -> bool:
        """Whether the word before a name, or before the name in its phrase, says what a private person does."""
        entity = self.entities.get(p.entity)
        start = max((self.doc.mentions[m].span.start for m in entity.mentions
                     if p.span.start <= self.doc.mentions[m].span.start < p.span.stop), default=p.span.start) if (
                         entity) else p.span.start
        before = first_at(self.doc.tokens, start) - 1
        return before >= 0 and self.doc.tokens[before].norm in self.classes["CALLING"]

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words of the text."""
        return frozenset(t.norm for t in self.doc.tokens)

    @cached_property
    def _sport(self) -> bool:
        """Whether the text has a word of sport at all."""
        return not self.classes["SPORT"].isdisjoint(self._words)

    def _holds_nothing(self, p: Participant) -> bool:
        """Whether somebody is a person of whom neither the text nor the knowledge base tells an office."""
        known = self.kb.entry(p.entity)
        return p.office is None and (is_local(p.entity) if known is None else (
            known.kind == "PERSON" and not self.kb.terms_of(p.entity)))

    @cached_property
    def _of_states(self) -> bool:
        """Whether the text names countries and offices."""
        return {"COUNTRY", "OFFICE"} <= {m.kind for m in self.doc.mentions}

    @cached_property
    def _abroad(self) -> bool:
        """Whether the text names a country other than home, or an organisation of other countries."""
        return any((e.country or e.id) != self.home for e in self.doc.entities
                   if e.kind == "COUNTRY" or (e.kind == "ORG" and not is_local(e.id)))
