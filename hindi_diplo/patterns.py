"""The pattern language of the rule files, compiled to regular expressions; there is no Hindi in it.

A sentence becomes a row of items: words, and mentions, times or references folded into one item each.
Every item is then one character: each kind has its own, each word that some rule or word class names
has its own, and all other words share one.  A pattern is compiled to a regular expression over such
strings, so a match can neither begin in the middle of a word nor cost more than the row is long.

The elements of a pattern, separated by spaces:

    word  word|word       a word, compared in its folded form; alternatives
    <MEET>  <MEET|TALK>   a word of these classes (lexicon/triggers.tsv)
    {A:PERSON|ROLE}       a slot: one item of these kinds;  {A:PERSON+} a coordinated list of them
    {A:UNKNOWN*3}         a slot of one to three such items in a row
    {A:<MEET>}            a slot around a word of a class
    {T:*}                 a slot of any items up to the next element, never over a stop
    ...  ...4             a gap of up to `gap` (or 4) items, the shortest that fits, never over a stop
    ....                  a wide gap: the longest that fits, crossing only what is no `wide` stop
    _                     any one item
    ^  $                  the beginning, the end of the sentence
    (a b | c)             alternatives of several elements
    !<MEET>  &<MEET>      not followed by, followed by
    ?                     after any element: it may be missing

Kinds may be named together in a macro (``P = "PERSON|ROLE"``).  A ``*`` slot that begins a pattern reaches back as
far as it may from each place where the rest matches.  The timeout of the regex library guards long rows and the
rules of users against patterns that backtrack; on short rows our own rules need no guard (``tests/test_worst_case.py``)
and are read by the standard library's engine, which is quicker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import regex

from .errors import DataError, InputError
from .files import data_path, read_rules, read_toml
from .lexicon import Item, Lexicon
from .matching import Lead, Match, Pattern, Rule, Stage
from .text import Memo, phrase

__all__ = ["Grammar", "Item", "Lexicon", "Match", "Rule"]

OTHER: Final = "\ue000"
_KIND_BASE: Final = 0xE001
_WORD_BASE: Final = 0xE400  # below 0x10000, where sets of characters are quickest to look up
TIMEOUT: Final = 0.5  # seconds for one rule on one sentence
_LONG: Final = 100  # items of a row that is matched under the timeout, which costs as much as most matching


_ELEMENT = regex.compile(
    r"\s*(?:(?P<gap>\.\.\.(?P<wide>\.)?(?P<n>\d+)?)|(?P<neg>[!&])?(?:\{(?P<slot>[A-Z]\w*):(?P<of>[^}]+)\}|<(?P<cls>[^>]+)>"
    r"|(?P<any>_)|(?P<edge>[\^$])|(?P<open>\()|(?P<word>[^\s(){}<>|?!]+(?:\|[^\s(){}<>|?!]+)*))"
    r"|(?P<bar>\|)|(?P<close>\)))(?P<opt>\?)?"
)


_STARS: Final = {"*": 40, "**": 80}  # how many items a slot of any items takes at most


class Grammar:
    """The rules of one file (or several), ready to run over rows of items.

    ``kinds`` are all kinds an item can have.  ``rules/NAME.toml`` in the lexicon's overlay adds rules; one with
    the id of a packaged rule replaces it.  Raises DataError for an unknown kind or class, an element
    that cannot be read, or a missing field, each with the rule's id.
    """

    def __init__(self, name: str, lexicon: Lexicon, kinds: Sequence[str], *,
                 source: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.lexicon = lexicon
        file = data_path() / "rules" / f"{name}.toml"
        loaded = read_toml(file) if source is None else source
        self.settings: Mapping[str, Any] = loaded
        self.macros: dict[str, str] = loaded.get("macros", {})
        self._kind_char = {kind: chr(_KIND_BASE + n) for n, kind in enumerate(kinds)}
        self._word_char = {form: chr(_WORD_BASE + n) for n, form in enumerate(lexicon.forms)}
        rules = self._read(loaded, file)
        if lexicon.overlay and source is None:
            mine = lexicon.overlay / "rules" / f"{name}.toml"
            rules |= self._read(read_toml(mine), mine) if mine.exists() else {}
        self.rules = list(rules.values())
        for rule in self.rules:  # the literals first: they must have their characters before sets are made
            for pattern in rule.patterns:
                for match in _ELEMENT.finditer(pattern):
                    for word in (match["word"] or "").split("|"):
                        if word:
                            self._char(phrase(word.replace("_", " ")))
                            lexicon.add_phrase(phrase(word.replace("_", " ")))
        self._ending_char = {name: chr(_KIND_BASE + 500 + n) for n, name in enumerate(sorted(lexicon.endings))}
        self._stops = loaded.get("stops", {})
        self._unions: dict[str, frozenset[str]] = {}
        self._sets: dict[str, str] = {}
        self._stages: dict[int, Stage] = {}
        for rule in self.rules:
            for text in rule.patterns:
                lead, rest = self._lead(rule, text)
                expression, needed = self._expression(rule, rest)
                made = Pattern(rule, expression, lead, source is not None or rule.file != file)
                if made.own:
                    made.expression()
                self._stages.setdefault(rule.options.get("stage", 1), Stage()).add(
                    made, (*needed, *self._required(rule)))
        self._chars = Memo(self._unlisted, {**self._word_char, **self._kind_char})  # kinds are in capitals, words never
        self._raw: dict[int, tuple[dict[str, int], frozenset[int]]] = {}  # what may_match asks of each stage

    def _char(self, norm: str) -> str:
        return self._word_char.setdefault(norm, chr(_WORD_BASE + len(self._word_char)))

    def _read(self, loaded: Mapping[str, Any], file: Path) -> dict[str, Rule]:
        rules: dict[str, Rule] = {}
        for rule in (self._rule(raw, file) for raw in read_rules(loaded, file)):
            if rule.id in rules:
                raise DataError(f"the rule id {rule.id!r} stands twice", file=file)
            rules[rule.id] = rule
        return rules

    def _rule(self, raw: Mapping[str, Any], file: Path) -> Rule:
        known = {"id", "pattern", "patterns", "priority", "gap", "block", "examples", "rejects", "note"}
        if "id" not in raw:
            raise DataError(f"a rule without an id: {dict(raw)!r:.80}", file=file)
        patterns = raw.get("patterns") or ([raw["pattern"]] if "pattern" in raw else [])
        if not patterns:
            raise DataError(f"rule {raw['id']!r} has neither pattern nor patterns", file=file)
        return Rule(
            id=f"{self.name}/{raw['id']}", patterns=tuple(patterns), priority=int(raw.get("priority", 50)),
            gap=int(raw.get("gap", 20)), block=bool(raw.get("block", False)),
            examples=tuple(raw.get("examples", ())), rejects=tuple(raw.get("rejects", ())),
            note=raw.get("note", ""), file=file, options={k: v for k, v in raw.items() if k not in known},
        )

    def words_of(self, slot: str) -> frozenset[str]:
        """The forms of all word classes that a slot takes in any pattern: ``{T:<MEET|TALK>}``."""
        found: set[str] = set()
        for taken in regex.findall(rf"\{{{slot}:<([^>]*)>", " ".join(p for rule in self.rules for p in rule.patterns)):
            for name in taken.split("|"):
                classes = self.macros[name].strip("<>").split("|") if name in self.macros else [name]
                found.update(*(self.lexicon.classes[one] for one in classes))
        return frozenset(found)

    # -- compiling --------------------------------------------------------------------------------

    def _set(self, names: str, rule: Rule) -> str:
        """The characters of ``PERSON|ROLE`` or, with brackets, of ``<MEET|TALK>``."""
        if names not in self._sets:
            self._sets[names] = self._new_set(names, rule)
        return self._sets[names]

    def _new_set(self, names: str, rule: Rule) -> str:
        chars: list[str] = []
        if names.startswith("<"):
            for name in names[1:-1].split("|"):
                if name in self.macros:
                    chars.append(self._set(f"<{self.macros[name].strip('<>')}>", rule))
                elif name in self.lexicon.classes:
                    chars.extend(map(self._word_char.__getitem__, self.lexicon.classes[name]))
                    if name in self.lexicon.endings:
                        chars.append(self._ending_char[name])
                        chars.extend(c for w, c in self._word_char.items() if w.endswith(self.lexicon.endings[name]))
                else:
                    raise DataError(f"rule {rule.id!r}: no word class {name!r}", file=rule.file)
            return "".join(chars)
        for name in names.split("|"):
            if name.startswith("<"):
                chars.append(self._set(name, rule))
            elif name in self.macros:
                chars.append(self._set(self.macros[name], rule))
            elif name in self._kind_char:
                chars.append(self._kind_char[name])
            else:
                raise DataError(f"rule {rule.id!r}: no kind or macro {name!r}", file=rule.file)
        return "".join(chars)

    def _lead(self, rule: Rule, pattern: str) -> tuple[Lead | None, str]:
        """A ``*`` slot that begins a pattern, and the rest of the pattern."""
        e = _ELEMENT.match(pattern)
        if e is None or e["of"] not in _STARS or e["neg"] or e["opt"] or not pattern[e.end() :].strip():
            return None, pattern
        stops = self._set(self._stops[rule.options.get("stops", "default")], rule)
        return Lead(e["slot"], _STARS[e["of"]], frozenset(stops)), pattern[e.end() :]

    def _expression(self, rule: Rule, pattern: str) -> tuple[str, list[frozenset[str]]]:
        """The regular expression of a pattern, and the sets of which every row that it matches holds a
        character: a row without one need not be searched."""
        stops = self._set(self._stops[rule.options.get("stops", "default")], rule)
        wide = self._set(self._stops.get("wide", self._stops["default"]), rule)
        join = self._set(self.macros["LIST"], rule) if "LIST" in self.macros else ""
        out: list[str] = []
        groups: list[list[list[frozenset[str]]]] = [[[]]]  # open groups: their alternatives: their needed sets
        kept = [True]
        at = 0
        while at < len(pattern.rstrip()):
            e = _ELEMENT.match(pattern, at)
            if e is None:
                raise DataError(f"rule {rule.id!r}: cannot read {pattern[at:]!r}", file=rule.file)
            at = e.end()
            if e["gap"]:
                piece = f"[^{_ranges(wide if e['wide'] else stops)}]{{0,{e['n'] or rule.gap}}}"
                out.append(piece if e["wide"] else piece + "?")
                continue
            if e["bar"]:
                out.append("|")
                groups[-1].append([])
                continue
            if e["close"]:
                out.append(")" + (e["opt"] or ""))
                if len(groups) == 1:
                    raise DataError(f"rule {rule.id!r}: a bracket is closed that was not opened", file=rule.file)
                inner = groups.pop()
                if kept.pop() and not e["opt"]:
                    groups[-1][-1].extend(_common_needs(inner))
                continue
            if e["open"]:
                out.append({"!": "(?!", "&": "(?="}.get(e["neg"], "(?:"))
                groups.append([[]])
                kept.append(e["neg"] != "!")
                continue
            chars = ""  # the characters one of which this element needs, where it needs one
            if e["slot"]:
                piece, chars = self._slot(e["slot"], e["of"], rule, stops, join)
            elif e["cls"]:
                chars = self._set("<" + e["cls"] + ">", rule)
                piece = f"[{_ranges(chars)}]"
            elif e["any"]:
                piece = "."
            elif e["edge"]:
                piece = e["edge"]
            else:
                if kind := next((w for w in e["word"].split("|") if w in self._kind_char), None):
                    raise DataError(f"rule {rule.id!r}: {kind} is a kind, and stands for items only in a slot, as "
                                    f"{{X:{kind}}}; bare it is a word that no text holds", file=rule.file)
                chars = "".join(self._char(phrase(w.replace("_", " "))) for w in e["word"].split("|"))
                piece = f"[{_ranges(chars)}]"
            if e["neg"]:
                piece = f"(?!{piece})" if e["neg"] == "!" else f"(?={piece})"
            elif e["opt"]:
                piece = f"(?:{piece})?"
            if chars and e["neg"] != "!" and not e["opt"]:
                groups[-1][-1].append(frozenset(chars))
            out.append(piece)
        return "".join(out), _common_needs(groups[0])

    def _slot(self, name: str, of: str, rule: Rule, stops: str, join: str) -> tuple[str, str]:
        """The expression of a slot and the characters one of which it needs ("" where it takes any)."""
        if of in _STARS:
            return f"(?P<{name}>[^{_ranges(stops)}]{{1,{_STARS[of]}}}?)", ""
        run = regex.fullmatch(r"(.+)\*(\d)", of)
        if run:
            chars = self._set(run[1], rule)
            return f"(?P<{name}>[{_ranges(chars)}]{{1,{run[2]}}})", chars
        chars = self._set(of.rstrip("+"), rule)
        one = f"[{_ranges(chars)}]"
        if not of.endswith("+"):
            return f"(?P<{name}>{one})", chars
        return f"(?P<{name}>{one}(?:[{_ranges(join)}]{{1,2}}{one})*)", chars

    def _required(self, rule: Rule) -> list[frozenset[str]]:
        """The characters of the rule's ``needs`` class: rows without any are not tried."""
        needs = rule.options.get("needs")
        return [frozenset(self._set(needs, rule))] if needs else []

    # -- running ----------------------------------------------------------------------------------

    def encode(self, row: Sequence[Item]) -> str:
        """The row as a string of one character an item."""
        return "".join(map(self._chars.__getitem__, [i[0] or i[1] for i in row]))  # by kind, or by norm

    def _unlisted(self, norm: str) -> str:
        """The character of a word that no rule names: that of its ending, if a class lists it."""
        for name, endings in self.lexicon.endings.items():
            if norm.endswith(endings):
                return self._ending_char[name]
        return OTHER

    def matches(self, row: Sequence[Item], *, overlapped: bool = True, stage: int = 1) -> list[Match]:
        """Every match of every rule of a stage (its field ``stage``, else 1), in the order of the file."""
        if stage not in self._stages:
            return []
        encoded = self.encode(row)
        out: list[Match] = []
        for pattern in self._stages[stage].possible(encoded):
            try:
                pattern.match(encoded, overlapped, TIMEOUT if pattern.own or len(encoded) > _LONG else None, out)
            except TimeoutError:
                raise InputError(f"rule {pattern.rule.id!r} gave up on a sentence of {len(row)} words after {TIMEOUT} "
                                 "s; is it text, and is the rule of your own?") from None
        return out

    def may_match(self, here: Iterable[str], stage: int = 1) -> bool:
        """Whether a rule of a stage can match a row that is made of these kinds and single words."""
        if stage not in self._raw:
            self._raw[stage] = self._raw_needs(stage)
        of, wanted = self._raw[stage]
        bits = 0
        for one in of.keys() & set(here):
            bits |= of[one]
        return any(not want & ~bits for want in wanted)

    def _raw_needs(self, stage: int) -> tuple[dict[str, int], frozenset[int]]:
        """For each kind and word the bits of the sets that hold it, or a phrase that it begins, and for each pattern
        of a stage those of the sets that it needs; sets with endings of words, which any word may have, left out."""
        names = {char: kind for kind, char in self._kind_char.items()}
        names |= {char: norm.partition(" ")[0] for norm, char in self._word_char.items()}
        ends, numbers = frozenset(self._ending_char.values()), dict[frozenset[str], int]()
        wanted = set()
        for needed in self._stages[stage].needs() if stage in self._stages else ():
            sets = (frozenset(names[char] for char in chars) for chars in needed if ends.isdisjoint(chars))
            wanted.add(sum({numbers.setdefault(one, 1 << len(numbers)) for one in sets}))
        of: dict[str, int] = {}
        for words, bit in numbers.items():
            for word in words:
                of[word] = of.get(word, 0) | bit
        return of, frozenset(wanted)

    def knows(self, norm: str) -> bool:
        """Whether a rule or a word class names this word."""
        return norm in self._word_char

    def has(self, names: str, norm: str) -> bool:
        """Whether a word is in one of the classes ``MEET|TALK``."""
        words = self._unions.get(names)
        if words is None:
            words = self._unions[names] = self.lexicon.words(*names.split("|"))
        return norm in words


def _common_needs(alternatives: Sequence[list[frozenset[str]]]) -> list[frozenset[str]]:
    """The sets that a match of any of the alternatives needs: of several, one set of what they need."""
    if len(alternatives) == 1:
        return alternatives[0]
    if not all(alternatives):
        return []
    return [frozenset[str]().union(*(min(sets, key=len) for sets in alternatives))]


@lru_cache(maxsize=1 << 10)
def _ranges(chars: str) -> str:
    """The characters as ranges, as a set of a regular expression holds them: the words of a class lie side by side,
    and the engine reads ranges much faster than single characters."""
    out: list[str] = []
    codes = sorted(set(map(ord, chars)))
    first = 0
    for at, code in enumerate(codes):
        if at + 1 == len(codes) or codes[at + 1] != code + 1:
            run = codes[first : at + 1]
            out.append(chr(run[0]) + "-" + chr(run[-1]) if len(run) > 2 else "".join(map(chr, run)))
            first = at + 1
    return "".join(out)
