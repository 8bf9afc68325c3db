"""Mentions: names from the knowledge base, from mention rules and from the tagger, merged.

Written priority, highest first: (1) a trap of the knowledge base keeps everything out of its words;
(2) the longer span; (3) at equal length, gazetteer before mention rule before tagger.  Titles,
honorifics, offices and weekdays are trimmed off what a tagger proposes before it competes, and a span of
its that runs over known names is cut there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from .dates import calendar
from .files import read_table
from .gazetteer import Gazetteer
from .knowledge import MARKS, KnowledgeBase
from .lexicon import items as items_of
from .patterns import Grammar, Item, Lexicon
from .records import by_place, first_at, replace
from .taggers import Tagger
from .text import Memo, is_abbreviation, phrase
from .types import Doc, Mention, Sentence, Span, Token

__all__ = ["MentionTagger"]

KINDS: Final = ("PERSON", "COUNTRY", "ADJ", "ORG", "PLACE", "OFFICE", "LATIN", "NUMBER", "UNKNOWN")
_HYPHENS: Final = frozenset("-–—")
_LABELS: Final = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}
_RANK: Final = {"gazetteer": 3, "mentions": 2, "tagger": 1}
_RANKS: Final = Memo(lambda source: -_RANK[source.partition("/")[0]])
_SYLLABLE: Final = 4  # characters of a last syllable behind a hyphen, at most
_ONE_NAME: Final = 0.9  # how like a known name two that stand side by side must be to be one
_ALONE: Final = 0.95  # the score that a tagger's span of one word needs,
_PLACED: Final = 0.5  # and that a place needs before "in"
_THINGS: Final = ("VIDEO", "PHONE", "MEET", "TALK", "DISCUSS", "GATHERING", "VISIT")  # words that are no names
_DEEDS: Final = ("RECEIVE", "WELCOME", "MEET", "TALK", "DISCUSS", "VISIT", "BESIDES")  # no first words of a name
_BEFORE: Final = ("TITLE", "HONOR", "KIN", "POST", "POSTOF", "CALLING", "LINK")  # words before a name
_CROWNS: Final = ("king", "queen", "sultan")  # offices whose words are family names too
_ADJECTIVE: Final = "gazetteer/adj"
_norm, _text = attrgetter("norm"), attrgetter("text")


class _Found(NamedTuple):
    first: int
    last: int
    kind: str
    source: str
    score: float
    norm: str = ""  # the listed form of a name that has more words here


class MentionTagger:
    """The tagging step: ``tag(doc)`` gives the mentions of a document with tokens and sentences."""

    def __init__(self, kb: KnowledgeBase, lexicon: Lexicon, tagger: Tagger) -> None:
        self.gazetteer = Gazetteer(kb.names())
        self.grammar = Grammar("mentions", lexicon, KINDS)
        self._first = frozenset(self.grammar.settings["family_first"])
        self._chain = frozenset(self.grammar.settings["chain"])
        self._numerals = frozenset(self.grammar.settings["numerals"])
        self.kb, self.lexicon = kb, lexicon
        self.tagger = tagger
        self._edge = lexicon.words(*_BEFORE)
        self._end, self._titles = lexicon.classes["HONOR"], lexicon.classes["TITLE"]
        self._joins = lexicon.classes["JOIN"] | lexicon.classes["HYPHEN"]
        self._things, self._sirs = lexicon.words(*_THINGS), lexicon.classes["SIR"]
        self._deeds = lexicon.words(*_DEEDS)
        initial = lexicon.classes["LETTERWORD"]
        self._brief = Memo(lambda norm: norm in initial or is_abbreviation(norm))
        self._whither = lexicon.classes["IN"] | lexicon.classes["CAME"] | lexicon.classes["WILLCOME"]
        self._legs = self._whither | lexicon.classes["BESIDES"] | lexicon.classes["BEHIND"] | lexicon.classes["VISIT"]
        self._postpositions = frozenset(word for name in ("ERG", "FROM", "OF", "TO", "IN")
                                        for word in lexicon.classes[name] if " " not in word)
        words = calendar()
        self._calendar = frozenset(w for name in ("weekday", "month", "today", "adjacent", "part") for w in words[name])
        self._numbers = frozenset(words["number"])
        self._common = frozenset(row["word"] for _, row in read_table("lexicon/common.tsv"))
        self._unsure = frozenset(form for e in kb.entries.values() if e.ambiguous for name in e.forms
                                 if " " not in (form := phrase(name)) and {k for k, _ in kb.lookup(form)} == {"PLACE"})
        self._adjective_names: frozenset[str] | None = None  # family names that are adjectives too, once needed
        self._word_kinds = Memo(self._new_word)

    def tag(self, doc: Doc) -> tuple[Mention, ...]:
        """Mentions in the order of the text, none overlapping another."""
        return self.tag_all((doc,))[0]

    def tag_all(self, docs: Sequence[Doc]) -> list[tuple[Mention, ...]]:
        """The mentions of several documents, whose sentences go to the tagger together."""
        words = [[*map(_text, doc.tokens[s.first : s.last])] for doc in docs for s in doc.sentences]
        proposed = iter(self.tagger.tag(words))
        out = []
        for doc in docs:
            mentions: list[Mention] = []
            for sentence in doc.sentences:
                mentions.extend(self._sentence(doc, sentence, next(proposed)))
            starts = {m.span.start for m in mentions}
            mentions = self._whole([self._hyphenated(doc, m, starts) for m in mentions], doc)
            out.append(tuple(self._short_names(doc, self._acronyms(doc, mentions))))
        return out

    def _hyphenated(self, doc: Doc, mention: Mention, starts: AbstractSet[int]) -> Mention:
        """With the syllable that a hyphen without spaces binds to a name of two words: "Moon Jae-in"."""
        stop = mention.span.stop
        if mention.kind != "PERSON" or doc.text[stop : stop + 1] != "-" or not mention.source.startswith("tagger/") or (
                " " not in mention.norm):
            return mention
        at = first_at(doc.tokens, stop)
        if at + 1 >= len(doc.tokens):
            return mention
        hyphen, syllable = doc.tokens[at : at + 2]
        if syllable.span.start != hyphen.span.stop or len(syllable.text) > _SYLLABLE or syllable.span.start in starts:
            return mention
        return replace(mention, span=Span(mention.span.start, syllable.span.stop),
                       norm=f"{mention.norm} {hyphen.norm} {syllable.norm}")

    def _whole(self, mentions: list[Mention], doc: Doc) -> list[Mention]:
        """With names one right behind the other that are one name, spelt otherwise than any list has it: the last
        words alone may be listed."""
        out: list[Mention] = []
        for mention in mentions:
            behind = out and out[-1].kind == "PERSON" and doc.text[out[-1].span.stop : mention.span.start] == " "
            if behind and mention.kind in ("PERSON", "PLACE"):
                span = Span(out[-1].span.start, mention.span.stop)
                if mention.source.startswith("tagger/") and mention.norm.split()[0] in self._chain:
                    out[-1] = replace(out[-1], span=span, norm=f"{out[-1].norm} {mention.norm}")  # "A bin B" "al C"
                    continue
            if behind and mention.kind == "PERSON":
                near = self.kb.find(span.of(doc.text))
                parts = [i for part in (out[-1], mention) for k, i in self.kb.lookup(part.norm) if k == "PERSON"]
                if near and near[0][1] >= _ONE_NAME and (not parts or set(parts) == {near[0][0]}):
                    out[-1] = replace(mention, span=span, norm=f"{out[-1].norm} {mention.norm}")
                    continue
            out.append(mention)
        return out

    def _acronyms(self, doc: Doc, mentions: list[Mention]) -> list[Mention]:
        """With the unknown word in brackets right behind an organisation, which is its short form, wherever it
        stands."""
        if "(" not in doc.text:
            return mentions
        bodies = {m.span.stop for m in mentions if m.kind == "ORG"}
        known = {m.span.start for m in mentions if not m.source.startswith("tagger/")}
        short = {
            doc.tokens[at].norm for s in doc.sentences for at in range(s.first + 2, s.last - 1)
            if doc.tokens[at - 1].text == "(" and doc.tokens[at + 1].text == ")"
            and doc.tokens[at - 2].span.stop in bodies and doc.tokens[at].span.start not in known
            and self._word_kinds[doc.tokens[at].norm] in ("UNKNOWN", "LATIN")
        }
        if not short:
            return mentions
        kept = [m for m in mentions if m.norm not in short or not m.source.startswith("tagger/")]
        taken = {at for m in kept for at in range(m.span.start, m.span.stop)}
        found = [Mention(t.span, "ORG", t.norm, "mentions/acronym", 0.8)
                 for s in doc.sentences for t in doc.tokens[s.first : s.last]
                 if t.norm in short and t.span.start not in taken]
        return sorted([*kept, *found], key=by_place)

    def _short_names(self, doc: Doc, mentions: list[Mention]) -> list[Mention]:
        """With the short mentions of people whose full names stand in the document."""
        full = [m.norm.split() for m in mentions if m.kind == "PERSON" and " " in m.norm]
        first = {words[0] for words in full if self._family_first(words) and len(words[0]) > 1}
        last = ({words[-1] for words in full if len(words[-1]) > 2} | first) - self._common
        given = {words[0] for words in full if len(words[0]) > 3} - self._common - last
        if not last | given:
            return mentions
        mentions = [part for m in mentions for part in self._beside(doc, m, last | given, full)]
        # A family name that is also an adjective of a country: the person, unless the text names the country.
        lands = {i for m in mentions if m.kind == "COUNTRY" and m.source != _ADJECTIVE
                 for k, i in self.kb.lookup(m.norm) if k == "COUNTRY"}
        # A family name that the tagger alone takes for a place: the person too.
        mentions = [
            Mention(m.span, "PERSON", m.norm, "mentions/short-name", 0.8)
            if m.norm in last and ((m.kind == "PLACE" and m.source.startswith("tagger/")) or (
                m.source == _ADJECTIVE and not any(i in lands for k, i in self.kb.lookup(m.norm) if k == "ADJ"))) else m
            for m in mentions
        ]
        short = [
            t for s in doc.sentences for at, t in enumerate(doc.tokens[s.first : s.last], s.first)
            if t.norm in last or (
                t.norm in given and at + 1 < s.last and doc.tokens[at + 1].norm in self._postpositions)
        ]
        taken = {at for m in mentions for at in range(m.span.start, m.span.stop)} if short else set()
        found = [Mention(t.span, "PERSON", t.norm, "mentions/short-name", 0.8)
                 for t in short if t.span.start not in taken]
        return sorted([*mentions, *found], key=by_place) if found else mentions

    def _beside(self, doc: Doc, mention: Mention, short: AbstractSet[str],
                full: Sequence[Sequence[str]]) -> list[Mention]:
        """A span whose first word is the short name of somebody named elsewhere, and the rest a name that is known
        without it (another man, a place), cut."""
        name, *others = mention.span.of(doc.text).split(maxsplit=1)
        if not others or phrase(name) not in short or mention.kind not in ("PERSON", "PLACE"):
            return [mention]
        first, rest = phrase(name), phrase(others[0])
        if mention.kind == "PLACE":
            known = next((k for k, _ in self.kb.lookup(rest) if k in ("PLACE", "COUNTRY")), None)
            apart = known is not None and mention.source.startswith("tagger/") and not self.kb.lookup(mention.norm)
        else:
            known = "PERSON"
            apart = rest == mention.norm != first and " " in rest and not any(
                first in name and rest.endswith(name[-1]) for name in full)
        if not apart or known is None:
            return self._two_people(doc, mention, full)
        start, stop = mention.span.start, mention.span.stop
        return [Mention(Span(start, start + len(name)), "PERSON", first, "mentions/short-name", 0.8),
                Mention(Span(stop - len(others[0]), stop), known, rest, f"gazetteer/{known.lower()}", 1.0)]

    def _two_people(self, doc: Doc, mention: Mention, full: Sequence[Sequence[str]]) -> list[Mention]:
        """A tagger's span of two words that are the short names of two people named elsewhere in the text, cut."""
        if mention.kind != "PERSON" or not mention.source.startswith("tagger/"):
            return [mention]
        words = mention.norm.split()
        if len(words) != 2:
            return [mention]
        others = [w for w in full if w != words]
        one, other = ({tuple(w) for w in others if word in (w[-1], w[0])} for word in words)
        middle = mention.span.of(doc.text).find(" ")
        if not one or not other or one & other or middle < 0:
            return [mention]
        cut = mention.span.start + middle
        return [Mention(span, "PERSON", word, "mentions/short-name", 0.8) for span, word in zip(
            (Span(mention.span.start, cut), Span(cut + 1, mention.span.stop)), words, strict=True)]

    def _family_first(self, words: list[str]) -> bool:
        """Whether a known person's country puts the family name first."""
        known = [self.kb.entry(i) for k, i in self.kb.lookup(" ".join(words)) if k == "PERSON"]
        return any(e is not None and e.country in self._first for e in known)

    def _sentence(
        self, doc: Doc, sentence: Sentence, proposed: Sequence[tuple[int, int, str, float]]
    ) -> list[Mention]:
        row = doc.tokens[sentence.first : sentence.last]
        norms = [*map(_norm, row)]
        found: list[_Found] = []
        blocked: list[tuple[int, int]] = []
        offices: list[tuple[int, int]] = []
        for first, last, kinds in self.gazetteer.find(norms):
            if "BLOCK" in kinds:
                blocked.append((first, last))
                continue
            if "OFFICE" in kinds:
                offices.append((first, last))
            if norms[first] in self._unsure and last == first + 1 and not (
                    last < len(norms) and norms[last] in self._whither):
                continue  # a word that is a place's name too, not said to be where something is or goes
            kind: str = next(k for k in ("OFFICE", "PERSON", "ORG", "COUNTRY", "ADJ", "CAPITAL", "PLACE") if k in kinds)
            source = _ADJECTIVE if kind == "ADJ" else f"gazetteer/{kind.lower()}"
            kind = {"ADJ": "COUNTRY", "CAPITAL": "PLACE"}.get(kind, kind)
            found.append(_Found(first, last, kind, source, 1.0))
        found.extend(self._halves(norms, found))
        found.extend(self._middle(norms))
        known = tuple(found)
        for first, last, label, score in proposed:
            found.extend(self._proposal(norms, _Found(first, last, _LABELS[label], f"tagger/{self.tagger.name}", score),
                                        known, offices))
        found.extend(self._initials(norms, known))
        found.extend(self._letters(norms, known, offices))
        chosen = self._merge(found, blocked)
        rules = self._rules(row, norms, chosen)
        if rules:
            chosen = self._merge([*chosen, *rules], blocked)
        stops = {f.last for f in chosen if f.kind == "OFFICE"}
        return [
            Mention(Span(row[f.first].span.start, row[f.last - 1].span.stop), f.kind,
                    f.norm or " ".join(norms[f.first : f.last]), f.source, f.score)
            for f in (self._holder(f, norms) if f.source == _ADJECTIVE and f.first in stops else f for f in chosen)
        ]

    def _holder(self, found: _Found, norms: Sequence[str]) -> _Found:
        """An adjective of a country right behind an office and before a postposition is the holder's name."""
        after = norms[found.last] if found.last < len(norms) else ""
        if found.last - found.first > 1 or after not in self._postpositions:
            return found
        if self._adjective_names is None:
            adjectives = {form for form, kind, _ in self.kb.names() if kind == "ADJ"}
            self._adjective_names = frozenset(form.rpartition(" ")[2] for form, kind, _ in self.kb.names()
                                              if kind == "PERSON" and " " in form) & adjectives
        if norms[found.first] not in self._adjective_names:
            return found
        return _Found(found.first, found.last, "PERSON", "mentions/short-name", 0.8)

    def _proposal(self, norms: Sequence[str], span: _Found, known: Sequence[_Found],
                  offices: Sequence[tuple[int, int]]) -> list[_Found]:
        """What is left of a tagger's span beside the names that the gazetteer knows.

        An organisation with a known name in it, or a place with a country in it, is that name with something
        common around it.  A person's span that runs over a whole known name, a country or, before a word for
        being or going there, a place is cut there, and at a postposition, which no name has within it; a
        hyphen beside a known person joins two people.  A single word needs more trust.
        """
        inside = [k for k in known if k.kind != "OFFICE" and span.first <= k.first and k.last <= span.last
                  and (k.first, k.last) != (span.first, span.last)]
        if inside and (span.kind == "ORG" or (span.kind == "PLACE" and any(
                k.kind == "COUNTRY" and k.source != _ADJECTIVE for k in inside))):
            return []
        words = norms[span.first : span.last]
        if span.kind == "PLACE" and self._town_with_more(norms, span, inside):
            return []
        if span.kind == "PLACE" and len(words) > 1 and words[-1] in self.lexicon.classes["LANDWORD"] and any(
                0 <= span.first - stop <= 1 for _, stop in offices):
            first = max(stop for _, stop in offices if stop <= span.first)
            person = span._replace(first=first, last=span.last - 1, kind="PERSON")
            return self._proposal(norms, person, known, offices)
        if span.kind == "PLACE" and len(words) == 3 and is_abbreviation(words[1]) and words[1] not in self._edge and (
                not inside):
            span = span._replace(kind="PERSON")  # "X L. Y" is no place
        if span.kind == "PLACE" and any(k.kind == "PLACE" and span.first < k.first < k.last - 1 and k.last == span.last
                                        for k in inside):
            return []  # a name of two words or more that is known, with something before it
        if len(words) == 1 and words[0] in self._things:
            return []
        half, mark, other = "".join(words).partition("-")
        if mark and half == other:
            return []  # a word said twice is an adverb ("one by one")
        if span.kind == "PERSON" and all(w.isascii() for w in words) and not (
                self.kb.lookup(" ".join(words)) or any(stop == span.first for _, stop in offices)):
            return []  # a paper, a programme, a user name: papers write the names of people in Devanagari
        named = {at for k in inside for at in range(k.first, k.last)}
        if span.kind == "PLACE" and inside and all(
                at in named or norms[at] in self._common or not _wordlike(norms[at])
                for at in range(span.first, span.last)):
            return []
        if span.kind == "PLACE" and span.first and norms[span.first - 1] in MARKS and any(
                k.kind == "COUNTRY" and k.first == span.first for k in inside):
            return []  # the second of two countries joined by a hyphen, with a common word behind it
        pieces = [(span.first, span.last)]
        if span.kind == "PERSON":
            outer = [k for k in inside if not any(
                o.first <= k.first and k.last <= o.last and o is not k for o in inside)]
            if len(outer) == 1 and (longer := self._longer_name(norms, span, outer[0], offices)) is not None:
                return [longer]
            people = [k for k in inside if k.kind == "PERSON"
                      and not (k.first > span.first and norms[k.first - 1] in self._chain)]
            whole = [k for k in people if k.last - k.first > 1 or len(people) > 1
                     or (k.first == span.first and self._is_family_name(norms[k.first]))]
            lands = [k for k in inside if k.kind in ("COUNTRY", "ORG") and not self._within_name(k, span) and
                     (k.first > span.first or k.source == _ADJECTIVE or any(k.last == first for first, _ in offices))]
            at = norms[span.last] if span.last < len(norms) else ""
            goals = [k for k in inside if k.kind == "PLACE" and k.first > span.first and k.last == span.last
                     and at in self._legs]
            lands += [_Found(n, n + 1, "", "", 1.0) for n in range(span.first + 1, span.last - 1)
                      if (norms[n] in self._postpositions and not is_abbreviation(norms[n - 1])
                          and norms[n - 1] != ".") or (norms[n] in _HYPHENS and any(
                          k.last == n or k.first == n + 1 for k in people))]
            lands += [_Found(n, n, "", "", 1.0) for n in range(span.first + 1, span.last) if norms[n] in self._sirs]
            for cut in [*whole, *lands, *goals]:
                pieces = [p for a, b in pieces for p in ((a, min(b, cut.first)), (max(a, cut.last), b)) if p[0] < p[1]]
        out = []
        for begin, last in pieces:
            first = begin
            while span.kind == "PERSON" and last - first > 1 and norms[first] in self._deeds:
                first += 1
            trimmed = self._trim(norms, first, last, offices)
            if trimmed is None:
                continue
            left = norms[trimmed[0] : trimmed[1]]
            if span.kind != "PERSON" and left[-1] in self.lexicon.classes["REGIONAL"]:
                continue  # "South-East Asian": of a region, no name
            if span.kind == "PERSON" and self._common.issuperset(left):
                continue
            placed = span.kind == "PLACE" and last < len(norms) and norms[last] in self.lexicon.classes["IN"]
            unsure = span.score < (_PLACED if placed else _ALONE)
            if len(left) == 1 and (unsure or left[0] in self._numbers):
                continue
            if span.kind == "PERSON" and trimmed[1] == span.last and len(left) > 1:
                trimmed = trimmed[0], self._name_end(norms, span.last, known)
            out.append(_Found(*trimmed, span.kind, span.source, span.score))
        return out

    def _town_with_more(self, norms: Sequence[str], span: _Found, inside: Sequence[_Found]) -> bool:
        """Whether a place's span is a known town with a word for its airport, or a person's whole name, beside it."""
        ahead = any(k.kind == "PERSON" and k.last - k.first > 1 and k.first == span.first for k in inside)
        towns = [k for k in inside if k.kind == "PLACE" and (ahead or k.first == span.first)]
        airports = self.lexicon.classes["AIRPORT"]
        return any(ahead if k.last == span.last else " ".join(norms[k.last : span.last]) in airports for k in towns)

    def _name_end(self, norms: Sequence[str], last: int, known: Sequence[_Found]) -> int:
        """The end of a name of which the tagger took all but the last word: a word that nobody lists, before a
        postposition or a word that joins."""
        ends = norms[last + 1 : last + 2]
        unlisted = bool(ends) and self._word_kinds[norms[last]] == "UNKNOWN" and not any(
            k.first <= last < k.last for k in known)
        return last + 1 if unlisted and (ends[0] in self._joins or ends[0] in self._postpositions) else last

    @staticmethod
    def _within_name(org: _Found, span: _Found) -> bool:
        """Whether a body's one word stands between the words of a name: "Abdel Fattah el-Sisi", where Fatah is one."""
        return org.kind == "ORG" and org.last - org.first == 1 and span.first < org.first and org.last < span.last

    def _longer_name(self, norms: Sequence[str], span: _Found, name: _Found,
                     offices: Sequence[tuple[int, int]]) -> _Found | None:
        """A tagger's span as a longer name of the listed person of whom it holds two words or more, where its other
        words are no common ones.  (Two people who stand side by side are both listed, or the tagger parts them.)"""
        trimmed = self._trim(norms, span.first, span.last, offices)
        if trimmed is None or name.kind != "PERSON" or name.last - name.first < 2 or not (
                trimmed[0] <= name.first and name.last <= trimmed[1]):
            return None
        rest = [norms[at] for at in range(*trimmed) if not name.first <= at < name.last]
        if not rest or any(w in self._common or w in self._postpositions or not _wordlike(w) for w in rest):
            return None
        return _Found(*trimmed, "PERSON", "gazetteer/person", 1.0, " ".join(norms[name.first : name.last]))

    def _is_family_name(self, norm: str) -> bool:
        """Whether a word is a known person's last name, in a country where nothing follows it."""
        known = [self.kb.entry(i) for k, i in self.kb.lookup(norm) if k == "PERSON"]
        return any(e is not None and " " in e.name_hi and phrase(e.name_hi).split()[-1] == norm
                   and e.country not in self._first for e in known)

    def _initials(self, norms: Sequence[str], known: Sequence[_Found]) -> Iterator[_Found]:
        """Two initials or more with their dots, and the word after them that nobody lists: a person."""
        if "." not in norms:
            return
        taken = {at for k in known for at in range(k.first, k.last)}
        at = 0
        while at < len(norms):
            last = at
            while last + 1 < len(norms) and norms[last + 1] == "." and is_abbreviation(norms[last]) and (
                    norms[last] not in self._edge):
                last += 2
            if last - at > 2 and last < len(norms) and last not in taken and self._word_kinds[norms[last]] == "UNKNOWN":
                yield _Found(at, last + 1, "PERSON", "mentions/initials", 0.7)
            at = last + 1

    def _middle(self, norms: Sequence[str]) -> Iterator[_Found]:
        """A listed person's two names with a letter between them that the list does not have."""
        brief = self._brief
        for at in [at for at, norm in enumerate(norms) if brief[norm] and 0 < at < len(norms) - 1]:
            last = at + 2 + (norms[at + 1] == "." and at + 2 < len(norms))
            full = f"{norms[at - 1]} {norms[last - 1]}"
            if any(kind == "PERSON" for kind, _ in self.kb.forms.get(full, ())):
                end = last + (last < len(norms) and norms[last] in _HYPHENS)
                if end < len(norms) and norms[end] in self._numerals:
                    last = end + 1
                yield _Found(at - 1, last, "PERSON", "gazetteer/person", 1.0, full)

    def _letters(self, norms: Sequence[str], known: Sequence[_Found],
                 offices: Sequence[tuple[int, int]]) -> Iterator[_Found]:
        """Names of letters right behind an office or a title, and the word after them that nobody lists: a person."""
        starts = {stop for _, stop in offices}
        if not self._titles.isdisjoint(norms):
            starts.update(n + 1 for n, norm in enumerate(norms) if norm in self._titles)
        taken = {at for k in known for at in range(k.first, k.last)} if starts else set()
        for first in starts:
            last = first
            while last < len(norms) and norms[last] not in self._edge and _wordlike(norms[last]) and (
                    is_abbreviation(norms[last])):
                last += 1
            sure = last - first > 1 or (last > first and norms[first] not in self._postpositions)
            if sure and last < len(norms) and last not in taken and self._word_kinds[norms[last]] == "UNKNOWN":
                yield _Found(first, last + 1, "PERSON", "mentions/initials", 0.7)

    def _halves(self, norms: Sequence[str], found: Sequence[_Found]) -> Iterator[_Found]:
        """The first of two countries that share a word ("north and south X"), which stands for the whole name."""
        for name in found:
            if name.kind != "COUNTRY" or name.last - name.first < 2 or name.first < 2 or (
                    norms[name.first - 1] not in self._joins):
                continue
            whole = " ".join([norms[name.first - 2], *norms[name.first + 1 : name.last]])
            kind = "ADJ" if name.source == _ADJECTIVE else "COUNTRY"
            if any(k == kind for k, _ in self.kb.lookup(whole)):
                yield _Found(name.first - 2, name.first - 1, "COUNTRY", name.source, 1.0, whole)

    def _trim(
        self, norms: Sequence[str], first: int, last: int, offices: Sequence[tuple[int, int]]
    ) -> tuple[int, int] | None:
        """What is left of a tagger's span without offices, titles, honorifics and marks at its edges."""
        changed = True
        while changed and first < last:
            changed = False
            for start, stop in offices:
                if start <= first < stop:
                    first, changed = stop, True
                elif start < last <= stop and first < start and (
                        self.kb.office(" ".join(norms[start:stop])) not in _CROWNS):
                    last, changed = start, True
            if first < last and self._no_name(norms[first], self._edge) and not (
                    last - first == 1 and first and norms[first] in self._titles and norms[first - 1] in self._titles):
                first, changed = first + 1, True
            if first < last and self._no_name(norms[last - 1], self._end):
                last, changed = last - 1, True
        return (first, last) if first < last else None

    def _no_name(self, norm: str, edge: frozenset[str]) -> bool:
        """Whether a word at the edge of a span belongs to no name: a title, a weekday, a function word, a mark."""
        return (norm in edge or not _wordlike(norm) or norm in self._calendar
                or (norm in self._common and self.grammar.knows(norm)))

    @staticmethod
    def _merge(found: Iterable[_Found], blocked: Sequence[tuple[int, int]]) -> list[_Found]:
        taken: list[_Found] = []
        held = set[int]()  # the tokens of what is taken
        for one in sorted(found, key=lambda f: (f.first - f.last, _RANKS[f.source], f.first)):
            own = range(one.first, one.last)
            if held.isdisjoint(own) and not (blocked and any(a <= one.first and one.last <= b for a, b in blocked)):
                taken.append(one)
                held.update(own)
        return sorted(taken, key=itemgetter(0))

    def _rules(self, row: Sequence[Token], norms: Sequence[str], chosen: Sequence[_Found]) -> list[_Found]:
        """Names that only their surroundings show (``rules/mentions.toml``)."""
        kinds = [*map(self._word_kinds.__getitem__, norms)]
        for found in chosen:
            kinds[found.first] = "ADJ" if found.source == _ADJECTIVE else found.kind
        if not self.grammar.may_match((*kinds, *norms)):
            return []
        words = items_of(kinds, norms, [t.span for t in row])
        items: list[Item] = []
        at = 0
        for found in chosen:
            items += words[at : found.first]
            at = found.last
            items.append(Item(kinds[found.first], "", row[found.first].span, found.first, at))  # its first token's
        items += words[at:]
        items = self.lexicon.fold_phrases(items)
        out = []
        for match in self.grammar.matches(items, overlapped=False):
            first, last = match.slots["N"]
            out.append(_Found(items[first].first, items[last - 1].last, match.rule.options["gives"],
                              match.rule.id, float(match.rule.options.get("score", 0.7))))
        return out

    def _new_word(self, norm: str) -> str:
        if norm[0].isdigit():
            return "NUMBER"
        if norm.isascii() and norm.isalpha():
            return "LATIN"
        if not _wordlike(norm) or norm in self._common or self.grammar.knows(norm):
            return ""
        return "UNKNOWN"


_WORDLIKE: Final = Memo(lambda norm: any(c.isalpha() for c in norm))
_wordlike = _WORDLIKE.__getitem__
