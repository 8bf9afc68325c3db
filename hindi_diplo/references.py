"""Noun phrases that stand for participants, resolved to entities: roles, counterparts, pronouns, pairs.

The phrases are found by ``rules/references.toml``; each rule names one of the resolvers
of ``referents``.  A document is read from left to right with a small discourse state (subject, speaker, pair,
countries).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .knowledge import KnowledgeBase
from .memory import MEMORY, Role
from .patterns import Item, Lexicon, Match
from .records import by_place
from .referents import RESOLVERS, Referents, Words
from .travels import goals
from .types import Doc, Reference, Sentence, Span
from .views import Fold, View

__all__ = ["TOGETHER", "Resolver"]

TOGETHER: Final = 32  # documents that may be read step by step together: their rows are kept for two steps

_THREE: Final = 3
_SUMS_UP: Final = 7  # items from the case of those who are summed up back to the word that names one of them
_DELEGATIONS: Final = ("references/delegation", "references/delegation-of")  # those that a later one goes on about
_PRONOUNS: Final = ("PRON_NE", "PRON_NOM", "PRON_GEN", "PRON_SE")


class Resolver(Words):
    """The references step: ``resolve(doc)`` gives the references in the order of the text."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon) -> None:
        super().__init__(kb, lexicon)
        self._views: list[View] = []  # those of the documents being read: two steps ask for them

    def view(self, doc: Doc) -> View:
        """The document's rows, as this step and the events step see them."""
        view = next((view for view in self._views if view.is_of(doc)), None)
        if view is None:
            view = View(doc, self.lexicon, self.plural)
            self._views = [*self._views[1 - TOGETHER :], view]
        return view

    def forget(self, doc: Doc) -> None:
        """Let go of the rows of a document that has been read."""
        self._views = [view for view in self._views if not view.is_of(doc)]

    def folds(self, doc: Doc) -> list[Fold]:
        """The references as folds for the rows of the events step; one fold for each phrase.  An item's
        index is negative there: ``-1 - index`` of the first reference of the phrase."""
        out: list[Fold] = []
        for index, reference in enumerate(doc.references):
            if not out or out[-1].span != reference.span:
                out.append(Fold(reference.span, self.items[reference.rule], -1 - index))
        return out

    def resolve(self, doc: Doc) -> tuple[Reference, ...]:
        """References of a document whose entities are linked."""
        return _Reading(self, doc).run()


class _Reading(Referents):
    """One document being read."""

    def __init__(self, resolver: Resolver, doc: Doc) -> None:
        super().__init__(resolver, doc)
        self.view = resolver.view(doc)

    def run(self) -> tuple[Reference, ...]:
        doc = self.doc
        chosen: list[tuple[Sentence, list[Item], list[Match]]] = []
        for sentence in doc.sentences:
            row = self.view.row(sentence)
            matches = self._choose(row, stage=1)
            chosen.append((sentence, row, matches))
            for match in matches:
                self._learn(match, row)
        for entity in doc.entities:
            if entity.kind == "PERSON":
                self._learn_entity(entity)
        for _, row, matches in chosen:
            self._learn_counterparts(row, matches)
        out: list[Reference] = []
        for sentence, row, matches in chosen:
            out.extend(self._sentence(sentence, row, matches))
        return tuple(sorted(out, key=by_place))

    # -- finding the phrases ----------------------------------------------------------------------

    def _choose(self, row: Sequence[Item], *, stage: int) -> list[Match]:
        found = []
        for match in self.r.grammar.matches(row, stage=stage):
            if match.rule.options.get("only_lists") and match.slots["C"][1] - match.slots["C"][0] < 3:
                continue
            if match.rule.options["resolve"] == "forces" and not self._forces(match, row):
                continue
            if match.rule.options["resolve"] == "named" and self._two_apart(match, row):
                continue
            found.append(match)
        found.sort(key=lambda m: (m.start - m.stop, -m.rule.priority, m.start))
        taken: list[Match] = []
        held = set[int]()  # the items of what is taken
        for match in found:
            if held.isdisjoint(range(match.start, match.stop)):
                taken.append(match)
                held.update(range(match.start, match.stop))
        taken.sort(key=lambda m: m.start)
        return self._described(row, taken) if stage == 1 else taken

    def _two_apart(self, match: Match, row: Sequence[Item]) -> bool:
        """Whether a comma or another office parts an office of one country from somebody who is known to be of
        another: two people."""
        if "O" not in match.slots or "N" not in match.slots:
            return False
        between = row[match.slots["O"][1] : match.slots["N"][0]]
        if not between or not (between[0].kind == "OFFICE" or self.r.lexicon.within(between, "COMMA")):
            return False
        names = self._slot(match, row, "N", "PERSON")
        if not names:
            return False
        before = [i for i in row[max(0, match.start - 2) : match.slots["O"][0]] if i.kind in ("COUNTRY", "ADJ")]
        land = self.of_mention.get(before[-1].index) if before else None
        known = self.of_mention.get(names[0].index)
        entry = self.kb.entry(known.id) if known is not None else None
        return land is not None and entry is not None and entry.country is not None and entry.country != land.id

    def _described(self, row: Sequence[Item], taken: Sequence[Match]) -> list[Match]:
        """The phrases about people, each reaching back over what is said of him before his office and name."""
        starts = {at: m.start for m in taken for at in range(m.start, m.stop)}
        out: list[Match] = []
        for one in taken:
            match, how = one, one.rule.options.get("described")
            if how:
                first, land = self.r.descriptions.reach(row, match.start, starts, self._office_of, bare=how == "bare")
                while out and out[-1].start >= first:
                    out.pop()
                if out:
                    first = max(first, out[-1].stop)
                slots = match.slots
                known = row[slots["C"][0]].kind if "C" in slots else ""
                if land >= first and (not known or known == "ORG"):
                    slots = {**slots, "C": (land, land + 1)}
                if first < match.start:
                    match = match._replace(start=first, slots=slots)
                elif how == "bare":
                    continue
            out.append(match)
        return out

    def _learn_counterparts(self, row: Sequence[Item], matches: Sequence[Match]) -> None:
        """A named counterpart holds the office of whose counterpart he is."""
        for match in matches:
            if match.rule.options["resolve"] != "named_counterpart":
                continue
            self.state.ahead = self._subject_ahead(row, matches)
            person = self._person(self._slot(match, row, "N", "PERSON")[0])
            office = self._owner_office(match, row)
            if person is not None and office is not None:
                old = self.roles.get(person, Role(frozenset(), None))
                countries = self._countries(match, row)
                self.roles[person] = Role(old.offices | {office}, old.country or (countries[0] if countries else None))

    # -- one sentence -----------------------------------------------------------------------------

    def _sentence(self, sentence: Sentence, row: list[Item], matches: Sequence[Match]) -> list[Reference]:
        state = self.state
        state.clause, state.joined = [], []
        state.bare = state.inner = state.marked = state.doer = None
        told = False
        state.ahead = self._subject_ahead(row, matches)
        self.listed = (-1, None)
        self.then = self._told_day(row)
        starts = {m.start: m for m in matches}
        out: list[Reference] = []
        roles: list[tuple[str, tuple[str, ...]]] = []
        at = 0
        while at < len(row):
            match, item = starts.get(at), row[at]
            if match is not None:
                made = RESOLVERS[str(match.rule.options["resolve"])](self, match, row)
                out.extend(made)
                people = tuple(p for r in made for p in r.entities if self._is_person(p))
                end = match.stop
            else:
                people = ()
                if item.kind == "PERSON":
                    person = self._person(item)
                    people = (person,) if person else ()
                end = at + 1
                if item.norm in self.r.says and not people and state.subject:
                    state.speaker = state.subject
                if item.norm in self.r.that:
                    told, state.inner = True, None
            if people:
                case = self._case(row, end, self.r.items[match.rule.id] if match else "")
                role = self.roles.get(people[0])
                teller = role is not None and bool(role.offices & self.r.tellers)
                for person in () if teller or case == "ACCORDING" else people:
                    state.mention(person)
                new = match is None or self.r.items[match.rule.id] not in _PRONOUNS
                if case == "JOIN":
                    state.joined.extend(people)
                if case == "ERG":
                    state.marked = people[-1]
                if case in ("", "ERG") and not roles and not self._hyphen(row, end):
                    state.doer = people[0]
                along = any(c == "WITH" for c, _ in roles)  # "with X came Y too"
                if case == "" and new and not along and state.bare is None and not self._hyphen(row, end):
                    state.bare = people[0]
                if told and case == "" and new and not teller and not self._hyphen(row, end):
                    state.inner = people[0]
                if new and not teller and case in ("", "ERG") and all(c in ("OF", "JOIN") for c, _ in roles):
                    state.team = self._together(roles, people)
                if case == "ERG" or (case == "" and all(c == "OF" for c, _ in roles) and not self._stood_by(row, end)):
                    state.subject = state.subject if teller else people[0]
                    if state.subject and state.subject not in state.subjects[-1:]:
                        state.subjects = [*state.subjects[1 - MEMORY :], state.subject]
                roles.append((case, people))
            at = end
        if roles and roles[0][0] == "OF" and not any(case in ("", "ERG") for case, _ in roles):
            state.subject = roles[0][1][0]  # "X's journey was long": the sentence is about X
        self._close(row, roles)
        out.extend(self._second_stage(sentence, row, out))
        return out

    def _second_stage(self, sentence: Sentence, row: Sequence[Item], made: Sequence[Reference]) -> list[Reference]:
        """Phrases built on phrases: delegations and those who lead them."""
        folds = [Fold(r.span, self.r.items[r.rule], -1 - n) for n, r in enumerate(made)
                 if n == 0 or made[n - 1].span != r.span]
        words = (t.norm for t in self.doc.tokens[sentence.first : sentence.last])
        if not self.r.grammar.may_match((*words, *(i.kind for i in row), *(f.kind for f in folds)), stage=2):
            return []
        row = self.view.row(sentence, folds)
        out = []
        for match in self._choose(row, stage=2):
            span = Span(row[match.start].span.start, row[match.stop - 1].span.stop)
            if match.rule.options["resolve"] == "delegation":
                if self.state.delegation:
                    out.append(Reference(span, match.rule.id, self.state.delegation, "the delegation spoken of last"))
                continue
            name = "N" if "N" in match.slots else "C"
            item = row[match.slots[name][0]]
            if item.index < 0:
                base = made[-1 - item.index]
                entities = tuple(i for r in made[-1 - item.index :] if r.span == base.span for i in r.entities)
                office, country = base.office, base.country
            else:
                entity = self.of_mention.get(item.index)
                entities, office, country = ((entity.id,) if entity else ()), None, None
            out.append(Reference(span, match.rule.id, entities, "the delegation stands for it", office, country))
            if match.rule.id in _DELEGATIONS:
                self.state.delegation = entities
        return out

    def _together(self, roles: Sequence[tuple[str, tuple[str, ...]]], last: tuple[str, ...]) -> tuple[str, ...]:
        """Those of one country who with the ``last`` named are the subject: "A, B and C arrived"."""
        at = len(roles)
        while at and roles[at - 1][0] == "JOIN":
            at -= 1
        team = tuple(dict.fromkeys(p for _, people in [*roles[at:], ("", last)] for p in people))
        lands = {self._land(p) for p in team}
        return team if len(team) > 1 and len(lands) == 1 and None not in lands else ()

    def _stood_by(self, row: Sequence[Item], at: int) -> bool:
        """Whether the words from item ``at`` say of somebody only that he was there too."""
        has, spoken = self.r.lexicon.has, bool(self.state.subject)
        return spoken and at < len(row) and has(row[at], "EVEN") and any(
            has(i, "PRESENT") for i in row[at + 1 : at + _THREE])

    def _hyphen(self, row: Sequence[Item], at: int) -> bool:
        """Whether a hyphen joins what ends before item ``at`` to somebody else."""
        return at < len(row) and not row[at].kind and self.r.grammar.has("HYPHEN", row[at].norm)

    def _subject_ahead(self, row: Sequence[Item], matches: Sequence[Match]) -> str | None:
        """The person marked as subject in this sentence, who may stand behind his counterpart."""
        erg = self.r.lexicon.classes["ERG"]
        for at in range(1, len(row)):
            if row[at].norm in erg and not row[at].kind:
                before = row[at - 1]
                if before.kind == "PERSON":
                    return self._person(before)
                some = next((n for n in range(at - 1, max(0, at - _SUMS_UP), -1)
                             if self.r.lexicon.has(row[n], "INCLUDING") and row[n - 1].kind == "PERSON"), None)
                if some is not None:  # "X and other ministers received him"
                    return self._person(row[some - 1])
                match = next((m for m in matches if m.stop == at), None)
                if match is not None:
                    names = self._slot(match, row, "N", "PERSON")
                    office = self._office(match, row)
                    countries: list[str | None] = [*self._countries(match, row), None]
                    if names:
                        return self._person(names[-1])
                    if office and match.rule.options["resolve"] in ("role", "bare_role"):
                        return self._in_text(office, countries[0], () if countries[0] else self._met(row, at))
        return None

    def _close(self, row: Sequence[Item], roles: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Remember the pair and the countries that a sentence about an encounter spoke of."""
        state = self.state
        state.goals = goals(row, len(row), self.r.lexicon, self._of_land) or state.goals
        lands = []
        for item in row:
            if item.kind in ("COUNTRY", "ADJ"):
                entity = self.of_mention.get(item.index)
                if entity is not None and entity.id not in lands:
                    lands.append(entity.id)
        if len(lands) == 2:
            state.lands = tuple(lands)
        elif len(lands) > 2 and (two := self._two_subjects(row)):
            state.lands = two
        people = list(dict.fromkeys(p for _, named in roles for p in named))
        if len(people) == _THREE or (len(lands) == _THREE and not state.three):
            state.three = tuple(people) if len(people) == _THREE else tuple(lands)
        if self.r.encounters.isdisjoint([i.norm for i in row if not i.kind]):
            return
        marked = [p for case, people in roles if case in ("WITH", "BETWEEN") for p in people]
        everyone = list(dict.fromkeys(p for _, people in roles for p in people))
        if len(everyone) == 2:
            state.pair = tuple(everyone)
        elif marked and state.subject and marked[-1] != state.subject:
            state.pair = (state.subject, marked[-1])

    def _two_subjects(self, row: Sequence[Item]) -> tuple[str, ...]:
        """Two countries that a sentence is about: "X and Y said", "between X and Y", "X and Y's talks"."""
        has = self.r.grammar.has
        for one, joint, other, case in zip(row, row[1:], row[2:], row[3:], strict=False):
            if one.kind == other.kind == "COUNTRY" and has("JOIN", joint.norm) and not case.kind and (
                    has("ERG|BETWEEN|OF", case.norm)):
                found = [self.of_mention.get(item.index) for item in (one, other)]
                return tuple(e.id for e in found if e is not None)
        return ()

    def _is_person(self, ident: str) -> bool:
        entity = self.entities.get(ident)
        if entity is not None:
            return entity.kind == "PERSON"
        known = self.kb.entry(ident)
        return known.kind == "PERSON" if known is not None else ident in self.roles
